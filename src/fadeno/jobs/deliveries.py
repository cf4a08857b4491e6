"""Takes due jobs and does them, many at a time, until told to stop."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import TypeVar

import psycopg
import structlog
from prometheus_client import Counter

from fadeno.db import Database, Tx
from fadeno.jobs import actions
from fadeno.jobs.bell import bell
from fadeno.jobs.model import Delivery, Done, Failed, Job, Retry, Verdict

POLL_S = 1.0
GATHER_S = 0.005  # what ends or is put within these is looked for once
AT_ONCE = 128
TURNS = 4  # connections the worker uses at once, so that a burst of jobs does not keep the doors waiting
MOST_FAULTS = 100  # four days of hourly tries
RELEASE_WITHIN_S = 0.5

ENDS = Counter("fadeno_job_tries", "Tries of jobs, by how they ended: done, retry, failed, fault", ["kind", "end"])

_T = TypeVar("_T")
log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class _Desk:
    """What every job needs: how its kind is done, and its turn at the database."""

    db: Database
    kinds: Mapping[str, Delivery]
    turns: asyncio.Semaphore

    async def transact(self, work: Callable[[Tx], Awaitable[_T]]) -> _T:
        async with self.turns:
            return await self.db.retrying(work)


async def deliver(
    db: Database,
    kinds: Mapping[str, Delivery],
    stopping: asyncio.Event,
    *,
    at_once: int = AT_ONCE,
    lease_s: float = actions.LEASE_S,
) -> None:
    """Do jobs as they fall due, until `stopping`; those under way then are given back."""
    desk = _Desk(db, kinds, asyncio.Semaphore(TURNS))
    under_way: dict[asyncio.Task, Job] = {}
    with bell.listening() as rung:
        stopped = asyncio.create_task(stopping.wait())
        try:
            while not stopping.is_set():
                rung.clear()
                free = at_once - len(under_way)
                jobs = await _claim(desk, free, lease_s) if free else []
                for job in jobs:
                    task = asyncio.create_task(_do(desk, job))
                    under_way[task] = job
                    task.add_done_callback(lambda done: (under_way.pop(done, None), rung.set()))
                if not jobs or not free:
                    await _either(stopped, rung)
                    await asyncio.sleep(GATHER_S)
        finally:
            stopped.cancel()
            await _give_back(db, under_way)


async def _either(stopped: asyncio.Task, rung: asyncio.Event) -> None:
    ring = asyncio.create_task(rung.wait())
    await asyncio.wait({stopped, ring}, timeout=POLL_S, return_when=asyncio.FIRST_COMPLETED)
    ring.cancel()


async def _claim(desk: _Desk, limit: int, lease_s: float) -> list[Job]:
    async def work(tx: Tx) -> list[Job]:
        return await actions.claim(tx, limit, lease_s=lease_s)

    try:
        return await desk.transact(work)
    except Exception as error:  # whatever it is, the worker goes on
        log.warning("jobs interrupted", error=type(error).__name__)
        return []


async def _do(desk: _Desk, job: Job) -> None:
    try:
        if (delivery := desk.kinds.get(job.kind)) is None:
            await desk.transact(lambda tx: actions.fail(tx, job, f"nobody knows how to do {job.kind}"))
            return
        parcel = await desk.transact(lambda tx: delivery.prepare(tx, job))
        if parcel is None:
            await desk.transact(lambda tx: actions.done(tx, job))
            return
        outcome = await delivery.send(parcel)

        async def settle(tx: Tx) -> None:
            nonlocal said
            said = await delivery.note(tx, job, parcel, outcome)
            await _apply(tx, job, said)

        said: Verdict | None = None
        await desk.transact(settle)
        ENDS.labels(job.kind, type(said).__name__.lower()).inc()
    except Exception as error:  # our own fault, or the database is away: then the lease brings the job back
        log.error("job failed", kind=job.kind, job=job.id, error=type(error).__name__)
        ENDS.labels(job.kind, "fault").inc()
        reason = f"inside: {type(error).__name__}"
        end = actions.retry if job.attempts < MOST_FAULTS else actions.fail
        with contextlib.suppress(psycopg.Error):
            await desk.transact(lambda tx: end(tx, job, reason))


async def _apply(tx: Tx, job: Job, verdict: Verdict) -> None:
    match verdict:
        case Done():
            await actions.done(tx, job)
        case Failed(reason):
            await actions.fail(tx, job, reason)
        case Retry(reason, after_s, whole_lane, steps_s):
            await actions.retry(tx, job, reason, after_s=after_s, whole_lane=whole_lane, steps_s=steps_s)


async def _give_back(db: Database, under_way: dict[asyncio.Task, Job]) -> None:
    cut = dict(under_way)
    for task in cut:
        task.cancel()
    if not cut:
        return
    await asyncio.wait(cut, timeout=RELEASE_WITHIN_S)

    async def work(tx: Tx) -> None:
        for job in cut.values():
            await actions.release(tx, job)

    with contextlib.suppress(psycopg.Error, TimeoutError):
        await asyncio.wait_for(db.retrying(work), RELEASE_WITHIN_S)
