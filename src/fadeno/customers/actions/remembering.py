"""Keeping what was said of addresses: traits and consents."""

from collections.abc import Sequence
from hashlib import blake2b
from typing import Any
from uuid import UUID

import msgspec

from fadeno.customers import store
from fadeno.customers.actions.gathering import Key, Known
from fadeno.customers.actions.labels import relabel
from fadeno.customers.model import NAME_TRAITS, Evidence, value_hash
from fadeno.db import Tx

NAMES = frozenset(NAME_TRAITS)
_encode = msgspec.json.Encoder().encode


async def remember(
    tx: Tx,
    evidence: Sequence[Evidence],
    subjects: Sequence[Key],
    book: dict[Key, Known],
    moved: dict[UUID, UUID],
) -> None:
    """Keep traits and consents of the addresses they were said of."""
    spoken = [(one, book[key]) for one, key in zip(evidence, subjects, strict=True) if one.traits or one.consents]
    if not spoken:
        return
    if dumb := {known.id for _, known in spoken if not known.is_telling}:
        await store.make_telling(tx, dumb)
    if said := _said(spoken):
        names = await store.keep_traits(tx, [said[key] for key in sorted(said)])
        customer_of = {k.id: moved.get(k.id, k.customer_id) for k in book.values()}
        await relabel(tx, sorted({customer_of[row.address_id] for row in names if row.name in NAMES}))
    if ledger := _ledger(spoken):
        await store.keep_consents(tx, [ledger[id_] for id_ in sorted(ledger)])


def _said(spoken: Sequence[tuple[Evidence, Known]]) -> dict[tuple[UUID, str, int, bytes], tuple[Any, ...]]:
    """Each distinct value once, with its best saying."""
    said: dict[tuple[UUID, str, int, bytes], tuple[Any, ...]] = {}
    for one, known in spoken:
        for name, value in one.traits.items():
            if value is None:
                continue
            key = (known.id, name[:200], one.source_id, value_hash(value))
            row = (*key, _encode(value).decode(), one.traits_proven, one.occurred_at, one.event_id)
            if key not in said or _beats(row, said[key]):
                said[key] = row
    return said


def _ledger(spoken: Sequence[tuple[Evidence, Known]]) -> dict[UUID, tuple[Any, ...]]:
    """Each consent once, by a digest of event and purpose."""
    ledger: dict[UUID, tuple[Any, ...]] = {}
    for one, known in spoken:
        for purpose, granted, proof in one.consents:
            id_ = UUID(bytes=blake2b(one.event_id.bytes + purpose.encode(), digest_size=16).digest())
            ledger[id_] = (
                id_, known.id, purpose, granted, one.occurred_at, "customer", one.source_id, proof, one.event_id,
            )  # fmt: skip
    return ledger


def _beats(row: tuple[Any, ...], other: tuple[Any, ...]) -> bool:
    """Whether the same value is better said: more proven, then later, then by the smaller event id."""
    return (row[5], row[6], -row[7].int) > (other[5], other[6], -other[7].int)
