"""Opening hours: a calendar for each place and team, filled in as a week, with what comes of it for the next days."""

from datetime import date, datetime, timedelta
from functools import cache
from typing import Any
from uuid import UUID
from zoneinfo import available_timezones

from babel.dates import format_skeleton
from litestar import Request, Response, get, post
from litestar.params import FromPath

from fadeno import commerce, content
from fadeno.access import Actor
from fadeno.commerce import Place
from fadeno.content import Calendar, Day, KeptCalendar, SpecialDays
from fadeno.db import Tx
from fadeno.entry import door
from fadeno.entry.web import page, values, words
from fadeno.entry.web.pages.access.forms import fields, go, wrong
from fadeno.kit.errors import FadenoError, Invalid

DAYS_SHOWN = 14
_USUAL_WEEK = "Mo-Fr 09:00-17:00"
_OWN = "own"
_MOST_PLACES = 200


@get("/hours", include_in_schema=False)
async def list_hours(request: Request) -> Response:
    """Every calendar, and whether it is open now."""
    async with door.opened(request, "see", "calendars") as (tx, actor):
        return await _list(request, tx, actor)


async def _list(request: Request, tx: Tx, actor: Actor, *, status: int = 200, **context: Any) -> Response:
    found = await content.calendars(tx)
    taken = {one.place_id for one in found}
    places = [one for one in await _places(tx) if one.id not in taken]
    rows = [(one, stands(one, tx.now)) for one in found]
    return await page.inside(
        request, tx, actor, "content/calendars.html", status=status, rows=rows, places=places, hours=values.hours,
        **{"error": None, "typed": {}, **context},
    )  # fmt: skip


async def _places(tx: Tx) -> list[Place]:
    return (await commerce.places(tx, limit=_MOST_PLACES))[0]


def stands(kept: KeptCalendar, now: datetime) -> tuple[str, str]:
    """How a calendar stands now: a word of the catalogue, and when that changes, in the viewer's language."""
    if kept.fault:
        return "fault", ""
    told, lang = kept.calendar, words.spoken()
    is_open = content.is_open(told, now)
    then = (content.next_closing if is_open else content.next_opening)(told, now)
    if then is None:
        return ("always" if is_open else "never"), ""
    return ("open" if is_open else "closed"), content.told_when(then, now, told.zone, lang, how="at")


@post("/hours", include_in_schema=False)
async def create_calendar(request: Request) -> Response:
    """Make a calendar of a name, or of a place that follows what its source says, and go on to it."""
    form = await fields(request)
    async with door.opened(request, "change", "calendars") as (tx, actor):
        try:
            async with tx.savepoint():
                if form.get("place"):
                    made = await content.create_calendar(tx, actor, "", place_id=_id(form["place"]))
                else:
                    zone = str(page.times(request, await page.look_of(tx, actor)).zone)
                    zone = zone if zone in available_timezones() else "UTC"
                    made = await content.create_calendar(tx, actor, form.get("name", ""), hours=_USUAL_WEEK, zone=zone)
        except FadenoError as error:
            return await _list(request, tx, actor, status=422, **wrong(error, **form))
    return go(f"/hours/{made.id}")


@get("/hours/{calendar_id:uuid}", include_in_schema=False)
async def show_calendar(request: Request, calendar_id: FromPath[UUID]) -> Response:
    """One calendar with its next days."""
    async with door.opened(request, "see", "calendars") as (tx, actor):
        kept = await content.calendar(tx, calendar_id)
        return await _show(request, tx, actor, kept, saved="saved" in request.query_params)


async def _show(
    request: Request, tx: Tx, actor: Actor, kept: KeptCalendar, *, status: int = 200, **context: Any
) -> Response:
    told = kept.calendar
    week = content.week_in(told.hours)
    return await page.inside(
        request, tx, actor, "content/calendar.html", status=status, kept=kept, told=told, week=week,
        days=named_days(), zones=sorted(available_timezones()), countries=countries(),
        regions=content.regions(told.country), own=_OWN, hours=values.hours, **_preview(kept, told, tx.now),
        **{"error": None, "typed": {}, "saved": False, **context},
    )  # fmt: skip


@post("/hours/{calendar_id:uuid}", include_in_schema=False)
async def change_calendar(request: Request, calendar_id: FromPath[UUID]) -> Response:
    """Say a calendar anew."""
    form = await fields(request)
    async with door.opened(request, "change", "calendars") as (tx, actor):
        kept = await content.calendar(tx, calendar_id)
        try:
            async with tx.savepoint():
                await content.change_calendar(tx, actor, calendar_id, **_said(form, kept))
        except FadenoError as error:
            return await _show(request, tx, actor, kept, status=422, **wrong(error, **form))
    return go(f"/hours/{calendar_id}?saved=yes")


@post("/hours/{calendar_id:uuid}/preview", include_in_schema=False)
async def preview_calendar(request: Request, calendar_id: FromPath[UUID]) -> Response:
    """What the next days would be as the form stands; nothing is kept."""
    form = await fields(request)
    async with door.opened(request, "change", "calendars") as (tx, actor):
        kept = await content.calendar(tx, calendar_id)
        told, error = kept.calendar, None
        try:
            said = _said(form, kept)
            told = content.checked_calendar(
                Calendar(
                    told.hours if said["hours"] is None else said["hours"],
                    told.zone if said["zone"] is None else said["zone"],
                    told.country if said["country"] is None else said["country"],
                    said["region"], said["on_holidays"], told.special_days,
                )
            )  # fmt: skip
        except Invalid as fault:
            error = fault
        return await page.inside(
            request, tx, actor, "content/preview.html", error=error, kept=kept, **_preview(kept, told, tx.now)
        )


@post("/hours/{calendar_id:uuid}/days", include_in_schema=False)
async def add_days(request: Request, calendar_id: FromPath[UUID]) -> Response:
    """Say that days are otherwise."""
    form = await fields(request)
    async with door.opened(request, "change", "calendars") as (tx, actor):
        kept = await content.calendar(tx, calendar_id)
        try:
            first = _date(form.get("from_on", ""))
            last = _date(form["to_on"]) if form.get("to_on") else first
            hours = _one_day(form.get("special_hours", ""))
            async with tx.savepoint():
                await content.add_special_days(
                    tx, actor, calendar_id, SpecialDays(first, last, hours, form.get("special_name", ""))
                )
        except FadenoError as error:
            return await _show(request, tx, actor, kept, status=422, **wrong(error, **form))
    return go(f"/hours/{calendar_id}?saved=yes")


@post("/hours/{calendar_id:uuid}/days/remove", include_in_schema=False)
async def remove_days(request: Request, calendar_id: FromPath[UUID]) -> Response:
    """Let days be as their week again."""
    form = await fields(request)
    async with door.opened(request, "change", "calendars") as (tx, actor):
        first, last = _date(form.get("from_on", "")), _date(form.get("to_on", ""))
        await content.remove_special_days(tx, actor, calendar_id, SpecialDays(first, last))
    return go(f"/hours/{calendar_id}?saved=yes")


@post("/hours/{calendar_id:uuid}/remove", include_in_schema=False)
async def remove_calendar(request: Request, calendar_id: FromPath[UUID]) -> Response:
    """Forget a calendar; where it held, the main one does."""
    async with door.opened(request, "change", "calendars") as (tx, actor):
        await content.remove_calendar(tx, actor, calendar_id)
    return go("/hours")


# What a form says --------------------------------------------------------------------------------------------------


def _said(form: dict[str, str] | Any, kept: KeptCalendar) -> dict[str, Any]:
    """The changes of a form; a place's calendar that follows its source has no hours of its own."""
    follows = kept.place_id is not None and form.get("follows") == "yes"
    on_holidays = form.get("on_holidays", content.CLOSED)
    said: dict[str, Any] = {
        "name": form.get("name", ""),
        "hours": None if follows else _hours(form),
        "zone": None if follows else form.get("zone", "").strip(),
        "country": None if follows else form.get("country", ""),
        "region": "" if follows else form.get("region", "").strip(),
        "on_holidays": form.get("holiday_hours", "") if on_holidays == _OWN else on_holidays,
        "answer_within_min": _minutes(form.get("answer_within", "")),
    }
    return said | ({"is_main": True} if form.get("is_main") == "yes" else {})


def _hours(form: Any) -> str:
    if form.get("as_text") == "yes":
        return form.get("hours", "").strip()
    return content.hours_of_week(tuple(form.get(f"day_{day.lower()}", "") for day in content.WEEKDAYS))


def _one_day(line: str) -> str:
    tidy = content.hours_of_week((line, "", "", "", "", "", ""))
    return tidy.removeprefix("Mo ") if tidy != content.CLOSED else tidy


def _minutes(said: str) -> int:
    if not (said.strip().isascii() and said.strip().isdigit()) or len(said.strip()) > 5:
        raise Invalid("Write a number of minutes.", field="answer_within", word="bad_minutes")
    return int(said)


def _date(said: str) -> date:
    try:
        return date.fromisoformat(said)
    except ValueError:
        raise Invalid("Choose a day.", field="special_days", word="no_day") from None


def _id(said: str) -> UUID:
    try:
        return UUID(said)
    except ValueError:
        raise Invalid("Choose a place from the list.", field="place", word="bad_choice") from None


# How it is shown ---------------------------------------------------------------------------------------------------


def _preview(kept: KeptCalendar, told: Calendar, now: datetime) -> dict[str, Any]:
    try:
        content.checked_calendar(told)
    except Invalid:
        return {"stand": ("fault", ""), "shown": []}
    days = content.days_from(told, content.today(told, now), DAYS_SHOWN, words.spoken())
    state, when = stands(_with(kept, told), now)
    return {"stand": (state, when), "shown": [_day(day) for day in days]}


def _with(kept: KeptCalendar, told: Calendar) -> KeptCalendar:
    return KeptCalendar(
        kept.id, kept.name, kept.place_id, kept.place_name, kept.own_hours, kept.is_main, kept.answer_within_min, told
    )


def _day(day: Day) -> dict[str, Any]:
    locale = words.locale(words.spoken())
    noon = datetime.combine(day.on, datetime.min.time()) + timedelta(hours=12)
    special = (day.special.name or str(words.say(words.spoken(), "content.special_day"))) if day.special else ""
    return {
        "weekday": format_skeleton("EEE", noon, locale=locale),
        "date": format_skeleton("dMMM", noon, locale=locale),
        "runs": [f"{start:%H:%M}–{_end(start, end)}" for start, end in day.runs],
        "why": words.beside(words.spoken(), [special, day.holiday]),
    }


def _end(start: datetime, end: datetime) -> str:
    is_midnight = end.date() == start.date() + timedelta(days=1) and not (end.hour or end.minute)
    return "24:00" if is_midnight else f"{end:%H:%M}"


def named_days() -> list[tuple[str, str]]:
    """The days of a week from Monday on: the name of their field, and what they are called."""
    called = words.locale(words.spoken()).days["stand-alone"]["wide"]
    return [(f"day_{code.lower()}", called[nth]) for nth, code in enumerate(content.WEEKDAYS)]


def countries() -> list[tuple[str, str]]:
    """The countries whose public holidays are known, in the viewer's alphabet."""
    return _countries(words.spoken())


@cache
def _countries(lang: str) -> list[tuple[str, str]]:
    named = [(code, values.country(code)) for code in content.countries() if len(code) == 2]
    return words.ordered(lang, named, lambda one: one[1])


routes = [
    list_hours,
    create_calendar,
    show_calendar,
    change_calendar,
    preview_calendar,
    add_days,
    remove_days,
    remove_calendar,
]
