"""Timers: on time, on one worker at a time, faults retried, and a stop within a second."""

import asyncio
import contextlib
import itertools
from collections.abc import AsyncIterator

import psycopg
from structlog.testing import capture_logs

from fadeno import jobs
from fadeno.db import Database

FOR_EVER_S = 3600
STOPS_WITHIN_S = 20  # far less than what is under way would take, far more than a busy machine makes of a moment


@contextlib.asynccontextmanager
async def running(db: Database, *timers: jobs.Timer, workers: int = 1) -> AsyncIterator[None]:
    stopping = asyncio.Event()
    tasks = [asyncio.create_task(jobs.run_timers(db, timers, stopping)) for _ in range(workers)]
    try:
        yield
    finally:
        stopping.set()
        await asyncio.wait_for(asyncio.gather(*tasks), STOPS_WITHIN_S)


async def until(fact, within_s: float = 40) -> None:
    async with asyncio.timeout(within_s):
        while not fact():  # noqa: ASYNC110 - facts of the other side
            await asyncio.sleep(0.01)


async def test_a_timer_runs_again_and_again(db):
    runs = []

    async def step(tx):
        runs.append(tx.now)

    async with running(db, jobs.Timer("count", 1, step)):
        await until(lambda: len(runs) >= 3)
    assert all((b - a).total_seconds() > 0.5 for a, b in itertools.pairwise(runs))


async def test_a_timer_with_more_to_do_goes_on_at_once(db):
    steps = []

    async def step(tx):
        steps.append(tx.now)
        return len(steps) < 5

    async with running(db, jobs.Timer("chunks", 3600, step, woken=True)):
        await until(lambda: len(steps) == 5)
        await asyncio.sleep(0.2)
    assert len(steps) == 5


async def test_a_woken_timer_runs_at_the_ring(db):
    runs = []

    async def step(tx):
        runs.append(tx.now)

    async with running(db, jobs.Timer("woken", 3600, step, woken=True)):
        await until(lambda: len(runs) == 1)
        await asyncio.sleep(0.2)
        jobs.bell.ring()
        await until(lambda: len(runs) == 2)


async def test_two_workers_are_never_at_the_same_timer(db):
    at_work = 0
    runs = 0

    async def step(tx):
        nonlocal at_work, runs
        at_work += 1
        assert at_work == 1
        await asyncio.sleep(0.05)
        at_work -= 1
        runs += 1

    timers = (jobs.Timer("slow", 1, step), jobs.Timer("woken", 0.01, step_alone(), woken=True))
    with capture_logs() as logs:
        async with running(db, *timers, workers=3):
            await until(lambda: runs >= 2)
    assert [line for line in logs if line["log_level"] == "error"] == []


def step_alone():
    at_work = 0

    async def step(tx):
        nonlocal at_work
        at_work += 1
        assert at_work == 1
        await asyncio.sleep(0.02)
        at_work -= 1

    return step


async def test_a_failing_timer_is_logged_without_its_words_and_tried_again(db):
    runs = []

    async def step(tx):
        runs.append(tx.now)
        if len(runs) == 1:
            raise ValueError("ana@example.org can't be read")

    with capture_logs() as logs:
        async with running(db, jobs.Timer("frail", 1, step)):
            await until(lambda: len(runs) >= 2)
    [line] = [line for line in logs if line["event"] == "timer failed"]
    assert (line["timer"], line["error"]) == ("frail", "ValueError")
    assert "ana@example.org" not in repr(logs)


async def test_one_failing_timer_does_not_stop_the_others(db):
    runs = []

    async def broken(tx):
        raise ValueError

    async def fine(tx):
        runs.append(tx.now)

    async with running(db, jobs.Timer("broken", 1, broken), jobs.Timer("fine", 1, fine)):
        await until(lambda: len(runs) >= 2)


async def test_a_stop_cuts_a_long_step_and_undoes_it(db):
    begun = asyncio.Event()

    async def step(tx):
        await jobs.put(tx, "a", "x", "test", {})
        begun.set()
        await asyncio.sleep(FOR_EVER_S)

    async with running(db, jobs.Timer("long", 1, step)):
        await asyncio.wait_for(begun.wait(), 40)
    async with db.transaction() as tx:
        assert (await jobs.backlog(tx, "a")).open == 0


async def test_a_timer_cut_by_a_stop_is_the_first_thing_after_the_start(db):
    runs = []

    async def step(tx):
        runs.append(tx.now)
        if len(runs) == 1:
            await asyncio.sleep(FOR_EVER_S)

    daily = jobs.Timer("daily", 86_400, step)
    async with running(db, daily):
        await until(lambda: runs)
    async with running(db, daily):
        await until(lambda: len(runs) == 2)


async def test_timers_outlive_the_loss_of_every_connection(db, monkeypatch):
    monkeypatch.setattr("fadeno.jobs.timers.RECONNECT_S", 0.1)
    runs, woken = [], []

    async def step(tx):
        runs.append(tx.now)

    async def woken_step(tx):
        woken.append(tx.now)

    async with running(db, jobs.Timer("count", 0.2, step), jobs.Timer("woken", 0.1, woken_step, woken=True)):
        await until(lambda: runs and woken)
        await lose_connections(db)
        lost_at = len(runs), len(woken)
        await until(lambda: len(runs) >= lost_at[0] + 2 and len(woken) >= lost_at[1] + 3)


async def lose_connections(db: Database) -> None:
    with contextlib.suppress(psycopg.OperationalError):
        async with await psycopg.AsyncConnection.connect(db.url, autocommit=True) as connection:
            await connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )


async def test_a_timer_remembers_over_a_restart_when_it_ran(db):
    runs = []

    async def step(tx):
        runs.append(tx.now)

    daily = jobs.Timer("daily", 86_400, step)
    async with running(db, daily):
        await until(lambda: runs)
        await asyncio.sleep(0.5)  # it is noted a moment after
    async with running(db, daily):
        await asyncio.sleep(0.5)
    assert len(runs) == 1


async def test_a_timer_made_quicker_is_quicker_at_once(db):
    runs = []

    async def step(tx):
        runs.append(tx.now)

    async with running(db, jobs.Timer("often", 86_400, step)):
        await until(lambda: runs)
    async with running(db, jobs.Timer("often", 1, step)):
        await until(lambda: len(runs) >= 2)
