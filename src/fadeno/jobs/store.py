"""One thin function per query of jobs."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from fadeno.db import Queries, Tx
from fadeno.jobs.model import Backlog, Job, LaneState, NewJob, Standing, Stock, Timer

Q = Queries(__package__)


async def open_lanes(tx: Tx, lanes: Sequence[str]) -> None:
    await tx.run(Q.open_lanes, lanes=sorted(lanes), now=tx.now)


async def extend_strands(tx: Tx, strands: dict[tuple[str, str], tuple[datetime, int]]) -> None:
    await tx.run(
        Q.extend_strands,
        lanes=[lane for lane, _ in strands],
        orders=[order for _, order in strands],
        next_ats=[next_at for next_at, _ in strands.values()],
        jobs=[jobs for _, jobs in strands.values()],
    )


async def add_jobs(tx: Tx, jobs: Sequence[NewJob]) -> None:
    await tx.run(
        Q.add_jobs,
        lanes=[job.lane for job in jobs],
        orders=[job.order for job in jobs],
        kinds=[job.kind for job in jobs],
        due_ats=[job.due_at or tx.now for job in jobs],
        bodies=[msgspec.json.encode(job.body).decode() for job in jobs],
        now=tx.now,
    )


async def listed(tx: Tx, *, state: str, kind: str, lane: str, before: int, limit: int) -> list[Standing]:
    which = {"state": state, "kind": kind, "lane": lane}
    return await tx.all(Q.listed, into=Standing, before=before, limit=limit, **which)


async def reopen(tx: Tx, ids: Sequence[int]) -> list[Any]:
    return await tx.all(Q.reopen, ids=list(ids), now=tx.now)


async def claim(tx: Tx, limit: int, per_lane: int, token: UUID, lost_at: datetime) -> list[Job]:
    return await tx.all(Q.claim, into=Job, limit=limit, per_lane=per_lane, token=token, lost_at=lost_at, now=tx.now)


async def hold(tx: Tx, job: Job) -> int | None:
    return await tx.value(Q.hold, lane=job.lane, order=job.order, token=job.token)


async def finish_job(tx: Tx, job: Job) -> int | None:
    return await tx.value(Q.finish_job, id=job.id, lane=job.lane, order=job.order, token=job.token)


async def fail_job(tx: Tx, job: Job, reason: str) -> int | None:
    return await tx.value(Q.fail_job, id=job.id, lane=job.lane, order=job.order, token=job.token, reason=reason)


async def step_strand(tx: Tx, job: Job) -> None:
    await tx.run(Q.step_strand, lane=job.lane, order=job.order, now=tx.now)


async def end_strand(tx: Tx, job: Job) -> None:
    await tx.run(Q.end_strand, lane=job.lane, order=job.order)


async def wait_strand(tx: Tx, job: Job, next_at: datetime) -> None:
    await tx.run(Q.wait_strand, lane=job.lane, order=job.order, next_at=next_at)


async def count_attempt(tx: Tx, job: Job, reason: str) -> None:
    await tx.run(Q.count_attempt, id=job.id, reason=reason, now=tx.now)


async def lane_to_fail(tx: Tx, lane: str) -> LaneState | None:
    return await tx.maybe(Q.lane_to_fail, into=LaneState, lane=lane)


async def lane_fails(tx: Tx, lane: str, failures: int, next_at: datetime) -> None:
    await tx.run(Q.lane_fails, lane=lane, failures=failures, next_at=next_at, now=tx.now)


async def lane_works(tx: Tx, lane: str) -> None:
    await tx.run(Q.lane_works, lane=lane, now=tx.now)


async def pause_lane(tx: Tx, lane: str) -> None:
    await tx.run(Q.pause_lane, lane=lane, now=tx.now)


async def open_lane(tx: Tx, lane: str) -> None:
    await tx.run(Q.open_lane, lane=lane, now=tx.now)


async def hurry_strands(tx: Tx, lane: str) -> None:
    await tx.run(Q.hurry_strands, lane=lane, now=tx.now)


async def drop_lane(tx: Tx, lane: str) -> None:
    await tx.run(Q.drop_strands, lane=lane)
    await tx.run(Q.drop_jobs, lane=lane)
    await tx.run(Q.drop_lane, lane=lane)


async def lane_state(tx: Tx, lane: str) -> LaneState | None:
    return await tx.maybe(Q.lane_state, into=LaneState, lane=lane)


async def backlog(tx: Tx, lane: str) -> Backlog:
    return await tx.one(Q.backlog, into=Backlog, lane=lane)


async def stock(tx: Tx) -> list[Stock]:
    return await tx.all(Q.stock, into=Stock, now=tx.now)


async def trim_failed(tx: Tx, before: datetime) -> int:
    return await tx.run(Q.trim_failed, before=before)


async def hasten_timer(tx: Tx, name: str, next_at: datetime) -> None:
    await tx.run(Q.hasten_timer, name=name, next_at=next_at)


async def know_timers(tx: Tx, expression: str, timers: Sequence[Timer]) -> None:
    await tx.run(
        Q.know_timers,
        expression=expression,
        names=[timer.name for timer in timers],
        rhythms=[float(timer.every_s) for timer in timers],
        now=tx.now,
    )


async def try_guard(tx: Tx, name: str) -> bool:
    return await tx.value(Q.try_guard, name=name)


async def strands_wrong(tx: Tx) -> list[Any]:
    return await tx.all(Q.strands_wrong)


async def count_open(tx: Tx) -> int:
    return await tx.value(Q.count_open)
