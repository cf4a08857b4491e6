"""Runs timers until told to stop.

Timers with a slow rhythm are PgQueuer schedules, whose rows remember when they ran last and that someone is
at work. Woken timers look whenever the bell rings. Either way every step takes the timer's guard, so that no
two workers are ever at the same one.
"""

import asyncio
import contextlib
import time
from collections.abc import Sequence
from datetime import timedelta

import structlog
from prometheus_client import Counter, Histogram

from fadeno.db import Database, Tx
from fadeno.jobs import store
from fadeno.jobs.bell import bell
from fadeno.jobs.model import Timer, backoff_s

PAUSE_S = 0.1
RECONNECT_S = 1.0
RETRY_STEPS_S = (10, 60, 300, 900)

RUNS = Counter("fadeno_timer_runs", "Runs of timers, by how they ended: done, failed", ["timer", "end"])
TAKES = Histogram("fadeno_timer_seconds", "How long a run of a timer takes", ["timer"])

log = structlog.get_logger(__name__)


async def run_timers(db: Database, timers: Sequence[Timer], stopping: asyncio.Event) -> None:
    """Run `timers` until `stopping` is set; then what is under way is cut and its transaction undone."""
    failures: dict[str, int] = {}
    tasks = [asyncio.create_task(_woken(db, timer, stopping, failures)) for timer in timers if timer.woken]
    if slow := [timer for timer in timers if not timer.woken]:
        tasks.append(asyncio.create_task(_scheduled(db, slow, stopping, failures)))
    try:
        await stopping.wait()
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def attempt(db: Database, timer: Timer, failures: dict[str, int]) -> None:
    """Do all there is to do for one timer; a fault is logged without its text, which may name people."""
    ours, began = False, time.perf_counter()

    async def step(tx: Tx) -> bool:
        nonlocal ours
        guarded = await store.try_guard(tx, timer.name)
        ours = ours or guarded
        return guarded and bool(await timer.step(tx))

    try:
        more = True
        while more:
            more = await db.retrying(step)
    except Exception as error:  # one timer's fault is not the others'
        failures[timer.name] = failures.get(timer.name, 0) + 1
        RUNS.labels(timer.name, "failed").inc()
        log.error("timer failed", timer=timer.name, error=type(error).__name__, at=_place(error))
    else:
        failures.pop(timer.name, None)
        if ours:  # else another worker is at it
            RUNS.labels(timer.name, "done").inc()
            TAKES.labels(timer.name).observe(time.perf_counter() - began)


async def hasten(db: Database, name: str, wait_s: float) -> None:
    """Have a timer that failed tried again before its rhythm says."""
    async with db.transaction() as tx:
        await store.hasten_timer(tx, name, tx.now + timedelta(seconds=wait_s))


async def _woken(db: Database, timer: Timer, stopping: asyncio.Event, failures: dict[str, int]) -> None:
    with bell.listening() as rung:
        while not stopping.is_set():
            rung.clear()
            await attempt(db, timer, failures)
            failed = failures.get(timer.name, 0)
            await asyncio.sleep(backoff_s(failed, steps_s=(1, 5, 30)) if failed else PAUSE_S)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(rung.wait(), timer.every_s)


async def _scheduled(db: Database, timers: Sequence[Timer], stopping: asyncio.Event, failures: dict[str, int]) -> None:
    # 13 MB and a third of a second that only the worker needs, not every command that puts a job.
    from fadeno.jobs.schedule import ANY_LINE, keep_schedule  # noqa: PLC0415

    async def ran(timer: Timer) -> None:
        try:
            await attempt(db, timer, failures)
        except asyncio.CancelledError:
            await hasten(db, timer.name, 0)  # cut by a stop: the next worker begins with it
            raise
        if failed := failures.get(timer.name):
            await hasten(db, timer.name, min(timer.every_s, backoff_s(failed, steps_s=RETRY_STEPS_S)))

    while not stopping.is_set():
        try:
            async with db.transaction() as tx:
                await store.know_timers(tx, ANY_LINE, timers)
            await keep_schedule(db.url, timers, ran)
        except Exception as error:  # whatever it is, timers go on
            log.warning("timers interrupted", error=type(error).__name__)
        await asyncio.sleep(RECONNECT_S)


def _place(error: Exception) -> str:
    trace = error.__traceback__
    while trace and trace.tb_next:
        trace = trace.tb_next
    return f"{trace.tb_frame.f_globals.get('__name__')}:{trace.tb_lineno}" if trace else ""
