"""`fadeno calendars …`: when the company is there for people."""

import argparse
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from fadeno import content
from fadeno.content import Calendar, Day, KeptCalendar
from fadeno.db import Tx
from fadeno.entry.cli.frame import as_json, command, group, table
from fadeno.entry.cli.reaching import opened
from fadeno.kit import clock
from fadeno.kit.errors import Invalid
from fadeno.settings import Settings


def register(subparsers: Any) -> None:
    """Declare the commands of this file."""
    family = group(
        command(
            subparsers,
            "calendars",
            "When places and teams are there for people: list, show the next days, check hours before they are used.",
            example="fadeno calendars show\nfadeno calendars check 'Mo-Fr 09:00-17:00; PH off' --country DE",
        )
    )
    command(
        family,
        "list",
        "Every calendar, and whether it is open now.",
        example="fadeno calendars list --json",
        run=_list,
        lists=True,
    )
    show = command(
        family,
        "show",
        "What a calendar means for the next days.",
        example="fadeno calendars show Service --days 30",
        run=_show,
        lists=True,
    )
    show.add_argument("name", metavar="NAME", nargs="?", help="its name or id; without, the main one")
    check = command(
        family,
        "check",
        "Say what opening hours mean, or what can't be understood in them; nothing is kept. Needs no database.",
        example="fadeno calendars check 'Mo-Fr 09:00-12:00,13:00-17:00; PH off' --zone Europe/Belgrade --country RS",
        run=_check,
        lists=True,
    )
    check.add_argument("hours", metavar="HOURS", help="as OpenStreetMap writes opening hours")
    check.add_argument("--zone", default="UTC", metavar="ZONE", help="IANA time zone of the hours")
    check.add_argument("--country", default="", metavar="CC", help="whose public holidays hold")
    check.add_argument("--region", default="", metavar="CODE", help="of the country, as SN for Saxony")
    check.add_argument("--on-holidays", default=content.CLOSED, metavar="HOURS", help="off, 'as usual', or 10:00-14:00")
    check.add_argument("--minutes", type=int, metavar="N", help="say also when N working minutes from now have passed")
    for one in (show, check):
        one.add_argument("--days", type=int, default=14, metavar="N", help="how many days (14)")


async def _list(args: argparse.Namespace, settings: Settings) -> None:
    async with opened(settings, "fadeno calendars list") as db, db.transaction() as tx:
        found, now = await content.calendars(tx), tx.now
    if args.json:
        as_json({"items": [{"calendar": one, "state": _state(one, now)} for one in found], "next": None})
        return
    rows = [
        (one.name, "main" if one.is_main else "", _state(one, now), one.calendar.hours, one.calendar.zone)
        for one in found
    ]
    table(rows, ("name", "main", "now", "hours", "zone"))


async def _show(args: argparse.Namespace, settings: Settings) -> None:
    async with opened(settings, "fadeno calendars show") as db, db.transaction() as tx:
        kept = await _named(tx, args.name)
    if kept.fault:
        raise kept.fault
    _tell(args, kept.calendar, clock.now())


async def _named(tx: Tx, name: str | None) -> KeptCalendar:
    found = await content.calendars(tx)
    fits = (one for one in found if name in (one.name, str(one.id)) or (name is None and one.is_main))
    kept = next(fits, None)
    if kept is None:
        raise content.NoCalendar
    return kept


async def _check(args: argparse.Namespace, settings: Settings) -> None:
    told = Calendar(args.hours, args.zone, args.country.upper(), args.region.upper(), args.on_holidays)
    _tell(args, content.checked_calendar(told), clock.now())


def _tell(args: argparse.Namespace, told: Calendar, now: datetime) -> None:
    if not 1 <= args.days <= 370:
        raise Invalid("Ask for 1 to 370 days.")
    days = content.days_from(told, content.today(told, now), args.days)
    minutes = getattr(args, "minutes", None)
    due_at = None if minutes is None else content.add_working_time(told, now, max(0, minutes))
    if args.json:
        shown = [{"on": day.on, "open": day.runs, "holiday": day.holiday, "special": day.special} for day in days]
        opens_at = content.next_opening(told, now)
        as_json({"is_open": content.is_open(told, now), "opens_at": opens_at, "due_at": due_at, "days": shown})
        return
    table([(f"{day.on:%a %Y-%m-%d}", _hours(day), _why(day)) for day in days], ("day", "open", "why"))
    print(_now(told, now))
    if due_at is not None:
        print(f"{minutes} working minutes from now: {_local(told, due_at)}")


def _hours(day: Day) -> str:
    return ", ".join(f"{start:%H:%M}–{_end(start, end)}" for start, end in day.runs) or "closed"


def _end(start: datetime, end: datetime) -> str:
    is_midnight = end.date() == start.date() + timedelta(days=1) and not (end.hour or end.minute)
    return "24:00" if is_midnight else f"{end:%H:%M}"


def _why(day: Day) -> str:
    special = (day.special.name or "special day") if day.special else ""
    return ", ".join(filter(None, (special, day.holiday)))


def _state(kept: KeptCalendar, now: datetime) -> str:
    return "can't be understood" if kept.fault else _now(kept.calendar, now)


def _now(told: Calendar, now: datetime) -> str:
    if content.is_open(told, now):
        closes = content.next_closing(told, now)
        return f"open until {_local(told, closes)}" if closes else "always open"
    opens = content.next_opening(told, now)
    return f"closed until {_local(told, opens)}" if opens else "never open"


def _local(told: Calendar, moment: datetime) -> str:
    return f"{moment.astimezone(ZoneInfo(told.zone)):%a %Y-%m-%d %H:%M}"
