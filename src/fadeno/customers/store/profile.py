"""Traits, consents, and what customers are called."""

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from fadeno.customers.store.statements import Q, array, fetched
from fadeno.db import Tx


async def keep_traits(tx: Tx, rows: Sequence[tuple[Any, ...]]) -> list[Any]:
    """Write (address, name, source, hash, json, proven, said_at, event); what was new of it."""
    names = ("address_ids", "names", "source_ids", "hashes", "values", "proven", "said_at", "event_ids")
    return await tx.all(Q.keep_traits, **{n: array(c) for n, c in zip(names, zip(*rows, strict=True), strict=True)})


async def keep_consents(tx: Tx, rows: Sequence[tuple[Any, ...]]) -> None:
    """Write (id, address, purpose, granted, said_at, said_by, source, proof, event)."""
    names = (
        "ids", "address_ids", "purposes", "granted", "said_at", "said_by", "source_ids", "proofs", "event_ids"
    )  # fmt: skip
    await tx.run(Q.keep_consents, **{n: array(c) for n, c in zip(names, zip(*rows, strict=True), strict=True)})


async def telling_addresses(tx: Tx, customer_ids: Collection[UUID]) -> list[Any]:
    return await fetched(tx, Q.telling_addresses, ids=array(customer_ids))


async def name_traits(tx: Tx, customer_ids: Collection[UUID], names: Sequence[str]) -> list[Any]:
    return await tx.all(Q.name_traits, ids=array(customer_ids), names=array(names))


async def set_labels(tx: Tx, rows: Sequence[tuple[UUID, str | None, str, Sequence[str], str]]) -> None:
    """Write (id, name, label, search keys, sort key)."""
    if rows:
        await tx.run(
            Q.set_labels,
            ids=array([r[0] for r in rows]),
            names=array([r[1] for r in rows]),
            labels=array([r[2] for r in rows]),
            keys=array([" ".join(r[3]) for r in rows]),
            sort_keys=array([r[4] for r in rows]),
        )
