"""Shapes of jobs and the rule of waiting longer each time."""

import random
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from fadeno.db import Tx

STEPS_S = (5, 30, 120, 600, 1800, 3600)
LANE_STEPS_S = (5, 15, 60, 300, 900)
LONGEST_S = 6 * 3600
JITTER = 0.2


@dataclass(frozen=True, slots=True)
class NewJob:
    """Something to be done outside. Jobs of one lane and order key are done in the order they were put."""

    lane: str
    order: str
    kind: str
    body: dict[str, Any]
    due_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Job:
    """A job in the hands of a worker until its lease ends; `token` proves that.

    `tried_at` is when it was first tried in vain; `lane_failures` is how the lane fared when it was taken.
    """

    id: int
    lane: str
    order: str
    kind: str
    body: dict[str, Any]
    attempts: int
    put_at: datetime
    tried_at: datetime | None
    lane_failures: int
    token: UUID


@dataclass(frozen=True, slots=True)
class Standing:
    """How a job stands: open, or given up (`failed`) with the reason.

    Attributes:
        next_at: when it is tried next; None where it is not.
        is_paused: nothing of its lane is tried; `lane_failures` is how often its lane failed in a row.
    """

    id: int
    lane: str
    order: str
    kind: str
    state: str
    attempts: int
    due_at: datetime
    put_at: datetime
    tried_at: datetime | None
    body: dict[str, Any]
    reason: str
    next_at: datetime | None
    is_paused: bool
    lane_failures: int


@dataclass(frozen=True, slots=True)
class LaneState:
    """How one destination fares."""

    lane: str
    next_at: datetime
    failures: int
    failing_since: datetime | None
    paused: bool


@dataclass(frozen=True, slots=True)
class Backlog:
    """What waits in a lane, and what was given up."""

    open: int
    failed: int
    oldest_at: datetime | None


@dataclass(frozen=True, slots=True)
class Stock:
    """How many jobs of one kind there are: given up, open, and of these due now."""

    kind: str
    dead: int
    open: int
    due: int


@dataclass(frozen=True, slots=True)
class Done:
    """It is done and can be forgotten."""


@dataclass(frozen=True, slots=True)
class Retry:
    """Not now.

    Attributes:
        after_s: the shortest wait the other side asked for.
        whole_lane: the destination is at fault, not this job, so all its jobs wait.
        steps_s: waits after one, two, three ... failures, where the usual ones do not fit.
    """

    reason: str
    after_s: float | None = None
    whole_lane: bool = False
    steps_s: Sequence[float] | None = None


@dataclass(frozen=True, slots=True)
class Failed:
    """Never. The job is kept with the reason, and the next in order goes on."""

    reason: str


Verdict = Done | Retry | Failed


@dataclass(frozen=True, slots=True)
class Delivery:
    """How one kind of job is done, in three steps, so that no transaction waits for the network.

    Attributes:
        prepare: read what is to be sent; None when there is nothing left to send.
        send: the network part, without a database; it gives an outcome and does not raise.
        note: write down the outcome and say what becomes of the job; same transaction as the job's end.
    """

    prepare: Callable[[Tx, Job], Awaitable[Any | None]]
    send: Callable[[Any], Awaitable[Any]]
    note: Callable[[Tx, Job, Any, Any], Awaitable[Verdict]]


@dataclass(frozen=True, slots=True)
class Timer:
    """Something done every so often, by one worker at a time, in short steps of one transaction each.

    Attributes:
        every_s: how often; kept over restarts, so a daily timer is daily.
        step: one step; True when there is more to do at once.
        woken: also run at each ring of the bell; its rhythm is then only the safety net.
    """

    name: str
    every_s: float
    step: Callable[[Tx], Awaitable[bool | None]]
    woken: bool = False


def backoff_s(attempts: int, asked_s: float | None = None, steps_s: Sequence[float] = STEPS_S) -> float:
    """Seconds to wait after `attempts` failures in a row, never shorter than the other side asked for.

    Jitter keeps those who failed together from coming back together.
    """
    step = steps_s[min(max(attempts, 1), len(steps_s)) - 1]
    wait = step * random.uniform(1, 1 + JITTER)  # noqa: S311 - jitter
    return min(max(wait, asked_s or 0), LONGEST_S)
