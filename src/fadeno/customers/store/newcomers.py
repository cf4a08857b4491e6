"""Rows nobody else can have written, as COPY takes them: with all their indexes, half the work of INSERT."""

from collections.abc import Iterable
from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from fadeno.customers.model import ATTESTED, Label
from fadeno.db import NULL, Tx, copied

# Digest, a, b, rule, strength, event, source, occurred_at.
LinkLine = tuple[str, UUID, UUID, str, int, UUID, int, datetime]
# Address, name, source, digest, JSON, proven, said_at, event.
TraitLine = tuple[UUID, str, int, str, str, int, datetime, UUID]

_ADDRESS = ("id", "kind", "value", "proven", "verified_at", "source_id")
_GROUPING = ("address_id", "customer_id", "is_telling")
_CUSTOMER = (
    "id", "address_count", "kinds", "anchors", "has_claims", "is_contested", "name", "label", "search_keys", "sort_key"
)  # fmt: skip
_LINK = ("id", "a", "b", "rule", "strength", "event_id", "source_id", "occurred_at")
_TRAIT = ("address_id", "name", "source_id", "value_hash", "value", "proven", "said_at", "event_id")
_CONSENT = (
    "id", "address_id", "purpose", "granted", "said_at", "said_by", "source_id", "proof", "event_id"
)  # fmt: skip

_when = lru_cache(maxsize=4096)(datetime.isoformat)  # the rows of a file often have one time


async def copy_addresses(tx: Tx, rows: Iterable[tuple[UUID, str, str, int, int]]) -> None:
    """Add (id, kind, value, proven, source).

    Raises:
        UniqueViolation: one is known by now.
    """
    verified = {ATTESTED: tx.now.isoformat()}
    await _copy(tx, "address", _ADDRESS, [
        f"{id_.int:032x}\t{copied(kind)}\t{copied(value)}\t{proven}\t{verified.get(proven, NULL)}\t{source_id}\n"
        for id_, kind, value, proven, source_id in rows
    ])  # fmt: skip


async def copy_groupings(tx: Tx, rows: Iterable[tuple[UUID, UUID, bool]]) -> None:
    """Add (address, customer, is telling)."""
    await _copy(tx, "grouping", _GROUPING, [
        f"{address_id.int:032x}\t{customer_id.int:032x}\t{is_telling:d}\n"
        for address_id, customer_id, is_telling in rows
    ])  # fmt: skip


async def copy_customers(tx: Tx, rows: Iterable[tuple[UUID, int, tuple[str, ...], int, bool, Label]]) -> None:
    """Add (id, address count, kinds, anchors, has claims, what it is called); nothing about them is in dispute."""
    await _copy(tx, "customer", _CUSTOMER, [
        f"{id_.int:032x}\t{count}\t{{{','.join(kinds)}}}\t{anchors}\t{has_claims:d}\t0"
        f"\t{copied(called.name)}\t{copied(called.label)}\t{' '.join(called.search_keys)}\t{copied(called.sort_key)}\n"
        for id_, count, kinds, anchors, has_claims, called in rows
    ])  # fmt: skip


async def copy_links(tx: Tx, rows: Iterable[LinkLine]) -> None:
    await _copy(tx, "link", _LINK, [
        f"{id_}\t{a.int:032x}\t{b.int:032x}\t{rule}\t{strength}\t{event_id.int:032x}\t{source_id}\t{_when(at)}\n"
        for id_, a, b, rule, strength, event_id, source_id, at in rows
    ])  # fmt: skip


async def copy_traits(tx: Tx, rows: Iterable[TraitLine]) -> None:
    await _copy(tx, "trait", _TRAIT, [
        f"{address_id.int:032x}\t{copied(name)}\t{source_id}\t{digest}\t{copied(value)}\t{proven}\t{_when(at)}"
        f"\t{event_id.int:032x}\n"
        for address_id, name, source_id, digest, value, proven, at, event_id in rows
    ])  # fmt: skip


async def copy_consents(tx: Tx, rows: Iterable[tuple[Any, ...]]) -> None:
    """Add (id, address, purpose, granted, said_at, said_by, source, proof, event)."""
    await _copy(tx, "consent", _CONSENT, [
        f"{id_.int:032x}\t{address_id.int:032x}\t{copied(purpose)}\t{granted:d}\t{_when(at)}\t{said_by}\t{source_id}"
        f"\t{copied(proof)}\t{event_id.int:032x}\n"
        for id_, address_id, purpose, granted, at, said_by, source_id, proof, event_id in rows
    ])  # fmt: skip


async def _copy(tx: Tx, table: str, columns: tuple[str, ...], lines: list[str]) -> None:
    if lines:
        await tx.copy_text(f"customers.{table}", columns, "".join(lines).encode())
