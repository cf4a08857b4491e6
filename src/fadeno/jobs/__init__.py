"""Later, at least once, in the same database.

A room puts a job in the same transaction as what caused it, so there is never one without the other.
Jobs of one order key are done strictly one after the other; different keys do not wait for each other.
A lane is one destination: when it is down it backs off as a whole and slows no other. A job may be done
twice (a worker can die after doing it and before noting it), never zero times; who does it must bear that.

Timers are functions that run every so often, on one worker at a time; `app.py` says which.
"""

from fadeno.jobs.actions import (
    claim,
    done,
    drop_lane,
    fail,
    open_lane,
    pause_lane,
    put,
    put_many,
    release,
    reopen,
    retry,
    trim_failed,
)
from fadeno.jobs.bell import bell
from fadeno.jobs.deliveries import deliver
from fadeno.jobs.model import (
    Backlog,
    Delivery,
    Done,
    Failed,
    Job,
    LaneState,
    NewJob,
    Retry,
    Standing,
    Stock,
    Timer,
    Verdict,
    backoff_s,
)
from fadeno.jobs.reads import backlog, check, lane_state, listed, stock
from fadeno.jobs.timers import run_timers

__all__ = [
    "Backlog",
    "Delivery",
    "Done",
    "Failed",
    "Job",
    "LaneState",
    "NewJob",
    "Retry",
    "Standing",
    "Stock",
    "Timer",
    "Verdict",
    "backlog",
    "backoff_s",
    "bell",
    "check",
    "claim",
    "deliver",
    "done",
    "drop_lane",
    "fail",
    "lane_state",
    "listed",
    "open_lane",
    "pause_lane",
    "put",
    "put_many",
    "release",
    "reopen",
    "retry",
    "run_timers",
    "stock",
    "trim_failed",
]
