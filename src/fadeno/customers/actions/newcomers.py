"""People nobody has heard of yet, written down in one pass: most rows of most files are about such.

Where all addresses of an event are unknown, and no other event of the group names one of them, nothing older can have
a say: who it is follows from the event alone. Such events are worked out here without looking further, and written
with COPY, which takes the database half the time. `placing` gives the same answer for them, as a property test holds.
"""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from operator import itemgetter
from typing import Any, NamedTuple
from uuid import UUID

import msgspec
from psycopg.errors import UniqueViolation

from fadeno.customers import store
from fadeno.customers.actions.gathering import Key
from fadeno.customers.actions.remembering import TRAIT_CHARS, ledger_of
from fadeno.customers.model import (
    CLAIMED,
    NAME_TRAITS,
    Evidence,
    Label,
    Placed,
    blocked_because,
    called,
    is_anchor,
    limit_of,
    link_id,
    value_hash,
)
from fadeno.db import Tx
from fadeno.kit.ids import new_id

_NAMES = frozenset(NAME_TRAITS)
_encode = msgspec.json.Encoder().encode


class Shape(NamedTuple):
    """What follows from the kinds of a newcomer's addresses and how well each is proven.

    Attributes:
        kinds: the limited ones, in order.
    """

    kinds: tuple[str, ...]
    anchors: int
    has_claims: bool


class Newcomer(NamedTuple):
    """Somebody whom one event alone tells of. The first address is its subject, and gives the customer its id."""

    evidence: Evidence
    ids: list[UUID]
    shape: Shape


async def settle(tx: Tx, evidence: Sequence[Evidence]) -> list[Placed | None]:
    """Where those of these events belong that are of newcomers; None for the others, of which nothing is written."""
    placed: list[Placed | None] = [None] * len(evidence)
    alone = _alone(evidence)
    if not alone:
        return placed
    unknown = await _unknown(tx, evidence, alone)
    if not unknown:
        return placed
    found = [Newcomer(evidence[n], [new_id() for _ in evidence[n].mentions], shape) for n, shape in unknown.items()]
    try:
        async with tx.savepoint():
            await _write(tx, found)
    except UniqueViolation:  # somebody else heard of one of them in this very moment
        return placed
    for n, one in zip(unknown, found, strict=True):
        placed[n] = Placed(one.ids[0], one.ids[1:], one.ids[0])
    return placed


def _alone(evidence: Sequence[Evidence]) -> dict[int, Shape]:
    """Places of the events that name nobody whom another one names, and of whose own links none is in dispute."""
    first: dict[Key, int] = {}
    shapes: dict[int, Shape] = {}
    again: set[int] = set()
    for n, one in enumerate(evidence):
        for kind, value, _ in one.mentions:
            if (kind, value) in first:
                again.update((n, first[kind, value]))
            else:
                first[kind, value] = n
        shape = _shape(tuple([(kind, proven) for kind, _, proven in one.mentions]))
        if shape is None or any(blocked_because(kind, value) for kind, value, _ in one.mentions):
            continue
        if max(map(len, one.traits), default=0) <= TRAIT_CHARS:  # cut, two of its traits may be one
            shapes[n] = shape
    return {n: shape for n, shape in shapes.items() if n not in again}


@lru_cache(maxsize=4096)
def _shape(named: tuple[tuple[str, int], ...]) -> Shape | None:
    """None where a link between such addresses might be left out."""
    kinds = sorted(kind for kind, _ in named if limit_of(kind) is not None)
    anchors = sum(is_anchor(kind, proven) for kind, proven in named)
    has_claims = len(named) > 1 and min(proven for _, proven in named) <= CLAIMED
    if has_claims and anchors > 1:
        return None
    if any(kinds.count(kind) > (limit_of(kind) or 0) for kind in kinds):
        return None
    return Shape(tuple(kinds), anchors, has_claims)


async def _unknown(tx: Tx, evidence: Sequence[Evidence], alone: dict[int, Shape]) -> dict[int, Shape]:
    """Those of which no address is known."""
    owner = {(kind, value): n for n in alone for kind, value, _ in evidence[n].mentions}
    keys = list(owner)
    known = {owner[keys[row.n - 1]] for row in await store.look_up(tx, keys)}
    return {n: shape for n, shape in alone.items() if n not in known} if known else alone


async def _write(tx: Tx, found: Sequence[Newcomer]) -> None:
    """Addresses come first and in order, as all writers take them: nothing else can be somebody else's too."""
    await store.copy_addresses(tx, sorted(_addresses(found), key=itemgetter(1, 2)))
    await store.copy_groupings(tx, _groupings(found))
    await store.copy_customers(tx, ((one.ids[0], len(one.ids), *one.shape, _label(one.evidence)) for one in found))
    await store.copy_links(tx, sorted(_links(found), key=itemgetter(0)))
    await store.copy_traits(tx, _traits(found))
    await store.copy_consents(tx, [line for o in found for line in ledger_of(o.evidence, o.ids[0]).values()])


def _addresses(found: Sequence[Newcomer]) -> Iterator[tuple[UUID, str, str, int, int]]:
    for one in found:
        source_id = one.evidence.source_id
        for id_, (kind, value, proven) in zip(one.ids, one.evidence.mentions, strict=True):
            yield id_, kind, value, proven, source_id


def _groupings(found: Sequence[Newcomer]) -> Iterator[tuple[UUID, UUID, bool]]:
    for one in found:
        customer_id = one.ids[0]
        is_spoken_of = bool(one.evidence.traits or one.evidence.consents)
        for id_, mention in zip(one.ids, one.evidence.mentions, strict=True):
            yield id_, customer_id, limit_of(mention[0]) is not None or (is_spoken_of and id_ is customer_id)


def _label(one: Evidence) -> Label:
    held = [(kind, value) for kind, value, _ in one.mentions if limit_of(kind) is not None]
    return called(held, {name: value for name, value in one.traits.items() if name in _NAMES})


def _links(found: Sequence[Newcomer]) -> Iterator[store.LinkLine]:
    for one in found:
        evidence = one.evidence
        subject, *others = evidence.mentions
        for id_, other in zip(one.ids[1:], others, strict=True):
            yield (
                link_id(subject[:2], other[:2], evidence.rule).hex, one.ids[0], id_, evidence.rule,
                min(subject[2], other[2]), evidence.event_id, evidence.source_id, evidence.occurred_at,
            )  # fmt: skip


def _traits(found: Sequence[Newcomer]) -> Iterator[store.TraitLine]:
    for one in found:
        evidence = one.evidence
        for name, value in evidence.traits.items():
            if value is not None:
                told = _told(value) if type(value) is str else _told.__wrapped__(value)
                yield (
                    one.ids[0], name, evidence.source_id, *told, evidence.traits_proven, evidence.occurred_at,
                    evidence.event_id,
                )  # fmt: skip


@lru_cache(maxsize=16_384)  # cities, countries and first names come again and again
def _told(value: Any) -> tuple[str, str]:
    """The digest of a value, and itself as JSON."""
    return value_hash(value).hex, _encode(value).decode()
