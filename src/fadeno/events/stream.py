"""The live stream: one sequencer gives positions to what was committed and wakes whoever listens.

Business transactions never NOTIFY: they leave one row per group in `events.arrival`. The sequencer, one per
database (whoever holds an advisory lock), turns these rows into runs of positions. A transaction that commits late
simply gets later positions, so nobody misses it and nobody waits for it.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from uuid import UUID
from weakref import WeakSet

import psycopg
import structlog

from fadeno.db import Database, Tx
from fadeno.events import store

LOCK = 20_260_001
POLL_S = 0.1  # how late a commit of another process can be seen; our own commits poke
PAUSE_S = 0.01
GROUPS = 500
MOST_NAMED = 64

log = structlog.get_logger(__name__)
_here: WeakSet["Live"] = WeakSet()


@dataclass(frozen=True, slots=True, eq=False)
class Wake:
    """There is more, up to `position`. `customer_ids` whose threads moved; None = ask for any; none = only signs.

    Known by what it is, not by what it says: listeners who missed nothing hear the very same one.
    """

    position: int
    customer_ids: tuple[UUID, ...] | None

    def and_then(self, later: "Wake") -> "Wake":
        """Both as one; of more than 64 customers, any."""
        if self.customer_ids is None or later.customer_ids is None:
            customers = None
        else:
            customers = {*self.customer_ids, *later.customer_ids}
        is_named = customers is not None and len(customers) <= MOST_NAMED
        return Wake(max(self.position, later.position), tuple(customers) if is_named else None)


async def whispers(db: Database) -> AsyncIterator[str]:
    """What any process whispers from now on; on a connection of its own, for as long as it is asked."""
    connection = await psycopg.AsyncConnection.connect(db.url, autocommit=True)
    async with connection:
        await connection.execute(store.Q.listen_whispers.text.encode())
        async for notice in connection.notifies():
            yield notice.payload


def poke_here() -> None:
    """Something was committed in this process: whoever gives positions here looks at once."""
    for live in _here:
        live.poke()


class _Subscription:
    """What one listener has not heard yet, folded into one wake, so a slow listener costs no memory."""

    __slots__ = ("_ready", "_unheard")

    def __init__(self) -> None:
        self._ready = asyncio.Event()
        self._unheard: Wake | None = None

    def hear(self, wake: Wake) -> None:
        self._unheard = self._unheard.and_then(wake) if self._unheard else wake
        self._ready.set()

    async def next(self) -> Wake:
        """Wait until there is more."""
        await self._ready.wait()
        self._ready.clear()
        wake, self._unheard = self._unheard, None
        return wake


class Live:
    """Listeners of this process, and the sequencer where this process has that duty."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._subscriptions: set[_Subscription] = set()
        self._poked = asyncio.Event()
        self._sequencing = False
        self.position = 0
        _here.add(self)

    def poke(self) -> None:
        """Something was committed here; look at once instead of at the next poll."""
        self._poked.set()

    @contextlib.asynccontextmanager
    async def subscribed(self) -> AsyncIterator[_Subscription]:
        """Listen for as long as the block lasts."""
        subscription = _Subscription()
        self._subscriptions.add(subscription)
        try:
            yield subscription
        finally:
            self._subscriptions.discard(subscription)

    async def run(self, stopping: asyncio.Event) -> None:
        """Sequence and wake until `stopping`; lost connections are mended."""
        while not stopping.is_set():
            try:
                await self._serve(stopping)
            except psycopg.Error as error:
                log.warning("live stream interrupted", error=type(error).__name__)
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(stopping.wait(), 1)

    async def _serve(self, stopping: asyncio.Event) -> None:
        connection = await psycopg.AsyncConnection.connect(self._db.url, autocommit=True)
        async with connection:
            await connection.execute(store.Q.listen.text.encode())
            self.position = await self._last()
            while not stopping.is_set():
                if not self._sequencing:
                    cursor = await connection.execute(store.Q.take_sequencing.text.encode(), {"lock": LOCK})
                    self._sequencing = bool((await cursor.fetchone())[0])
                    if self._sequencing:  # what we tell ourselves would be kept, unread, for ever
                        await connection.execute(store.Q.unlisten.text.encode())
                try:
                    await (self._sequence(connection) if self._sequencing else self._follow(connection))
                finally:
                    if connection.closed:
                        self._sequencing = False
        self._sequencing = False

    async def _last(self) -> int:
        async with self._db.transaction() as tx:
            return await store.last_position(tx)

    async def _sequence(self, connection: psycopg.AsyncConnection) -> None:
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._poked.wait(), POLL_S)
        self._poked.clear()
        # On the connection that holds the lock, which commits each statement: one trip, and no positions without duty.
        runs = await store.sequence(Tx(connection), GROUPS)
        if not runs:
            return
        position = runs[-1].position
        customers = {customer for run in runs for customer in run.customer_ids}
        self._wake(Wake(position, tuple(customers) if len(customers) <= MOST_NAMED else None))
        if len(runs) == GROUPS:
            self._poked.set()
        await asyncio.sleep(PAUSE_S)  # a burst becomes a few wakes instead of hundreds

    async def _follow(self, connection: psycopg.AsyncConnection) -> None:
        async for notice in connection.notifies(timeout=POLL_S, stop_after=1):
            position, _, only = notice.payload.partition(" ")
            self._wake(Wake(int(position), () if only else None))

    def _wake(self, wake: Wake) -> None:
        self.position = max(self.position, wake.position)
        for subscription in self._subscriptions:
            subscription.hear(wake)
