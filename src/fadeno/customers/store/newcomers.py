"""Rows nobody else can have written, as COPY takes them: with all their indexes, half the work of INSERT."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import lru_cache, partial
from typing import Any
from uuid import UUID

from fadeno.customers.model import ATTESTED, Evidence, Label
from fadeno.db import NULL, Tx, copied

_when = lru_cache(maxsize=4096)(datetime.isoformat)  # the rows of a file often have one time


def address_line(id_: UUID, kind: str, value: str, proven: int, source_id: int, now: datetime) -> str:
    verified_at = _when(now) if proven == ATTESTED else NULL
    return f"{copied(kind)}\t{copied(value)}\t{id_.int:032x}\t{proven}\t{verified_at}\t{source_id}\n"


def grouping_line(address_id: UUID, customer_id: UUID, is_telling: bool) -> str:
    return f"{address_id.int:032x}\t{customer_id.int:032x}\t{is_telling:d}\n"


def customer_line(id_: UUID, count: int, kinds: Sequence[str], anchors: int, has_claims: bool, called: Label) -> str:
    """Somebody about whom nothing is in dispute."""
    return (
        f"{id_.int:032x}\t{count}\t{{{','.join(kinds)}}}\t{anchors}\t{has_claims:d}\t0"
        f"\t{copied(called.name)}\t{copied(called.label)}\t{' '.join(called.search_keys)}\t{copied(called.sort_key)}\n"
    )


def link_line(id_: UUID, a: UUID, b: UUID, strength: int, said: Evidence) -> str:
    return (
        f"{id_.int:032x}\t{a.int:032x}\t{b.int:032x}\t{said.rule}\t{strength}"
        f"\t{said.event_id.int:032x}\t{said.source_id}\t{_when(said.occurred_at)}\n"
    )


def trait_lines(address_id: UUID, told: Iterable[tuple[str, str, str]], said: Evidence) -> str:
    """Of each its name, digest and JSON."""
    of = f"{address_id.int:032x}"
    ends = f"{said.traits_proven}\t{_when(said.occurred_at)}\t{said.event_id.int:032x}\n"
    return "".join(
        [f"{of}\t{copied(name)}\t{said.source_id}\t{digest}\t{copied(value)}\t{ends}" for name, digest, value in told]
    )


def consent_line(row: tuple[Any, ...]) -> str:
    id_, address_id, purpose, granted, at, said_by, source_id, proof, event_id = row
    return (
        f"{id_.int:032x}\t{address_id.int:032x}\t{copied(purpose)}\t{granted:d}\t{_when(at)}\t{said_by}\t{source_id}"
        f"\t{copied(proof)}\t{event_id.int:032x}\n"
    )


async def _copy(table: str, columns: tuple[str, ...], tx: Tx, lines: Iterable[str]) -> None:
    if block := "".join(lines):
        await tx.copy_text(f"customers.{table}", columns, block.encode())


# An address that somebody else added meanwhile raises UniqueViolation.
copy_addresses = partial(_copy, "address", ("kind", "value", "id", "proven", "verified_at", "source_id"))
copy_groupings = partial(_copy, "grouping", ("address_id", "customer_id", "is_telling"))
copy_customers = partial(_copy, "customer", (
    "id", "address_count", "kinds", "anchors", "has_claims", "is_contested", "name", "label", "search_keys", "sort_key",
))  # fmt: skip
copy_links = partial(_copy, "link", ("id", "a", "b", "rule", "strength", "event_id", "source_id", "occurred_at"))
copy_traits = partial(_copy, "trait", (
    "address_id", "name", "source_id", "value_hash", "value", "proven", "said_at", "event_id"
))  # fmt: skip
copy_consents = partial(_copy, "consent", (
    "id", "address_id", "purpose", "granted", "said_at", "said_by", "source_id", "proof", "event_id"
))  # fmt: skip
