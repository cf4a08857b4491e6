"""What tells customers of one name apart in a short list: where they live, and one way to reach them."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from fadeno.customers import store
from fadeno.customers.model import Said, traits
from fadeno.db import Tx
from fadeno.kit import text
from fadeno.kit.addresses import PHONE_KINDS

MOST_LOOKED_AT = 20  # addresses of one customer
_TOWNS = ("city", "town", "address")


@dataclass(frozen=True, slots=True)
class Apart:
    """What tells a customer apart.

    Attributes:
        town: as it was said last; `is_of_address` where only their postal address names it.
        kind, value: an e-mail address or phone number of theirs, the one that was asked for if it was; may be empty.
    """

    town: str = ""
    is_of_address: bool = False
    kind: str = ""
    value: str = ""


async def told_apart(tx: Tx, ids: Collection[UUID], q: str = "") -> dict[UUID, Apart]:
    """What tells these customers apart, by their ids; who is not there is left out.

    Args:
        q: what was typed: whoever was found by an address is shown with it.
    """
    rows = await store.told_apart(tx, ids, [*PHONE_KINDS, "email"], _TOWNS, MOST_LOOKED_AT) if ids else []
    held: dict[UUID, list[Any]] = defaultdict(list)
    for row in rows:
        held[row.customer_id].append(row)
    return {id_: _apart(some, q.strip().casefold()) for id_, some in held.items()}


def _apart(rows: list[Any], q: str) -> Apart:
    said = [
        Said(row.address_id, row.name, row.said, row.source_id, row.proven, row.said_at, row.event_id)
        for row in rows
        if row.name is not None
    ]
    known = {trait.name: trait.value for trait in traits(said)}
    place = known.get("address")
    town = known.get("city") or known.get("town")
    of_address = place.get("city") if isinstance(place, dict) else None
    near = [row for row in rows if row.kind is not None]
    digits = text.typed_digits(q)
    near.sort(
        key=lambda row: (not _is_asked(row.value, q, digits), -row.address_proven, row.kind != "email", row.address_id)
    )
    kind, value = (near[0].kind, near[0].value) if near else ("", "")
    return Apart(_text(town or of_address), not town, kind, value)


def _is_asked(value: str, q: str, digits: list[str]) -> bool:
    return bool(q) and (q in value or any(some in value for some in digits))


def _text(town: Any) -> str:
    return town.strip()[:60] if isinstance(town, str) else ""
