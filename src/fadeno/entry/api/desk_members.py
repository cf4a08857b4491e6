"""Areas and members of the desk over the API: who answers for what, how soon, how many cases at once."""

from typing import Annotated, Literal
from uuid import UUID

import msgspec
from litestar import Request, get, put
from litestar.params import FromPath, JSONBody

from fadeno import conversations
from fadeno.conversations import Area, DeskMember
from fadeno.entry.door import opened

Seconds = Annotated[int, msgspec.Meta(ge=1, le=2**31 - 1)]
Words = Annotated[list[Annotated[str, msgspec.Meta(max_length=100)]], msgspec.Meta(max_length=100)]


class SaidArea(msgspec.Struct, forbid_unknown_fields=True):
    """An area as it is to be: times in working seconds of its calendar, null for none; the calendar by its id.

    An answer not delivered within `next_channel_s` goes its next way where `is_next_taken`, else that is proposed.
    `asks_rating` says where customers are asked how content they were once a case is solved; everywhere = by mail too.
    """

    name: Annotated[str, msgspec.Meta(max_length=200)] = ""
    calendar: str = ""
    first_s: Seconds | None = None
    next_s: Seconds | None = None
    resolve_s: Seconds | None = None
    is_routed: bool = False
    next_channel_s: Seconds | None = None
    reopen_days: Annotated[int, msgspec.Meta(ge=0, le=3650)] = 14
    is_next_taken: bool = False
    asks_rating: Literal["nowhere", "chat", "everywhere"] = "chat"


class SaidMember(msgspec.Struct, forbid_unknown_fields=True):
    """What a member answers; empty lists mean all."""

    areas: Words = []
    languages: Words = []
    skills: Words = []
    most_open: Annotated[int, msgspec.Meta(ge=0, le=100_000)] = 20
    is_on_duty: bool = True


class Duty(msgspec.Struct, forbid_unknown_fields=True):
    """Whether one is given cases now."""

    is_on_duty: bool


class Areas(msgspec.Struct, frozen=True):
    """Every area."""

    items: list[Area]


class DeskMembers(msgspec.Struct, frozen=True):
    """Every member of the desk."""

    items: list[DeskMember]


@get("/api/areas", summary="Areas")
async def list_areas(request: Request) -> Areas:
    """Who answers for what, and how soon, by key."""
    async with opened(request, "see", "cases") as (tx, _):
        return Areas(await conversations.areas(tx))


@put("/api/areas/{key:str}", summary="Make or change an area")
async def set_area(request: Request, key: FromPath[str], data: JSONBody[SaidArea]) -> Area:
    """All of it is as said from now on; due times of its cases follow within a minute."""
    async with opened(request, "manage", "cases") as (tx, actor):
        return await conversations.set_area(tx, actor, Area(key, **msgspec.structs.asdict(data)))


@get("/api/desk-members", summary="Members of the desk")
async def list_members(request: Request) -> DeskMembers:
    """What each answers, and when they were seen at the desk last."""
    async with opened(request, "see", "cases") as (tx, _):
        return DeskMembers(await conversations.desk_members(tx))


@put("/api/desk-members/{member_id:uuid}", summary="Say what a member answers")
async def set_member(request: Request, member_id: FromPath[UUID], data: JSONBody[SaidMember]) -> DeskMember:
    """All of it is as said from now on."""
    async with opened(request, "manage", "cases") as (tx, actor):
        member = DeskMember(member_id, **msgspec.structs.asdict(data))
        return await conversations.set_desk_member(tx, actor, member)


@put("/api/desk-members/me/duty", summary="Begin or end one's duty")
async def set_duty(request: Request, data: JSONBody[Duty]) -> DeskMember:
    """Whether the member who asks is given cases; the rest of what they answer stays."""
    async with opened(request, "change", "cases") as (tx, actor):
        there = {one.member_id: one for one in await conversations.desk_members(tx)}
        mine = there.get(actor.id) or DeskMember(actor.id)
        said = DeskMember(
            mine.member_id, mine.areas, mine.languages, mine.skills, mine.most_open, is_on_duty=data.is_on_duty
        )
        return await conversations.set_desk_member(tx, actor, said)


routes = [list_areas, set_area, list_members, set_member, set_duty]
