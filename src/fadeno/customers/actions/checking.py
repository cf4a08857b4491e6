"""Do the laws of grouping hold on the data at hand?"""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from fadeno.customers import store
from fadeno.customers.actions.labels import labels
from fadeno.customers.actions.regrouping import Area, area, flags_of, grouped
from fadeno.db import Tx

MOST_LOOKED_AT = 2_000


async def check(tx: Tx) -> tuple[str, list[str]]:
    """What was looked at, and each fault: the address map, who is one person by the evidence, names, stale events."""
    counts = await store.count_all(tx)
    faults = await store.faults_of_map(tx)
    waiting = {*await store.disputed_customers(tx, MOST_LOOKED_AT), *await store.some_customers(tx, MOST_LOOKED_AT)}
    looked_at: set[UUID] = set()
    while waiting and len(faults) < 100:
        found = await area(tx, [waiting.pop()], is_locked=False)
        waiting -= found.customers.keys()
        looked_at |= found.customers.keys()
        faults += _differing(found)
    faults += await _misnamed(tx, looked_at)
    for event in await store.stale_events(tx):
        faults.append(f"event {event.id} carries customer {event.stamped}, its address has {event.customer_id}")
    whose = f"whose they are was computed again for {len(looked_at)} of {counts.customers} customers"
    return f"{counts.addresses} addresses and {counts.links} links; {whose}", faults


async def _misnamed(tx: Tx, ids: Collection[UUID]) -> list[str]:
    """Customers who are called otherwise than what is known of them says."""
    known = await labels(tx, ids) if ids else {}
    return [
        f"customer {row.id} is not called what is said of them"
        for row in await store.labels(tx, known.keys())
        if (row.name, row.label) != (known[row.id].name, known[row.id].label)
    ]


def _differing(found: Area) -> list[str]:
    """Where the tables say something else than the evidence."""
    answer = grouped(found)
    faults = [
        f"address {UUID(bytes=id_)} belongs to {UUID(bytes=row.customer_id)}, "
        f"by the evidence to {UUID(bytes=answer.customer_of[id_])}"
        for id_, row in found.addresses.items()
        if row.customer_id != answer.customer_of[id_]
    ]
    if faults:
        return faults
    for id_, flags in flags_of(found, answer).items():
        if wrong := _wrong(found.customers[id_], flags):
            faults.append(f"customer {id_}: {', '.join(wrong)} not as the evidence says")
    for id_, row in found.addresses.items():
        if row.shared is None and row.is_shared != (id_ in answer.shared):
            faults.append(f"address {UUID(bytes=id_)} is {'not ' if row.is_shared else ''}shared by the evidence")
    return faults


def _wrong(row: Any, flags: Any) -> list[str]:
    """Flags that say less than the evidence; claims and disputes may be remembered longer than they last."""
    rulings: set[UUID] = set(row.rulings)
    return [
        name
        for name, is_right in (
            ("kinds", sorted(row.kinds) == sorted(flags.kinds)),
            ("anchors", row.anchors == flags.anchors),
            ("claims", row.has_claims or not flags.has_claims),
            ("disputes", row.is_contested or not flags.is_contested),
            ("rulings", rulings >= flags.rulings),
        )
        if not is_right
    ]
