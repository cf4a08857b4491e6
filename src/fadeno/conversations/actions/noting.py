"""What members write among themselves, begin to write, follow and have read."""

from collections.abc import Sequence
from uuid import UUID

from fadeno import access, commerce
from fadeno.access import Actor
from fadeno.conversations import store
from fadeno.conversations.actions import keeping, telling
from fadeno.conversations.actions.answering import author_kind
from fadeno.conversations.model import Case, Draft, Message, NoCase, Saying, checked_text, said
from fadeno.db import Tx
from fadeno.kit.errors import Invalid
from fadeno.kit.ids import new_id

MOST_MENTIONS = 50


async def note(tx: Tx, actor: Actor, case_id: UUID, text: str, *, mentions: Sequence[UUID] = ()) -> Message:
    """Write a note that only members see; whoever is mentioned hears of it and follows the case.

    Raises:
        Invalid: it is empty or too long, or mentions somebody who is no member.
    """
    text = checked_text(text)
    (case,) = await keeping.held(tx, case_id)
    named = list(dict.fromkeys(mentions))
    if len(named) > MOST_MENTIONS or not await keeping.are_members(tx, named):
        raise Invalid("Only members can be mentioned, at most fifty at once.", field="mentions", word="bad_choice")
    row = {
        "id": new_id(), "case_id": case.id, "said_at": tx.now, "direction": "note", "channel": "house",
        "account_id": None, "address_id": None, "author_kind": author_kind(actor), "author_id": actor.id,
        "author_name": actor.name, "proven": 0, "is_automatic": False, "subject": "", "text": text,
        "language": "", "provider_id": "", "state": "note", "attachments": [], "mentions": named,
    }  # fmt: skip
    position = await keeping.add(tx, row)
    one = Saying(position, tx.now, "note", "house", "member", is_automatic=False, is_cancelled=False, words="")
    await keeping.write(tx, said(case, one))
    others = [id_ for id_ in named if id_ != actor.id]
    for id_ in others:
        await store.follow(tx, case.id, id_)
    await store.nudge(tx, case.id, others, "mentioned")
    await telling.tell(tx, case, "noted", message=row["id"])
    await access.note(tx, actor, "note", "case", case.id, {"message": str(row["id"]), "mentions": len(named)})
    return (await store.messages_by_id(tx, [row["id"]]))[0]


async def save_draft(
    tx: Tx,
    actor: Actor,
    case_id: UUID,
    text: str,
    *,
    is_note: bool = False,
    account_id: UUID | None = None,
    address_id: UUID | None = None,
) -> Draft | None:
    """Keep what a member has typed so far; an empty text forgets it.

    Raises:
        Invalid: the text is too long, or a machine asks.
        NoCase: there is no such case.
    """
    member_id = _member(actor)
    case_id = await store.where_now(tx, case_id) or case_id  # merged meanwhile: what is typed goes where the case went
    if not text.strip():
        await store.forget_draft(tx, case_id, member_id)
        return None
    checked_text(text)
    draft = Draft(case_id, member_id, text.replace("\0", ""), is_note, account_id, address_id, tx.now)
    await store.save_draft(tx, draft)
    return draft


async def follow(tx: Tx, actor: Actor, case_id: UUID, *, is_on: bool = True) -> None:
    """Hear of what happens in a case, or no longer.

    Raises:
        NoCase, Gone: as they say.
    """
    member_id = _member(actor)
    (case,) = await keeping.held(tx, case_id)
    await (store.follow if is_on else store.unfollow)(tx, case.id, member_id)


async def mark_read(tx: Tx, actor: Actor, case_id: UUID, seen_upto: int) -> None:
    """Say how far a case was read; going back makes what came after unread again."""
    await store.mark_read(tx, case_id, _member(actor), max(0, min(seen_upto, 2**62)))


async def hear_nudges(tx: Tx, actor: Actor, upto: UUID) -> None:
    """Say that one has heard of all that stands up to a nudge."""
    await store.hear_nudges(tx, _member(actor), upto)


async def link(tx: Tx, actor: Actor, case_id: UUID, kind: str, other_id: UUID, *, is_on: bool = True) -> Case:
    """Say that a case has to do with an order or another case, or that it hasn't.

    Raises:
        Invalid: it is neither kind, or the case itself.
        NoCase, NoOrder: there is no such other.
    """
    if kind not in ("order", "case") or (kind == "case" and other_id == case_id):
        raise Invalid("Link an order, or another case.", field="kind", word="bad_choice")
    (case,) = await keeping.held(tx, case_id)
    if is_on:
        await _see_there(tx, kind, other_id)
    if await (store.link if is_on else store.unlink)(tx, case.id, kind, other_id):
        side = {"linked": {"kind": kind, "id": other_id}}
        before, after = ({}, side) if is_on else (side, {})
        await store.add_act(tx, actor, case.id, "link" if is_on else "unlink", before, after)
        await telling.tell(tx, case, "link" if is_on else "unlink")
        await access.note(tx, actor, "link", "case", case.id, {"kind": kind, "id": str(other_id), "on": is_on})
    return case


async def _see_there(tx: Tx, kind: str, id_: UUID) -> None:
    if kind == "order":
        await commerce.order(tx, id_)
    elif not await store.cases_by_id(tx, [id_]):
        raise NoCase(field="id")


def _member(actor: Actor) -> UUID:
    if actor.kind != "member" or actor.id is None:
        raise Invalid("Only members have this.", field="member", word="bad_choice")
    return actor.id
