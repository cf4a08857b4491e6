"""Finding in what a member writes what would be a promise: "I'll call you at ten". Pure; it only proposes.

A sentence proposes one where we say in the first person that we shall call or answer, and by when. No question, no
condition, no maybe, no denial, nothing past and nothing quoted does; nor what somebody else is to do.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from fadeno.promises.model.more_tongues import FRENCH, GERMAN, SPANISH
from fadeno.promises.model.promise import FURTHEST
from fadeno.promises.model.tongues import ARABIC, DAY, ENGLISH, ESPERANTO, HUNGARIAN, RUSSIAN, SERBIAN, Tongue

TONGUES: Mapping[str, Tongue] = {
    "en": ENGLISH, "hu": HUNGARIAN, "sr": SERBIAN, "ru": RUSSIAN, "ar": ARABIC, "eo": ESPERANTO, "de": GERMAN,
    "fr": FRENCH, "es": SPANISH,
}  # fmt: skip
MOST_CHARS = 20_000
MOST_SENTENCE_CHARS = 500
MOST_PROPOSED = 5
# By when, where only a part of the day is said.
_ENDS = {"morning": 12, "noon": 12, "afternoon": 17, "evening": 20, "midnight": 24, "end": 17}
_END_OF_DAY = 17
_PART = "§"
_SENTENCE = re.compile(
    r"[^\n!?؟;…]+?(?:[!?؟;…\n]|(?<!\d)\.(?=\s|$)|(?<=\d)\.(?=\s+[^\W\d_a-zа-яё])|(?<=\d)\.(?=\s*$)|$)", re.M
)
_AM_PM = re.compile(r"\b([ap])\.\s?m\b\.?", re.IGNORECASE)
_GREETING = re.compile(
    r"^\W*(?:good|hello|hi|dear|jo|kedves|szia\w*|tisztelt|dobro|dobar|postovan\w+|добр\w+|здравствуйте|уважаем\w+"
    r"|صباح|مساء|مرحبا|السلام|bonan?|estimata|guten|hallo|liebe\w*|bonjour|bonsoir|buen\w+|hola|estimad\w+)\b[^,]*,"
)
_WORKING = re.compile(r"work|business|munka|radn|рабоч|عمل|labor|werk|arbeits|ouvr|bles")
_SERBIAN_PAIRS = {"ђ": "dj", "љ": "lj", "њ": "nj", "џ": "dz"}
_SERBIAN_CYRILLIC = dict(zip("абвгдежзијклмнопрстћуфхцчш", "abvgdezzijklmnoprstcufhccs", strict=True)) | _SERBIAN_PAIRS
_IS_SERBIAN = re.compile("[ђјљњћџ]")
_FOLDED = str.maketrans(
    {"đ": "dj", "ł": "l", "ё": "е", "أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ى": "ي", "ة": "ه", "ـ": None, "’": "'"}
    | {"‘": "'", "ʼ": "'", "\u00a0": " ", "\u202f": " ", "،": ",", "‑": "-"}
)
_BARE_CLOCK = r"(?<![\d:.,])(?P<h>\d{1,2}):(?P<m>[0-5]\d)"
_NOTHING_ELSE = r"(?![\w%€$£])(?!\s*(?:€|%|eur\b|rsd\b|huf\b|usd\b))(?![-/.,:]\d)"
_DOTTED = re.compile(r"(?<![\d.:])(?P<d>\d{1,2})\.\s?(?P<mo>\d{1,2})\.(?:\s?(?P<y>\d{4})\b)?")
_ISO = re.compile(r"(?<!\d)(?P<y>\d{4})-(?P<mo>\d\d)-(?P<d>\d\d)(?!\d)")


@dataclass(frozen=True, slots=True)
class Proposed:
    """What would be a promise: of which kind, by when, and the sentence that says so."""

    kind: str
    due_at: datetime
    said: str


@dataclass(frozen=True, slots=True)
class _Compiled:
    call: re.Pattern[str]
    answer: re.Pattern[str]
    unless: re.Pattern[str]
    never: re.Pattern[str]
    days: tuple[tuple[re.Pattern[str], int], ...]
    weekdays: tuple[re.Pattern[str], ...]
    next_week: re.Pattern[str]
    clocks: tuple[re.Pattern[str], ...]
    parts: tuple[tuple[re.Pattern[str], str], ...]
    spans: tuple[re.Pattern[str], ...]
    dates: tuple[re.Pattern[str], ...]


@dataclass(frozen=True, slots=True)
class _Heard:
    """A clock as it was told: hour, minutes, and whether it can be no other half of the day."""

    hour: int
    minute: int
    shift_min: int
    is_exact: bool


def proposed_in(text: str, language: str, now: datetime, zone: str) -> list[Proposed]:
    """What would be promises in a text somebody is writing to a customer, in the order they stand there.

    Args:
        language: tag of the language it is probably in; the others are tried where that finds nothing.
        now: when it is written.
        zone: IANA time zone of the clock it tells.
    """
    own = language.partition("-")[0].lower()
    tongues = sorted(TONGUES, key=lambda tag: tag != own)
    found = []
    for sentence in _sentences(text):
        folded = _GREETING.sub("", fold(sentence))
        kind, tongue = next(((kind, tag) for tag in tongues if (kind := _kind(_compiled(tag), folded))), (None, None))
        if kind is None or tongue is None:
            continue
        due_at = _time_in(folded, tongue, now.astimezone(ZoneInfo(zone)))
        if due_at is not None and now < due_at <= now + FURTHEST:
            found.append(Proposed(kind, due_at.astimezone(UTC), " ".join(sentence.split())))
    return found[:MOST_PROPOSED]


def fold(text: str) -> str:
    """Small letters without accents; Serbian in Latin letters, one alef in Arabic."""
    text = unicodedata.normalize("NFC", text.casefold()).translate(_FOLDED)
    if _IS_SERBIAN.search(text):
        text = "".join(_SERBIAN_CYRILLIC.get(c, c) for c in text)
    if text.isascii():
        return text
    return "".join(
        c if "\u0400" <= c <= "\u04ff" else unicodedata.normalize("NFD", c)[0]
        for c in text
        if not unicodedata.combining(c)
    )


def _sentences(text: str) -> Iterator[str]:
    lines = (line for line in text[:MOST_CHARS].splitlines() if not line.lstrip().startswith(">"))
    for found in _SENTENCE.finditer(_AM_PM.sub(r"\1m", "\n".join(lines))):
        sentence = found[0].strip()
        if sentence and sentence[-1] not in "?؟" and len(sentence) <= MOST_SENTENCE_CHARS:
            yield sentence


def _kind(tongue: _Compiled, folded: str) -> str | None:
    """What a sentence promises, if it promises."""
    for kind, pattern in (("call_back", tongue.call), ("answer_by", tongue.answer)):
        for found in pattern.finditer(folded):
            begin, end = folded.rfind(",", 0, found.start()) + 1, folded.find(",", found.end())
            clause = folded[begin : end if end >= 0 else len(folded)]
            if not tongue.never.search(clause) and not tongue.unless.search(folded):
                return kind
    return None


# By when -----------------------------------------------------------------------------------------------------------


def _time_in(folded: str, tag: str, now: datetime) -> datetime | None:
    """By when, on the clock on the wall: the span, or the day and the clock a sentence tells."""
    tongue = _compiled(tag)
    for pattern in tongue.spans:
        if found := pattern.search(folded):
            return _after(found, TONGUES[tag], now)
    on, folded = _day(folded, tongue, now)
    part = None
    for pattern, name in tongue.parts:
        if pattern.search(folded):
            part, folded = name, pattern.sub(f" {_PART} ", folded)
            break
    clock = _clock(folded, tongue, TONGUES[tag])
    if clock is not None:
        return _at(now, on, clock, part)
    if part is None and on is None:
        return None
    hour = _ENDS.get(part or "", _END_OF_DAY)
    day = on or now.date()
    due_at = _on(day, hour, 0, now)
    if due_at <= now and on is None:
        return _on(day + timedelta(days=1), hour, 0, now)
    if due_at <= now and part in (None, "end"):
        return _on(day, 23, 59, now)  # "today", said in the evening
    return due_at


def _after(found: re.Match[str], tongue: Tongue, now: datetime) -> datetime | None:
    said, unit = found["n"], found["unit"]
    count = 1.0 if said is None else (int(said) if said.isdigit() else _value(tongue.numbers, said) or 1.0)
    minutes = _value(tongue.units, unit) or 0
    if minutes < DAY:
        return now + timedelta(minutes=count * minutes)
    if count * minutes > FURTHEST.days * DAY:
        return None
    left, day = int(count * minutes) // DAY, now.date()
    is_working = bool(_WORKING.search(unit))
    while left > 0:
        day += timedelta(days=1)
        left -= not (is_working and day.weekday() > 4)
    return _on(day, _END_OF_DAY, 0, now)


def _day(folded: str, tongue: _Compiled, now: datetime) -> tuple[date | None, str]:
    """The day a sentence names, and the sentence without it."""
    for pattern in (_ISO, _DOTTED, *tongue.dates):
        if (found := pattern.search(folded)) and (on := _date(found, now)):
            return on, pattern.sub(" ", folded, count=1)
    for pattern, away in tongue.days:
        if pattern.search(folded):
            rest = folded if pattern.pattern.find("morning") > 0 else pattern.sub(" ", folded)
            return now.date() + timedelta(days=away), rest
    is_next_week = bool(tongue.next_week.search(folded))
    monday = now.date() - timedelta(days=now.weekday()) + timedelta(days=7)
    for nth, pattern in enumerate(tongue.weekdays):
        if pattern.search(folded):
            away = (nth - now.weekday() - 1) % 7 + 1
            on = monday + timedelta(days=nth) if is_next_week else now.date() + timedelta(days=away)
            return on, tongue.next_week.sub(" ", pattern.sub(" ", folded))
    return (monday + timedelta(days=4) if is_next_week else None), tongue.next_week.sub(" ", folded)


def _date(found: re.Match[str], now: datetime) -> date | None:
    said = found.groupdict()
    month = said.get("mo")
    nth = int(month) if month else next(n for n in range(1, 13) if said.get(f"mo{n}"))
    year = int(said["y"]) if said.get("y") else now.year
    try:
        on = date(year, nth, int(said["d"]))
        return on if said.get("y") or on >= now.date() else on.replace(year=year + 1)
    except ValueError:
        return None


def _clock(folded: str, tongue: _Compiled, words: Tongue) -> _Heard | None:
    for pattern in tongue.clocks:
        for found in pattern.finditer(folded):
            said = found.groupdict()
            hour = int(said["h"]) if said["h"].isdigit() else _value(words.hours, said["h"])
            minute = int(said.get("m") or said.get("m2") or 0)
            shift = (_value(words.before, said.get("before")) or 0) + (_value(words.after, said.get("after")) or 0)
            if hour is not None and 0 <= hour <= 24:
                return _Heard(int(hour), minute, int(shift), said["h"].startswith("0"))
    return None


def _value(words: Mapping[str, float] | None, said: str | None) -> float | None:
    """What a word stands for, by the patterns of a table."""
    return next((value for word, value in (words or {}).items() if said and re.fullmatch(word, said)), None)


def _at(now: datetime, on: date | None, clock: _Heard, part: str | None) -> datetime | None:
    hour, is_either = clock.hour, False
    if part in ("afternoon", "evening") or (part == "noon" and hour < 7):
        hour += 12 if hour < 12 else 0
    elif part == "midnight":
        hour = 24 if hour == 12 else hour
    elif part is None and not clock.is_exact and 1 <= hour <= 6:
        hour += 12  # nobody is called at three in the night
    elif part is None and not clock.is_exact:
        is_either = hour in (7, 8)

    def due(day: date, hour: int) -> datetime:
        return _on(day, hour, clock.minute, now) + timedelta(minutes=clock.shift_min)

    if on is not None:
        return due(on, hour)
    days = (now.date(), now.date() + timedelta(days=1))
    hours = (hour, hour + 12) if is_either else (hour,)
    return next((at for day in days for one in hours if (at := due(day, one)) > now), None)


def _on(day: date, hour: int, minute: int, now: datetime) -> datetime:
    """That time of that day where the clock hangs."""
    return datetime.combine(day + timedelta(days=hour // 24), time(hour % 24, minute), tzinfo=now.tzinfo)


# The patterns, made once -------------------------------------------------------------------------------------------


@lru_cache(maxsize=len(TONGUES))
def _compiled(tag: str) -> _Compiled:
    tongue = TONGUES[tag]
    places = {
        "{n}": rf"(?P<n>\d{{1,3}}|{_any(tongue.numbers)})",
        "{unit}": rf"(?P<unit>{_any(tongue.units)})",
        "{h}": rf"(?P<h>(?<![\d.,:/-])\d{{1,2}}(?!\d)|{_any(tongue.hours)})",
        "{m}": r"(?:[:.](?P<m>[0-5]\d)(?!\d))?",
        "{before}": rf"(?:(?P<before>{_any(tongue.before)})\s+)?" if tongue.before else "",
        "{after}": rf"(?:\s+(?P<after>{_any(tongue.after)}))?" if tongue.after else "",
    }

    def filled(pattern: str) -> str:
        for name, stands_for in places.items():
            pattern = pattern.replace(name, stands_for)
        return pattern

    clocks = (*tongue.clocks, _BARE_CLOCK, rf"\b{{h}}{{m}}\s*(?={_PART})")
    months = "|".join(f"(?P<mo{n}>{stem})" for n, stem in enumerate(tongue.months, 1))
    return _Compiled(
        call=re.compile("|".join(tongue.call)),
        answer=re.compile("|".join(tongue.answer)),
        unless=re.compile(tongue.unless),
        never=re.compile(tongue.never),
        days=tuple((re.compile(pattern), away) for pattern, away in tongue.days.items()),
        weekdays=tuple(map(re.compile, tongue.weekdays)),
        next_week=re.compile(tongue.next_week),
        clocks=tuple(re.compile(filled(pattern) + _NOTHING_ELSE) for pattern in clocks),
        parts=tuple((re.compile(pattern), name) for pattern, name in tongue.parts.items()),
        spans=tuple(re.compile(filled(pattern)) for pattern in tongue.spans),
        dates=(
            re.compile(rf"(?<![\d:.])(?P<d>\d{{1,2}})(?:st|nd|rd|th|er|-?an?)?\.?\s+(?:of\s+|de\s+)?(?:{months})\w*"),
            re.compile(rf"\b(?:{months})\w*\.?\s+(?P<d>\d{{1,2}})(?![\d:])(?:st|nd|rd|th|-?[ae][ni]?)?\b"),
        ),
    )


def _any(words: Mapping[str, float] | None) -> str:
    return "|".join(words or ())
