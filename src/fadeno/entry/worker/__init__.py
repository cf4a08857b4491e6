"""The worker: timers, deliveries and the reading of mailboxes, inside the serving process or as one of its own.

It does nothing itself: `table.py` names what the rooms want done, `fadeno.jobs` does it.
"""

import asyncio
import contextlib

import structlog

from fadeno import jobs, switchboard
from fadeno.app import App
from fadeno.entry.worker.children import Children
from fadeno.entry.worker.table import deliveries, timers
from fadeno.kit import outward

__all__ = ["keep_on", "run"]

REST_S = 5
_log = structlog.get_logger(__name__)


async def run(app: App) -> None:
    """Work until `app.stopping`; within a second of it everything under way is finished or given back."""
    children = Children(app)
    async with (
        outward.client(allow_private=app.settings.allow_private) as http,
        asyncio.TaskGroup() as parts,
    ):
        parts.create_task(jobs.run_timers(app.db, timers(app, children), app.stopping))
        parts.create_task(jobs.deliver(app.db, deliveries(app, http), app.stopping))
        parts.create_task(switchboard.read_mailboxes(_tools(app), app.stopping))
        hearing = parts.create_task(_hear(app))
        await app.stopping.wait()
        hearing.cancel()
        await children.end()


def _tools(app: App) -> switchboard.Tools:
    allow_private = app.settings.allow_private
    return switchboard.Tools(app.db, app.vault, app.journal, app.tokens.signed, allow_private)


async def keep_on(app: App) -> None:
    """Work until `app.stopping`, beginning again after a fall: the database may be away for a moment."""
    while not app.stopping.is_set():
        try:
            await run(app)
        except Exception as error:  # whatever it is; its words may name people
            _log.error("the worker fell and begins again", error=type(error).__name__, after_s=REST_S)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(app.stopping.wait(), REST_S)


async def _hear(app: App) -> None:
    """The live stream moved: who tells of events looks at once."""
    async with app.live.subscribed() as stream:
        while True:
            await stream.next()
            jobs.bell.ring()
