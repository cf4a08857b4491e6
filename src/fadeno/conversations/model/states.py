"""What a case is in short, from its messages, and when something of it is due. Pure.

The short is a fold over the messages in the order they came, so a merge, a split and their undo need only fold again.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

from fadeno.conversations.model.shapes import Area, Case

MOST_STRETCHES = 40


class WorkingTime(Protocol):
    """The calendar due times are counted on."""

    def after(self, at: datetime, seconds: int) -> datetime:
        """The moment when so much working time has passed since `at`."""

    def between(self, start: datetime, end: datetime) -> int:
        """Seconds of working time from `start` to `end`; 0 where `end` is not later."""


class Always:
    """Every hour of every day counts: where the company set no calendar."""

    def after(self, at: datetime, seconds: int) -> datetime:
        """So many seconds later."""
        return datetime.fromtimestamp(at.timestamp() + seconds, at.tzinfo)

    def between(self, start: datetime, end: datetime) -> int:
        """Seconds between two moments; 0 where the second is not later."""
        return max(0, int((end - start).total_seconds()))


@dataclass(frozen=True, slots=True)
class Saying:
    """What the short of a case needs of a message."""

    position: int
    said_at: datetime
    direction: str
    channel: str
    author_kind: str
    is_automatic: bool
    is_cancelled: bool
    words: str


def said(case: Case, one: Saying) -> Case:
    """The case with one more message; they are told in the order of their positions."""
    if one.is_cancelled:
        return case
    case = replace(case, last_said=max(case.last_said, one.position))
    if one.direction == "note":
        return case
    changes = {"message_count": case.message_count + 1, "channels": _strand(case.channels, one.channel)}
    if case.message_count == 0 or one.said_at >= case.last_at:
        whose = "them" if one.direction == "in" else "house" if one.author_kind == "system" else "us"
        changes |= {"last_at": one.said_at, "last_words": one.words, "last_from": whose}
    if one.direction == "in":
        changes["last_in"] = max(case.last_in, one.position)
        if not one.is_automatic:
            changes["waiting_since"] = case.waiting_since or one.said_at
    elif not one.is_automatic:
        changes |= {"waiting_since": None, "first_answered_at": case.first_answered_at or one.said_at}
    return replace(case, **changes)


def folded(case: Case, messages: Iterable[Saying]) -> Case:
    """The case as these messages alone make it, whatever it was before."""
    case = replace(
        case, message_count=0, channels=[], last_words="", last_from="them", last_in=0, last_said=0, waiting_since=None,
        first_answered_at=None, last_at=case.opened_at,
    )  # fmt: skip
    for one in messages:
        case = said(case, one)
    return case


def _strand(channels: list[str], channel: str) -> list[str]:
    if channels and channels[-1] == channel:
        return channels
    return [*channels, channel][-MOST_STRETCHES:]


def stand_of(case: Case) -> str:
    """Where a case stands: open, waiting, solved, or gone into another; the database says the same."""
    if case.merged_into is not None:
        return "gone"
    return "waiting" if case.state.startswith("waiting") else case.state


# Due times -------------------------------------------------------------------------------------------------------


def timed(case: Case, area: Area, clock: WorkingTime, now: datetime) -> Case:
    """The case with its due times as its state and messages ask for.

    The time until it should be solved stands still while the customer has the word, and once it is solved; putting a
    case off ourselves stops nothing. What was nearly due and is no longer is warned of anew.
    """
    first = next_ = None
    if case.state != "solved" and case.waiting_since is not None:
        if case.first_answered_at is None:
            first = clock.after(case.waiting_since, area.first_s) if area.first_s else None
        elif area.next_s:
            next_ = clock.after(case.waiting_since, area.next_s)
    resolve, left = _resolving(case, area, clock, now)
    until = case.waits_until if case.state == "waiting_until" else None
    due = min((at for at in (first, next_, resolve, until) if at is not None), default=None)
    return replace(
        case, first_due_at=first, next_due_at=next_, resolve_due_at=resolve, resolve_left_s=left, waits_until=until,
        due_at=due, warned_at=case.warned_at if due == case.due_at else None,
    )  # fmt: skip


def _resolving(case: Case, area: Area, clock: WorkingTime, now: datetime) -> tuple[datetime | None, int | None]:
    """When it should be solved, or how much time is left while the clock stands."""
    if not area.resolve_s:
        return None, None
    due, left = case.resolve_due_at, case.resolve_left_s
    if due is None and left is None:
        due = clock.after(case.opened_at, area.resolve_s)
    if case.state in ("waiting_customer", "solved"):
        return None, left if left is not None else clock.between(now, due)
    return (due, None) if due is not None else (clock.after(now, left), None)
