"""People nobody has heard of yet, written down in one pass: most rows of most files are about such.

Where all addresses of an event are unknown, and no other event of the group names one of them, nothing older can have
a say: who it is follows from the event alone. All that is to be written can then be put into the database's words
ahead, by another process too, and is written with COPY, which takes the database half the time. `placing` gives the
same answer for such events, as a property test holds.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple

import msgspec
from psycopg.errors import UniqueViolation

from fadeno.customers import store
from fadeno.customers.actions.gathering import Key
from fadeno.customers.actions.remembering import TRAIT_CHARS, ledger_of
from fadeno.customers.model import (
    CLAIMED,
    NAME_TRAITS,
    Evidence,
    Introduction,
    Label,
    Placed,
    blocked_because,
    called,
    is_anchor,
    limit_of,
    link_id,
    value_digest,
)
from fadeno.db import Tx
from fadeno.kit.ids import new_id

_NAMES = frozenset(NAME_TRAITS)
_encode = msgspec.json.Encoder().encode


class _Shape(NamedTuple):
    """What follows from the kinds of a newcomer's addresses and how well each is proven.

    Attributes:
        kinds: the limited ones, in order.
        are_limited: of each address, whether a person has few of its kind.
    """

    kinds: tuple[str, ...]
    anchors: int
    has_claims: bool
    are_limited: tuple[bool, ...]


async def settle(tx: Tx, evidence: Sequence[Evidence]) -> list[Placed | None]:
    """Where those of these events belong that are of newcomers; None for the others, of which nothing is written."""
    keys = [[mention[:2] for mention in one.mentions] for one in evidence]
    plain = [n for n in _met_once(keys) if _shape_of(evidence[n])]
    wanted = await _unknown(tx, keys, plain)
    found = [made for n in wanted if (made := introduce(evidence[n], tx.now))]
    placed: list[Placed | None] = [None] * len(evidence)
    if await _write(tx, found):
        for n, one in zip(wanted, found, strict=True):
            placed[n] = Placed(one.ids[0], one.ids[1:], one.ids[0])
    return placed


async def welcome(tx: Tx, introduced: Sequence[Introduction]) -> set[int]:
    """Write down those of these who are unknown indeed; their places. Nothing is written of the others."""
    keys = [one.keys for one in introduced]
    wanted = await _unknown(tx, keys, _met_once(keys))
    return set(wanted) if await _write(tx, [introduced[n] for n in wanted]) else set()


def introduce(one: Evidence, now: datetime) -> Introduction | None:
    """All that is written of whom an event tells of, if they are unknown; None where that does not tell it all."""
    shape = _shape_of(one)
    if shape is None:
        return None
    ids = [new_id() for _ in one.mentions]
    is_spoken_of = bool(one.traits or one.consents)
    held = [mention[:2] for mention, is_limited in zip(one.mentions, shape.are_limited, strict=True) if is_limited]
    telling = [is_limited or (is_spoken_of and not n) for n, is_limited in enumerate(shape.are_limited)]
    subject = one.mentions[0]
    return Introduction(
        ids,
        [mention[:2] for mention in one.mentions],
        [store.address_line(id_, *mention, one.source_id, now) for id_, mention in zip(ids, one.mentions, strict=True)],
        "".join([store.grouping_line(id_, ids[0], tells) for id_, tells in zip(ids, telling, strict=True)]),
        store.customer_line(ids[0], len(ids), *shape[:3], _label(held, one.traits)),
        [
            store.link_line(link_id(subject[:2], other[:2], one.rule), ids[0], id_, min(subject[2], other[2]), one)
            for id_, other in zip(ids[1:], one.mentions[1:], strict=True)
        ],
        store.trait_lines(ids[0], [(name, *_told(v)) for name, v in one.traits.items() if v is not None], one),
        "".join(map(store.consent_line, ledger_of(one, ids[0]).values())) if one.consents else "",
    )


def _met_once(keys: Sequence[Sequence[Key]]) -> list[int]:
    """Places of what names no address twice, nor one that another names."""
    first: dict[Key, int] = {}
    again: set[int] = set()
    for n, mine in enumerate(keys):
        for key in mine:
            if (there := first.setdefault(key, n)) != n:
                again.update((n, there))
        if len(mine) > 1 and len(set(mine)) < len(mine):
            again.add(n)
    return [n for n in range(len(keys)) if n not in again]


async def _unknown(tx: Tx, keys: Sequence[Sequence[Key]], places: Iterable[int]) -> list[int]:
    """Those of the places of which no address is known."""
    owners = [(n, key) for n in places for key in keys[n]]
    if not owners:
        return []
    known = {owners[row.n - 1][0] for row in await store.look_up(tx, [key for _, key in owners])}
    return list(dict.fromkeys(n for n, _ in owners if n not in known))


def _shape_of(one: Evidence) -> _Shape | None:
    """None where something of an event may be left out, or needs a second look."""
    shape = _shape(tuple([(kind, proven) for kind, _, proven in one.mentions]))
    if shape is None or any(blocked_because(kind, value) for kind, value, _ in one.mentions):
        return None
    # Cut, two of its traits may be one.
    return shape if not one.traits or max(map(len, one.traits)) <= TRAIT_CHARS else None


@lru_cache(maxsize=4096)
def _shape(named: tuple[tuple[str, int], ...]) -> _Shape | None:
    """None where a link between such addresses might be left out."""
    are_limited = tuple(limit_of(kind) is not None for kind, _ in named)
    kinds = tuple(sorted(kind for kind, _ in named if limit_of(kind) is not None))
    anchors = sum(is_anchor(kind, proven) for kind, proven in named)
    has_claims = len(named) > 1 and min(proven for _, proven in named) <= CLAIMED
    if has_claims and anchors > 1:
        return None
    if any(kinds.count(kind) > (limit_of(kind) or 0) for kind in kinds):
        return None
    return _Shape(kinds, anchors, has_claims, are_limited)


def _label(held: Sequence[Key], said: Mapping[str, Any]) -> Label:
    return called(held, {name: value for name, value in said.items() if name in _NAMES})


def _told(value: Any) -> tuple[str, str]:
    """The digest of a value, and itself as JSON."""
    return _told_text(value) if type(value) is str else (value_digest(value), _encode(value).decode())


@lru_cache(maxsize=16_384)  # cities, countries and first names come again and again
def _told_text(value: str) -> tuple[str, str]:
    return value_digest(value), _encode(value).decode()


async def _write(tx: Tx, found: Sequence[Introduction]) -> bool:
    """Write newcomers down; False, and nothing, where somebody else heard of one of them in this very moment."""
    if not found:
        return True
    try:
        async with tx.savepoint():
            # In one order, as all writers take them. Nothing but addresses can be somebody else's too.
            await store.copy_addresses(tx, sorted([line for one in found for line in one.addresses]))
            await store.copy_groupings(tx, [one.groupings for one in found])
            await store.copy_customers(tx, [one.customer for one in found])
            await store.copy_links(tx, sorted([line for one in found for line in one.links]))
            await store.copy_traits(tx, [one.traits for one in found])
            await store.copy_consents(tx, [one.consents for one in found])
    except UniqueViolation:
        return False
    return True
