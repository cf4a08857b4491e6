"""What fadeno says by itself: its own words where nobody said others, and how it tells a customer when. Pure."""

import tomllib
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from importlib import resources
from typing import Any
from zoneinfo import ZoneInfo

from fadeno.content.model.calendar import KeptCalendar
from fadeno.content.model.working import (
    NeverOpen,
    add_working_time,
    days_from,
    is_open,
    next_opening,
    today,
)
from fadeno.kit.cyrillic import in_cyrillic

FALLBACK = "en"
CYRILLIC = "sr-Cyrl"


@dataclass(frozen=True, slots=True)
class Saying:
    """What is said to a customer by itself.

    Attributes:
        language: of the text.
        version: which word of the text; 0 = fadeno's own words.
        opens_at: when it opens next, for who is told that nobody is there.
        due_at: by when the text promises an answer; None where it names no time.
        basis: the name of the calendar that was told by; empty where none was.
    """

    kind: str
    text: str
    language: str
    version: int
    opens_at: datetime | None
    due_at: datetime | None
    basis: str


@dataclass(frozen=True, slots=True)
class Standing:
    """How a calendar stands at a moment.

    Attributes:
        answer_by: by when who writes now is answered: that much working time from now or from when it opens.
        is_holiday: it is closed because of a public holiday or a special day.
    """

    is_open: bool
    opens_at: datetime | None
    answer_by: datetime | None
    is_holiday: bool


def standing(kept: KeptCalendar, at: datetime) -> Standing:
    """How a calendar stands at a moment, and when who writes then is answered."""
    told = kept.calendar
    opens_at = next_opening(told, at)
    try:
        answer_by = add_working_time(told, opens_at, kept.answer_within_min) if opens_at else None
    except NeverOpen:
        answer_by = None
    (day,) = days_from(told, today(told, at), 1)
    is_closed = not is_open(told, at)
    is_holiday = is_closed and not day.runs and (bool(day.holiday) or day.special is not None)
    return Standing(not is_closed, opens_at, answer_by, is_holiday)


@cache
def _words() -> dict[str, dict[str, Any]]:
    return tomllib.loads(resources.files("fadeno.content").joinpath("defaults.toml").read_text("utf-8"))


def own_words(kind: str) -> dict[str, str]:
    """What fadeno says on an occasion where nobody said anything, by language; Serbian in both scripts."""
    texts = dict(_words()[kind])
    return texts | {CYRILLIC: in_cyrillic(texts["sr"])}


def spoken(language: str) -> str:
    """The language times are told in to who reads `language`."""
    short = language.partition("-")[0].lower()
    if language.lower() == CYRILLIC.lower():
        return CYRILLIC
    return short if short in _words()["at"] else FALLBACK


def told_when(moment: datetime, now: datetime, zone: str, language: str, *, how: str) -> str:
    """A moment as a customer is told it: "by 10:00 tomorrow", in their language.

    Args:
        how: `at` or `by`.
    """
    tongue = spoken(language)
    words = {name: said["sr" if tongue == CYRILLIC else tongue] for name, said in _words().items()}
    local, here = moment.astimezone(ZoneInfo(zone)), now.astimezone(ZoneInfo(zone))
    said = words[how].format(time=f"{local:%H:%M}", day=_day(local.date(), here.date(), words))
    return in_cyrillic(said) if tongue == CYRILLIC else said


def _day(day: date, here: date, words: dict[str, Any]) -> str:
    away = (day - here) // timedelta(days=1)
    if 0 <= away <= 1:
        return words["days"][away]
    if away < 7:
        return words["days"][2 + day.weekday()]
    return words["date"].format(day=day.day, month=words["months"][day.month - 1])
