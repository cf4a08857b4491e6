"""The long work of imports: each takes many transactions, can be stopped, and goes on where it was left.

Whoever works on an import holds a lock of the database that ends with the process, so nobody else does meanwhile.
"""

import asyncio
import os
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import aclosing, asynccontextmanager, nullcontext, suppress
from datetime import timedelta
from decimal import Decimal
from hashlib import blake2b
from itertools import count
from pathlib import Path
from typing import TypeVar
from uuid import UUID

from fadeno import sheets, sources
from fadeno.access import Actor
from fadeno.db import Database, Tx
from fadeno.imports import reads, store
from fadeno.imports.actions import bringing, handing, reading_apart, taking_back
from fadeno.imports.actions.previewing import Previewer
from fadeno.imports.actions.reading import Reader, tables_of
from fadeno.imports.model import (
    OURS,
    AnotherAtWork,
    Batch,
    FileGone,
    Import,
    Options,
    Reason,
    Remembered,
    Stopped,
    see_that_it_fits,
)
from fadeno.kit.errors import FadenoError
from fadeno.kit.seal import Seal
from fadeno.sheets import Table
from fadeno.sources import Source

Progress = Callable[[Import], None]
_T = TypeVar("_T")
_MORE = object()
BEAT_S = 5
GONE_AT_ONCE = 50_000
APART_BYTES = 512 * 1024
KEPT_FILES = timedelta(days=1)
KEPT_REFUSED = timedelta(days=30)
UNTOUCHED = timedelta(days=7)


async def receive(
    db: Database, vault: Seal, actor: Actor, source: Source, path: Path, name: str, target: str | None, options: Options
) -> Import:
    """Look at a file, and keep it with what was understood of it.

    Args:
        target: what kind of file it is; guessed when None.

    Raises:
        Unreadable, WrongKind, NeedsCurrency: it can't be brought in like this; nothing was kept.
    """
    tables = await look(db, source, path, name, target, options)
    see_that_it_fits(tables, options)
    async with db.transaction() as tx:
        id_ = await handing.hand_in(tx, actor, source.id, name, tables[0].target, tables, options)
    await take_in(db, vault, id_, _pieces(path), is_given_over=False)
    async with db.transaction() as tx:
        return await reads.get(tx, id_)


async def take_in(db: Database, vault: Seal, id_: UUID, pieces: AsyncIterator[bytes], *, is_given_over: bool) -> None:
    """Keep a file that comes in pieces, of an import that was handed in.

    Args:
        is_given_over: a process of the worker is to look at it then.
    """
    made, size, ordinal, waiting = blake2b(digest_size=16), 0, 0, bytearray()
    async with _ending(db, id_):
        async for piece in pieces:
            made.update(piece)
            size += len(piece)
            waiting += piece
            while len(waiting) >= handing.CHUNK_BYTES:
                ordinal = await _keep_piece(db, vault, id_, ordinal, bytes(waiting[: handing.CHUNK_BYTES]))
                del waiting[: handing.CHUNK_BYTES]
        if waiting or not size:
            await _keep_piece(db, vault, id_, ordinal, bytes(waiting))
        async with db.transaction() as tx:
            await handing.received(tx, id_, size, UUID(bytes=made.digest()), is_given_over=is_given_over)


async def _keep_piece(db: Database, vault: Seal, id_: UUID, ordinal: int, raw: bytes) -> int:
    sealed = await asyncio.to_thread(handing.sealed_chunk, vault, id_, ordinal, raw)
    async with db.transaction() as tx:
        await store.add_chunk(tx, id_, ordinal, sealed)
        await store.beat(tx, id_)
    return ordinal + 1


async def _pieces(path: Path) -> AsyncIterator[bytes]:
    with path.open("rb") as file:
        while raw := await asyncio.to_thread(file.read, handing.CHUNK_BYTES):
            yield raw


async def look(
    db: Database, source: Source | None, path: Path, name: str, target: str | None, options: Options
) -> tuple[Table, ...]:
    """What a file holds; columns that were said before for the same headers are understood so again.

    Args:
        source: None where it is new, so that nothing was said before.
    """
    seen: list[Table] = []

    def noted(table: Table) -> Remembered:
        seen.append(table)
        return known.get(table.sheet, Remembered())

    known: dict[str, Remembered] = {}
    with await asyncio.to_thread(sheets.open_book, path, name=name) as book:
        found = await asyncio.to_thread(tables_of, book, target, options, noted)
        if source is None:
            return found
        async with db.transaction() as tx:
            for table in seen:
                known[table.sheet] = await reads.remembered(tx, source.id, table, target)
        if any(one.target for one in known.values()):
            found = await asyncio.to_thread(tables_of, book, target, options, noted)
    return found


async def look_through(db: Database, vault: Seal, id_: UUID, told: Progress | None = None) -> Import:
    """Read an import's whole file to see what would happen; writes nothing of it.

    Raises:
        AnotherAtWork: somebody works on it.
        FadenoError: the file can't be brought in like this; its state says so, or `asking` waits for an answer.
    """
    async with _alone(db, id_):
        async with db.transaction() as tx:
            await handing.begin_looking(tx, id_)
            made = await reads.get(tx, id_)
            source = await sources.get(tx, made.source_id)
        async with _ending(db, id_, anew=True), _file(db, vault, id_) as path:
            tables = await look(db, source, path, made.file_name, made.target or None, made.options)
            async with db.transaction() as tx:
                await store.set_understood(tx, id_, tables[0].target or None, tables, made.options)
                made = await reads.get(tx, id_)
            see_that_it_fits(tables, made.options)
            reader, seen, end = Reader(path, made, source.region), Previewer(made, source.region), 0
            async for batch in _ahead(reader.batches()):
                async with db.transaction() as tx:
                    await seen.see(tx, batch)
                    await store.advance(tx, id_, batch.end, {}, refused=len(batch.refused))
                    now = await reads.get(tx, id_)
                end = batch.end
                if now.state != "reading" or handing.is_said_anew(now, made):
                    return now
                if told:
                    told(now)
            async with db.transaction() as tx:
                await handing.keep_preview(tx, vault, made, await seen.finished(tx), end)
                return await reads.get(tx, id_)


async def bring_in(db: Database, vault: Seal, actor: Actor, id_: UUID, told: Progress | None = None) -> Import:
    """Write an import's rows down, from where it was left.

    Args:
        told: hears how far it is, after each batch.

    Raises:
        Stopped: it was cancelled.
        AnotherAtWork: another process does it, or one file of this source and kind.
        FadenoError: it failed, and says so in its state; what is written stays until it is resumed or taken back.
    """
    async with _alone(db, id_):
        async with db.transaction() as tx:
            await handing.begin(tx, id_)
            made = await reads.get(tx, id_)
            source = await sources.get(tx, made.source_id)
        async with _ending(db, id_), _file(db, vault, id_) as path:
            rows = _batches(path, made, source.region, lambda: made.rows_new * 2 >= made.rows_read)
            async with aclosing(rows) as batches:
                async for batch in batches:
                    if batch.end > made.rows_read:
                        made = await db.retrying(lambda tx, batch=batch: _bring(tx, vault, actor, source, id_, batch))
                        if told:
                            told(made)
            while made.options.is_whole and await db.retrying(lambda tx: _mark_gone(tx, id_)):
                pass
            return await db.retrying(lambda tx: _finish(tx, id_))


def _batches(path: Path, made: Import, region: str, mostly_new: Callable[[], bool]) -> AsyncIterator[Batch]:
    """The rows of a file: of a big one read by another process, which takes half a second to start."""
    if path.stat().st_size >= APART_BYTES:
        return reading_apart.batches(path, made, region, mostly_new)
    return _ahead(Reader(path, made, region).batches())


async def _bring(tx: Tx, vault: Seal, actor: Actor, source: Source, id_: UUID, batch: Batch) -> Import:
    made = await reads.get(tx, id_)
    if made.is_stopping:
        raise Stopped
    outcome = await bringing.bring(tx, actor, made, source.region, batch.items)
    refused = [*batch.refused, *outcome.refused]
    await handing.keep_refused(tx, vault, id_, batch.end, refused)
    outcome.counts["refused"] += len(batch.refused)
    await store.advance(tx, id_, batch.end, batch.told, left_out=batch.left_out, **outcome.counts)
    return await reads.get(tx, id_)


async def _mark_gone(tx: Tx, id_: UUID) -> bool:
    """Mark some rows as gone that the whole list did not name; whether there were any. Interrupted, it goes on."""
    made = await reads.get(tx, id_)
    if made.is_stopping:
        raise Stopped
    gone = await store.mark_gone(tx, made, GONE_AT_ONCE)
    await store.advance(tx, id_, made.rows_read, {}, gone=gone)
    return gone > 0


async def _finish(tx: Tx, id_: UUID) -> Import:
    made = await reads.get(tx, id_)
    await handing.remember(tx, made)
    await handing.end(tx, id_, "done")
    return await reads.get(tx, id_)


async def take_back(db: Database, actor: Actor, id_: UUID, told: Callable[[int, int], None] | None = None) -> Import:
    """Take an import back whole, also one that failed in the middle; interrupted, it goes on where it was.

    Args:
        told: hears how many rows are taken back by now, of how many it began with.

    Raises:
        NotNow: it is taken back already.
        AnotherAtWork: somebody works on it.
    """
    async with _alone(db, id_):
        async with db.transaction() as tx:
            await taking_back.begin(tx, actor, id_)
            made = await reads.get(tx, id_)
            taken, total = await store.taken_so_far(tx, id_)
        while some := await db.retrying(lambda tx: taking_back.take_some(tx, made)):
            taken += some
            if told:
                told(taken, total)
        while await db.retrying(lambda tx: taking_back.take_goods(tx, actor, made)):
            pass
        async with db.transaction() as tx:
            await taking_back.finish(tx, made)
            return await reads.get(tx, id_)


async def write_refused(db: Database, vault: Seal, id_: UUID, to: Path, say: Callable[[Reason], str]) -> int:
    """Write the rows that were not brought in to a sheet, with the reason beside each; how many.

    Args:
        to: ends in .csv or .xlsx.
        say: puts a reason into words.
    """
    async with db.snapshot() as tx:
        made = await reads.get(tx, id_)
        rows = [row async for row in reads.refused(tx, vault, id_)]
    names = dict.fromkeys(column.header or column.letter for table in made.tables for column in table.columns)
    names |= dict.fromkeys(name for row in rows for name in row.cells)
    columns = [sheets.Out(name) for name in names]
    columns += [sheets.Out(f"{OURS}sheet"), sheets.Out(f"{OURS}row", "number"), sheets.Out(f"{OURS}reason")]
    told = (
        [*(row.cells.get(name) for name in names), row.sheet, Decimal(row.number), " ".join(map(say, row.reasons))]
        for row in rows
    )
    write = sheets.write_csv if to.suffix.lower() == ".csv" else sheets.write_xlsx
    await asyncio.to_thread(write, to, columns, told)
    return len(rows)


@asynccontextmanager
async def _ending(db: Database, id_: UUID, *, anew: bool = False) -> AsyncIterator[None]:
    """Whatever goes wrong inside is written into the import's state."""
    try:
        yield
    except Stopped:
        async with db.transaction() as tx:
            await handing.end(tx, id_, "cancelled")
        raise
    except Exception as error:
        with nullcontext() if isinstance(error, FadenoError) else suppress(Exception):  # the database may be what fails
            async with db.transaction() as tx:
                await handing.fail(tx, id_, error, while_looking=anew)
        raise


@asynccontextmanager
async def _alone(db: Database, id_: UUID) -> AsyncIterator[None]:
    """Be the only one at work on an import, until the end or until this process ends.

    Raises:
        AnotherAtWork: somebody is.
    """
    lock = id_.int >> 64 & 0x7FFF_FFFF_FFFF_FFFF
    async with db.pool.connection() as connection:
        cursor = await connection.execute(store.Q.take_work.text.encode(), {"lock": lock})
        if not (await cursor.fetchone())[0]:
            raise AnotherAtWork("Another process works on this import.", field="id")
        beating = asyncio.create_task(_beat(db, id_))
        try:
            yield
        finally:
            beating.cancel()
            with suppress(Exception):
                await connection.execute(store.Q.leave_work.text.encode(), {"lock": lock})


async def _beat(db: Database, id_: UUID) -> None:
    """Give signs of life as long as this lasts."""
    while True:
        await asyncio.sleep(BEAT_S)
        with suppress(Exception):  # if the database is away, the work itself tells
            async with db.transaction() as tx:
                await store.beat(tx, id_)


async def kept(db: Database, vault: Seal, id_: UUID) -> AsyncIterator[bytes]:
    """The pieces of an import's file; none when a day is gone since it ended."""
    for ordinal in count():
        async with db.transaction() as tx:
            raw = await handing.chunk(tx, vault, id_, ordinal)
        if raw is None:
            return
        yield raw


@asynccontextmanager
async def _file(db: Database, vault: Seal, id_: UUID) -> AsyncIterator[Path]:
    """The file of an import, in a place only we can read."""
    with tempfile.TemporaryDirectory(prefix="fadeno-import-") as folder:
        path = Path(folder) / "file"
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            async for raw in kept(db, vault, id_):
                await asyncio.to_thread(file.write, raw)
            if not file.tell():
                async with db.transaction() as tx:
                    if (await reads.get(tx, id_)).file_bytes:
                        raise FileGone(field="id")
        yield path


async def _ahead(batches: Iterator[_T]) -> AsyncIterator[_T]:
    """Each batch, while the next one is being read already."""
    reading = asyncio.create_task(asyncio.to_thread(next, batches, _MORE))
    try:
        while (batch := await reading) is not _MORE:
            reading = asyncio.create_task(asyncio.to_thread(next, batches, _MORE))
            yield batch
    finally:
        reading.cancel()
        with suppress(asyncio.CancelledError, Exception):
            await reading
        with suppress(ValueError):  # the thread is in it still
            batches.close()


async def work(db: Database, vault: Seal, actor: Actor, id_: UUID) -> Import:
    """Do whatever is to be done on an import: what a process of the worker is started for."""
    async with db.transaction() as tx:
        made = await reads.get(tx, id_)
    match made.state:
        case "reading":
            return await look_through(db, vault, id_)
        case "applying":
            return await bring_in(db, vault, actor, id_)
        case "taking_back":
            return await take_back(db, actor, id_)
    return made


async def trim(tx: Tx) -> None:
    """Cancel imports left for a week; forget files a day after their import ended, and refused rows after thirty."""
    await handing.cancel_untouched(tx, tx.now - UNTOUCHED)
    await store.drop_chunks(tx, tx.now - KEPT_FILES)
    await store.drop_refused(tx, tx.now - KEPT_REFUSED)
