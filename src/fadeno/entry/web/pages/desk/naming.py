"""What the desk calls people, areas and channels."""

import re
from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from fadeno import access, channels, conversations, customers
from fadeno.access import SYSTEM, Actor
from fadeno.conversations import PRIORITIES, Area, DeskMember
from fadeno.db import Tx
from fadeno.entry.web import channels as looked
from fadeno.entry.web import words
from fadeno.entry.web.pages.customers import seeing

_BARE_ID = re.compile(r"[0-9a-f-]{20,}")  # of a chat or a browser


async def people(tx: Tx) -> dict[UUID, str]:
    """Every member's name by id, in the order of names."""
    return {one.id: one.name or one.email for one in await access.all_members(tx, SYSTEM)}


async def desk_member(tx: Tx, member_id: UUID) -> DeskMember:
    """What a member answers; everything, where nobody said."""
    there = {one.member_id: one for one in await conversations.desk_members(tx)}
    return there.get(member_id) or DeskMember(member_id)


async def customer_names(tx: Tx, actor: Actor, ids: Iterable[UUID | None]) -> dict[UUID, str]:
    """What these customers are called, as this viewer may read it."""
    known = await customers.summaries(tx, sorted({id_ for id_ in ids if id_}))
    return {one.id: seeing.label_shown(actor, one.label) for one in known}


async def areas(tx: Tx) -> dict[str, str]:
    """Every area by key with what it is called."""
    return {one.key: area_name(one) for one in await conversations.areas(tx)}


def area_name(area: Area) -> str:
    """What an area is called: as somebody named it, else in our words where it is one of ours."""
    return area.name or words.called(words.spoken(), "desk.area", area.key)


def channel_name(channel: str) -> str:
    """What a channel is called."""
    return words.called(words.spoken(), "channel", channel)


def choices(people: Mapping[UUID, str]) -> dict[str, Any]:
    """What one chooses from: members, priorities, channels, each with what it is called."""
    lang = words.spoken()
    return {
        "owners": list(people.items()),
        "priority_names": [(n, words.say(lang, f"desk.priority.{n}")) for n in PRIORITIES],
        "channel_choices": [(name, channel_name(name)) for name in sorted(channels.adapters())],
    }


def address_said(actor: Actor, kind: str, value: str) -> str:
    """An address as people read it; empty where it is a bare id that tells nobody anything."""
    return "" if _BARE_ID.fullmatch(value) else seeing.address_shown(actor, kind, value)


def looks() -> dict[str, Any]:
    """How channels are drawn and called."""
    return {"family": looked.family, "icon_of": looked.icon, "channel_name": channel_name}
