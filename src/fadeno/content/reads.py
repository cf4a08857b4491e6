"""Questions about what the company says."""

from uuid import UUID

from fadeno.content import store
from fadeno.content.model.calendar import KeptCalendar, NoCalendar
from fadeno.db import Tx


async def calendars(tx: Tx) -> list[KeptCalendar]:
    """Every calendar, the main one first, then by name."""
    return await store.calendars(tx)


async def calendar(tx: Tx, id_: UUID) -> KeptCalendar:
    """One calendar.

    Raises:
        NoCalendar: there is none by that id.
    """
    found = await store.calendar(tx, id_)
    if found is None:
        raise NoCalendar
    return found


async def calendar_for(tx: Tx, *, calendar_id: UUID | None = None, place_id: UUID | None = None) -> KeptCalendar | None:
    """The calendar that holds: the one named, else the place's, else the main one; None where nothing is known.

    One that nothing can be told by (a place's hours nobody understands) is passed over.
    """
    usable = [one for one in await store.calendars(tx) if one.fault is None]
    ways = (
        lambda one: calendar_id is not None and one.id == calendar_id,
        lambda one: place_id is not None and one.place_id == place_id,
        lambda one: one.is_main,
    )
    return next((one for fits in ways for one in usable if fits(one)), None)
