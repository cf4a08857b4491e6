"""Addresses, links, rulings and whom they belong to."""

from collections.abc import Collection, Iterable, Sequence
from typing import Any
from uuid import UUID

from fadeno.customers.model import Address, Label, Ruling
from fadeno.customers.store.statements import Q, array, fetched
from fadeno.db import Tx

# One text is handed over in a third of the time a list of texts takes; no address holds a control character.
SEPARATOR = "\x1f"
NAMELESS = Label(None, "", [], "")


async def look_up(tx: Tx, keys: Sequence[tuple[str, str]]) -> list[Any]:
    """Known addresses among (kind, value) pairs; `n` is the place in `keys`, from 1."""
    kinds, values = (SEPARATOR.join(column) for column in zip(*keys, strict=True))
    return await fetched(tx, Q.look_up, kinds=kinds, values=values)


async def add_addresses(tx: Tx, rows: Sequence[tuple[UUID, str, str, int, str | None, int | None]]) -> set[UUID]:
    """Add (id, kind, value, proven, blocked, source) rows; the ids that were really added."""
    ids, kinds, values, proven, blocked, sources = (list(column) for column in zip(*rows, strict=True))
    added = await fetched(
        tx,
        Q.add_addresses,
        ids=array(ids),
        kinds=SEPARATOR.join(kinds),
        values=SEPARATOR.join(values),
        proven=array(proven),
        blocked=array(blocked),
        source_ids=array(sources),
        now=tx.now,
    )
    return {row.id for row in added}


async def raise_proven(tx: Tx, proven: dict[UUID, int]) -> None:
    await tx.run(Q.raise_proven, ids=array(proven), proven=array(proven.values()), now=tx.now)


async def present(tx: Tx, ids: Iterable[UUID]) -> list[Any]:
    return await fetched(tx, Q.present, ids=array(ids))


async def customers_of(tx: Tx, ids: Collection[UUID]) -> dict[UUID, UUID]:
    """Address to customer."""
    return {r.address_id: r.customer_id for r in await fetched(tx, Q.customers_of, ids=array(ids))}


async def lock_customers(tx: Tx, ids: Iterable[UUID]) -> dict[UUID, Any]:
    """Take customers in ascending order; those that are gone are not in the answer."""
    return {row.id: row for row in await fetched(tx, Q.lock_customers, ids=array(ids))}


async def stop_links(tx: Tx) -> None:
    """Let nobody write links until the end of the transaction, so that all are seen."""
    await tx.run(Q.stop_links)


async def read_customers(tx: Tx, ids: Iterable[UUID]) -> dict[UUID, Any]:
    """Customers without taking them."""
    return {row.id: row for row in await fetched(tx, Q.read_customers, ids=array(ids))}


async def add_customers(tx: Tx, rows: Sequence[tuple[tuple[Any, ...], Label | None]]) -> None:
    """Write new customers: as for `put_customers`, each with what it is called."""
    if not rows:
        return
    labels = [called or NAMELESS for _, called in rows]
    await tx.run(
        Q.add_customers,
        ids=array([r[0] for r, _ in rows]),
        address_counts=array([r[1] for r, _ in rows]),
        kinds=array([" ".join(sorted(r[2])) for r, _ in rows]),
        anchors=array([r[3] for r, _ in rows]),
        has_claims=array([r[4] for r, _ in rows]),
        are_contested=array([r[5] for r, _ in rows]),
        names=array([called.name for called in labels]),
        labels=array([called.label for called in labels]),
        keys=array([" ".join(called.search_keys) for called in labels]),
        sort_keys=array([called.sort_key for called in labels]),
    )


async def put_customers(
    tx: Tx, rows: Sequence[tuple[UUID, int, Sequence[str], int, bool, bool, Iterable[UUID]]]
) -> None:
    """Write (id, address count, kinds, anchors, has claims, is contested, rulings)."""
    if not rows:
        return
    await tx.run(
        Q.put_customers,
        ids=array([r[0] for r in rows]),
        address_counts=array([r[1] for r in rows]),
        kinds=array([" ".join(sorted(r[2])) for r in rows]),
        anchors=array([r[3] for r in rows]),
        has_claims=array([r[4] for r in rows]),
        are_contested=array([r[5] for r in rows]),
        rulings=array([" ".join(sorted(map(str, r[6]))) for r in rows]),
    )


async def drop_customers(tx: Tx, ids: Collection[UUID]) -> None:
    if ids:
        await tx.run(Q.drop_customers, ids=array(ids))


async def add_groupings(tx: Tx, rows: Sequence[tuple[UUID, UUID, bool]]) -> None:
    """Add (address, customer, is telling)."""
    if rows:
        await tx.run(
            Q.add_groupings,
            address_ids=array([r[0] for r in rows]),
            customer_ids=array([r[1] for r in rows]),
            are_telling=array([r[2] for r in rows]),
        )


async def repoint_customers(tx: Tx, moves: dict[UUID, UUID]) -> None:
    """Old customer to new customer, with all addresses."""
    if moves:
        await tx.run(Q.repoint_customers, old=array(moves), new=array(moves.values()))


async def repoint_but(tx: Tx, old: UUID, new: UUID, staying: Collection[UUID]) -> None:
    await tx.run(Q.repoint_but, old=old, new=new, staying=array(staying))


async def repoint_addresses(tx: Tx, old: UUID, new: UUID, ids: Collection[UUID]) -> None:
    await tx.run(Q.repoint_addresses, old=old, new=new, ids=array(ids))


async def repoint_back(tx: Tx, action_id: UUID, old: UUID, now_of: UUID) -> None:
    """Give the addresses an action took from a customer back to it."""
    await tx.run(Q.repoint_back, action_id=action_id, old=old, now_of=now_of)


async def make_telling(tx: Tx, ids: Collection[UUID]) -> None:
    await tx.run(Q.make_telling, ids=sorted(ids))


async def add_rewrites(tx: Tx, pairs: Iterable[tuple[UUID, UUID]]) -> None:
    if pairs := sorted(set(pairs)):
        await tx.run(Q.add_rewrites, old=array([o for o, _ in pairs]), new=array([n for _, n in pairs]), now=tx.now)


async def links_known(tx: Tx, ids: Collection[UUID]) -> dict[UUID, Any]:
    return {row.id: row for row in await fetched(tx, Q.links_known, ids=array(ids))}


async def keep_links(tx: Tx, rows: Sequence[tuple[Any, ...]]) -> None:
    """Write (id, a, b, rule, strength, event, source, occurred_at, reason)."""
    names = ("ids", "a", "b", "rules", "strengths", "event_ids", "source_ids", "occurred_at", "reasons")
    await tx.run(Q.keep_links, **{n: array(c) for n, c in zip(names, zip(*rows, strict=True), strict=True)})


async def area_addresses(tx: Tx, customer_ids: Collection[UUID]) -> list[Any]:
    return await fetched(tx, Q.area_addresses, ids=array(customer_ids))


async def area_links(tx: Tx, customer_ids: Collection[UUID]) -> list[Any]:
    return await fetched(tx, Q.area_links, ids=array(customer_ids))


async def far_addresses(tx: Tx, ids: Collection[UUID]) -> list[Any]:
    return await fetched(tx, Q.far_addresses, ids=array(ids))


async def rulings(tx: Tx, ids: Collection[UUID]) -> list[Ruling]:
    return [
        Ruling(r.id, r.verb, tuple(r.one), tuple(r.other), r.is_held, r.made_at)
        for r in await fetched(tx, Q.rulings, ids=array(ids))
    ]


async def set_reasons(tx: Tx, reasons: dict[UUID, str | None]) -> None:
    if reasons:
        await tx.run(Q.set_reasons, ids=array(reasons), reasons=array(reasons.values()))


async def set_learned_shared(tx: Tx, ids: Collection[UUID], shared: bool) -> None:
    if ids:
        await tx.run(Q.set_learned_shared, ids=array(ids), shared=shared)


def as_border(row: Any) -> Address:
    """An address nobody looks through: out of grouping, whatever it is linked to here."""
    return Address(row.id, row.kind, row.proven, row.blocked, None if row.blocked else True)
