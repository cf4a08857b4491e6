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
from fadeno.customers.actions.labels import relabel
from fadeno.customers.actions.regrouping import Regrouped, regroup
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
        where = await regroup(tx, speaking, heard=[ruling_id])
        after = _now(where, speaking)
    else:
        after = {await _joined(tx, rows, ruling_id)}
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
    if not 0 < len(chosen) < row.address_count or await store.count_owned(tx, customer_id, chosen) < len(chosen):
        raise NothingToSplit(field="addresses")
    before = await summaries(tx, rows)
    action_id, ruling_id = new_id(), new_id()
    await store.add_action(tx, action_id, "split", actor.name, rows.keys(), {"addresses": len(chosen)})
    await store.add_split(tx, ruling_id, action_id, customer_id, chosen)
    if row.is_contested:
        where = await regroup(tx, [customer_id], heard=[ruling_id])
        after = where.customers
    else:
        after = await _parted(tx, row, chosen, ruling_id)
    return await _noted(tx, actor, action_id, "split", before, after)


async def refuse(tx: Tx, actor: Actor, link_id: UUID) -> Outcome:
    """Say that the two customers of a suggestion are not one person.

    Raises:
        NoLink: there is no such suggestion.
    """
    link = await store.link(tx, link_id)
    if link is None:
        raise NoLink(field="link_id")
    rows = await _locked(tx, [link.a, link.b])
    if len(rows) < 2:
        raise NoLink("The ends of this link are one customer already.", field="link_id")
    before = await summaries(tx, rows)
    sides: dict[UUID, set[UUID]] = {id_: {id_} for id_ in rows}
    for telling in await store.telling_addresses(tx, rows.keys()):
        sides[telling.customer_id].add(telling.id)
    ends = await store.customers_of(tx, [link.a, link.b])
    for end, owner in ends.items():
        sides[owner].add(end)
    action_id, ruling_id = new_id(), new_id()
    await store.add_action(tx, action_id, "refuse", actor.name, rows.keys(), {}, link_id=link_id)
    one, other = (sorted(side) for side in sides.values())
    await store.add_ruling(tx, ruling_id, action_id, "apart", one, other)
    where = await regroup(tx, [link.a, link.b], heard=[ruling_id])
    return await _noted(tx, actor, action_id, "refuse", before, _now(where, [link.a, link.b]))


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
    after = await _set_link(tx, link, action_id)
    return await _noted(tx, actor, action_id, "retract", before, after)


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
    seeds, heard, opened = await _set_active(tx, action, own_id, active=False)
    rows = await _locked(tx, sorted(seeds))
    before = await summaries(tx, rows)
    await store.add_action(tx, own_id, "undo", actor.name, rows.keys(), {"verb": action.verb}, of_action=action_id)
    await store.set_undone(tx, action_id, own_id)
    where = await regroup(tx, seeds, heard=heard, opened=opened)
    return await _noted(tx, actor, own_id, "undo", before, where.customers)


async def _set_active(tx: Tx, action: Any, by: UUID, *, active: bool) -> tuple[set[UUID], list[UUID], list[UUID]]:
    """Let what an action said count, or not; the customers, rulings and addresses to look at for it."""
    if action.verb == "undo":
        undone = await store.lock_action(tx, action.of_action)
        await store.set_undone(tx, undone.id, action.id if active else None)
        return await _set_active(tx, undone, by, active=not active)
    if action.verb == "retract":
        link = await store.link(tx, action.link_id)
        await store.set_link_retracted(tx, link.id, action.id if active else None)
        return set((await store.customers_of(tx, [link.a, link.b])).values()), [], await _open(tx, link)
    await store.set_rulings_retracted(tx, action.id, None if active else tx.now)
    heard = await store.rulings_of_action(tx, action.id) if active else []
    return set(await store.customers_ruled(tx, action.id)), heard, []


async def _set_link(tx: Tx, link: Any, by: UUID | None) -> set[UUID]:
    await store.set_link_retracted(tx, link.id, by)
    where = await regroup(tx, [link.a, link.b], opened=await _open(tx, link))
    return _now(where, [link.a, link.b])


async def _open(tx: Tx, link: Any) -> list[UUID]:
    """Shared ends of a link that may not be shared without it: those with few links."""
    ends = await store.addresses(tx, [link.a, link.b])
    return [
        id_
        for id_, row in ends.items()
        if row.shared and await store.count_links(tx, id_, MOST_LINKS_TO_READ) < MOST_LINKS_TO_READ
    ]


async def _locked(tx: Tx, ids: Sequence[UUID]) -> dict[UUID, Any]:
    """Take the customers that birth ids lead to."""
    while True:
        owners = await store.customers_of(tx, ids)
        if len(owners) < len(set(ids)):
            raise NoCustomer(field="customers")
        rows = await store.lock_customers(tx, set(owners.values()))
        if await store.customers_of(tx, ids) == owners:
            break
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


async def _joined(tx: Tx, rows: dict[UUID, Any], ruling_id: UUID) -> UUID:
    """Make one of customers about whom nothing is in dispute: joining them can't part anything."""
    target = min(rows, key=lambda i: i.int)
    others = [id_ for id_ in rows if id_ != target]
    await store.repoint_customers(tx, dict.fromkeys(others, target))
    await store.put_customers(tx, [(
        target,
        sum(row.address_count for row in rows.values()),
        [kind for row in rows.values() for kind in row.kinds],
        sum(row.anchors for row in rows.values()),
        any(row.has_claims for row in rows.values()),
        False,
        {ruling_id, *(r for row in rows.values() for r in row.rulings)},
    )])  # fmt: skip
    await store.drop_customers(tx, others)
    await store.add_rewrites(tx, [(id_, target) for id_ in others])
    await relabel(tx, [target])
    return target


async def _parted(tx: Tx, row: Any, chosen: set[UUID], ruling_id: UUID) -> set[UUID]:
    """Make two of a customer about whom nothing is in dispute: each side is held, so nothing else comes apart."""
    rest = await store.first_address_but(tx, row.id, chosen)
    if row.id in chosen:
        new = rest
        await store.repoint_but(tx, row.id, new, chosen)
    else:
        new = min(chosen, key=lambda i: i.int)
        if 2 * len(chosen) > row.address_count:
            await store.repoint_but(tx, row.id, new, await store.other_addresses(tx, row.id, chosen))
        else:
            await store.repoint_addresses(tx, dict.fromkeys(sorted(chosen), new))
    counts = {row.id: row.address_count - len(chosen), new: len(chosen)}
    if row.id in chosen:
        counts = {row.id: len(chosen), new: row.address_count - len(chosen)}
    kinds: dict[UUID, list[str]] = {row.id: [], new: []}
    anchors = dict.fromkeys(kinds, 0)
    for telling in await store.telling_addresses(tx, [row.id, new]):
        if limit_of(telling.kind) is not None and not telling.blocked and not telling.shared:
            kinds[telling.customer_id].append(telling.kind)
            anchors[telling.customer_id] += is_anchor(telling.kind, telling.proven)
    rulings = {ruling_id, *row.rulings}
    await store.put_customers(
        tx, [(id_, counts[id_], kinds[id_], anchors[id_], row.has_claims, True, rulings) for id_ in sorted(kinds)]
    )
    await store.add_rewrites(tx, [(row.id, new)])
    await relabel(tx, sorted(kinds))
    return {row.id, new}


def _now(where: Regrouped, ids: Collection[UUID]) -> set[UUID]:
    return {customer for id_ in ids if (customer := where.of(id_))}


async def _noted(
    tx: Tx, actor: Actor, action_id: UUID, verb: str, before: list[Summary], after: Collection[UUID]
) -> Outcome:
    """Write it into the audit trail and say what came of it."""
    detail: dict[str, Any] = {"before": [s.id for s in before], "after": sorted(after)}
    rows = await store.lock_customers(tx, after)
    notes = sorted({f"limit:{k}" for row in rows.values() for k in row.kinds if _too_many(row.kinds, k)})
    await access.note(tx, actor, verb, "customer", min(after), {"action": action_id, **detail})
    return Outcome(action_id, verb, before, await summaries(tx, after), notes)


def _too_many(kinds: Sequence[str], kind: str) -> bool:
    return kinds.count(kind) > (limit_of(kind) or len(kinds))
