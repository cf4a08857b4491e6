"""Whether it is open, and how working time passes: exact to the microsecond, by a table of each year made once.

A time the clock shows twice, in autumn, is its first occurrence; one it skips, in spring, is the moment it jumps. So
hours that touch on the clock touch in truth, and a day from 00:00 to 24:00 has 23, 24 or 25 hours.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from fadeno.content.model.calendar import AS_USUAL, CLOSED, Calendar, SpecialDays
from fadeno.content.model.hours import DAY, Run, on_a_day, read_hours
from fadeno.content.model.public_holidays import holidays_in
from fadeno.kit.errors import Invalid

# Who is not open once in as many years never is.
YEARS_AHEAD = 6
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_MINUTE_US = 60_000_000


class NeverOpen(Invalid):
    """This calendar has no opening hours in years to come, so no time can be told by it."""

    code = "never_open"
    hint = "Look at its opening hours and its special days."


@dataclass(frozen=True, slots=True)
class Day:
    """A day of a calendar, as people look at it.

    Attributes:
        runs: when it opens and closes, on the clock; the last may end on the next day.
        holiday: the name of the public holiday, or empty.
        special: what was said of this very day, or None.
    """

    on: date
    runs: tuple[Run, ...]
    holiday: str
    special: SpecialDays | None


@dataclass(frozen=True, slots=True)
class _Year:
    """Open times of a year of UTC, in microseconds since 1970; `before` is the working time of the year before each."""

    starts: list[int]
    ends: list[int]
    before: list[int]
    total: int

    def worked(self, at: int) -> int:
        """Working time from the beginning of the year to `at`."""
        nth = bisect_right(self.starts, at) - 1
        return self.before[nth] + min(at, self.ends[nth]) - self.starts[nth] if nth >= 0 else 0


def is_open(calendar: Calendar, at: datetime) -> bool:
    """Whether it is open at that moment; at the very moment it closes it is not."""
    year, moment = _year_of(calendar, at), _us(at)
    nth = bisect_right(year.starts, moment) - 1
    return nth >= 0 and moment < year.ends[nth]


def next_opening(calendar: Calendar, at: datetime) -> datetime | None:
    """The first moment from `at` on when it is open: `at` itself where it is; None where it never is again."""
    if is_open(calendar, at):
        return at
    moment = _us(at)
    for year in _years_from(calendar, at):
        nth = bisect_right(year.starts, moment)
        if nth < len(year.starts):
            return _moment(year.starts[nth])
    return None


def next_closing(calendar: Calendar, at: datetime) -> datetime | None:
    """The first moment from `at` on when it is closed: `at` itself where it is; None where it never is again."""
    if not is_open(calendar, at):
        return at
    until = _us(at)
    for year in _years_from(calendar, at):
        nth = bisect_right(year.starts, until) - 1
        if nth < 0 or year.ends[nth] <= until:
            return _moment(until)
        until = year.ends[nth]
    return None


def add_working_time(calendar: Calendar, at: datetime, minutes: int) -> datetime:
    """The first moment by which that much working time has passed since `at`.

    Raises:
        NeverOpen: there is not as much working time in years to come.
    """
    if minutes < 0:
        raise ValueError("working time passes forwards")
    return _add(calendar, at, minutes * _MINUTE_US)


def _add(calendar: Calendar, at: datetime, left: int) -> datetime:
    if not left:
        return at
    years = _years_from(calendar, at)
    year = next(years)
    left += year.worked(_us(at))
    while left > year.total:
        left -= year.total
        following = next(years, None)
        if following is None:
            raise NeverOpen
        year = following
    nth = bisect_right(year.before, left - 1) - 1
    return _moment(year.starts[nth] + left - year.before[nth])


def working_time_between(calendar: Calendar, start: datetime, end: datetime) -> timedelta:
    """How much working time passes from one moment to another; negative where the other is earlier."""
    if end < start:
        return -working_time_between(calendar, end, start)
    first, last = start.astimezone(UTC).year, end.astimezone(UTC).year
    whole = sum(_year(calendar, year).total for year in range(first, last))
    return timedelta(
        microseconds=whole + _year(calendar, last).worked(_us(end)) - _year(calendar, first).worked(_us(start))
    )


def due_times(calendar: Calendar, asked: Iterable[tuple[datetime, int]]) -> list[datetime]:
    """`add_working_time` for many at once, each a moment and working minutes.

    Raises:
        NeverOpen: there is not as much working time in years to come.
    """
    years: dict[int, _Year] = {}
    found = []
    for at, minutes in asked:
        number = at.year if at.tzinfo is UTC else at.astimezone(UTC).year
        year = years.get(number)
        if year is None:
            year = years[number] = _year(calendar, number)
        left = minutes * _MINUTE_US + year.worked((at - _EPOCH) // _MICROSECOND)
        if minutes > 0 and left <= year.total:
            nth = bisect_right(year.before, left - 1) - 1
            found.append(_EPOCH + timedelta(microseconds=year.starts[nth] + left - year.before[nth]))
        else:
            found.append(add_working_time(calendar, at, minutes))
    return found


def days_from(calendar: Calendar, first: date, count: int, language: str = "") -> list[Day]:
    """The next days as people look at them, holidays named in that language where it is known."""
    return list(_days(calendar, first, first + (count - 1) * DAY, language))


def today(calendar: Calendar, now: datetime) -> date:
    """What day it is where the calendar holds."""
    return now.astimezone(ZoneInfo(calendar.zone)).date()


# By day, on the clock on the wall ----------------------------------------------------------------------------------


def _days(calendar: Calendar, first: date, last: date, language: str = "") -> Iterator[Day]:
    hours = read_hours(calendar.hours)
    week = hours.starting(first, last)
    special = {
        special.from_on + n * DAY: special
        for special in calendar.special_days
        if special.from_on <= last and special.to_on >= first
        for n in range((special.to_on - special.from_on).days + 1)
    }
    on_holidays = calendar.on_holidays if hours.on_holidays is None else hours.on_holidays or CLOSED
    on = first
    while on <= last:
        holiday = holidays_in(calendar.country, calendar.region, on.year, language).get(on, "")
        if on in special:
            runs = _on(on, special[on].hours)
        elif holiday and on_holidays != AS_USUAL:
            runs = _on(on, on_holidays)
        else:
            runs = week.get(on, [])
        yield Day(on, tuple(runs), holiday, special.get(on))
        on += DAY


def _on(day: date, hours: str) -> list[Run]:
    if hours == CLOSED:
        return []
    midnight = datetime.combine(day, time())
    return [(midnight + start, midnight + end) for start, end in on_a_day(hours)]


# By year, in truth -------------------------------------------------------------------------------------------------


def _years_from(calendar: Calendar, at: datetime) -> Iterator[_Year]:
    first = at.astimezone(UTC).year
    return (_year(calendar, year) for year in range(first, min(first + YEARS_AHEAD, 9990)))


def _year_of(calendar: Calendar, at: datetime) -> _Year:
    return _year(calendar, at.astimezone(UTC).year)


@lru_cache(maxsize=512)
def _year(calendar: Calendar, number: int) -> _Year:
    zone = ZoneInfo(calendar.zone)
    begin, end = _us(datetime(number, 1, 1, tzinfo=UTC)), _us(datetime(number + 1, 1, 1, tzinfo=UTC))
    runs = sorted(
        (max(_true(start, zone), begin), min(_true(until, zone), end))
        for day in _days(calendar, date(number - 1, 12, 29), date(number + 1, 1, 2))
        for start, until in day.runs
    )
    starts: list[int] = []
    ends: list[int] = []
    for start, until in runs:
        if start >= until:
            continue
        if ends and start <= ends[-1]:
            ends[-1] = max(ends[-1], until)
        else:
            starts.append(start)
            ends.append(until)
    before, total = [], 0
    for start, until in zip(starts, ends, strict=True):
        before.append(total)
        total += until - start
    return _Year(starts, ends, before, total)


def _true(wall: datetime, zone: ZoneInfo) -> int:
    """The moment the clock first shows that time; where it skips it, the moment it jumps."""
    later = _us(wall.replace(tzinfo=zone, fold=0))
    earlier = _us(wall.replace(tzinfo=zone, fold=1))
    if earlier >= later:
        return later
    # skipped: the jump lies between the two readings
    while later - earlier > 1_000_000:
        middle = (earlier + later) // 2_000_000 * 1_000_000
        if _moment(middle).astimezone(zone).replace(tzinfo=None) < wall:
            earlier = middle
        else:
            later = middle
    return later


def _us(at: datetime) -> int:
    return (at - _EPOCH) // _MICROSECOND


def _moment(us: int) -> datetime:
    return _EPOCH + timedelta(microseconds=us)
