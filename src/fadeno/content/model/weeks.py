"""A week as people fill it in, a line of hours a day, and the same as OpenStreetMap writes opening hours. Pure."""

from datetime import date, timedelta
from itertools import groupby

from fadeno.content.model.hours import DAY, read_hours
from fadeno.kit.errors import Invalid

WEEKDAYS = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
_MONDAY = date(2024, 1, 1)
_WEEKS = 53
_MIDNIGHT = "24:00"


def week_in(hours: str) -> tuple[str, ...] | None:
    """The hours of each weekday from Monday on, empty where closed; None where weeks differ or make no sense."""
    try:
        read = read_hours(hours)
    except Invalid:
        return None
    last = _MONDAY + timedelta(days=7 * _WEEKS - 1)
    found = read.starting(_MONDAY, last)
    lines: list[str] = []
    for nth in range(7):
        said = {_line(found.get(_MONDAY + timedelta(days=nth + 7 * week), []), week, nth) for week in range(_WEEKS)}
        if len(said) > 1:
            return None
        lines += said
    return tuple(lines)


def _line(runs: list, week: int, nth: int) -> str:
    midnight = _MONDAY + timedelta(days=nth + 7 * week)
    return ", ".join(
        f"{start:%H:%M}-{_MIDNIGHT if end.date() == midnight + DAY and f'{end:%H:%M}' == '00:00' else f'{end:%H:%M}'}"
        for start, end in runs
    )


def hours_of_week(lines: tuple[str, ...]) -> str:
    """Such a week as opening hours; days alike that follow each other are said together.

    Raises:
        Invalid: a line can't be understood; `field` names its day.
    """
    said = [_checked(line, f"day_{WEEKDAYS[nth].lower()}") for nth, line in enumerate(lines)]
    rules, nth = [], 0
    for line, days in groupby(said):
        count = len(list(days))
        if line:
            first, last = WEEKDAYS[nth], WEEKDAYS[nth + count - 1]
            rules.append(f"{first if count == 1 else f'{first}-{last}'} {line}")
        nth += count
    # a rule of its own would cut the night before its day; an additional one does not
    return (", " if any(map(_is_past_midnight, said)) else "; ").join(rules) or "off"


def _is_past_midnight(line: str) -> bool:
    return any(until <= start for start, _, until in (part.partition("-") for part in line.split(",") if part))


def _checked(line: str, field: str) -> str:
    text = line.replace("–", "-").replace("—", "-").replace(" ", "").replace(".", ":").replace(";", ",")
    parts = [part for part in text.split(",") if part]
    tidy = ",".join("-".join(_time(moment) for moment in part.split("-")) for part in parts)
    if not tidy:
        return ""
    try:
        read_hours(f"Mo {tidy}", field)
    except Invalid:
        raise Invalid("Write hours of the day as 10:00-14:00.", field=field, word="bad_day_hours") from None
    if any(part.count("-") != 1 or not part.replace("-", "").replace(":", "").isdigit() for part in tidy.split(",")):
        raise Invalid("Write hours of the day as 10:00-14:00.", field=field, word="bad_day_hours")
    return tidy


def _time(said: str) -> str:
    hour, colon, minute = said.partition(":")
    if not hour.isdigit():
        return said
    return f"{int(hour):02d}:{minute if colon else '00'}" if hour.isascii() else said
