"""Dates as people write them, in ten languages; which comes first, day or month, is decided by the caller."""

import re
from collections.abc import Iterable
from contextlib import suppress
from datetime import date, datetime, time, timedelta, timezone
from functools import cache, lru_cache

from babel import Locale

from fadeno.kit.text import fold
from fadeno.sheets.fields import cyrillic

_LOCALES = ("en", "de", "fr", "es", "pt", "hu", "sr_Latn", "ru", "ar", "ar_LB", "ar_DZ", "eo", "bs_Latn")
_MAX_CHARS = 60
_CENTURY = 50  # years of two digits below it are of this century
_DIGITS = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹", "01234567890123456789")
_UNSEEN = re.compile("[\u200e\u200f\u061c\u00a0\u202f]")
_CLOCK = re.compile(
    r"(?:^|[\sT,]|(?<=\d)T)(?P<h>\d{1,2})[:h.](?P<m>\d{2})(?:[:.](?P<s>\d{2})(?:[.,](?P<f>\d{1,9}))?)?"
    r"\s*(?P<half>[ap]\.?\s?m\.?|de\.|du\.|[صم])?\s*(?:uhr|h|óra|ч|ora)?\.?"
    r"\s*(?P<zone>Z|UTC|GMT|[+-]\d{2}:?\d{2})?$",
    re.IGNORECASE,
)
_NUMBERS = re.compile(r"(\d{1,4})\s*[./\-\\]\s*(\d{1,2})\s*[./\-\\]\s*(\d{1,4})\.?")
_PACKED = re.compile(r"(19|20)\d{2}(0[1-9]|1[0-2])([0-2]\d|3[01])")
_USUAL = re.compile(
    r"(\d{1,4})([./-])(\d{1,2})\2(\d{1,4})(?:[ T](\d{1,2}):(\d{2})(?::(\d{2})(?:\.(\d{1,6})\d*)?)?)?", re.ASCII
)
_WORDS = re.compile(r"\d+|[^\W\d_]+")


class NoDate(ValueError):
    """The text is not a date; `impossible` when it has the shape of one, such as 31.02.2024."""

    def __init__(self, *, impossible: bool = False) -> None:
        super().__init__("impossible" if impossible else "no date")
        self.impossible = impossible


@lru_cache(maxsize=65_536)
def moment(text: str, order: str | None) -> date | datetime:
    """The date, with its time if it has one; with an offset only where the text has one.

    Args:
        order: dmy or mdy for dates of three numbers; None means day first.

    Raises:
        NoDate: it is none.
    """
    if len(text) > _MAX_CHARS:
        raise NoDate()
    if usual := _USUAL.fullmatch(text):
        with suppress(ValueError):  # the long way tells what is wrong
            return _usual(*usual.groups(), order)
    plain = _UNSEEN.sub(" ", text.translate(_DIGITS)).strip()
    clock = _CLOCK.search(plain)
    if clock and clock.start() < 6:
        clock = None
    day = _day(plain[: clock.start()].strip(" ,T") if clock else plain, order)
    return _at(day, clock) if clock else day


def shape(text: str) -> str | None:
    """What a date's text tells of its order: dmy, mdy, ymd, `either`, `words`; None when it is none."""
    try:
        moment(text, "dmy")
    except NoDate as fault:
        if not fault.impossible:
            return None
    found = _NUMBERS.match(text.translate(_DIGITS).strip())
    if not found:
        return "words"
    first, second, third = found.groups()
    if len(first) == 4:
        return "ymd"
    if len(first) > 2 or len(third) == 3:
        return None
    if int(first) > 12 >= int(second):
        return "dmy"
    if int(second) > 12 >= int(first):
        return "mdy"
    if "." in found.group():
        return "dmy"  # nobody writes the month first between points
    return "either" if int(first) <= 12 else None


def order_of(texts: Iterable[str]) -> tuple[str | None, int]:
    """The order of a column's dates and how many of them contradict it; None when none of them tells."""
    votes = {"dmy": 0, "mdy": 0, "ymd": 0}
    for text in texts:
        told = shape(text)
        if told in votes:
            votes[told] += 1
    if not votes["dmy"] and not votes["mdy"]:
        return ("ymd" if votes["ymd"] else None), 0
    order = "mdy" if votes["mdy"] > votes["dmy"] else "dmy"
    return order, min(votes["dmy"], votes["mdy"])


def _usual(
    first: str,
    _: str,
    second: str,
    third: str,
    hour: str | None,
    minute: str | None,
    second_s: str | None,
    micro: str | None,
    order: str | None,
) -> date | datetime:
    """A date of three numbers, and its time if it has one: what nearly all sheets hold."""
    if len(first) == 4:
        year, month, day = int(first), int(second), int(third)
    elif len(first) == 3 or len(third) in (1, 3):
        raise NoDate()
    else:
        day, month, year = int(first), int(second), _year(third)
        if order == "mdy":
            day, month = month, day
    if hour is None or minute is None:
        return date(year, month, day)
    return datetime(year, month, day, int(hour), int(minute), int(second_s or 0), int((micro or "0").ljust(6, "0")))  # noqa: DTZ001 a sheet knows no zone


def _day(text: str, order: str | None) -> date:
    found = _NUMBERS.fullmatch(text)
    if found:
        first, second, third = found.groups()
        if len(first) == 4:
            return _date(int(first), int(second), third)
        if len(first) > 2 or len(third) == 3:
            raise NoDate()
        day, month = (second, first) if order == "mdy" else (first, second)
        return _date(_year(third), int(month), day)
    if _PACKED.fullmatch(text):
        return _date(int(text[:4]), int(text[4:6]), text[6:])
    return _worded(text)


def _worded(text: str) -> date:
    """`5. März 2024`, `March 5, 2024`, `2024. március 5.`, `5 de marzo de 2024`, `5 آذار 2024`."""
    month, numbers = 0, []
    for word in _WORDS.findall(text):
        if word.isdigit():
            numbers.append(word)
        elif found := _months().get(fold(word)):
            month = month or found
        elif fold(word) not in _beside():
            raise NoDate()
    if not month or len(numbers) != 2:
        raise NoDate()
    first, second = numbers
    year, day = (first, second) if len(first) == 4 else (second, first)
    return _date(_year(year), month, day)


def _year(text: str) -> int:
    year = int(text)
    return year if len(text) > 2 else year + (2000 if year < _CENTURY else 1900)


def _date(year: int, month: int, day: str) -> date:
    try:
        return date(year, month, int(day))
    except ValueError:
        raise NoDate(impossible=True) from None


def _at(day: date, clock: re.Match[str]) -> datetime:
    hour, minute, second = int(clock["h"]), int(clock["m"]), int(clock["s"] or 0)
    half = (clock["half"] or "").lower()
    if half and hour <= 12:
        late = half[0] in "pم" or half == "du."
        hour = hour % 12 + (12 if late else 0)
    micro = int((clock["f"] or "0")[:6].ljust(6, "0"))
    try:
        at = datetime.combine(day, time(hour, minute, second, micro))
    except ValueError:
        raise NoDate(impossible=True) from None
    zone = clock["zone"]
    if not zone:
        return at
    if zone[0] in "+-":
        digits = zone[1:].replace(":", "")
        offset = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
        if offset >= timedelta(days=1):
            raise NoDate(impossible=True)
        return at.replace(tzinfo=timezone(offset if zone[0] == "+" else -offset))
    return at.replace(tzinfo=timezone.utc)  # noqa: UP017 the same object as the offsets above


@cache
def _months() -> dict[str, int]:
    found: dict[str, int] = {}
    for name in _LOCALES:
        for context in Locale.parse(name).months.values():
            for width, months in context.items():
                if width == "narrow":
                    continue
                for number, month in months.items():
                    for spelled in (month, cyrillic(month)) if name == "sr_Latn" else (month,):
                        found.setdefault(fold(spelled).strip(". "), number)
    return found | {"mart": 3, "sept": 9, "maj": 5, "marz": 3, "maerz": 3, "jun": 6, "jul": 7}


@cache
def _beside() -> frozenset[str]:
    """Words that stand beside the parts of a date: `de`, `of`, days of the week."""
    words = {
        "de",
        "del",
        "of",
        "the",
        "st",
        "nd",
        "rd",
        "th",
        "g",
        "goda",
        "le",
        "er",
        "la",
        "a",
        "am",
        "den",
        "godine",
    }
    for name in _LOCALES:
        for context in Locale.parse(name).days.values():
            for width, days in context.items():
                if width != "narrow":
                    words.update(fold(day).strip(". ") for day in days.values())
    return frozenset(words)
