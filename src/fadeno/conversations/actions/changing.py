"""What members do to a case: whose it is, what it waits for, how it is filed. Each can be taken back."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from fadeno import access
from fadeno.access import Actor
from fadeno.conversations import store
from fadeno.conversations.actions import keeping, telling
from fadeno.conversations.model import (
    MOST_TAGS,
    MOST_TITLE_CHARS,
    PRIORITIES,
    STAGES,
    STATES,
    Case,
    in_short,
)
from fadeno.db import Tx
from fadeno.kit.errors import Invalid
from fadeno.kit.money import Money

_MOST_TAG_CHARS = 40


async def change(tx: Tx, actor: Actor, case_id: UUID, verb: str, because: str = "", **changes: Any) -> Case:
    """Do something to a case: what differs is written, kept with how it stood, told on the thread, noted in the trail.

    Args:
        because: why, where fadeno does it by itself; told on the thread.

    Returns:
        The case as it stands then; the same one where nothing differs.

    Raises:
        NoCase, Gone: as they say.
    """
    (case,) = await keeping.held(tx, case_id)
    before = {name: getattr(case, name) for name, value in changes.items() if getattr(case, name) != value}
    if not before:
        return case
    after = {name: changes[name] for name in before}
    act_id = await store.add_act(tx, actor, case.id, verb, before, after)
    changed = await keeping.write(tx, case, **after)
    why = {"because": because} if because else {}
    await telling.tell(tx, changed, verb, act=act_id, by=actor.name, **why)
    await access.note(tx, actor, verb, "case", case.id, {"fields": sorted(before)})
    return changed


# Whose it is -----------------------------------------------------------------------------------------------------


async def assign(tx: Tx, actor: Actor, case_id: UUID, owner_id: UUID | None) -> Case:
    """Give a case to a member, who hears of it; None takes it from whoever has it.

    Raises:
        Invalid: there is no such member.
    """
    if owner_id is not None and not await keeping.are_members(tx, [owner_id]):
        raise Invalid("There is no such member, or their role sees no cases.", field="owner", word="bad_choice")
    case = await change(tx, actor, case_id, "assign" if owner_id else "unassign", owner_id=owner_id)
    if owner_id is not None and owner_id != actor.id:
        await store.nudge(tx, case.id, [owner_id], "assigned")
    return case


async def take(tx: Tx, actor: Actor, case_id: UUID) -> Case:
    """Make a case one's own.

    Raises:
        Invalid: a key or the system owns nothing.
    """
    if actor.kind != "member":
        raise Invalid("Only members own cases.", field="owner", word="bad_choice")
    return await assign(tx, actor, case_id, actor.id)


async def hand(tx: Tx, actor: Actor, case_id: UUID, area: str) -> Case:
    """Hand a case to another area; its owner is whoever takes it up there.

    Raises:
        Invalid: there is no such area.
    """
    if area not in await store.areas(tx):
        raise Invalid("There is no such area.", field="area", word="bad_choice")
    (case,) = await keeping.held(tx, case_id)
    if case.area == area:
        return case
    return await change(tx, actor, case_id, "hand", area=area, owner_id=None)


# What it waits for -----------------------------------------------------------------------------------------------


async def set_state(tx: Tx, actor: Actor, case_id: UUID, state: str, *, until: datetime | None = None) -> Case:
    """Say what a case waits for: open (for us), waiting_customer, waiting_until (a time), or that it is solved.

    Raises:
        Invalid: there is no such state, or no time to come to wait until.
    """
    if state not in STATES:
        raise Invalid(f"Choose a state: {', '.join(STATES)}.", field="state", word="bad_choice")
    if state == "waiting_until" and (until is None or until <= tx.now):
        raise Invalid("Say a time to come until which it waits.", field="until", word="bad_until")
    (case,) = await keeping.held(tx, case_id)
    changes: dict[str, Any] = {"state": state, "waits_until": until if state == "waiting_until" else None}
    changes["solved_at"] = (case.solved_at or tx.now) if state == "solved" else None
    verb = {"solved": "solve", "open": "open"}.get(state, "wait")
    if case.state == "solved" and state != "solved":
        verb, changes["reopened_count"] = "reopen", case.reopened_count + 1
    return await change(tx, actor, case_id, verb, **changes)


# How it is filed -------------------------------------------------------------------------------------------------


async def prioritise(tx: Tx, actor: Actor, case_id: UUID, priority: int) -> Case:
    """Say how urgent a case is: 1 urgent, 2 high, 3 normal, 4 low.

    Raises:
        Invalid: it is none of these.
    """
    if priority not in PRIORITIES:
        raise Invalid("A priority is 1 (urgent) to 4 (low).", field="priority", word="bad_choice")
    return await change(tx, actor, case_id, "prioritise", priority=priority)


async def tag(tx: Tx, actor: Actor, case_id: UUID, *, add: Sequence[str] = (), remove: Sequence[str] = ()) -> Case:
    """Put tags on a case and take others off; small letters, up to forty characters each.

    Raises:
        Invalid: a tag is empty or too long, or there would be more than twenty.
    """
    (case,) = await keeping.held(tx, case_id)
    off = {_tag(name) for name in remove}
    tags = sorted({*case.tags, *(_tag(name) for name in add)} - off)
    if len(tags) > MOST_TAGS:
        raise Invalid(f"A case has at most {MOST_TAGS} tags.", field="tags", word="many_tags", most=MOST_TAGS)
    return await change(tx, actor, case_id, "tag", tags=tags)


def _tag(name: str) -> str:
    name = " ".join(name.replace("\0", "").split()).casefold()
    if not name or len(name) > _MOST_TAG_CHARS or not name.isprintable():
        raise Invalid("A tag has one to forty letters, digits and signs.", field="tags", word="bad_tag")
    return name


async def entitle(tx: Tx, actor: Actor, case_id: UUID, title: str) -> Case:
    """Call a case otherwise.

    Raises:
        Invalid: the title is empty.
    """
    title = in_short(title.replace("\0", ""), MOST_TITLE_CHARS)
    if not title:
        raise Invalid("Write something first.", field="title", word="empty_text")
    return await change(tx, actor, case_id, "entitle", title=title)


async def expect(
    tx: Tx, actor: Actor, case_id: UUID, *, value: Money | None, stage: str | None, expected_on: date | None
) -> Case:
    """Say what a sale is worth, how far it is, and when it is expected.

    Raises:
        Invalid: there is no such stage.
    """
    if stage is not None and stage not in STAGES:
        raise Invalid(f"Choose a stage: {', '.join(STAGES)}.", field="stage", word="bad_choice")
    minor, currency = (value.minor, value.currency) if value else (None, None)
    return await change(
        tx, actor, case_id, "expect", value_minor=minor, currency=currency, stage=stage, expected_on=expected_on
    )
