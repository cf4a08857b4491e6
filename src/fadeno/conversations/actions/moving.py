"""Cases made one, and one made two: messages move, nothing is written anew, and both can be taken back."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from fadeno import access
from fadeno.access import Actor
from fadeno.conversations import store
from fadeno.conversations.actions import keeping, telling
from fadeno.conversations.model import MOST_TITLE_CHARS, Act, Case, ChangedSince, NotMovable, in_short
from fadeno.conversations.store import timing
from fadeno.db import Tx
from fadeno.kit.ids import new_id


async def merge(tx: Tx, actor: Actor, case_id: UUID, into_id: UUID) -> Case:
    """Move everything of a case into another one of the same customer; the other as it stands then.

    What comes later for the one that is gone goes into the other.

    Raises:
        NotMovable: it is the same case, or another customer's: merge the customers first.
        NoCase, Gone: as they say.
    """
    if case_id == into_id:
        raise NotMovable("That is the same case.", field="into")
    case, into = await keeping.held(tx, case_id, into_id)
    if case.customer_id is None or case.customer_id != into.customer_id:
        raise NotMovable("These cases are of two customers.", field="into", hint="Merge the customers first.")
    changes: dict[str, Any] = {}
    if case.state == "open" != into.state:
        changes |= {"state": "open", "waits_until": None, "solved_at": None}
    if into.owner_id is None and case.owner_id is not None:
        changes["owner_id"] = case.owner_id
    before = {name: getattr(into, name) for name in changes}
    act_id = await store.add_act(tx, actor, into.id, "merge", before, changes, case.id)
    await store.move(tx, act_id, case.id, into.id, None)
    await keeping.write(tx, await keeping.refolded(tx, case), merged_into=into.id)
    if case.broken_at is not None:
        await timing.note_broken(tx, [case.id])  # kept, so that undoing does not tell of it anew
    into = await keeping.write(tx, await keeping.refolded(tx, into), **changes)
    await telling.tell(tx, into, "merge", act=act_id, by=actor.name, merged=str(case.number))
    await access.note(tx, actor, "merge", "case", into.id, {"merged": str(case.id)})
    return into


async def split(tx: Tx, actor: Actor, case_id: UUID, message_ids: Collection[UUID], *, title: str = "") -> Case:
    """Move some messages of a case into a new one; the new one.

    It is of whoever wrote the first of them, so messages of somebody else find their own customer.

    Raises:
        NotMovable: none or all of its messages are named, or one that is in another case.
        NoCase, Gone: as they say.
    """
    (case,) = await keeping.held(tx, case_id)
    wanted = set(message_ids)
    moving = [m for m in await store.messages_by_id(tx, wanted) if m.case_id == case.id]
    if not moving or len(moving) != len(wanted):
        raise NotMovable("Name messages of this case.", field="messages")
    if len(moving) >= await store.count_messages(tx, case.id):
        raise NotMovable("Leave at least one message in the case.", field="messages")
    first = next((m for m in moving if m.direction == "in"), moving[0])
    new = new_id()
    await store.add_case(
        tx, id=new, address_id=first.address_id or case.address_id, area=case.area, language=case.language,
        opened_at=moving[0].said_at, matter_kind=None, matter_id=None,
        title=in_short(title or first.subject or first.text, MOST_TITLE_CHARS) or case.title,
    )  # fmt: skip
    act_id = await store.add_act(tx, actor, case.id, "split", {}, {}, new)
    await store.move(tx, act_id, case.id, new, wanted)
    (made,) = await store.cases_by_id(tx, [new])
    made = await keeping.refolded(tx, made)
    made = await keeping.write(tx, made, state="open" if made.waiting_since else "waiting_customer")
    await keeping.write(tx, await keeping.refolded(tx, case))
    await telling.tell(tx, made, "split", act=act_id, by=actor.name, split_from=str(case.number))
    await access.note(tx, actor, "split", "case", case.id, {"new": str(new), "messages": len(wanted)})
    return made


async def unmerge(tx: Tx, actor: Actor, act: Act) -> Case:
    """Take a merge back: every message it moved goes where it was; what came since stays.

    Raises:
        ChangedSince: the case or the messages went on into others since.
    """
    await store.lock_cases(tx, {act.case_id, act.other_id})
    into, case = await store.cases_by_id(tx, [act.case_id, act.other_id])
    if into.merged_into is not None or case.merged_into != into.id:
        raise ChangedSince
    await _back(tx, act)
    was_told = case.broken_at is not None
    case = await keeping.write(tx, await keeping.refolded(tx, case), merged_into=None)
    if was_told and case.due_at is not None and case.due_at <= tx.now:
        await timing.note_warned(tx, [case.id])
        await timing.note_broken(tx, [case.id])
    changes = keeping.restored(act.before)
    stands = {name: getattr(into, name) for name in changes}
    if stands != keeping.restored(act.after):
        changes = {}
    into = await keeping.write(tx, await keeping.refolded(tx, into), **changes)
    await telling.tell(tx, into, "unmerge", by=actor.name, merged=str(case.number))
    return into


async def unsplit(tx: Tx, actor: Actor, act: Act) -> Case:
    """Take a split back: its messages go where they were, and the case it made is gone.

    Raises:
        ChangedSince: something came into the new case since, or went on from it: merge the two instead.
    """
    await store.lock_cases(tx, {act.case_id, act.other_id})
    case, made = await store.cases_by_id(tx, [act.case_id, act.other_id])
    if case.merged_into is not None or made.merged_into is not None:
        raise ChangedSince
    if await store.count_messages(tx, made.id) != await store.count_moves(tx, act.id):
        raise ChangedSince(hint="Merge the two cases instead.")
    await _back(tx, act)
    await keeping.write(tx, await keeping.refolded(tx, made), merged_into=case.id)
    case = await keeping.write(tx, await keeping.refolded(tx, case))
    await telling.tell(tx, case, "unsplit", by=actor.name, merged=str(made.number))
    return case


async def _back(tx: Tx, act: Act) -> None:
    """Move the messages of an act back; all of them must still be where it brought them."""
    if await store.move_back(tx, act.id) != await store.count_moves(tx, act.id):
        raise ChangedSince
