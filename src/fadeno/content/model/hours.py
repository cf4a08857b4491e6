"""Opening hours as OpenStreetMap writes them, read with `opening_hours`; public holidays are taken out of them.

The library knows public holidays of countries, not of regions, and lets a day's own hours cut the night before it. So
it is asked for the week alone, and what holds on holidays and special days is laid over it day by day.
Source: https://wiki.openstreetmap.org/wiki/Key:opening_hours/specification (2026-11-24).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache

from opening_hours import OpeningHours, ParserError, State

from fadeno.kit.errors import Invalid

Run = tuple[datetime, datetime]  # from and to on the clock on the wall; the end may be on the next day

MOST_CHARS = 2_000
DAY = timedelta(days=1)
_ONE_DAY = date(2024, 1, 1)
_PH_ALONE = re.compile(r"PH\s*(?P<said>\S.*)?", re.DOTALL)
_PH_IN_LIST = re.compile(
    r"(?P<before>[A-Z][a-z](?:-[A-Z][a-z])?(?:,[A-Z][a-z](?:-[A-Z][a-z])?)*),PH\s+(?P<said>.*)", re.DOTALL
)
_PH_FIRST = re.compile(
    r"PH,(?P<before>[A-Z][a-z](?:-[A-Z][a-z])?(?:,[A-Z][a-z](?:-[A-Z][a-z])?)*)\s+(?P<said>.*)", re.DOTALL
)
_HOLIDAYS = re.compile(r"\b(?:PH|SH)\b")
_SUN = re.compile(r"\b(?:sunrise|sunset|dawn|dusk)\b", re.IGNORECASE)
_OPEN_END = re.compile(r"\d\+")
_QUOTED = re.compile(r'"[^"]*"')


@dataclass(frozen=True, slots=True)
class Hours:
    """Opening hours, understood.

    Attributes:
        week: what holds on days that are no public holiday, in the library's words.
        on_holidays: what the text itself says of them: None = nothing, empty = closed, else hours of the day.
    """

    week: str
    on_holidays: str | None

    def starting(self, first: date, last: date) -> dict[date, list[Run]]:
        """When it opens and closes, by the day it opens on.

        What goes on for longer than a day is cut at midnight; shorter, it belongs to the day it began on.
        """
        found: dict[date, list[Run]] = {}
        begin = datetime.combine(first - DAY, time())
        for start, end, state, _ in _parsed(self.week).intervals(begin, datetime.combine(last + 2 * DAY, time())):
            if state == State.OPEN:
                for run in _by_day(start, end):
                    found.setdefault(run[0].date(), []).append(run)
        return {day: runs for day, runs in found.items() if first <= day <= last}


def _by_day(start: datetime, end: datetime) -> Iterator[Run]:
    if end - start <= DAY and start.time() != time():
        yield start, end
        return
    while start < end:
        midnight = datetime.combine(start.date() + DAY, time())
        yield start, min(end, midnight)
        start = midnight


@lru_cache(maxsize=1024)
def read_hours(text: str, field: str = "hours") -> Hours:
    """Opening hours out of their text.

    Raises:
        Invalid: they can't be understood, or say something no clock can tell (sunset, an open end, school holidays).
    """
    text = text.strip()
    if not text or len(text) > MOST_CHARS:
        raise Invalid("Write opening hours, as Mo-Fr 09:00-17:00.", field=field, word="no_hours")
    bare = _QUOTED.sub("", text)
    if _SUN.search(bare) or _OPEN_END.search(bare):
        raise Invalid("Write when it opens and when it closes as times of the clock.", field=field, word="vague_hours")
    week, on_holidays = _parted(text, field)
    try:
        _parsed(week)
    except ParserError as error:
        raise _not_understood(text, error, field) from None
    return Hours(week, on_holidays)


def _parted(text: str, field: str) -> tuple[str, str | None]:
    """The week, and what is said of public holidays."""
    rules, on_holidays = [], None
    for part in filter(None, map(str.strip, text.split(";"))):
        said = _PH_IN_LIST.fullmatch(part) or _PH_FIRST.fullmatch(part)
        alone = _PH_ALONE.fullmatch(part)
        if said:
            rules.append(f"{said['before']} {said['said']}")
            on_holidays = _of_a_day(said["said"], field)
        elif alone:
            on_holidays = _of_a_day(alone["said"] or "00:00-24:00", field)
        elif _HOLIDAYS.search(_QUOTED.sub("", part)):
            raise Invalid(
                "Of public holidays write a part of its own, as PH off or PH 10:00-14:00; of school holidays, days.",
                field=field,
                word="bad_holidays",
            )
        else:
            rules.append(part)
    return "; ".join(rules) or "off", on_holidays


def _of_a_day(said: str, field: str) -> str:
    if said.strip() in ("off", "closed"):
        return ""
    on_a_day(said, field)
    return said


@lru_cache(maxsize=1024)
def on_a_day(hours: str, field: str = "hours") -> tuple[tuple[timedelta, timedelta], ...]:
    """Hours of one day, as time since its midnight.

    Raises:
        Invalid: they can't be understood.
    """
    try:
        parsed = _parsed(f"{_ONE_DAY:%Y %b %d} {hours}")
    except ParserError as error:
        raise _not_understood(hours, error, field) from None
    midnight = datetime.combine(_ONE_DAY, time())
    runs = parsed.intervals(midnight, midnight + 2 * DAY)
    return tuple((start - midnight, end - midnight) for start, end, state, _ in runs if state == State.OPEN)


@lru_cache(maxsize=1024)
def _parsed(text: str) -> OpeningHours:
    return OpeningHours(text)


def _not_understood(text: str, error: ParserError, field: str) -> Invalid:
    """The library points at the column under the text."""
    found = re.search(r"--> \d+:(\d+)", str(error))
    at = int(found[1]) - 1 if found else 0
    where = text[at : at + 20].strip() or text[:20]
    return Invalid(
        f"The opening hours can't be understood from “{where}” on. Write them as Mo-Fr 09:00-12:00,13:00-17:00.",
        field=field,
        word="bad_hours",
        where=where,
    )
