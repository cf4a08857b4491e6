"""What a case is in short, from its messages, and when something of it is due. Pure.

The short is a fold over the messages in the order they came, so a merge, a split and their undo need only fold again.
"""

from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
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


class Timed(Protocol):
    """What of a case its due times follow from."""

    state: str
    opened_at: datetime
    waiting_since: datetime | None
    first_answered_at: datetime | None
    waits_until: datetime | None
    resolve_since: datetime | None
    resolve_left_s: int | None


@dataclass(frozen=True, slots=True)
class Times:
    """The due times of a case, by the names it has for them."""

    first_due_at: datetime | None
    next_due_at: datetime | None
    resolve_due_at: datetime | None
    resolve_since: datetime | None
    resolve_left_s: int | None
    waits_until: datetime | None
    due_at: datetime | None


def times_of(case: Timed, area: Area, clock: WorkingTime, now: datetime) -> Times:
    """The due times a case has by its state and messages.

    The time until it should be solved stands still while the customer has the word, and once it is solved; putting a
    case off ourselves stops nothing.
    """
    first = next_ = None
    if case.state != "solved" and case.waiting_since is not None:
        if case.first_answered_at is None:
            first = clock.after(case.waiting_since, area.first_s) if area.first_s else None
        elif area.next_s:
            next_ = clock.after(case.waiting_since, area.next_s)
    since, left = _resolving(case, area, clock, now)
    resolve = clock.after(since, left) if since is not None and left is not None else None
    until = case.waits_until if case.state == "waiting_until" else None
    due = min((at for at in (first, next_, resolve, until) if at is not None), default=None)
    return Times(first, next_, resolve, since, left, until, due)


def timed(case: Case, area: Area, clock: WorkingTime, now: datetime) -> Case:
    """The case with its due times; what was nearly due and is no longer is warned of anew."""
    times = times_of(case, area, clock, now)
    is_same = times.due_at == case.due_at
    return replace(
        case, **asdict(times), warned_at=case.warned_at if is_same else None,
        broken_at=case.broken_at if is_same else None,
    )  # fmt: skip


def _resolving(case: Timed, area: Area, clock: WorkingTime, now: datetime) -> tuple[datetime | None, int | None]:
    """Since when the clock runs until it should be solved (None = it stands), and how much was left then."""
    if not area.resolve_s:
        return None, None
    since, left = case.resolve_since, case.resolve_left_s
    if left is None:
        since, left = case.opened_at, area.resolve_s
    if case.state in ("waiting_customer", "solved"):
        # What was too late when the clock stopped is too late when it runs again.
        return None, left - clock.between(since, now) if since is not None else left
    return since or now, left
