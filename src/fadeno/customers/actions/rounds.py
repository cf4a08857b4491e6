"""Merging all likely pairs of a certainty, a few in each transaction, and taking all of it back."""

from collections.abc import Collection
from contextlib import suppress
from uuid import UUID

from fadeno import access
from fadeno.access import Actor
from fadeno.customers.actions.deciding import undo
from fadeno.customers.actions.likely import confirm_likely
from fadeno.customers.model import AlreadyUndone, NoLikely, NoRound
from fadeno.customers.reads.rounds import round_of
from fadeno.customers.store import rounds as store
from fadeno.db import Tx
from fadeno.kit.errors import FadenoError
from fadeno.kit.ids import new_id

MOST_AT_ONCE = 10
_KIND = "round"  # what the audit trail calls it


async def merge_all_likely(tx: Tx, actor: Actor, least: int, left_out: Collection[UUID] = ()) -> UUID:
    """Have all pairs that wait and are at least so certain merged, but those left out; the round that does it.

    Raises:
        NoLikely: no such pair waits.
    """
    id_ = new_id()
    who = (actor.kind, actor.id)
    if not await store.add_round(tx, id_, least, left_out, actor.name, who):
        raise NoLikely(field="least")
    await access.note(tx, actor, "start", _KIND, id_, {"least": least})
    return id_


async def undo_round(tx: Tx, actor: Actor, id_: UUID) -> None:
    """Have all that a round merged taken back; what is not merged yet is not any more.

    Raises:
        NoRound: there is no such round.
        AlreadyUndone: that was said already.
    """
    row = await store.lock_round(tx, id_)
    if row is None:
        raise NoRound(field="id")
    if row.state not in ("merging", "done", "ended"):
        raise AlreadyUndone
    await store.set_round_undoing(tx, id_, actor.name, (actor.kind, actor.id))
    await access.note(tx, actor, "undo", _KIND, id_)


async def go_on_rounds(tx: Tx) -> bool:
    """Merge or take back ten pairs of the oldest open round; whether there may be more to do.

    A round whose member was removed, or may no longer merge, ends with what is done; what it had still to merge waits.
    Each pair is an action of its own, noted as such; so is the end of the round, whatever ended it. One that can't be
    merged, as the two are one by then or an address is shared, stays as it is.
    """
    row = await store.open_round(tx)
    if row is None:
        return False
    actor = await access.as_now(tx, Actor(row.actor_kind, row.actor_id, row.made_by))
    if actor is None or not access.may(actor, "merge", "customers"):
        await store.end_round(tx, row.id)
        await _note_end(tx, access.SYSTEM, row.id)
        return True
    step = _merge if row.state == "merging" else _take_back
    if not await step(tx, actor, row.id):
        await store.set_round(tx, row.id, "done" if row.state == "merging" else "undone")
        await _note_end(tx, actor, row.id)
    return True


async def _note_end(tx: Tx, actor: Actor, id_: UUID) -> None:
    made = await round_of(tx, id_)
    await access.note(tx, actor, "end", _KIND, id_, {"state": made.state, "count": made.merged})


async def _merge(tx: Tx, actor: Actor, id_: UUID) -> bool:
    waiting = await store.round_waiting(tx, id_, MOST_AT_ONCE)
    left = []
    for pair_id in waiting:
        try:
            async with tx.savepoint():
                await confirm_likely(tx, actor, pair_id)
        except FadenoError:
            left.append(pair_id)
    await store.leave_round(tx, left)
    return bool(waiting)


async def _take_back(tx: Tx, actor: Actor, id_: UUID) -> bool:
    merged = await store.round_merged(tx, id_, MOST_AT_ONCE)
    for row in merged:
        with suppress(FadenoError):
            async with tx.savepoint():
                await undo(tx, actor, row.decided_by)
    await store.leave_round(tx, [row.id for row in merged])
    return bool(merged)
