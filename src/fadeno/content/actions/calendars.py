"""Verbs about calendars."""

from dataclasses import replace
from typing import Any
from uuid import UUID

from fadeno import access, commerce
from fadeno.content import reads, store
from fadeno.content.model.calendar import (
    Calendar,
    CalendarNameTaken,
    KeptCalendar,
    MainCalendarStays,
    NoCalendar,
    Said,
    SpecialDays,
    checked_answer_within,
    checked_calendar,
    checked_label,
)
from fadeno.db import Tx
from fadeno.kit import ids


async def create_calendar(tx: Tx, actor: access.Actor, name: str, **said: Any) -> KeptCalendar:
    """Make a calendar, of a place's own hours or of hours said here; the first one is the main one.

    Args:
        said: the fields of `Said`.

    Raises:
        Invalid: a value can't be kept; `field` names it.
        CalendarNameTaken: choose another name; a place has one calendar.
        NoPlace: there is no such place.
    """
    made = Said(ids.new_id(), name, **said)
    if made.place_id is not None:
        place = await commerce.place(tx, made.place_id)
        made = replace(made, name=made.name or place.name or place.key)
    elif made.hours is None:
        made = replace(made, hours="")
    if made.place_id is None:
        made = replace(made, zone=made.zone or "UTC", country=made.country or "")
    await store.hold_names(tx, "calendar")
    made = replace(made, is_main=made.is_main or not await store.has_main(tx))
    kept = await _keep(tx, made)
    await access.note(tx, actor, "create", "calendar", str(made.id), {"name": kept.name})
    return kept


async def change_calendar(tx: Tx, actor: access.Actor, id_: UUID, **changes: Any) -> KeptCalendar:
    """Say some fields of `Said` anew; of a place's calendar, None is to follow the place again.

    Raises:
        NoCalendar: there is none by that id.
        Invalid: a value can't be kept; `field` names it.
        CalendarNameTaken: choose another name.
        MainCalendarStays: make another one the main calendar instead.
    """
    before = await _held(tx, id_)
    if before.is_main and changes.get("is_main") is False:
        raise MainCalendarStays
    kept = await _keep(tx, replace(before, **changes))
    await access.note(tx, actor, "change", "calendar", str(id_), {"name": kept.name, "fields": sorted(changes)})
    return kept


async def add_special_days(tx: Tx, actor: access.Actor, id_: UUID, special: SpecialDays) -> KeptCalendar:
    """Say that days are otherwise; what was said of the very same days is said no more.

    Raises:
        NoCalendar: there is none by that id.
        Invalid: the days or their hours can't be understood.
    """
    others = [one for one in (await _held(tx, id_)).special_days if (one.from_on, one.to_on) != _days(special)]
    return await change_calendar(tx, actor, id_, special_days=(*others, special))


async def remove_special_days(tx: Tx, actor: access.Actor, id_: UUID, special: SpecialDays) -> KeptCalendar:
    """Let those days be as their week again.

    Raises:
        NoCalendar: there is none by that id.
    """
    rest = tuple(one for one in (await _held(tx, id_)).special_days if (one.from_on, one.to_on) != _days(special))
    return await change_calendar(tx, actor, id_, special_days=rest)


async def remove_calendar(tx: Tx, actor: access.Actor, id_: UUID) -> None:
    """Forget a calendar; where it held, the main one does.

    Raises:
        NoCalendar: there is none by that id.
        MainCalendarStays: it is the main one.
    """
    said = await _held(tx, id_)
    if said.is_main:
        raise MainCalendarStays
    await store.remove_calendar(tx, id_)
    await access.note(tx, actor, "remove", "calendar", str(id_), {"name": said.name})


def _days(special: SpecialDays) -> tuple[Any, Any]:
    return special.from_on, special.to_on


async def _held(tx: Tx, id_: UUID) -> Said:
    await store.hold_names(tx, "calendar")
    said = await store.said_here(tx, id_)
    if said is None:
        raise NoCalendar
    return said


async def _keep(tx: Tx, said: Said) -> KeptCalendar:
    said = replace(
        said,
        name=checked_label(said.name, "name", ""),
        answer_within_min=checked_answer_within(said.answer_within_min),
        # those over for a year tell nobody anything
        special_days=tuple(one for one in said.special_days if (tx.now.date() - one.to_on).days < 366),
    )
    # What a place's source says is no fault of who edits the rest.
    fallback = said.place_id is not None
    checked_calendar(
        Calendar(
            "off" if said.hours is None and fallback else said.hours or "",
            "UTC" if said.zone is None and fallback else said.zone or "",
            said.country or "",
            said.region if said.country is not None else "",
            said.on_holidays,
            said.special_days,
        )
    )
    if await store.name_taken(tx, said):
        raise CalendarNameTaken("A calendar of that name exists already.", field="name", word="calendar_exists")
    if said.is_main:
        await store.unmark_main(tx)
    await store.keep_calendar(tx, said)
    return await reads.calendar(tx, said.id)
