"""What a company calendar says: hours in a week, days that are otherwise, a zone, and how far it can be believed."""

import re
from dataclasses import dataclass
from datetime import date
from uuid import UUID
from zoneinfo import available_timezones

from fadeno.content.model.hours import Hours, read_hours
from fadeno.content.model.public_holidays import has_region, is_country
from fadeno.kit.errors import Conflict, Invalid, NotFound

# What a calendar does on public holidays, besides hours of their own.
CLOSED, AS_USUAL = "off", "as usual"
MOST_SPECIAL_DAYS = 400
MOST_DAYS_OFF = 400
_NAME_CHARS = 100
_MOST_ANSWER_MINUTES = 10 * 24 * 60
_ALPHA_2 = re.compile(r"[A-Z]{2}")


@dataclass(frozen=True, slots=True)
class SpecialDays:
    """Days that are otherwise than their week: closed, or with hours of their own.

    Attributes:
        from_on, to_on: the first and the last of them.
        hours: of each of them, `off` or as `10:00-14:00`.
        name: why, for whoever reads it.
    """

    from_on: date
    to_on: date
    hours: str = CLOSED
    name: str = ""


@dataclass(frozen=True, slots=True)
class Calendar:
    """When a place or a team is there for people.

    Attributes:
        hours: of the week, as OpenStreetMap writes opening hours; may say itself what holds on public holidays (`PH`).
        zone: IANA time zone of the hours.
        country, region: whose public holidays hold; no country = none.
        on_holidays: `off`, `as usual`, or hours of the day; what `hours` says of `PH` goes before it.
        special_days: go before all else; of two for one day the later one.
    """

    hours: str
    zone: str = "UTC"
    country: str = ""
    region: str = ""
    on_holidays: str = CLOSED
    special_days: tuple[SpecialDays, ...] = ()


@dataclass(frozen=True, slots=True)
class Said:
    """What was said of a calendar here; of one that is a place's, what is None is as its source says.

    Attributes:
        answer_within_min: working minutes after it opens within which who wrote while it was closed is answered.
        is_main: it holds where no other is named.
    """

    id: UUID
    name: str
    place_id: UUID | None = None
    hours: str | None = None
    zone: str | None = None
    country: str | None = None
    region: str = ""
    on_holidays: str = CLOSED
    special_days: tuple[SpecialDays, ...] = ()
    answer_within_min: int = 60
    is_main: bool = False


@dataclass(frozen=True, slots=True)
class KeptCalendar:
    """A calendar as it holds: what was said here, and else what the source of its place says.

    Attributes:
        own_hours: hours said here; None where they are the place's.
    """

    id: UUID
    name: str
    place_id: UUID | None
    place_name: str | None
    own_hours: str | None
    is_main: bool
    answer_within_min: int
    calendar: Calendar

    @property
    def fault(self) -> Invalid | None:
        """Why nothing can be told by it, or None: a place's hours are kept as its source writes them."""
        try:
            checked_calendar(self.calendar)
        except Invalid as error:
            return error
        return None


class NoCalendar(NotFound):
    """There is no such calendar."""

    code = "no_calendar"
    hint = "List them with `fadeno calendars list`."


class CalendarNameTaken(Conflict):
    """A calendar of that name exists already."""

    code = "calendar_exists"


class MainCalendarStays(Conflict):
    """The main calendar holds wherever no other is named, so it stays; make another one the main calendar first."""

    code = "main_calendar"


def checked_calendar(calendar: Calendar) -> Calendar:
    """A calendar one can tell the time by.

    Raises:
        Invalid: a part can't be understood; `field` names it.
    """
    read_hours(calendar.hours)
    checked_zone(calendar.zone)
    if calendar.country and not (_ALPHA_2.fullmatch(calendar.country) and is_country(calendar.country)):
        raise Invalid(
            f"No public holidays are known of {calendar.country[:20]!r}: leave the country out, and name the days.",
            field="country",
            word="no_holidays_known",
            country=calendar.country[:20],
        )
    if calendar.region and not has_region(calendar.country, calendar.region):
        raise Invalid("Choose a region from the list.", field="region", word="bad_choice")
    if calendar.on_holidays not in (CLOSED, AS_USUAL):
        day_hours(calendar.on_holidays, "on_holidays")
    if len(calendar.special_days) > MOST_SPECIAL_DAYS:
        raise Invalid(
            f"A calendar keeps up to {MOST_SPECIAL_DAYS} special days.",
            field="special_days",
            word="too_many_special_days",
            n=MOST_SPECIAL_DAYS,
        )
    for special in calendar.special_days:
        checked_special(special)
    return calendar


def checked_zone(zone: str) -> str:
    """A time zone there is.

    Raises:
        Invalid: there is none by that name.
    """
    if zone not in available_timezones():
        raise Invalid("Choose a time zone from the list.", field="zone", word="bad_choice")
    return zone


def checked_special(special: SpecialDays) -> None:
    """See that special days can be kept.

    Raises:
        Invalid: they end before they begin, last too long, or their hours can't be understood.
    """
    days = (special.to_on - special.from_on).days
    if not 0 <= days < MOST_DAYS_OFF:
        raise Invalid(
            f"The last day comes after the first, at most {MOST_DAYS_OFF} days later.",
            field="special_days",
            word="bad_days",
            n=MOST_DAYS_OFF,
        )
    if special.hours != CLOSED:
        day_hours(special.hours, "special_days")
    checked_label(special.name, "special_days", "")


def day_hours(text: str, field: str) -> Hours:
    """Hours of one day, as `10:00-14:00,16:00-02:00`.

    Raises:
        Invalid: it names days, or can't be understood.
    """
    if not re.fullmatch(r"\s*\d\d?:\d\d\s*-\s*\d\d?:\d\d\s*(,\s*\d\d?:\d\d\s*-\s*\d\d?:\d\d\s*){0,5}", text):
        raise Invalid("Write hours of the day as 10:00-14:00, or off.", field=field, word="bad_day_hours")
    return read_hours(text, field)


def checked_label(name: str, field: str, default: str) -> str:
    """A name on one line.

    Raises:
        Invalid: it is empty where it can't be, too long, or holds characters that can't be shown.
    """
    name = " ".join(name.split()) or default
    if len(name) > _NAME_CHARS or not name.isprintable() or (field == "name" and not name):
        raise Invalid("Use at most 100 letters, digits and signs.", field=field, word="bad_name")
    return name


def checked_answer_within(minutes: int) -> int:
    """Working minutes within which an answer is promised.

    Raises:
        Invalid: it is below nothing or above ten days.
    """
    if not 0 <= minutes <= _MOST_ANSWER_MINUTES:
        raise Invalid(
            "An answer is promised within 0 to 14,400 working minutes.", field="answer_within_min", word="bad_minutes"
        )
    return minutes
