"""Taking back what was done to a case."""

from typing import Any
from uuid import UUID

from fadeno import access
from fadeno.access import Actor
from fadeno.conversations import store
from fadeno.conversations.actions import answering, keeping, moving, telling
from fadeno.conversations.model import Act, Case, ChangedSince, NoAct
from fadeno.db import Tx


async def undo(tx: Tx, actor: Actor, act_id: UUID) -> Case:
    """Take an act back; the case as it stands then. What was changed back that way can be taken back again.

    Raises:
        NoAct: there is none, or it was taken back already.
        ChangedSince: what it changed was changed again; take that back first.
        TooLate: it was an answer, and it left.
    """
    act = await store.act(tx, act_id)
    if act is None or act.undone_at is not None:
        raise NoAct(field="act")
    if act.verb == "answer":
        message = await answering.hold_back(tx, actor, UUID(act.after["message"]))
        return (await store.cases_by_id(tx, [message.case_id]))[0]
    if act.verb in ("merge", "split") and len(await store.cases_by_id(tx, [act.case_id, act.other_id or act.id])) < 2:
        raise ChangedSince  # it was done in another house, whose other case did not come along
    if not await store.undo_act(tx, act_id):
        raise NoAct(field="act")
    match act.verb:
        case "merge":
            case = await moving.unmerge(tx, actor, act)
        case "split":
            case = await moving.unsplit(tx, actor, act)
        case "link" | "unlink":
            case = await _relinked(tx, actor, act)
        case _:
            case = await _restored(tx, actor, act)
    await access.note(tx, actor, "undo", "case", case.id, {"verb": act.verb})
    return case


async def _restored(tx: Tx, actor: Actor, act: Act) -> Case:
    (case,) = await keeping.held(tx, act.case_id)
    after, before = keeping.restored(act.after), keeping.restored(act.before)
    owner_id = before.get("owner_id")
    if any(getattr(case, name) != value for name, value in after.items()):
        raise ChangedSince
    if owner_id is not None and not await keeping.are_members(tx, [owner_id]):
        raise ChangedSince
    again = await store.add_act(tx, actor, case.id, act.verb, act.after, act.before)
    case = await keeping.write(tx, case, **before)
    await telling.tell(tx, case, act.verb, act=again, by=actor.name)
    return case


async def _relinked(tx: Tx, actor: Actor, act: Act) -> Case:
    (case,) = await keeping.held(tx, act.case_id)
    was, is_now = act.before.get("linked"), act.after.get("linked")
    side: dict[str, Any] = was or is_now
    does = store.link if was else store.unlink
    if not await does(tx, case.id, side["kind"], UUID(side["id"])):
        raise ChangedSince
    verb = "link" if was else "unlink"
    await store.add_act(tx, actor, case.id, verb, act.after, act.before)
    await telling.tell(tx, case, verb)
    return case
