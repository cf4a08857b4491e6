"""Connections and transactions. The door opens a transaction; rooms get `tx` and never commit."""

import asyncio
import os
import random
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from contextlib import asynccontextmanager, suppress
from datetime import datetime
from functools import partial
from typing import Any, TypeVar

import msgspec
import psycopg
from psycopg import errors, sql
from psycopg.rows import class_row, namedtuple_row
from psycopg.types.json import set_json_dumps, set_json_loads
from psycopg_pool import AsyncConnectionPool

from fadeno.db.sql import Query
from fadeno.kit import clock

set_json_dumps(msgspec.json.encode)
set_json_loads(msgspec.json.decode)

RETRIES = 8
Unreachable = psycopg.OperationalError  # gone, full, or too busy to give a connection: nothing was done
Unkeepable = psycopg.DataError  # raised as itself, not as a subclass, for text that holds a NUL: it was never sent
WAIT_S = 4  # for a connection: whoever waits longer is told to come back
_T = TypeVar("_T")


class Tx:
    """One open transaction. `now` is one moment for everything done in it."""

    __slots__ = ("_after", "connection", "now")

    def __init__(self, connection: psycopg.AsyncConnection) -> None:
        self.connection = connection
        self.now: datetime = clock.now()
        self._after: list[Callable[[], None]] = []

    async def all(self, query: Query, into: type | None = None, **params: Any) -> list[Any]:
        """Every row, as named tuples or as `into`."""
        cursor = self.connection.cursor(row_factory=class_row(into) if into else namedtuple_row)
        async with cursor:
            await cursor.execute(query.text.encode(), params)
            return await cursor.fetchall()

    async def maybe(self, query: Query, into: type | None = None, **params: Any) -> Any | None:
        """The first row, or None."""
        rows = await self.all(query, into, **params)
        return rows[0] if rows else None

    async def one(self, query: Query, into: type | None = None, **params: Any) -> Any:
        """The one row that must be there.

        Raises:
            LookupError: there is none; ask with `maybe` where that can be.
        """
        row = await self.maybe(query, into, **params)
        if row is None:
            raise LookupError(query.name)
        return row

    async def value(self, query: Query, **params: Any) -> Any:
        """The first column of the first row, or None."""
        async with self.connection.cursor() as cursor:
            await cursor.execute(query.text.encode(), params)
            row = await cursor.fetchone()
            return row[0] if row else None

    async def run(self, query: Query, **params: Any) -> int:
        """Execute for effect; the number of rows touched."""
        async with self.connection.cursor() as cursor:
            await cursor.execute(query.text.encode(), params)
            return cursor.rowcount

    async def copy(self, table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
        """Bring many rows into `room.table` with COPY."""
        statement = sql.SQL("COPY {} ({}) FROM STDIN").format(
            sql.Identifier(*table.split(".")), sql.SQL(", ").join(map(sql.Identifier, columns))
        )
        async with self.connection.cursor() as cursor, cursor.copy(statement) as copy:
            for row in rows:
                await copy.write_row(row)

    async def copy_text(self, table: str, columns: Sequence[str], block: bytes) -> None:
        """COPY a block that is already in PostgreSQL's text format, escaped by the caller."""
        statement = sql.SQL("COPY {} ({}) FROM STDIN").format(
            sql.Identifier(*table.split(".")), sql.SQL(", ").join(map(sql.Identifier, columns))
        )
        async with self.connection.cursor() as cursor, cursor.copy(statement) as copy:
            await copy.write(block)

    async def add_partition(self, table: str, name: str, first: Any, end: Any) -> None:
        """Make `room.name` the partition of `room.table` for values from `first` up to, not with, `end`."""
        room, _, parent = table.partition(".")
        await self.connection.execute(
            sql.SQL("CREATE TABLE IF NOT EXISTS {} PARTITION OF {} FOR VALUES FROM ({}) TO ({})").format(
                sql.Identifier(room, name), sql.Identifier(room, parent), sql.Literal(first), sql.Literal(end)
            )
        )

    @asynccontextmanager
    async def unanswered(self) -> AsyncIterator[None]:
        """A part whose statements are sent without waiting for the one before: rows are waited for, effects are not.

        What fails in it is raised at the latest where it ends. It holds no COPY, and nothing that asks `run` how many.
        """
        async with self.connection.pipeline():
            yield

    async def use_indexes(self) -> None:
        """Until the end of the transaction no table is read through, however many rows the planner thinks match.

        It may think too many do, and keeps plans made while tables were empty as they fill.
        """
        await self.connection.execute("SET LOCAL enable_seqscan = off")

    def after_commit(self, act: Callable[[], None]) -> None:
        """Call `act` once this transaction is committed; it must be quick and not fail."""
        self._after.append(act)

    @asynccontextmanager
    async def savepoint(self) -> AsyncIterator[None]:
        """A part that can fail alone."""
        async with self.connection.transaction():
            yield


async def _give_way(nice: int, connection: psycopg.AsyncConnection) -> None:
    with suppress(PermissionError, ProcessLookupError):  # slower for the others, and right all the same
        os.setpriority(os.PRIO_PROCESS, connection.info.backend_pid, nice)


class Database:
    """The pool of connections to the one database.

    Args:
        size: connections at most.
        nice: how far the server's processes for us give way to others, where it runs on this machine as ours.
    """

    def __init__(self, url: str, *, size: int = 10, nice: int = 0) -> None:
        self.url = url
        self.pool = AsyncConnectionPool(
            url, min_size=1, max_size=size, open=False, timeout=WAIT_S, kwargs={"autocommit": True}, name="fadeno",
            configure=partial(_give_way, nice) if nice else None,
        )  # fmt: skip

    async def open(self) -> None:
        """Connect; waits until one connection stands."""
        await self.pool.open(wait=True, timeout=30)

    async def close(self) -> None:
        """Give all connections back; waits two seconds at most for those at work."""
        try:
            await self.pool.close(timeout=2)
        except asyncio.CancelledError:
            # A stop that cuts every wait cuts those of the pool's own tasks too; that is not us being cancelled.
            if (task := asyncio.current_task()) and task.cancelling():
                raise

    async def answers(self) -> bool:
        """Whether the database answers within two seconds."""
        try:
            async with asyncio.timeout(2), self.pool.connection() as connection:
                await connection.execute("SELECT 1")
        except (psycopg.Error, TimeoutError):
            return False
        return True

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Tx]:
        """One transaction: committed when the block ends well, rolled back when it does not."""
        async with self.pool.connection() as connection:
            async with connection.transaction():
                tx = Tx(connection)
                yield tx
            for act in tx._after:
                act()

    @asynccontextmanager
    async def snapshot(self) -> AsyncIterator[Tx]:
        """A transaction that only reads, and sees one moment throughout."""
        async with self.transaction() as tx:
            await tx.connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            yield tx

    async def retrying(self, work: Callable[[Tx], Awaitable[_T]]) -> _T:
        """Do `work` in a transaction, again if it lost a deadlock or a serialisation race.

        `work` must have no effect outside its transaction.
        """
        for attempt in range(RETRIES):
            try:
                async with self.transaction() as tx:
                    return await work(tx)
            except (errors.DeadlockDetected, errors.SerializationFailure):
                if attempt == RETRIES - 1:
                    raise
                await asyncio.sleep(random.uniform(0, 0.01 * 2**attempt))  # noqa: S311 - jitter
        raise AssertionError("unreachable")
