"""Joining and parting customers about whom nothing is in dispute, without reading their evidence; and the way back.

Joining can part nothing, and a split holds both its sides, so what follows from the evidence is known beforehand.
How things stood is kept; where nothing came since, undoing is putting it back. In all other cases the evidence is
grouped anew, with the same answer.
"""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from fadeno.customers import store
from fadeno.customers.actions.labels import relabel
from fadeno.customers.model import is_anchor, limit_of
from fadeno.db import Tx


async def join(tx: Tx, action_id: UUID, rows: dict[UUID, Any], ruling_id: UUID) -> UUID:
    """Make one of several undisputed customers; the one it is."""
    target = min(rows, key=lambda i: i.int)
    others = [id_ for id_ in rows if id_ != target]
    await store.keep_before(tx, action_id, rows.keys(), others)
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
    await store.set_versions(tx, action_id, [target])
    return target


async def part(tx: Tx, action_id: UUID, row: Any, chosen: Collection[UUID], sides: Any, ruling_id: UUID) -> set[UUID]:
    """Make two of an undisputed customer; the two."""
    await store.keep_before(tx, action_id, [row.id], [])
    new = sides.first_left if row.id == sides.first_chosen else sides.first_chosen
    if row.id == sides.first_chosen:
        await store.repoint_but(tx, row.id, new, chosen)
    elif sides.chosen_count > sides.left_count:
        await store.repoint_but(tx, row.id, new, await store.other_addresses(tx, row.id, chosen))
    else:
        await store.repoint_addresses(tx, row.id, new, chosen)
    counts = {sides.first_left: sides.left_count, sides.first_chosen: sides.chosen_count}
    kinds: dict[UUID, list[str]] = {id_: [] for id_ in counts}
    anchors = dict.fromkeys(counts, 0)
    for telling in await store.telling_addresses(tx, kinds.keys()):
        if limit_of(telling.kind) is not None and not telling.blocked and not telling.shared:
            kinds[telling.customer_id].append(telling.kind)
            anchors[telling.customer_id] += is_anchor(telling.kind, telling.proven)
    rulings = {ruling_id, *row.rulings}
    await store.put_customers(
        tx, [(id_, counts[id_], kinds[id_], anchors[id_], row.has_claims, True, rulings) for id_ in sorted(counts)]
    )
    await store.add_rewrites(tx, [(row.id, new)])
    await relabel(tx, sorted(counts))
    await store.set_versions(tx, action_id, counts.keys())
    return set(counts)


async def untouched(tx: Tx, action: Any) -> dict[UUID, Any]:
    """The customers an action left, taken, if no evidence about them came since; else none."""
    if not action.versions:
        return {}
    rows = await store.lock_customers(tx, [UUID(id_) for id_ in action.versions])
    return rows if {str(row.id): row.version for row in rows.values()} == action.versions else {}


async def restore(tx: Tx, action: Any, rows: dict[UUID, Any]) -> set[UUID] | None:
    """Put back what stood before a merge or split, if no evidence came since; the customers, or None."""
    if not action.versions or {str(row.id): row.version for row in rows.values()} != action.versions:
        return None
    before = await store.before(tx, action.id)
    ids = {row.customer_id for row in before}
    if action.verb == "merge":
        (now_of,) = rows
        moved = [row.customer_id for row in before if row.has_moved]
        for old in moved:
            await store.repoint_back(tx, action.id, old, now_of)
        await store.add_rewrites(tx, [(now_of, old) for old in moved])
    else:
        (old,) = ids
        gone = [id_ for id_ in rows if id_ != old]
        await store.repoint_customers(tx, dict.fromkeys(gone, old))
        await store.drop_customers(tx, gone)
        await store.add_rewrites(tx, [(id_, old) for id_ in gone])
    await store.put_customers(
        tx,
        [
            (r.customer_id, r.address_count, r.kinds, r.anchors, r.has_claims, r.is_contested, r.rulings)
            for r in sorted(before, key=lambda r: r.customer_id.int)
        ],
    )
    await relabel(tx, sorted(ids))
    return ids
