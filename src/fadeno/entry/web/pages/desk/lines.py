"""What stands in the stream of a case: days, messages, what was done and what was promised, in one order. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from fadeno.conversations import Act, Message
from fadeno.entry.web.times import Times
from fadeno.promises import Promise

_TOLD_BY_ITSELF = ("answer",)  # its message stands there


@dataclass(frozen=True, slots=True)
class Line:
    """One line.

    Attributes:
        kind: day, message, act or promise.
        key: what the line is known by when the stream is looked at again.
    """

    kind: str
    key: str
    at: datetime
    day: date | None = None
    message: Message | None = None
    act: Act | None = None
    promise: Promise | None = None


def lines(
    messages: Sequence[Message],
    acts: Iterable[Act],
    promised: Iterable[Promise],
    clock: Times,
    *,
    is_beginning: bool,
    until: datetime | None = None,
) -> list[Line]:
    """The lines of a page of a stream, the earliest first.

    Args:
        messages: of the page, the latest first.
        is_beginning: nothing is older: what was done before the first message stands here too.
        until: what comes later stands on another page.
    """
    since = None if is_beginning or not messages else messages[-1].said_at
    found = [Line("message", str(one.id), one.said_at, message=one) for one in messages]
    found += [Line("act", str(one.id), one.made_at, act=one) for one in acts if one.verb not in _TOLD_BY_ITSELF]
    found += [Line("promise", str(one.id), one.made_at, promise=one) for one in promised]
    there = [one for one in found if (since is None or one.at >= since) and (until is None or one.at < until)]
    there.sort(key=lambda one: (one.at, one.message.position if one.message else 0, one.key))
    return list(_with_days(there, clock))


def _with_days(found: Iterable[Line], clock: Times) -> Iterable[Line]:
    day = None
    for one in found:
        if (today := clock.local(one.at).date()) != day:
            day = today
            yield Line("day", f"day-{day.isoformat()}", one.at, day=day)
        yield one
