"""Calendars over the API: when the company is there for people, and how working time passes."""

from datetime import date, datetime, time
from typing import Annotated, Any
from uuid import UUID

import msgspec
from litestar import Request, delete, get, patch, post
from litestar.params import FromPath, JSONBody, QueryParameter

from fadeno import content
from fadeno.content import KeptCalendar, SpecialDays
from fadeno.entry import speaking
from fadeno.entry.door import opened
from fadeno.kit.errors import Invalid

At = Annotated[datetime | None, QueryParameter()]
Days = Annotated[int, QueryParameter(ge=1, le=370)]
Minutes = Annotated[int | None, QueryParameter(ge=0, le=525_600)]


class NewSpecialDays(msgspec.Struct, forbid_unknown_fields=True):
    """Days that are otherwise: `off`, or hours of the day as `10:00-14:00`."""

    from_on: date
    to_on: date
    hours: str = content.CLOSED
    name: str = ""

    def said(self) -> SpecialDays:
        """As the room knows them."""
        return SpecialDays(self.from_on, self.to_on, self.hours, self.name)


class NewCalendar(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True):
    """A calendar of a place, or of hours said here, as OpenStreetMap writes opening hours."""

    name: str = ""
    place_id: UUID | None = None
    hours: str | None = None
    zone: str | None = None
    country: str | None = None
    region: str = ""
    on_holidays: str = content.CLOSED
    special_days: list[NewSpecialDays] = []
    answer_within_min: int = 60
    is_main: bool = False


class CalendarChange(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True):
    """What is to be different; what is left out stays. Null follows the place again."""

    name: str | msgspec.UnsetType = msgspec.UNSET
    hours: str | msgspec.UnsetType | None = msgspec.UNSET
    zone: str | msgspec.UnsetType | None = msgspec.UNSET
    country: str | msgspec.UnsetType | None = msgspec.UNSET
    region: str | msgspec.UnsetType = msgspec.UNSET
    on_holidays: str | msgspec.UnsetType = msgspec.UNSET
    special_days: list[NewSpecialDays] | msgspec.UnsetType = msgspec.UNSET
    answer_within_min: int | msgspec.UnsetType = msgspec.UNSET
    is_main: bool | msgspec.UnsetType = msgspec.UNSET


class OpenFrom(msgspec.Struct, frozen=True):
    """From when to when it is open, on the clock there; the end may be on the next day."""

    opens: time
    closes: time
    is_past_midnight: bool


class ShownDay(msgspec.Struct, frozen=True):
    """A day; `special` is why it is otherwise, `holiday` the name of the public holiday."""

    on: date
    open: list[OpenFrom]
    holiday: str
    special: str | None


class ShownCalendar(msgspec.Struct, frozen=True):
    """A calendar as it holds, and now. `fault` is why nothing can be told by it; then `is_open` is null."""

    id: UUID
    name: str
    place_id: UUID | None
    is_main: bool
    follows_place: bool
    hours: str
    zone: str
    country: str
    region: str
    on_holidays: str
    special_days: list[SpecialDays]
    answer_within_min: int
    fault: str | None
    is_open: bool | None
    opens_at: datetime | None
    closes_at: datetime | None
    days: list[ShownDay] | msgspec.UnsetType = msgspec.UNSET


class Moment(msgspec.Struct, frozen=True):
    """What a calendar says of a moment; `due_at` is when the working minutes asked for have passed since."""

    at: datetime
    is_open: bool
    opens_at: datetime | None
    closes_at: datetime | None
    due_at: datetime | None


def _shown(kept: KeptCalendar, now: datetime, days: int = 0) -> ShownCalendar:
    told, fault = kept.calendar, kept.fault
    return ShownCalendar(
        kept.id, kept.name, kept.place_id, kept.is_main, kept.place_id is not None and kept.own_hours is None,
        told.hours, told.zone, told.country, told.region, told.on_holidays, list(told.special_days),
        kept.answer_within_min,
        fault=fault.message if fault else None,
        is_open=None if fault else content.is_open(told, now),
        opens_at=None if fault else content.next_opening(told, now),
        closes_at=None if fault else content.next_closing(told, now),
        days=[_day(day) for day in content.days_from(told, content.today(told, now), days, speaking.language())]
        if days and not fault else msgspec.UNSET,
    )  # fmt: skip


def _day(day: content.Day) -> ShownDay:
    runs = [OpenFrom(start.time(), end.time(), end.date() > start.date()) for start, end in day.runs]
    return ShownDay(day.on, runs, day.holiday, day.special.name or day.special.hours if day.special else None)


def _said(data: NewCalendar | CalendarChange) -> dict[str, Any]:
    given = {name: value for name in data.__struct_fields__ if (value := getattr(data, name)) is not msgspec.UNSET}
    if "special_days" in given:
        given["special_days"] = tuple(special.said() for special in given["special_days"])
    return given


@get("/api/calendars", summary="Every calendar")
async def list_calendars(request: Request) -> dict[str, Any]:
    """Every calendar, the main one first, and whether it is open now."""
    async with opened(request, "see", "calendars") as (tx, _):
        return {"items": [_shown(one, tx.now) for one in await content.calendars(tx)], "next": None}


@post("/api/calendars", summary="Make a calendar")
async def create_calendar(request: Request, data: JSONBody[NewCalendar]) -> ShownCalendar:
    """Make a calendar; the first one is the main one, which holds where no other is named."""
    async with opened(request, "change", "calendars") as (tx, actor):
        return _shown(await content.create_calendar(tx, actor, **_said(data)), tx.now)


@get("/api/calendars/{calendar_id:uuid}", summary="One calendar, and its next days")
async def show_calendar(request: Request, calendar_id: FromPath[UUID], days: Days = 14) -> ShownCalendar:
    """One calendar, whether it is open now, and its next days with their holidays."""
    async with opened(request, "see", "calendars") as (tx, _):
        return _shown(await content.calendar(tx, calendar_id), tx.now, days)


@get("/api/calendars/{calendar_id:uuid}/at", summary="What a calendar says of a moment")
async def show_moment(request: Request, calendar_id: FromPath[UUID], at: At = None, minutes: Minutes = None) -> Moment:
    """Whether it is open at a moment (now), when it opens and closes next, and when working minutes have passed."""
    async with opened(request, "see", "calendars") as (tx, _):
        kept = await content.calendar(tx, calendar_id)
        if kept.fault:
            raise kept.fault
        moment = _checked(at) or tx.now
        told = kept.calendar
        due_at = None if minutes is None else content.add_working_time(told, moment, minutes)
        opens_at, closes_at = content.next_opening(told, moment), content.next_closing(told, moment)
        return Moment(moment, content.is_open(told, moment), opens_at, closes_at, due_at)


def _checked(at: datetime | None) -> datetime | None:
    if at is not None and (at.tzinfo is None or not 1970 < at.year < 2200):
        raise Invalid("Write a moment with its zone, as 2026-11-24T09:00:00Z.", field="at", word="bad_moment")
    return at


@patch("/api/calendars/{calendar_id:uuid}", summary="Change a calendar")
async def change_calendar(
    request: Request, calendar_id: FromPath[UUID], data: JSONBody[CalendarChange]
) -> ShownCalendar:
    """Say parts of a calendar anew; what is due from now on follows it."""
    async with opened(request, "change", "calendars") as (tx, actor):
        return _shown(await content.change_calendar(tx, actor, calendar_id, **_said(data)), tx.now)


@delete("/api/calendars/{calendar_id:uuid}", summary="Remove a calendar", status_code=204)
async def remove_calendar(request: Request, calendar_id: FromPath[UUID]) -> None:
    """Forget a calendar; where it held, the main one does."""
    async with opened(request, "change", "calendars") as (tx, actor):
        await content.remove_calendar(tx, actor, calendar_id)


routes = [list_calendars, create_calendar, show_calendar, show_moment, change_calendar, remove_calendar]
