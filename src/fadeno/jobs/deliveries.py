"""Takes due jobs and does them, many at a time, until told to stop."""

import asyncio
import contextlib
from collections.abc import Mapping

import psycopg
import structlog

from fadeno.db import Database, Tx
from fadeno.jobs import actions
from fadeno.jobs.bell import bell
from fadeno.jobs.model import Delivery, Done, Failed, Job, Retry, Verdict

POLL_S = 1.0
GATHER_S = 0.005  # what ends or is put within these is looked for once
AT_ONCE = 128
RELEASE_WITHIN_S = 0.5

log = structlog.get_logger(__name__)


async def deliver(
    db: Database,
    kinds: Mapping[str, Delivery],
    stopping: asyncio.Event,
    *,
    at_once: int = AT_ONCE,
    lease_s: float = actions.LEASE_S,
) -> None:
    """Do jobs as they fall due, until `stopping`; those under way then are given back."""
    under_way: dict[asyncio.Task, Job] = {}
    with bell.listening() as rung:
        stopped = asyncio.create_task(stopping.wait())
        try:
            while not stopping.is_set():
                rung.clear()
                free = at_once - len(under_way)
                jobs = await _claim(db, free, lease_s) if free else []
                for job in jobs:
                    task = asyncio.create_task(_do(db, kinds, job))
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


async def _claim(db: Database, limit: int, lease_s: float) -> list[Job]:
    async def work(tx: Tx) -> list[Job]:
        return await actions.claim(tx, limit, lease_s=lease_s)

    try:
        return await db.retrying(work)
    except psycopg.Error as error:
        log.warning("jobs interrupted", error=type(error).__name__)
        return []


async def _do(db: Database, kinds: Mapping[str, Delivery], job: Job) -> None:
    try:
        delivery = kinds.get(job.kind)
        if delivery is None:
            await _settle(db, job, None, None, None)
            return
        async with db.transaction() as tx:
            parcel = await delivery.prepare(tx, job)
        outcome = None if parcel is None else await delivery.send(parcel)
        await _settle(db, job, delivery, parcel, outcome)
    except Exception as error:  # our own fault: the lease brings the job back
        log.error("job failed", kind=job.kind, job=job.id, error=type(error).__name__)
        with contextlib.suppress(psycopg.Error):
            async with db.transaction() as tx:
                await actions.retry(tx, job, f"inside: {type(error).__name__}")


async def _settle(db: Database, job: Job, delivery: Delivery | None, parcel: object, outcome: object) -> None:
    async def work(tx: Tx) -> None:
        verdict: Verdict
        if delivery is None:
            verdict = Failed(f"nobody knows how to do {job.kind}")
        elif parcel is None:
            verdict = Done()
        else:
            verdict = await delivery.note(tx, job, parcel, outcome)
        await _apply(tx, job, verdict)

    await db.retrying(work)


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
