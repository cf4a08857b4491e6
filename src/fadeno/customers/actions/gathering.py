"""Each address and each link a group of events names, once, beside what is known of it already."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from fadeno.customers import store
from fadeno.customers.model import Evidence, blocked_because, limit_of, link_id
from fadeno.db import Tx
from fadeno.kit.ids import new_id

Key = tuple[str, str]


@dataclass(slots=True)
class Known:
    """An address of this group of events, as it stands."""

    id: UUID
    key: Key
    proven: int
    blocked: str | None
    shared: bool
    customer_id: UUID
    is_telling: bool
    is_new: bool = False
    is_labelled: bool = False

    @property
    def is_out(self) -> bool:
        return self.shared or self.blocked is not None


@dataclass(slots=True)
class NewLink:
    """A link that is new, or said more strongly or earlier than before."""

    id: UUID
    a: Known
    b: Known
    rule: str
    strength: int
    occurred_at: datetime
    event_id: UUID
    source_id: int
    is_known: bool = False
    is_retracted: bool = False
    reason: str | None = None


def gathered(
    evidence: Sequence[Evidence],
) -> tuple[dict[Key, int], dict[Key, int], list[Key], dict[tuple[Key, Key, str], list[Any]]]:
    """Each address, each pair of addresses once: the best proof, the strongest and earliest saying."""
    proven: dict[Key, int] = {}
    said_by: dict[Key, int] = {}
    subjects: list[Key] = []
    pairs: dict[tuple[Key, Key, str], list[Any]] = {}
    for one in evidence:
        mentions = one.mentions
        for kind, value, how in mentions:
            key = (kind, value)
            if proven.get(key, 0) < how:
                proven[key] = how
                said_by.setdefault(key, one.source_id)
        if len(mentions) == 1:
            subjects.append(mentions[0][:2])
            continue
        subject = next((m for m in mentions if not blocked_because(m[0], m[1])), mentions[0])
        key = subject[:2]
        subjects.append(key)
        for mention in mentions:
            other = mention[:2]
            if other == key:
                continue
            strength = min(subject[2], mention[2])
            pair = (key, other, one.rule) if key < other else (other, key, one.rule)
            there = pairs.get(pair)
            if there is None:
                pairs[pair] = [strength, one.occurred_at, one.event_id, one.source_id]
                continue
            if strength > there[0]:
                there[0] = strength
            if one.occurred_at < there[1]:
                there[1:] = [one.occurred_at, one.event_id, one.source_id]
    return proven, said_by, subjects, pairs


async def known_or_made(tx: Tx, proven: dict[Key, int], said_by: dict[Key, int]) -> dict[Key, Known]:
    """Every address with its id; those never seen before are made, in one order for all writers."""
    keys = sorted(proven)
    book = await _looked_up(tx, keys)
    missing = [key for key in keys if key not in book]
    if not missing:
        return book
    rows = [(new_id(), *key, proven[key], blocked_because(*key), said_by[key]) for key in missing]
    added = await store.add_addresses(tx, rows)
    for id_, kind, value, how, blocked, _ in rows:
        if id_ in added:
            key = (kind, value)
            book[key] = Known(id_, key, how, blocked, False, id_, limit_of(kind) is not None, is_new=True)
    if len(added) < len(missing):
        book.update(await _looked_up(tx, [key for key in missing if key not in book]))
    return book


async def _looked_up(tx: Tx, keys: Sequence[Key]) -> dict[Key, Known]:
    found = {}
    for row in await store.look_up(tx, keys):
        key = keys[row.n - 1]
        found[key] = Known(row.id, key, row.proven, row.blocked, row.shared, row.customer_id, row.is_telling)
    return found


async def new_links(tx: Tx, book: dict[Key, Known], pairs: dict[tuple[Key, Key, str], list[Any]]) -> list[NewLink]:
    """The links that say something not known yet."""
    if not pairs:
        return []
    links = {}
    for (one, other, rule), (strength, occurred_at, event_id, source_id) in pairs.items():
        a, b = book[one], book[other]
        if b.id.int < a.id.int:
            a, b = b, a
        id_ = link_id(one, other, rule)
        links[id_] = NewLink(id_, a, b, rule, strength, occurred_at, event_id, source_id)
    for id_, row in (await store.links_known(tx, links.keys())).items():
        link = links[id_]
        if row.strength >= link.strength and row.occurred_at <= link.occurred_at:
            del links[id_]
        else:
            link.is_known = True
            link.is_retracted = row.retracted_by is not None
    return list(links.values())
