"""Verbs of jobs: put, claim, and the three ways a job ends a try."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from fadeno.db import Tx
from fadeno.jobs import store
from fadeno.jobs.bell import bell
from fadeno.jobs.model import LANE_STEPS_S, Job, NewJob, backoff_s
from fadeno.kit import ids

LEASE_S = 60
PER_LANE = 8
FAILED_KEPT_DAYS = 30


async def put(tx: Tx, lane: str, order: str, kind: str, body: dict[str, Any], due_at: datetime | None = None) -> None:
    """Have something done outside once this is committed, after what was put before in the same order."""
    await put_many(tx, [NewJob(lane, order, kind, body, due_at)])


async def put_many(tx: Tx, jobs: Sequence[NewJob]) -> None:
    """Put jobs in the order given, with few statements."""
    if not jobs:
        return
    strands: dict[tuple[str, str], tuple[datetime, int]] = {}
    for job in jobs:
        next_at, count = strands.get((job.lane, job.order), (job.due_at or tx.now, 0))
        strands[job.lane, job.order] = (next_at, count + 1)
    await store.open_lanes(tx, {job.lane for job in jobs})
    await store.extend_strands(tx, strands)
    await store.add_jobs(tx, jobs)
    tx.after_commit(bell.ring)


async def claim(tx: Tx, limit: int, *, per_lane: int = PER_LANE, lease_s: float = LEASE_S) -> list[Job]:
    """Take up to `limit` due jobs, one per order key; each try must end before the lease does."""
    return await store.claim(tx, limit, per_lane, ids.new_id(), tx.now + timedelta(seconds=lease_s))


async def done(tx: Tx, job: Job) -> bool:
    """It is done. False: the lease had ended and somebody else has the job now."""
    if (left := await store.finish_job(tx, job)) is None:
        return False
    await _step(tx, job, left)
    if job.lane_failures:
        await store.lane_works(tx, job.lane)
    return True


async def fail(tx: Tx, job: Job, reason: str) -> bool:
    """Give it up: it stays to be seen with its reason, and the next in order goes on."""
    if (left := await store.fail_job(tx, job, reason)) is None:
        return False
    await _step(tx, job, left)
    return True


async def retry(
    tx: Tx,
    job: Job,
    reason: str,
    *,
    after_s: float | None = None,
    whole_lane: bool = False,
    steps_s: Sequence[float] | None = None,
) -> bool:
    """Try again later: at least `after_s`, longer with every try; those behind it in order wait too."""
    if await store.hold(tx, job) is None:
        return False
    await store.count_attempt(tx, job, reason)
    steps = {"steps_s": steps_s} if steps_s else {}
    next_at = tx.now + timedelta(seconds=backoff_s(job.attempts + 1, after_s, **steps))
    await store.wait_strand(tx, job, next_at)
    if whole_lane:
        await _fail_lane(tx, job.lane, after_s, steps_s or LANE_STEPS_S)
    elif job.lane_failures:
        await store.lane_works(tx, job.lane)
    return True


async def release(tx: Tx, job: Job) -> None:
    """Give a job back untried, as when the worker stops."""
    if await store.hold(tx, job) is not None:
        await store.wait_strand(tx, job, tx.now)


async def pause_lane(tx: Tx, lane: str) -> None:
    """Leave everything of this lane lying until it is opened."""
    await store.pause_lane(tx, lane)


async def open_lane(tx: Tx, lane: str) -> None:
    """Go on with a lane at once, with a clean record; also ends its back-off."""
    await store.hurry_strands(tx, lane)
    await store.open_lane(tx, lane)
    tx.after_commit(bell.ring)


async def reopen(tx: Tx, ids: Sequence[int]) -> int:
    """Have jobs done that were given up; how many. Each goes by its old place in its order."""
    rows = await store.reopen(tx, ids)
    strands: dict[tuple[str, str], tuple[datetime, int]] = {}
    for row in rows:
        strands[row.lane, row.order] = (tx.now, strands.get((row.lane, row.order), (tx.now, 0))[1] + 1)
    if strands:
        await store.open_lanes(tx, {lane for lane, _ in strands})
        await store.extend_strands(tx, strands)
        tx.after_commit(bell.ring)
    return len(rows)


async def drop_lane(tx: Tx, lane: str) -> None:
    """Forget a lane and all its jobs."""
    await store.drop_lane(tx, lane)


async def trim_failed(tx: Tx) -> None:
    """Forget jobs given up more than a month ago."""
    await store.trim_failed(tx, tx.now - timedelta(days=FAILED_KEPT_DAYS))


async def _fail_lane(tx: Tx, lane: str, after_s: float | None, steps_s: Sequence[float]) -> None:
    state = await store.lane_to_fail(tx, lane)
    if state is None:
        return
    # Jobs that were under way together fail together: that is one failure of the lane, not eight.
    failures = state.failures if state.next_at > tx.now and state.failures else state.failures + 1
    wait_s = backoff_s(failures, after_s, steps_s)
    await store.lane_fails(tx, lane, failures, tx.now + timedelta(seconds=wait_s))


async def _step(tx: Tx, job: Job, left: int) -> None:
    if left:
        await store.step_strand(tx, job)
    else:
        await store.end_strand(tx, job)
