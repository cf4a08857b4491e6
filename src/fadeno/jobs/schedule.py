"""Timers as PgQueuer schedules in our schema. Imported by the worker only."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import psycopg
from pgqueuer.adapters.drivers.psycopg import PsycopgDriver
from pgqueuer.adapters.persistence.qb import QueryBuilderEnvironment, QueryQueueBuilder, QuerySchedulerBuilder
from pgqueuer.core.executors import AbstractScheduleExecutor, ScheduleExecutorFactoryParameters
from pgqueuer.core.sm import SchedulerManager
from pgqueuer.domain.models import Schedule, ScheduleContext
from pgqueuer.domain.settings import DBSettings
from pgqueuer.queries import Queries

from fadeno.jobs.model import Timer
from fadeno.kit import clock

# PgQueuer knows a schedule by its name and a cron line. Ours carry their own rhythm in seconds, so the
# line is always the same and changing a rhythm leaves no second row behind.
ANY_LINE = "* * * * *"

# Its messages quote errors, which may hold personal data.
logging.getLogger("pgqueuer").setLevel(logging.CRITICAL)


@dataclass
class Rhythm(AbstractScheduleExecutor):
    """Runs one timer and says when it is due next."""

    parameters: ScheduleExecutorFactoryParameters
    timer: Timer
    ran: Callable[[Timer], Awaitable[None]]
    running: set[asyncio.Task]

    def get_next(self) -> datetime:
        return clock.now() + timedelta(seconds=self.timer.every_s)

    def next_in(self) -> timedelta:
        return timedelta(seconds=self.timer.every_s)

    async def execute(self, schedule: Schedule, context: ScheduleContext) -> None:
        task = asyncio.current_task()
        self.running.add(task)
        try:
            await self.ran(self.timer)
        finally:
            self.running.discard(task)


async def keep_schedule(url: str, timers: Sequence[Timer], ran: Callable[[Timer], Awaitable[None]]) -> None:
    """Call `ran` for every timer when it is due, until cancelled."""
    settings = DBSettings(
        prefix="",
        db_schema="jobs",
        schedules_table="timer",
        queue_table_log="timer_log",
        queue_status_type="timer_state",
    )
    running: set[asyncio.Task] = set()
    async with await psycopg.AsyncConnection.connect(url, autocommit=True) as connection:
        queries = Queries(
            PsycopgDriver(connection),
            qbe=QueryBuilderEnvironment(settings),
            qbq=QueryQueueBuilder(settings),
            qbs=QuerySchedulerBuilder(settings),
        )
        manager = SchedulerManager(queries)
        for timer in timers:
            _register(manager, timer, ran, running)
        run = asyncio.create_task(manager.run())
        try:
            await asyncio.shield(run)
        finally:
            # PgQueuer would wait for what is under way; a stop must not take longer than a second.
            manager.shutdown.set()
            for task in list(running):
                task.cancel()
            await asyncio.wait({run}, timeout=0.5)
            run.cancel()
            await asyncio.wait({run}, timeout=0.2)


def _register(
    manager: SchedulerManager,
    timer: Timer,
    ran: Callable[[Timer], Awaitable[None]],
    running: set[asyncio.Task],
) -> None:
    def rhythm(parameters: ScheduleExecutorFactoryParameters) -> Rhythm:
        return Rhythm(parameters, timer, ran, running)

    async def unused() -> None:
        """PgQueuer asks for a function; the executor has its own."""

    manager.schedule(timer.name, ANY_LINE, executor_factory=rhythm, accepts_context=False)(unused)
