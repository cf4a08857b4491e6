"""The one place where rooms are joined."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from fadeno import access, commerce, customers, events, files, imports, intake, jobs, promises, webhooks
from fadeno.db import Database, Tx
from fadeno.events import Live
from fadeno.intake import Gate
from fadeno.kit.seal import Seal
from fadeno.settings import Settings

# What `fadeno check` looks at: each says what it looked at, and every fault it found.
CHECKS = (intake.check, customers.check, commerce.check, promises.check, jobs.check, files.check, webhooks.check)

# How many addresses of a customer are read at a time.
ADDRESSES_AT_ONCE = 1_000

# Who hears of tracked events in the transaction that keeps them, by name. Every process that joins the rooms does so.
WITH: Mapping[str, intake.Listener] = dict.fromkeys(commerce.ORDER_EVENTS, commerce.hear)
intake.listen(WITH)


async def _customers(tx: Tx, actor: access.Actor, q: str, limit: int) -> list[Any]:
    by_address = access.may(actor, "see", "contacts")
    return (await customers.search(tx, q, limit=limit, by_address=by_address))[0]


async def _orders(tx: Tx, actor: access.Actor, q: str, limit: int) -> list[Any]:
    if not any(c.isdigit() for c in q):
        return []
    found = await commerce.orders_found(tx, q, limit=limit)
    names = ("id", "number", "state", "placed_at", "total", "customer_id")
    return [{name: getattr(order, name) for name in names} for order in found]


async def _products(tx: Tx, actor: access.Actor, q: str, limit: int) -> list[Any]:
    found = await commerce.products_found(tx, q, limit=limit)
    costs: dict[UUID, dict[str, Any]] = {}
    for price in await commerce.prices_on(tx, tx.now.date(), *(p.id for p in found), most=2):
        if price.place_id is None:
            costs.setdefault(price.product_id, {}).setdefault(price.currency, price.amount)
    one = {
        id_: {"amount": amount, "currency": currency}
        for id_, of in costs.items()
        if len(of) == 1  # of several, none is the price
        for currency, amount in of.items()
    }
    return [
        {"id": p.id, "label": p.label, "sku": p.sku, "gtin": p.gtin, "state": p.state, "price": one.get(p.id)}
        for p in found
    ]


# Where a search for anything looks, in the order it is shown: by what one must be allowed to see, who finds it.
FINDERS: Mapping[str, Callable[[Tx, access.Actor, str, int], Awaitable[list[Any]]]] = {
    "customers": _customers,
    "orders": _orders,
    "products": _products,
}


@dataclass(slots=True)
class App:
    """Everything a door needs, made once per process.

    Attributes:
        remembered: what a door read a moment ago and need not read again, by a name of its own.
    """

    settings: Settings
    db: Database
    vault: Seal
    live: Live
    gate: Gate
    shelf: files.Shelf
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
    app = App(settings, db, vault, live, Gate(db, vault, live), shelf)
    app._tasks = [
        asyncio.create_task(live.run(app.stopping)),
        asyncio.create_task(app.gate.run(app.stopping)),
    ]
    return app


async def erase_customer(app: App, tx: Tx, actor: access.Actor, customer_id: UUID) -> int:
    """Forget a customer in every room that may hold something of them; how many events were emptied."""
    id_ = await customers.customer_of(tx, customer_id)
    known = await _values(tx, id_)
    await commerce.erase(tx, actor, id_)
    await promises.erase(tx, actor, id_)
    emptied = await customers.erase(tx, actor, id_)
    await intake.forget(tx, app.vault, known)
    await imports.forget(tx, app.vault, known)
    return emptied


async def _values(tx: Tx, customer_id: UUID) -> list[str]:
    """What all addresses of a customer say, of which there may be many thousands; nothing else of them is held."""
    values: list[str] = []
    after = None
    while True:
        some, after = await customers.addresses_with(tx, customer_id, after=after, limit=ADDRESSES_AT_ONCE)
        values += [address.value for address in some]
        if after is None:
            return values


async def export_customer(tx: Tx, actor: access.Actor, customer_id: UUID) -> dict[str, Any]:
    """Everything that is kept about a customer in any room, ready for JSON."""
    found = await customers.export(tx, actor, customer_id)
    orders, promised = await commerce.export(tx, customer_id), await promises.export(tx, customer_id)
    return {**found, "orders": orders, "promises": promised}
