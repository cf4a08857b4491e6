"""What may happen to an import on its way: one at a time, cancelled, failed in the middle, gone on with."""

import asyncio
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import UUID

import pytest

from fadeno import access, imports
from fadeno.db import Database
from fadeno.imports import Import, store, tasks
from fadeno.kit.seal import Seal
from tests.imports.conftest import Receive, Take
from tests.imports.test_customers import HEAD, balanced, counts

MANY = [HEAD, *([str(n), f"Person {n}", f"p{n}@posta.example", "", "Ulm", "ja"] for n in range(3_000))]
_WAITING = "SELECT count(*) FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY(pg_blocking_pids(pid))"

_WHOLE = (
    "SELECT relname, seq_scan, seq_tup_read FROM pg_stat_user_tables"
    " WHERE schemaname IN ('customers', 'events', 'imports') AND seq_tup_read > 1000"
)


class PowerCut(Exception):
    """The process ends in the middle."""


async def test_an_import_goes_on_where_it_was_left(receive: Receive, take_back: Take, db: Database, vault: Seal):
    made = await receive(MANY)

    def cut(now: Import) -> None:
        if now.rows_read == 2_000:
            raise PowerCut

    with pytest.raises(PowerCut):
        await imports.bring_in(db, vault, access.SYSTEM, made.id, cut)
    done = await imports.bring_in(db, vault, access.SYSTEM, made.id)
    assert counts(done) == (3_000, 0, 0, 0)
    assert await balanced(db)
    again = await receive(MANY)
    assert counts(await imports.bring_in(db, vault, access.SYSTEM, again.id)) == (0, 0, 3_000, 0)


async def test_a_cancelled_import_stops_and_can_be_taken_back(
    receive: Receive, take_back: Take, db: Database, vault: Seal
):
    made = await receive(MANY)

    async def cancel() -> None:
        elsewhere = Database(db.url, size=1)
        await elsewhere.open()
        async with elsewhere.transaction() as tx:
            await imports.cancel(tx, access.SYSTEM, made.id)
        await elsewhere.close()

    def once(now: Import) -> None:
        with ThreadPoolExecutor(1) as another:
            another.submit(asyncio.run, cancel()).result()

    with pytest.raises(imports.Stopped):
        await imports.bring_in(db, vault, access.SYSTEM, made.id, once)
    async with db.transaction() as tx:
        now = await imports.get(tx, made.id)
    assert now.state == "cancelled"
    assert 2_000 <= now.rows_read < 3_000
    assert (await take_back(made.id)).state == "taken_back"
    assert await balanced(db)


async def test_whoever_waits_hears_how_much_is_taken_back(receive: Receive, db: Database, vault: Seal):
    made = await receive(MANY)
    await imports.bring_in(db, vault, access.SYSTEM, made.id)
    heard: list[tuple[int, int]] = []
    await imports.take_back(db, access.SYSTEM, made.id, lambda done, total: heard.append((done, total)))
    assert heard == [(1_000, 3_000), (2_000, 3_000), (3_000, 3_000)]


async def test_two_processes_never_work_on_one_import(receive: Receive, db: Database, vault: Seal):
    made = await receive(MANY)
    first = asyncio.create_task(imports.bring_in(db, vault, access.SYSTEM, made.id))
    await asyncio.sleep(0.2)
    with pytest.raises(imports.AnotherAtWork):
        await imports.bring_in(db, vault, access.SYSTEM, made.id)
    assert counts(await first) == (3_000, 0, 0, 0)


async def test_of_two_files_begun_at_one_moment_the_second_hears_of_the_first(
    receive: Receive, db: Database, vault: Seal
):
    first, second, third = [await receive(MANY[: 3 + n]) for n in range(3)]
    for made in (first, second):
        await imports.look_through(db, vault, made.id)
    await imports.bring_in(db, vault, access.SYSTEM, third.id)

    async def say(verb: Callable[..., Awaitable[None]], id_: UUID) -> None:
        async with db.transaction() as tx:
            await verb(tx, access.SYSTEM, id_)

    async with db.transaction() as tx:
        await imports.start(tx, access.SYSTEM, first.id)
        others = [
            asyncio.create_task(say(imports.start, second.id)),
            asyncio.create_task(say(imports.start_taking_back, third.id)),
        ]
        for _ in range(1_000):
            if (await (await tx.connection.execute(_WAITING)).fetchone())[0] == 2:
                break
            await asyncio.sleep(0.01)
    found = await asyncio.gather(*others, return_exceptions=True)
    assert [type(one) for one in found] == [imports.AnotherAtWork] * 2
    async with db.transaction() as tx:
        assert [(await imports.get(tx, made.id)).state for made in (first, second, third)] == [
            "applying",
            "ready",
            "done",
        ]


async def test_a_file_nobody_went_on_with_is_not_kept_for_ever(receive: Receive, db: Database, vault: Seal):
    left, wanted = await receive(MANY[:3]), await receive(MANY[:4])
    assert (await imports.look_through(db, vault, left.id)).state == "ready"

    async def later(days: float) -> None:
        async with db.transaction() as tx:
            tx.now = left.made_at + timedelta(days=days)
            await imports.trim(tx)

    async def state(made: Import) -> str:
        async with db.transaction() as tx:
            return (await imports.get(tx, made.id)).state

    await later(6)
    assert (await state(left), await state(wanted)) == ("ready", "reading")
    assert (await imports.bring_in(db, vault, access.SYSTEM, wanted.id)).state == "done"
    await later(8)
    assert (await state(left), await state(wanted)) == ("cancelled", "done")
    await later(9.5)
    async with db.transaction() as tx:
        assert await imports.preview(tx, vault, left.id) is None
    with pytest.raises(imports.FileGone):
        await imports.bring_in(db, vault, access.SYSTEM, left.id)


async def test_an_import_never_reads_a_whole_table(receive: Receive, db: Database, vault: Seal):
    """Not even where the database counted its tables while they were empty, and keeps its plans as they fill."""
    async with db.pool.connection() as connection:
        await connection.execute("ANALYZE")
    known = [HEAD, *([str(n), f"Person {n}", f"p{n}@posta.example", "", "Ulm", "ja"] for n in range(2_500))]
    met = [HEAD, *([f"K{n}", f"Person {n}", f"p{n}@posta.example", "", "Ulm", "ja"] for n in range(2_500))]
    for rows in (known, met):
        made = await receive(rows)
        await imports.bring_in(db, vault, access.SYSTEM, made.id)
    async with db.pool.connection() as connection:
        await connection.execute("SELECT pg_stat_force_next_flush()")
        cursor = await connection.execute(_WHOLE)
        assert await cursor.fetchall() == []


async def test_what_a_whole_list_lacks_is_marked_some_at_a_time_and_gone_on_with(
    receive: Receive, take_back: Take, db: Database, vault: Seal, monkeypatch: pytest.MonkeyPatch
):
    await imports.bring_in(db, vault, access.SYSTEM, (await receive(MANY[:8])).id)
    made = await receive(MANY[:2], is_whole=True)
    monkeypatch.setattr(tasks, "GONE_AT_ONCE", 2)
    marking, marked = store.mark_gone, []

    async def mark(*args: object) -> int:
        if len(marked) == 1:
            marked.append(0)
            raise PowerCut
        marked.append(await marking(*args))
        return marked[-1]

    monkeypatch.setattr(store, "mark_gone", mark)
    with pytest.raises(PowerCut):
        await imports.bring_in(db, vault, access.SYSTEM, made.id)
    done = await imports.bring_in(db, vault, access.SYSTEM, made.id)
    assert (done.state, done.rows_gone, marked) == ("done", 6, [2, 0, 2, 2, 0])
    await take_back(made.id)
    again = await receive(MANY[:2], is_whole=True)
    assert (await imports.bring_in(db, vault, access.SYSTEM, again.id)).rows_gone == 6
