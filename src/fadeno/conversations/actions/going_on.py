"""Answers that did not arrive in time: the next way is proposed, or taken where the area says so; each once."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from itertools import groupby
from typing import Any
from uuid import UUID

from fadeno import channels, files
from fadeno.access import SYSTEM
from fadeno.conversations import store
from fadeno.conversations.actions import answering, telling
from fadeno.conversations.model import Answer, Attached, Case, Gone
from fadeno.conversations.model.composer import ProposedWay, next_way
from fadeno.conversations.reads.composer import ways
from fadeno.conversations.store import onward
from fadeno.db import Tx
from fadeno.kit.errors import Invalid

Already = Callable[[Tx, Sequence[UUID]], Awaitable[set[UUID]]]
AT_ONCE = 50
_LOOKED_FOR = timedelta(days=2)  # after its time was over; older ones are left, as where a rule is new
_MAY_ARRIVE = frozenset({"unknown", "queued"})  # it may have left, or leaves later: then it would come twice
_FILES_OF = "conversations"


async def go_on(tx: Tx, *, already: Already) -> bool:
    """Have each answer that did not arrive in time go its next way, or let its owner hear of it; True if there is more.

    It is taken by itself only where the area says so, it surely did not arrive, and nothing speaks against the way: no
    claimed, blocked, shared or refused address, no failing account. What was settled for an answer is settled.

    Args:
        already: which of these answers went another way by themselves.
    """
    waits_s = [area.next_channel_s for area in (await store.areas(tx)).values() if area.next_channel_s]
    if not waits_s:
        return False
    await onward.hold_onward(tx)
    since = tx.now - timedelta(seconds=max(waits_s)) - _LOOKED_FOR
    found = await onward.undelivered(tx, since, _telling(), AT_ONCE)
    gone = await already(tx, [one.id for one in found]) if found else set()
    for (case_id, _), some in groupby(found, key=lambda one: (one.case_id, one.address_id)):
        rows = list(some)
        if left := [one for one in rows if one.id not in gone]:
            await _settle(tx, case_id, left)
        if others := [(one.id, one.state) for one in rows if one.id in gone]:
            await onward.note_onward(tx, case_id, others, "nothing", held="went_on")
    return len(found) == AT_ONCE


async def hold_onward(tx: Tx) -> None:
    """Let nobody else send answers on by another way until the end of the transaction."""
    await onward.hold_onward(tx)


def _telling() -> list[str]:
    """Channels that say of everything that arrived that it did; a mailbox says so now and then."""
    labels = {name: adapter.label for name, adapter in channels.adapters().items()}
    return [name for name, label in labels.items() if "delivered" in label.receipts and label.family != "mail"]


async def _settle(tx: Tx, case_id: UUID, rows: Sequence[Any]) -> None:
    await store.lock_cases(tx, [case_id])
    (case,) = await store.cases_by_id(tx, [case_id])
    there, last = await ways(tx, case_id), rows[-1]
    is_test = any(way.account_id == last.account_id and "test_account" in way.cautions for way in there)
    may_take = last.is_next_taken and not any(one.state in _MAY_ARRIVE for one in rows)
    way, held = next_way(there, {last.address_id}, by_itself=may_take, as_test=is_test)
    if not held and not may_take:
        held = "may_arrive" if last.is_next_taken else "area_proposes"
    as_id = await _taken(tx, case, rows, way) if way and not held else None
    became = "taken" if as_id else "proposed" if way else "nothing"
    states = [(one.id, one.state) for one in rows]
    to = way.address_id if way else None
    await onward.note_onward(tx, case_id, states, became, held=held, address_id=to, as_id=as_id)
    about = {"because": last.state, "held": held, "message": last.id, "to_channel": way.channel if way else ""}
    await telling.tell(tx, case, "sent_on" if as_id else "undelivered", by=SYSTEM.name, **about)
    if not as_id and last.state != "failed":  # of what failed they heard when it did
        author = last.author_id if last.author_kind == "member" else None
        await store.nudge(tx, case_id, sorted({id_ for id_ in (author, case.owner_id) if id_}), "undelivered")


async def _taken(tx: Tx, case: Case, rows: Sequence[Any], way: ProposedWay) -> UUID | None:
    """The message in which answers go another way; None where they can't after all."""
    attached = tuple(
        Attached(file["hash"], file["name"], file["media_type"], file["size_bytes"])
        for one in rows
        for file in one.attachments
    )
    answer = Answer(
        "\n\n".join(one.text for one in rows), case.last_said, account_id=way.account_id, channel=way.channel,
        address_id=way.address_id, subject=case.title, attachments=attached, undo_s=0, is_automatic=True,
    )  # fmt: skip
    try:
        async with tx.savepoint():
            made = await answering.answer(tx, SYSTEM, case.id, answer)
            await _attach(tx, [one.id for one in rows], made.id)
    except (Invalid, Gone):
        return None
    return made.id


async def _attach(tx: Tx, from_ids: Sequence[UUID], to_id: UUID) -> None:
    """Have the same files go with the message that goes the other way."""
    for some in (await files.attachments(tx, _FILES_OF, from_ids)).values():
        for one in some:
            kept = files.Kept(one.hash, one.key, one.size_bytes, one.media_type)
            await files.keep(tx, kept, room=_FILES_OF, object_id=to_id, name=one.name)
