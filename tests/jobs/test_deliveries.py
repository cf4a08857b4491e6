"""How a worker does jobs: several at once, never waiting for the slow, giving back what is unfinished."""

import asyncio
import contextlib
from collections.abc import AsyncIterator

import pytest

from fadeno import jobs
from fadeno.db import Database

FOR_EVER_S = 3600
STOPS_WITHIN_S = 20  # far less than what is under way would take, far more than a busy machine makes of a moment


@contextlib.asynccontextmanager
async def working(db: Database, **how) -> AsyncIterator[asyncio.Event]:
    stopping = asyncio.Event()
    task = asyncio.create_task(jobs.deliver(db, {"test": recorder(**how)}, stopping))
    yield stopping
    stopping.set()
    await asyncio.wait_for(task, STOPS_WITHIN_S)


def recorder(sent: list, verdict=None, slow_s: dict[str, float] | None = None) -> jobs.Delivery:
    async def prepare(tx, job):
        return job

    async def send(job):
        await asyncio.sleep((slow_s or {}).get(job.lane, 0))
        sent.append(job.body["n"])
        return "ok"

    async def note(tx, job, parcel, outcome):
        return verdict(job) if verdict else jobs.Done()

    return jobs.Delivery(prepare, send, note)


async def put(db: Database, lane: str, order: str, *numbers: int, kind: str = "test") -> None:
    async with db.transaction() as tx:
        await jobs.put_many(tx, [jobs.NewJob(lane, order, kind, {"n": n}) for n in numbers])


async def until(fact, within_s: float = 40) -> None:
    async with asyncio.timeout(within_s):
        while not fact():  # noqa: ASYNC110 - facts of the other side
            await asyncio.sleep(0.01)


async def until_left(db: Database, lane: str, *, open: int = 0, failed: int = 0) -> None:
    async with asyncio.timeout(40):
        while ((left := await backlog(db, lane)).open, left.failed) != (open, failed):  # noqa: ASYNC110
            await asyncio.sleep(0.01)


async def backlog(db: Database, lane: str) -> jobs.Backlog:
    async with db.transaction() as tx:
        return await jobs.backlog(tx, lane)


async def test_jobs_are_done_in_order_as_soon_as_they_are_put(db, monkeypatch):
    monkeypatch.setattr("fadeno.jobs.deliveries.POLL_S", FOR_EVER_S)
    sent: list[int] = []
    async with working(db, sent=sent):
        await put(db, "a", "x", 1, 2, 3)
        await until(lambda: len(sent) == 3)
        await put(db, "a", "x", 4)
        await until(lambda: len(sent) == 4)
    assert sent == [1, 2, 3, 4]


async def test_a_slow_lane_slows_no_other(db):
    sent: list[int] = []
    for n in range(20):
        await put(db, "slow", str(n), n)
    async with working(db, sent=sent, slow_s={"slow": FOR_EVER_S}):
        await asyncio.sleep(0.2)
        await put(db, "quick", "x", 100, 101)
        await until(lambda: sent == [100, 101])


async def test_a_worker_that_stops_gives_back_what_is_under_way(db):
    sent: list[int] = []
    await put(db, "slow", "x", 1)
    async with working(db, sent=sent, slow_s={"slow": FOR_EVER_S}):
        await asyncio.sleep(0.3)
    assert sent == []
    async with db.transaction() as tx:
        [job] = await jobs.claim(tx, 10)
    assert job.attempts == 0


async def test_a_job_that_failed_is_tried_again_later(db, monkeypatch):
    monkeypatch.setattr("fadeno.jobs.deliveries.POLL_S", 0.05)
    sent: list[int] = []

    def verdict(job):
        return jobs.Retry("busy", steps_s=(0.05,)) if job.attempts < 2 else jobs.Done()

    async with working(db, sent=sent, verdict=verdict):
        await put(db, "a", "x", 1, 2)
        await until(lambda: sent == [1, 1, 1, 2, 2, 2])
        await until_left(db, "a")


async def test_a_job_nobody_knows_is_given_up_with_a_reason(db):
    sent: list[int] = []
    await put(db, "a", "x", 1, kind="unheard_of")
    await put(db, "a", "x", 2)
    async with working(db, sent=sent):
        await until(lambda: sent == [2])
        await until_left(db, "a", failed=1)


async def test_a_fault_of_ours_in_one_job_does_not_stop_the_worker(db):
    sent: list[int] = []

    def verdict(job):
        if job.lane == "bad":
            raise RuntimeError("a fault of ours")
        return jobs.Done()

    async with working(db, sent=sent, verdict=verdict):
        await put(db, "bad", "x", 1)
        await put(db, "good", "x", 2)
        await until(lambda: {1, 2} <= set(sent))
        await until_left(db, "good")
    assert (await backlog(db, "bad")).open == 1


@pytest.mark.parametrize("failures", [1, 3, 50])
def test_waits_grow_have_jitter_and_honour_what_was_asked(failures):
    waits = {jobs.backoff_s(failures) for _ in range(20)}
    assert len(waits) > 1
    assert all(5 <= wait <= 3600 * 1.2 for wait in waits)
    assert jobs.backoff_s(failures, asked_s=5000) == 5000
    assert jobs.backoff_s(failures, asked_s=10**9) == 6 * 3600
