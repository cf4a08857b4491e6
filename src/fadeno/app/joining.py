"""Everything a door needs, made once per process."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from fadeno import commerce, conversations, customers, events, files, intake, jobs, promises, switchboard, webhooks
from fadeno.db import Database
from fadeno.events import Live
from fadeno.intake import Gate
from fadeno.kit.seal import Seal
from fadeno.settings import Settings

# What `fadeno check` looks at: each says what it looked at, and every fault it found.
CHECKS = (
    intake.check,
    customers.check,
    commerce.check,
    promises.check,
    conversations.check,
    jobs.check,
    files.check,
    switchboard.check,
    webhooks.check,
)

# Who hears of tracked events in the transaction that keeps them, by name. Every process that joins the rooms does so.
WITH: Mapping[str, intake.Listener] = dict.fromkeys(commerce.ORDER_EVENTS, commerce.hear)
intake.listen(WITH)


@dataclass(slots=True)
class App:
    """Everything a door needs, made once per process.

    Attributes:
        journal: seals bodies as they came in, for as long as they are kept.
        tokens: of accounts that sign in by one.
        remembered: what a door read a moment ago and need not read again, by a name of its own.
    """

    settings: Settings
    db: Database
    vault: Seal
    live: Live
    gate: Gate
    shelf: files.Shelf
    journal: intake.Journal
    tokens: switchboard.Tokens
    stopping: asyncio.Event = field(default_factory=asyncio.Event)
    remembered: dict[str, Any] = field(default_factory=dict)
    _tasks: list[asyncio.Task[None]] = field(default_factory=list)

    async def stop(self) -> None:
        """Let streams end, commit what waits at the gate, and give the connections back."""
        self.stopping.set()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self.db.close()


async def open_database(settings: Settings, url: str, *, size: int, nice: int = 0) -> Database:
    """Open a migrated database for the rooms: every process does it here, as what they write follows from settings.

    Args:
        size: connections at most.
        nice: how far the embedded database's processes for us give way to others.
    """
    customers.order_as(settings.language)
    db = Database(url, size=size, nice=0 if settings.database_url else nice)
    await db.open()
    async with db.transaction() as tx:
        await events.ensure_partitions(tx)
    return db


async def start(settings: Settings, url: str) -> App:
    """Join the rooms on a migrated database."""
    db = await open_database(settings, url, size=settings.pool_size)
    vault = Seal(settings.secret_key)
    live = Live(db)
    shelf = files.shelf_at(settings.files_url, settings.data_dir / "files")
    tokens = switchboard.Tokens(db, vault, allow_private=settings.allow_private)
    app = App(settings, db, vault, live, Gate(db, vault, live), shelf, intake.Journal(vault), tokens)
    app._tasks = [
        asyncio.create_task(live.run(app.stopping)),
        asyncio.create_task(app.gate.run(app.stopping)),
    ]
    return app
