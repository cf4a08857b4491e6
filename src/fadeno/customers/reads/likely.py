"""Customers who may be one person, by what is known of them or by evidence that was left out."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from fadeno.customers import store
from fadeno.customers.model import Said, traits
from fadeno.customers.model.likeness import REASONS
from fadeno.customers.model.portrait import TRAITS
from fadeno.customers.reads.person import resolve
from fadeno.customers.store.likeness import count_likenesses
from fadeno.db import Tx
from fadeno.kit.errors import Invalid

MOST_COUNTED = 100_000
CERTAIN = 100
_FIRST = (CERTAIN + 1, UUID(int=0))


@dataclass(frozen=True, slots=True)
class Likely:
    """Two customers who may be one person.

    Attributes:
        certainty: in per cent.
        reasons: codes of what speaks for it and against it.
        link_id: evidence that ties the two and was left out, if there is any.
        held_off: why that evidence was left out.
    """

    id: UUID
    certainty: int
    reasons: list[str]
    found_at: datetime
    link_id: UUID | None
    held_off: str | None
    one: UUID
    one_label: str
    other: UUID
    other_label: str


@dataclass(frozen=True, slots=True)
class Decided:
    """What a member said of a pair: `merge` or `refuse`, by which action."""

    id: UUID
    action_id: UUID
    verb: str
    made_by: str
    made_at: datetime
    one: UUID
    one_label: str
    other: UUID
    other_label: str


@dataclass(frozen=True, slots=True)
class Side:
    """One of two customers, as people compare them.

    Attributes:
        held: kind and value of the addresses that tell who they are.
        known: name, birthday and home, as they won.
        names: other names that were said of them.
    """

    held: list[tuple[str, str]]
    known: Mapping[str, Any]
    names: list[str]


async def likely(
    tx: Tx,
    *,
    least: int = 0,
    most: int = CERTAIN,
    reason: str | None = None,
    after: str | None = None,
    limit: int = 50,
) -> tuple[list[Likely], str | None]:
    """Pairs that wait for somebody to look, the likeliest first, and where the next page begins.

    Args:
        least: in per cent.
        most: in per cent.
        reason: only pairs this code speaks for or against.
    """
    if reason is not None and reason not in REASONS:
        raise Invalid(f"A reason is one of {', '.join(REASONS)}.", field="reason")
    below = _FIRST
    if after:
        certainty, _, id_ = after.partition("_")
        try:
            below = (int(certainty), UUID(id_))
            if not 0 <= below[0] <= _FIRST[0]:
                raise ValueError
        except ValueError:
            raise Invalid("`after` is the `next` of the page before.", field="after") from None
    rows = await store.likenesses(tx, (least, most), reason, below, limit + 1)
    page = [Likely(*row) for row in rows[:limit]]
    return page, f"{page[-1].certainty}_{page[-1].id}" if len(rows) > limit else None


async def count_likely(tx: Tx, least: int) -> int:
    """How many pairs of at least a certainty wait; of more than a hundred thousand, so many."""
    return await count_likenesses(tx, least, MOST_COUNTED)


async def some_likely(tx: Tx, ids: Collection[UUID]) -> list[Likely]:
    """Pairs by their ids, as far as they wait still."""
    return [Likely(*row) for row in await store.some_likenesses(tx, ids)]


async def likely_of(tx: Tx, id_: UUID, *, limit: int = 5) -> list[Likely]:
    """Who may be the same person as a customer, the likeliest first.

    Raises:
        NoCustomer: there is no such id; search by address or name.
    """
    found = await store.likenesses_of(tx, [(await resolve(tx, id_)).id])
    return (await some_likely(tx, [row.id for row in found]))[:limit]


async def decided_likely(tx: Tx, *, limit: int = 50) -> list[Decided]:
    """What members said of pairs, the latest first."""
    return [Decided(*row) for row in await store.decided_likenesses(tx, limit)]


async def sides(tx: Tx, ids: Collection[UUID]) -> dict[UUID, Side]:
    """What people compare of some customers, by their ids now."""
    if not ids:
        return {}
    held: dict[UUID, list[tuple[str, str]]] = defaultdict(list)
    for row in await store.telling_addresses(tx, ids):
        held[row.customer_id].append((row.kind, row.value))
    said: dict[UUID, list[Said]] = defaultdict(list)
    for row in await store.name_traits(tx, ids, TRAITS):
        one = Said(row.address_id, row.name, row.value, row.source_id, row.proven, row.said_at, row.event_id)
        said[row.customer_id].append(one)
    return {id_: _side(sorted(held[id_]), said[id_]) for id_ in ids}


def _side(held: list[tuple[str, str]], said: list[Said]) -> Side:
    won = traits(said)
    names = [lost.value for trait in won if trait.name in ("name", "fullName") for lost in trait.others]
    return Side(held, {trait.name: trait.value for trait in won}, [name for name in names if isinstance(name, str)])
