"""Answering customers, holding an answer back, and what its channel says became of it."""

from dataclasses import asdict, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from fadeno import access, content, customers, events, jobs, promises
from fadeno.access import Actor
from fadeno.conversations import store
from fadeno.conversations.actions import keeping, telling
from fadeno.conversations.model import (
    Answer,
    CantBeSent,
    Case,
    Message,
    NoMessage,
    Saying,
    TooLate,
    Unseen,
    Way,
    checked_text,
    said,
)
from fadeno.conversations.reads import composer
from fadeno.db import Tx
from fadeno.kit.errors import Invalid
from fadeno.kit.ids import new_id

JOB = "message"  # the kind of job that carries a message to its channel; its body names the message
LONGEST_UNDO_S = 120
THEN = ("waiting_customer", "open", "solved")
_BEFORE = {
    "sent": ("queued", "unknown"),
    "delivered": ("queued", "sent", "unknown", "failed"),
    "read": ("queued", "sent", "unknown", "delivered", "failed"),
    "failed": ("queued", "sent", "unknown"),
    "unknown": ("queued",),
}


async def answer(tx: Tx, actor: Actor, case_id: UUID, said_so: Answer) -> Message:
    """Say something to the customer: the message, its event and the job that sends it, together.

    What its author said already by the same key is what is answered; nothing is said twice.

    Raises:
        Unseen: somebody said something after what its author has seen; send again once it was read.
        CantBeSent: nothing is known to send it to, or the address is not the customer's.
        NoCase, Gone, Invalid: as they say.
    """
    text = _filled(checked_text(said_so.text), "text")
    _filled(said_so.subject, "subject")
    if said_so.then not in THEN:
        raise Invalid(f"Choose what it waits for: {', '.join(THEN)}.", field="then", word="bad_choice")
    (case,) = await keeping.held(tx, case_id)
    if said_so.key and (known := await store.answered_by_key(tx, case.id, actor.id, said_so.key)):
        return (await store.messages_by_id(tx, [known]))[0]
    newer = await store.newer(tx, case.id, said_so.seen_upto, actor.id)
    if newer.newer and not said_so.is_automatic:
        raise Unseen(newer.newer, newer.last)
    way = await _way(tx, actor, case, said_so)
    undo_until = tx.now + timedelta(seconds=max(0, min(said_so.undo_s, LONGEST_UNDO_S)))
    row = {
        "id": new_id(), "case_id": case.id, "said_at": tx.now, "direction": "out", "channel": way.channel,
        "account_id": way.account_id, "address_id": way.address_id, "author_kind": author_kind(actor),
        "author_id": actor.id, "author_name": actor.name, "proven": 0, "is_automatic": said_so.is_automatic,
        "subject": (said_so.subject or way.subject)[:1000], "text": text, "language": case.language, "provider_id": "",
        "state": "queued", "undo_until": undo_until, "seen_upto": said_so.seen_upto,
        "attachments": [asdict(file) for file in said_so.attachments], "mentions": [],
    }  # fmt: skip
    message = await _put(tx, actor, case, row, said_so)
    if actor.kind == "member":
        await store.forget_draft(tx, case.id, actor.id)
        await store.mark_read(tx, case.id, actor.id, message.position)
    if said_so.then == "solved" and case.state != "solved":
        await telling.tell(tx, case, "solved", by=actor.name)
    await access.note(tx, actor, "answer", "case", case.id, {"message": str(message.id), "channel": way.channel})
    return message


def _filled(text: str, field: str) -> str:
    """A text in which no place for a value was left empty: what stands there instead is for members only."""
    if gaps := content.gaps_left(text):
        raise Invalid(f"Fill in {gaps[0]} first.", field=field, word="gap_left", gap=gaps[0])
    return text


async def _put(tx: Tx, actor: Actor, case: Case, row: dict[str, Any], said_so: Answer) -> Message:
    """Keep an answer, move its case on, put it on the thread, and have it carried."""
    position = await keeping.add(tx, row)
    words = keeping.words(row["subject"], row["text"], row["attachments"])
    one = Saying(position, tx.now, "out", row["channel"], row["author_kind"], row["is_automatic"], False, words)
    then, known_by = said_so.then, {"key": said_so.key} if said_so.key else {}
    changes = {} if row["is_automatic"] else {"state": then, "waits_until": None}
    if changes:
        changes["solved_at"] = tx.now if then == "solved" else None
        before = {name: getattr(case, name) for name in changes}
        await store.add_act(tx, actor, case.id, "answer", before, {"message": row["id"], "state": then} | known_by)
    case = await keeping.write(tx, said(case, one), **changes)
    about = {"text": words} | ({"subject": row["subject"][:200]} if row["subject"] else {})
    await telling.tell_sent(tx, case, row["id"], row["channel"], row["address_id"], **about)
    lane, order = f"account:{row['account_id']}", str(case.id)
    await jobs.put(tx, lane, order, JOB, {"message": str(row["id"])}, row["undo_until"])
    return (await store.messages_by_id(tx, [row["id"]]))[0]


def author_kind(actor: Actor) -> str:
    """Who writes: a member, a machine with a key (bot), or fadeno itself (system)."""
    return {"member": "member", "key": "bot"}.get(actor.kind, "system")


async def _way(tx: Tx, actor: Actor, case: Case, said_so: Answer) -> Way:
    """Through which account to which address: as said, else as the customer wrote last."""
    last = next(iter(await store.last_heard(tx, case.id, 1)), None)
    if not said_so.account_id and last is None:
        raise CantBeSent("nobody has written in this case yet; choose an account")
    to = said_so.address_id or (last.address_id if last else case.address_id)
    owner = (await customers.owners(tx, [to])).get(to)
    if owner is None or owner != case.customer_id:
        raise CantBeSent("the address is not of this customer")
    subject = last.subject if last else case.title
    if said_so.account_id:
        way = Way(said_so.account_id, said_so.channel, to, subject)
    else:
        way = Way(last.account_id, last.channel, to, subject)
    is_known = last is not None and (last.account_id, last.address_id) == (way.account_id, to)
    asks = actor.kind != "system" and not said_so.is_automatic
    return await _carried(tx, case, way, asks=asks, is_known=is_known)


async def _carried(tx: Tx, case: Case, way: Way, *, asks: bool, is_known: bool) -> Way:
    """A way that carries an answer: what its account can't reach, or the composer refuses, is refused whoever asks.

    Args:
        is_known: the customer wrote that way last, so the account reaches them there.
    """
    account = await composer.speaking(tx, way.account_id) if way.account_id else None
    if account is None:
        if not way.channel:
            raise CantBeSent("there is no such account")
        return way
    if way.channel not in ("", account.channel):
        raise CantBeSent(f"the account {account.name} is one of {account.channel}")
    if asks:
        reason, instead = await composer.refused(tx, case, account, way.address_id)
        if reason and not (is_known and reason == "no_account"):
            raise CantBeSent(reason, instead=(instead,) if instead else ())
    return replace(way, channel=account.channel)


async def hold_back(tx: Tx, actor: Actor, message_id: UUID) -> Message:
    """Take an answer back before it leaves, and what it promised; the case stands as if it had not been written.

    Raises:
        NoMessage: there is no such answer.
        TooLate: it left, or may have.
    """
    message = await _mine(tx, message_id)
    (case,) = await keeping.held(tx, message.case_id)
    message = await _mine(tx, message_id)
    if message.state != "queued" or message.undo_until is None or message.undo_until <= tx.now:
        raise TooLate(field="message")
    await store.cancel(tx, message_id)
    await events.withdraw(tx, [message_id], message_id)
    case = await keeping.refolded(tx, case)
    act = await store.act_of_answer(tx, case.id, message_id)
    changes = {}
    if act and act.undone_at is None:
        await store.undo_act(tx, act.id)
        if case.state == act.after["state"]:
            changes = keeping.restored(act.before)
    await keeping.write(tx, case, **changes)
    await promises.unsay(tx, actor, message_id)
    await access.note(tx, actor, "hold_back", "case", case.id, {"message": str(message_id)})
    return (await store.messages_by_id(tx, [message_id]))[0]


async def send_again(tx: Tx, actor: Actor, message_id: UUID) -> Message:
    """Have an answer carried once more that failed, or of which nobody knows whether it left: then it may come twice.

    Raises:
        NoMessage: there is no such answer.
        TooLate: it waits to leave, or has left.
    """
    message = await _mine(tx, message_id)
    if not await store.queue_again(tx, message_id):
        raise TooLate(field="message")
    lane, order = f"account:{message.account_id}", str(message.case_id)
    await jobs.put(tx, lane, order, JOB, {"message": str(message_id)})
    await access.note(tx, actor, "retry", "case", message.case_id, {"message": str(message_id)})
    return await _mine(tx, message_id)


async def _mine(tx: Tx, message_id: UUID) -> Message:
    for found in await store.messages_by_id(tx, [message_id]):
        if found.direction == "out":
            return found
    raise NoMessage(field="message")


async def fared(
    tx: Tx, message_id: UUID, state: str, *, words: str = "", provider_id: str = "", at: datetime | None = None
) -> bool:
    """Note what a channel says became of an answer; False where it is known better already.

    Of one that failed its author and the case's owner hear, and the case is open again.

    Args:
        state: sent, delivered, read, failed, or unknown (it may have left, nobody can say).
        words: the provider's own, of a failure.
        provider_id: what the channel calls it, by which answers to it are known.
    """
    case_id = await store.set_state(
        tx, message_id, state, _BEFORE[state], words=words[:500], provider_id=provider_id, at=at or tx.now
    )
    if case_id is not None and state == "failed":
        await _tell_failed(tx, case_id, message_id)
    return case_id is not None


async def _tell_failed(tx: Tx, case_id: UUID, message_id: UUID) -> None:
    """Have whoever wrote an answer and whoever owns its case hear that it did not get through; the case is ours again.

    The ways of the case then propose another address.
    """
    await store.lock_cases(tx, [case_id])
    (case,) = await store.cases_by_id(tx, [case_id])
    (message,) = await store.messages_by_id(tx, [message_id])
    author = message.author_id if message.author_kind == "member" else None
    await store.nudge(tx, case_id, sorted({id_ for id_ in (author, case.owner_id) if id_}), "failed")
    if case.state == "waiting_customer" and case.last_said == message.position:
        changes = {"state": "open"}
        act = await store.add_act(tx, access.SYSTEM, case_id, "open", {"state": case.state}, changes)
        case = await keeping.write(tx, case, **changes)
        await telling.tell(tx, case, "open", act=act, by=access.SYSTEM.name, because="undelivered")
