"""Verbs about promises."""

from collections.abc import Collection
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from fadeno import access, customers, events
from fadeno.access import SYSTEM, Actor
from fadeno.db import Tx
from fadeno.events import OURSELVES, NewEvent
from fadeno.kit.errors import Invalid
from fadeno.kit.ids import new_id
from fadeno.promises import store
from fadeno.promises.model.promise import (
    KINDS,
    NewPromise,
    NoPromise,
    Promise,
    PromiseOver,
    breaks_at,
    checked_due,
    checked_words,
    outcome_at,
    warn_at,
)

_encode = msgspec.json.Encoder().encode


async def make(tx: Tx, actor: Actor, new: NewPromise) -> Promise:
    """Promise a customer an answer by a time, or a call at one; told on their thread.

    Where an answer is promised in the case already, fadeno itself leaves it at that, and a member moves it to the new
    time. Without an owner, a member who makes it keeps it, else whoever answers for the area.

    Raises:
        Invalid: the time is over or too far away, there is no such kind, or nobody would keep it.
    """
    if new.kind not in KINDS:
        raise Invalid(f"Promise one of {', '.join(KINDS)}.", field="kind", word="bad_choice")
    if new.owner_id is None and actor.kind == "member":
        new = replace(new, owner_id=actor.id)
    if new.owner_id is None and not new.area:
        raise Invalid("Say who keeps it: a member or an area.", field="owner", word="bad_choice")
    if new.owner_id not in (None, actor.id):
        await _see_member(tx, new.owner_id)
    checked_due(new.due_at, tx.now)
    for standing in await store.answerable(tx, [new.case_id]) if new.kind == "answer_by" else ():
        if standing.state == "open":
            return standing if actor.kind == "system" else await _moved(tx, actor, standing, new)
    made = await _add(tx, actor, new)
    await _tell(tx, made, "made", by=actor.name)
    await access.note(tx, actor, "make", "promise", str(made.id), {"kind": new.kind, "due_at": new.due_at.isoformat()})
    return made


async def keep(tx: Tx, actor: Actor, id_: UUID, *, at: datetime | None = None, outcome: str = "") -> Promise:
    """Say that what was promised was done, now or at a time before; done too late, the promise is broken.

    Raises:
        NoPromise: there is none by that id.
        PromiseOver: it was withdrawn, moved, or settled already.
        Invalid: it was done before it was promised, or is yet to come.
    """
    promise = await _held(tx, id_)
    at = at or tx.now
    if not promise.made_at <= at <= tx.now:
        raise Invalid("Say when it was done: after it was promised, not later than now.", field="at", word="bad_done")
    done = await _done(tx, promise, at, by=actor.name, outcome=outcome)
    if done is None:
        raise PromiseOver(field="id")
    await access.note(tx, actor, "keep", "promise", str(id_), {"state": done.state})
    return done


async def withdraw(tx: Tx, actor: Actor, id_: UUID, *, outcome: str = "") -> Promise:
    """Take a promise back before it is due, with the reason.

    Raises:
        NoPromise, PromiseOver: as for `keep`.
    """
    promise = await _open(tx, id_)
    withdrawn = await _settle(tx, promise, "withdrawn", by=actor.name, outcome=outcome)
    await access.note(tx, actor, "withdraw", "promise", str(id_), {})
    return withdrawn


async def move(tx: Tx, actor: Actor, id_: UUID, due_at: datetime, *, outcome: str = "") -> Promise:
    """Promise another time instead, while the first one is not broken; the first one stays, as moved.

    Returns:
        The promise that holds from now on.

    Raises:
        NoPromise, PromiseOver: as for `keep`.
        Invalid: the new time is over or too far away.
    """
    promise = await _open(tx, id_)
    kept = {name: getattr(promise, name) for name in NewPromise.__dataclass_fields__}
    new = NewPromise(**{**kept, "due_at": checked_due(due_at, tx.now), "basis": ""})
    moved = await _moved(tx, actor, promise, new, outcome=outcome)
    await access.note(tx, actor, "move", "promise", str(id_), {"due_at": due_at.isoformat()})
    return moved


async def give(tx: Tx, actor: Actor, id_: UUID, owner_id: UUID) -> Promise:
    """Let another member keep a promise.

    Raises:
        NoPromise, PromiseOver: as for `keep`.
        Invalid: there is no such member.
    """
    promise = await _open(tx, id_)
    await _see_member(tx, owner_id)
    if owner_id != promise.owner_id:
        await store.give(tx, id_, owner_id)
        await access.note(tx, actor, "give", "promise", str(id_), {"owner": str(owner_id)})
    return await _again(tx, id_)


async def answered(tx: Tx, case_id: UUID, at: datetime, *, also: Collection[UUID] = ()) -> list[Promise]:
    """A person answered in a case: what was promised there by an answer is kept, or broken where it came too late.

    Call it for answers of people alone: an automatic one keeps nothing.

    Args:
        also: cases that were merged into this one.

    Returns:
        What got its outcome by it, or was found to be kept after all.
    """
    found = []
    for promise in await store.answerable(tx, {case_id, *also}):
        if promise.made_at < at and (done := await _done(tx, promise, at, by="", outcome="")):
            found.append(done)
    return found


async def unsay(tx: Tx, actor: Actor, message_id: UUID) -> list[Promise]:
    """A message was held back: what it promised is withdrawn, and what was promised before holds again."""
    unsaid = []
    for promise in await store.said_in(tx, message_id):
        unsaid.append(await _settle(tx, promise, "withdrawn", by=actor.name, outcome=""))
        if promise.moved_from is not None:
            await store.put_back(tx, promise.id, promise.moved_from)
    return unsaid


async def broken(tx: Tx, promise: Promise) -> Promise:
    """An open promise whose time is over, as what it is."""
    return await _settle(tx, promise, "broken", by="", outcome="")


async def erase(tx: Tx, actor: Actor, customer_id: UUID) -> int:
    """Forget the words in which a customer was promised things; times and outcomes stay. How many promises."""
    emptied = await store.erase(tx, customer_id)
    if emptied:
        await access.note(tx, actor, "erase", "promise", customer_id, {"promises": emptied})
    return emptied


# How it gets its outcome -------------------------------------------------------------------------------------------


async def _done(tx: Tx, promise: Promise, at: datetime, *, by: str, outcome: str) -> Promise | None:
    """What a promise is once it was done at that moment; None where it had its outcome and keeps it.

    An answer that was given in time may be heard of after the promise was called broken: then it was kept.
    """
    state = outcome_at(promise, at)
    is_undecided = promise.state == "open" or (promise.state == "broken" and promise.done_at is None)
    if not is_undecided:
        return None
    if promise.state == state == "broken":
        await store.note_done(tx, promise.id, at)
        return await _again(tx, promise.id)
    return await _settle(tx, promise, state, by=by, outcome=outcome, done_at=at)


async def _settle(
    tx: Tx, promise: Promise, state: str, *, by: str, outcome: str, done_at: datetime | None = None
) -> Promise:
    await store.settle(tx, promise.id, state, by=by, outcome=checked_words(outcome), done_at=done_at)
    settled = await _again(tx, promise.id)
    await _tell(tx, settled, state, by=by)
    return settled


async def _moved(tx: Tx, actor: Actor, promise: Promise, new: NewPromise, *, outcome: str = "") -> Promise:
    if new.due_at == promise.due_at:
        return promise
    await store.settle(tx, promise.id, "moved", by=actor.name, outcome=checked_words(outcome), done_at=None)
    made = await _add(tx, actor, new, moved_from=promise.id)
    await _tell(tx, made, "moved", by=actor.name, was_due_at=promise.due_at)
    return made


async def _add(tx: Tx, actor: Actor, new: NewPromise, moved_from: UUID | None = None) -> Promise:
    id_ = new_id()
    await store.add(
        tx, **{**asdict(new), "said": checked_words(new.said)}, id=id_, made_kind=actor.kind, made_by=actor.id,
        made_name=actor.name, breaks_at=breaks_at(new.kind, new.due_at), warn_at=warn_at(tx.now, new.due_at),
        moved_from=moved_from,
    )  # fmt: skip
    return await _again(tx, id_)


async def _see_member(tx: Tx, id_: UUID) -> None:
    roles = set(access.allowed("change", "promises"))
    if id_ not in {member.id for member in await access.all_members(tx, access.SYSTEM) if member.role in roles}:
        raise Invalid("There is no such member, or their role keeps no promises.", field="owner", word="bad_choice")


async def _again(tx: Tx, id_: UUID) -> Promise:
    (found,) = await store.promises(tx, [id_])
    return found


async def _held(tx: Tx, id_: UUID) -> Promise:
    for found in await store.held(tx, [id_]):
        return found
    raise NoPromise(field="id")


async def _open(tx: Tx, id_: UUID) -> Promise:
    promise = await _held(tx, id_)
    if promise.state != "open" or promise.breaks_at < tx.now:
        raise PromiseOver(field="id")
    return promise


async def _tell(tx: Tx, promise: Promise, name: str, *, by: str, **more: Any) -> None:
    """Put it on the customer's thread, and with that on the live stream."""
    owner = (await customers.owners(tx, [promise.address_id])).get(promise.address_id)
    if owner is None:
        return
    properties = {
        "promise": promise.id, "kind": promise.kind, "due_at": promise.due_at, "case": promise.case_id,
        "text": promise.said[:200], "by": by or SYSTEM.name, **more,
    }  # fmt: skip
    if promise.case_number is not None:
        properties["case_id"] = str(promise.case_number)
    event = NewEvent(
        id=new_id(), source_id=OURSELVES, channel="house", kind="promise", name=name, address_id=promise.address_id,
        other_address_ids=(), customer_id=owner, occurred_at=tx.now, received_at=tx.now, original_at=None,
        sent_at=None, message_id=None, body=_encode({"properties": properties}),
    )  # fmt: skip
    await events.append_own(tx, [event])
