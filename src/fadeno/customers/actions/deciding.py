"""What members say about who is who: merge, split, refuse, take evidence back; and the undoing of each.

A member's word is evidence like any other, only stronger: it is kept as a ruling, and customers are what follows
from all evidence. So undoing takes the ruling back and nothing else, and gives exactly the state without it.
"""

from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from fadeno import access
from fadeno.access import Actor
from fadeno.customers import store
from fadeno.customers.actions.joining import join, part, restore, untouched
from fadeno.customers.actions.regrouping import connected, regroup
from fadeno.customers.actions.telling import tell
from fadeno.customers.model import (
    AlreadyUndone,
    Erased,
    NoAction,
    NoCustomer,
    NoLink,
    NothingToSplit,
    OnePerson,
    Shared,
    is_anchor,
    limit_of,
)
from fadeno.customers.reads.person import Summary, summaries
from fadeno.db import Tx
from fadeno.kit.ids import new_id

MOST_LINKS_TO_READ = 200


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a merge, split or undo did, or would do.

    Attributes:
        action_id: what to undo; None in a preview.
        notes: codes of what deserves a look: `limit:user` – they hold more user ids than one person has.
    """

    action_id: UUID | None
    verb: str
    before: list[Summary]
    after: list[Summary]
    notes: list[str] = field(default_factory=list)


class _Tried(Exception):
    """Carries the outcome of something that was only tried."""

    def __init__(self, outcome: Outcome) -> None:
        self.outcome = outcome


async def _preview(tx: Tx, work: Callable[[], Awaitable[Outcome]]) -> Outcome:
    """Do it, see what came of it, and take it all back: a preview that can't differ from the deed."""
    try:
        async with tx.savepoint():
            raise _Tried(await work())
    except _Tried as tried:
        done = tried.outcome
        return Outcome(None, done.verb, done.before, done.after, done.notes)


async def preview_merge(tx: Tx, actor: Actor, ids: Sequence[UUID]) -> Outcome:
    """What `merge` would do."""
    return await _preview(tx, lambda: merge(tx, actor, ids))


async def preview_split(tx: Tx, actor: Actor, id_: UUID, address_ids: Sequence[UUID]) -> Outcome:
    """What `split` would do."""
    return await _preview(tx, lambda: split(tx, actor, id_, address_ids))


async def merge(tx: Tx, actor: Actor, ids: Sequence[UUID]) -> Outcome:
    """Say that some customers are one person.

    Args:
        ids: two or more customers, each by any of their birth ids.

    Raises:
        NoCustomer: one of the ids is not there; search again.
        OnePerson: the ids lead to fewer than two customers.
        Erased: one of them was erased.
        Shared: one of them is only an address many people use; mark it as not shared first.
    """
    rows = await _locked(tx, ids)
    if len(rows) < 2:
        raise OnePerson(field="customers")
    before = await summaries(tx, rows)
    action_id, ruling_id = new_id(), new_id()
    speaking = [await _speaker(tx, id_) for id_ in sorted(rows, key=lambda i: i.int)]
    await store.add_action(tx, action_id, "merge", actor.name, rows.keys(), {"addresses": speaking})
    await store.add_ruling(tx, ruling_id, action_id, "together", speaking)
    if any(row.is_contested for row in rows.values()):
        after = (await regroup(tx, speaking, heard=[ruling_id])).after(rows)
    else:
        after = {await join(tx, action_id, rows, ruling_id)}
    return await _noted(tx, actor, action_id, "merge", before, after)


async def split(tx: Tx, actor: Actor, id_: UUID, address_ids: Sequence[UUID]) -> Outcome:
    """Say that some of a customer's addresses are another person's; each side stays whole from now on.

    Args:
        id_: the customer, by any birth id.
        address_ids: the addresses of the one; those left are the other.

    Raises:
        NoCustomer: there is no such id.
        NothingToSplit: an address is not this customer's, or none would be left.
        Erased: the customer was erased.
    """
    rows = await _locked(tx, [id_])
    ((customer_id, row),) = rows.items()
    chosen = set(address_ids)
    if not 0 < len(chosen) < row.address_count:
        raise NothingToSplit(field="addresses")
    before = await summaries(tx, rows)
    action_id, ruling_id = new_id(), new_id()
    await store.add_action(tx, action_id, "split", actor.name, rows.keys(), {"addresses": len(chosen)})
    sides = await store.add_split(tx, ruling_id, action_id, customer_id, chosen)
    if sides.chosen_count < len(chosen):
        raise NothingToSplit(field="addresses")
    if row.is_contested:
        after = (await regroup(tx, [customer_id], heard=[ruling_id])).after(rows)
    else:
        after = await part(tx, action_id, row, chosen, sides, ruling_id)
    return await _noted(tx, actor, action_id, "split", before, after)


async def refuse(tx: Tx, actor: Actor, link_id: UUID) -> Outcome:
    """Say that the two customers of a suggestion are not one person.

    Raises:
        NoLink: there is no such suggestion.
    """
    link = await store.link(tx, link_id)
    if link is None:
        raise NoLink(field="link_id")
    return await keep_apart(tx, actor, link.a, link.b, link_id)


async def keep_apart(tx: Tx, actor: Actor, a: UUID, b: UUID, link_id: UUID | None = None) -> Outcome:
    """Say that the customers of two addresses are not one person.

    Raises:
        NoLink: they are one customer already; split it.
    """
    rows = await _locked(tx, [a, b])
    if len(rows) < 2:
        raise NoLink("These are one customer already.", field="link_id", word="one_already")
    before = await summaries(tx, rows)
    sides: dict[UUID, set[UUID]] = {id_: {id_} for id_ in rows}
    for telling in await store.telling_addresses(tx, rows.keys()):
        sides[telling.customer_id].add(telling.id)
    ends = await store.customers_of(tx, [a, b])
    for end, owner in ends.items():
        sides[owner].add(end)
    action_id, ruling_id = new_id(), new_id()
    await store.add_action(tx, action_id, "refuse", actor.name, rows.keys(), {}, link_id=link_id)
    one, other = (sorted(side) for side in sides.values())
    await store.add_ruling(tx, ruling_id, action_id, "apart", one, other)
    where = await regroup(tx, [a, b], heard=[ruling_id])
    return await _noted(tx, actor, action_id, "refuse", before, where.after(rows))


async def confirm(tx: Tx, actor: Actor, link_id: UUID) -> Outcome:
    """Say that the two customers of a suggestion are one person.

    Raises:
        NoLink: there is no such suggestion.
        OnePerson: they are one already.
    """
    link = await store.link(tx, link_id)
    if link is None:
        raise NoLink(field="link_id")
    return await merge(tx, actor, [link.a, link.b])


async def retract_link(tx: Tx, actor: Actor, link_id: UUID) -> Outcome:
    """Say that a piece of evidence is wrong; whatever rested on it alone comes apart.

    Raises:
        NoLink: there is no such link, or it was taken back already.
    """
    link = await store.link(tx, link_id)
    if link is None or link.retracted_by is not None:
        raise NoLink(field="link_id")
    rows = await _locked(tx, [link.a, link.b])
    before = await summaries(tx, rows)
    action_id = new_id()
    await store.add_action(tx, action_id, "retract", actor.name, rows.keys(), {}, link_id=link_id)
    await store.set_link_retracted(tx, link.id, action_id)
    where = await regroup(tx, [link.a, link.b], opened=await _open(tx, link))
    return await _noted(tx, actor, action_id, "retract", before, where.after(rows))


async def undo(tx: Tx, actor: Actor, action_id: UUID) -> Outcome:
    """Take back what an action said; of an undo, bring back what it had undone.

    Raises:
        NoAction: there is no such action.
        AlreadyUndone: it was undone already; undo the undoing to bring it back.
        Erased: one of the customers was erased since.
    """
    action = await store.lock_action(tx, action_id)
    if action is None:
        raise NoAction(field="id")
    if action.undone_by is not None:
        raise AlreadyUndone
    own_id = new_id()
    said = await _set_active(tx, action, active=False)
    rows = await untouched(tx, action)
    seeds, heard, opened = ([*rows], [], []) if rows else await _seeds(tx, *said)
    rows = await _locked(tx, seeds)
    before = await summaries(tx, rows)
    await store.add_action(tx, own_id, "undo", actor.name, rows.keys(), {"verb": action.verb}, of_action=action_id)
    await store.set_undone(tx, action_id, own_id)
    await store.set_undecided(tx, action_id)
    after = await restore(tx, action, rows)
    if after is None:
        after = (await regroup(tx, seeds, heard=heard, opened=opened)).after(rows)
    return await _noted(tx, actor, own_id, "undo", before, after)


async def _set_active(tx: Tx, action: Any, *, active: bool) -> tuple[Any, bool]:
    """Let what an action said count, or not; the merge, split or so that is meant in the end, and whether it counts."""
    if action.verb == "undo":
        undone = await store.lock_action(tx, action.of_action)
        await store.set_undone(tx, undone.id, action.id if active else None)
        return await _set_active(tx, undone, active=not active)
    if action.verb == "retract":
        await store.set_link_retracted(tx, action.link_id, action.id if active else None)
    else:
        await store.set_rulings_retracted(tx, action.id, None if active else tx.now)
    return action, active


async def _seeds(tx: Tx, action: Any, active: bool) -> tuple[list[UUID], list[UUID], list[UUID]]:
    """The customers, the rulings and the shared addresses to look at when an action counts anew, or no longer."""
    if action.verb == "retract":
        link = await store.link(tx, action.link_id)
        owners = await store.customers_of(tx, [link.a, link.b])
        return sorted(set(owners.values())), [], await _open(tx, link)
    heard = await store.rulings_of_action(tx, action.id) if active else []
    return sorted(await store.customers_ruled(tx, action.id)), heard, []


async def _open(tx: Tx, link: Any) -> list[UUID]:
    """Shared ends of a link that may not be shared without it: those with few links."""
    await store.stop_links(tx)
    ends = await store.addresses(tx, [link.a, link.b])
    return [
        id_
        for id_, row in ends.items()
        if row.shared and await store.count_links(tx, id_, MOST_LINKS_TO_READ) < MOST_LINKS_TO_READ
    ]


async def _locked(tx: Tx, ids: Sequence[UUID]) -> dict[UUID, Any]:
    """Take the customers that birth ids lead to, and with them, in one order, those grouping will look at too."""
    while True:
        owners = await store.customers_of(tx, ids)
        if len(owners) < len(set(ids)):
            raise NoCustomer(field="customers")
        wanted = set(owners.values())
        rows = await store.lock_customers(tx, wanted | await connected(tx, wanted))
        if await store.customers_of(tx, ids) == owners:
            break
    rows = {id_: rows[id_] for id_ in wanted}
    if any(row.erased_at for row in rows.values()):
        raise Erased
    return rows


async def _speaker(tx: Tx, customer_id: UUID) -> UUID:
    """The address by which a customer is named in a ruling: the one that says most, of equals the oldest."""
    telling = [t for t in await store.telling_addresses(tx, [customer_id]) if not t.blocked and not t.shared]
    telling.sort(key=lambda t: (-is_anchor(t.kind, t.proven), limit_of(t.kind) or 99, t.id.int))
    if telling:
        return telling[0].id
    if id_ := await store.some_address(tx, customer_id):
        return id_
    raise Shared(field="customers")


async def _noted(
    tx: Tx, actor: Actor, action_id: UUID, verb: str, before: list[Summary], after: Collection[UUID]
) -> Outcome:
    """Write it into the audit trail and on the threads it changed, and say what came of it."""
    detail: dict[str, Any] = {"before": [s.id for s in before], "after": sorted(after)}
    rows = await store.lock_customers(tx, after)
    notes = sorted({f"limit:{k}" for row in rows.values() for k in row.kinds if _too_many(row.kinds, k)})
    await access.note(tx, actor, verb, "customer", min(after), {"action": action_id, **detail})
    said = {"verb": verb, "by": actor.name, "action_id": action_id, "to": sorted(after)}
    await tell(tx, dict.fromkeys(after, (verb, said)))
    return Outcome(action_id, verb, before, await summaries(tx, after), notes)


def _too_many(kinds: Sequence[str], kind: str) -> bool:
    return kinds.count(kind) > (limit_of(kind) or len(kinds))
