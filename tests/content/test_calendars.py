"""Calendars as they are kept."""

from datetime import UTC, date, datetime

import pytest

from fadeno import access, commerce, content
from fadeno.access import SYSTEM
from fadeno.commerce import NewPlace
from fadeno.content import SpecialDays
from fadeno.db import Tx
from fadeno.kit.errors import Invalid
from fadeno.kit.ids import new_id

WEDNESDAY = datetime(2026, 11, 18, 10, tzinfo=UTC)


async def a_place(tx: Tx, hours: str = "Mo-Fr 10:00-18:00") -> commerce.Place:
    said = NewPlace("leipzig", "Lumo Leipzig", kind="shop", country="DE", zone="Europe/Berlin", hours=hours)
    await commerce.keep_places(tx, 0, [said], said_in=new_id(), said_at=tx.now)
    return (await commerce.places(tx))[0][0]


async def test_the_first_calendar_is_the_main_one_and_stays_until_another_is(tx: Tx) -> None:
    assert await content.calendar_for(tx) is None
    first = await content.create_calendar(tx, SYSTEM, "Service", hours="Mo-Fr 09:00-17:00", zone="Europe/Belgrade")
    second = await content.create_calendar(tx, SYSTEM, "Night line", hours="24/7")
    assert (first.is_main, second.is_main) == (True, False)
    with pytest.raises(content.MainCalendarStays):
        await content.remove_calendar(tx, SYSTEM, first.id)
    await content.change_calendar(tx, SYSTEM, second.id, is_main=True)
    await content.remove_calendar(tx, SYSTEM, first.id)
    assert [one.name for one in await content.calendars(tx)] == ["Night line"]


async def test_a_places_calendar_follows_what_its_source_says(tx: Tx) -> None:
    place = await a_place(tx)
    kept = await content.create_calendar(tx, SYSTEM, "", place_id=place.id, region="SN")
    assert (kept.name, kept.calendar.hours, kept.calendar.zone) == (
        "Lumo Leipzig",
        "Mo-Fr 10:00-18:00",
        "Europe/Berlin",
    )
    assert not content.is_open(kept.calendar, WEDNESDAY)  # a holiday of Saxony
    await a_place(tx, "Mo-Sa 08:00-12:00")
    assert (await content.calendar(tx, kept.id)).calendar.hours == "Mo-Sa 08:00-12:00"
    own = await content.change_calendar(tx, SYSTEM, kept.id, hours="Mo 09:00-10:00")
    assert own.calendar.hours == "Mo 09:00-10:00"
    assert (await content.change_calendar(tx, SYSTEM, kept.id, hours=None)).calendar.hours == "Mo-Sa 08:00-12:00"


async def test_where_a_places_hours_tell_nothing_the_main_calendar_holds(tx: Tx) -> None:
    main = await content.create_calendar(tx, SYSTEM, "Service", hours="24/7")
    place = await a_place(tx, "when we like")
    kept = await content.create_calendar(tx, SYSTEM, "", place_id=place.id)
    assert isinstance(kept.fault, Invalid)
    held = await content.calendar_for(tx, place_id=place.id)
    assert held is not None
    assert held.id == main.id


async def test_special_days_are_added_changed_and_taken_away(tx: Tx) -> None:
    kept = await content.create_calendar(tx, SYSTEM, "Service", hours="Mo-Su 09:00-17:00")
    day = tx.now.date()
    await content.add_special_days(tx, SYSTEM, kept.id, SpecialDays(day, day, name="Stocktaking"))
    changed = await content.add_special_days(tx, SYSTEM, kept.id, SpecialDays(day, day, "10:00-12:00", "Stocktaking"))
    assert changed.calendar.special_days == (SpecialDays(day, day, "10:00-12:00", "Stocktaking"),)
    assert content.days_from(changed.calendar, day, 1)[0].special == SpecialDays(day, day, "10:00-12:00", "Stocktaking")
    bare = await content.remove_special_days(tx, SYSTEM, kept.id, SpecialDays(day, day))
    assert bare.calendar.special_days == ()
    lines = await access.audit(tx, SYSTEM, access.Asked(object_kind="calendar"))
    assert [line.verb for line in lines] == ["change", "change", "change", "create"]


@pytest.mark.parametrize(
    ("field", "said"),
    [
        ("hours", {"hours": "Mo-Fr 9 to 5"}),
        ("zone", {"zone": "Europe/Nowhere"}),
        ("country", {"country": "Serbia"}),
        ("region", {"country": "DE", "region": "XX"}),
        ("on_holidays", {"on_holidays": "sometimes"}),
        ("special_days", {"special_days": (SpecialDays(date(2026, 12, 2), date(2026, 12, 1)),)}),
        ("answer_within_min", {"answer_within_min": -1}),
        ("name", {"name": " "}),
    ],
)
async def test_what_cant_be_kept_is_refused_at_its_place(tx: Tx, field: str, said: dict) -> None:
    with pytest.raises(Invalid) as refused:
        await content.create_calendar(tx, SYSTEM, **{"name": "Service", "hours": "24/7", **said})
    assert refused.value.field == field
    assert await content.calendars(tx) == []


async def test_two_calendars_have_two_names(tx: Tx) -> None:
    await content.create_calendar(tx, SYSTEM, "Service", hours="24/7")
    with pytest.raises(content.CalendarNameTaken):
        await content.create_calendar(tx, SYSTEM, "Service", hours="24/7")
