"""Who answers what, how soon, and who is there."""

from dataclasses import asdict, replace
from uuid import UUID

from fadeno import access, content
from fadeno.access import Actor
from fadeno.content import NoCalendar
from fadeno.conversations import store
from fadeno.conversations.actions import keeping
from fadeno.conversations.model import Area, DeskMember
from fadeno.conversations.model.desk import checked_area, checked_member
from fadeno.conversations.store import routing
from fadeno.db import Tx
from fadeno.kit.errors import Invalid


async def set_area(tx: Tx, actor: Actor, area: Area) -> Area:
    """Make an area, or say anew how it is called, how soon it answers and by which calendar; due times follow soon.

    Raises:
        Invalid: a value can't be kept, or there is no such calendar.
    """
    area = checked_area(area)
    if area.calendar:
        try:
            await content.calendar(tx, UUID(area.calendar))
        except (NoCalendar, ValueError):
            raise Invalid("There is no such calendar.", field="calendar", word="bad_choice") from None
    before = (await store.areas(tx)).get(area.key)
    await routing.set_area(tx, area)
    changed = sorted(name for name, value in asdict(area).items() if before is None or getattr(before, name) != value)
    await access.note(tx, actor, "set", "area", area.key, {"fields": changed})
    return area


async def set_desk_member(tx: Tx, actor: Actor, member: DeskMember) -> DeskMember:
    """Say what a member answers: areas, languages, skills, how many cases at once, and whether they are on duty.

    Raises:
        Invalid: there is no such member or area, or a value can't be kept.
    """
    member = checked_member(member)
    if not await keeping.are_members(tx, [member.member_id]):
        raise Invalid("There is no such member.", field="member", word="bad_choice")
    if not set(member.areas) <= set(await store.areas(tx)):
        raise Invalid("There is no such area.", field="areas", word="bad_choice")
    before = {one.member_id: one for one in await routing.desk_members(tx)}.get(member.member_id)
    await routing.set_desk_member(tx, member)
    await access.note(tx, actor, "set", "desk_member", member.member_id, {"areas": member.areas})
    return replace(member, seen_at=before.seen_at if before else None)


async def seen(tx: Tx, actor: Actor) -> None:
    """Say that a member is at the desk; call it now and then while they are, it writes once a minute at most."""
    if actor.kind == "member" and actor.id is not None:
        await routing.note_seen(tx, actor.id)
