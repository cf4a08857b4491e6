"""Keeping what was said of addresses: traits and consents."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any
from uuid import UUID

import msgspec

from fadeno.customers import store
from fadeno.customers.actions.gathering import Key, Known
from fadeno.customers.model import NAME_TRAITS, Evidence, Said, limit_of, value_hash
from fadeno.db import Tx

TRAIT_CHARS = 200  # of the name of a trait
_NAMES = frozenset(NAME_TRAITS)
_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder().decode


@dataclass(slots=True)
class Told:
    """What a group of events says about people, beside who is who.

    Attributes:
        said: trait rows by (address, name, source, value).
        names: what addresses are said to be called.
        ledger: consent rows.
        stirred: known addresses whose customers' rows may change by this.
        dumb: known addresses a profile was not read from so far.
        silent: of these, the ones of which nothing was said any more; now they are heard of again.
    """

    said: dict[tuple[UUID, str, int, UUID], tuple[Any, ...]]
    names: dict[UUID, list[Said]]
    ledger: dict[UUID, tuple[Any, ...]]
    stirred: list[Known]
    dumb: list[Known]
    silent: list[Known]


def heard(evidence: Sequence[Evidence], subjects: Sequence[Key], book: dict[Key, Known]) -> Told:
    """Each trait and each consent of a group of events once."""
    spoken = [(one, book[key]) for one, key in zip(evidence, subjects, strict=True) if one.traits or one.consents]
    said = _said(spoken)
    names: dict[UUID, list[Said]] = defaultdict(list)
    for (address_id, name, source_id, _), row in said.items():
        if name in _NAMES:
            names[address_id].append(Said(address_id, name, _decode(row[4]), source_id, row[5], row[6], row[7]))
    stirred = [k for one, k in spoken if not k.is_new and (not k.is_telling or not _NAMES.isdisjoint(one.traits))]
    silent = [k for k in book.values() if not k.is_telling and limit_of(k.key[0]) is not None]
    dumb = [*(k for _, k in spoken if not k.is_telling), *silent]
    for known in dumb:
        known.is_telling = True
    ledger = {id_: line for one, known in spoken if one.consents for id_, line in ledger_of(one, known.id).items()}
    return Told(said, names, ledger, [*stirred, *silent], [k for k in dumb if not k.is_new], silent)


async def remember(tx: Tx, told: Told) -> set[UUID]:
    """Keep traits and consents; the addresses whose name may be another one now."""
    if told.dumb:
        await store.make_telling(tx, {k.id for k in told.dumb})
    if told.ledger:
        await store.keep_consents(tx, [told.ledger[id_] for id_ in sorted(told.ledger)])
    heard_again = {k.id for k in told.silent}
    if not told.said:
        return heard_again
    new = await store.keep_traits(tx, [told.said[key] for key in sorted(told.said)])
    return heard_again | {row.address_id for row in new if row.name in _NAMES}


def _said(spoken: Sequence[tuple[Evidence, Known]]) -> dict[tuple[UUID, str, int, UUID], tuple[Any, ...]]:
    """Each distinct value once, with its best saying."""
    said: dict[tuple[UUID, str, int, UUID], tuple[Any, ...]] = {}
    for one, known in spoken:
        for name, value in one.traits.items():
            if value is None:
                continue
            key = (known.id, name[:TRAIT_CHARS], one.source_id, value_hash(value))
            row = (*key, _encode(value).decode(), one.traits_proven, one.occurred_at, one.event_id)
            if key not in said or _beats(row, said[key]):
                said[key] = row
    return said


def ledger_of(one: Evidence, address_id: UUID) -> dict[UUID, tuple[Any, ...]]:
    """The consents of an event, each once, by a digest of event and purpose."""
    ledger: dict[UUID, tuple[Any, ...]] = {}
    for purpose, granted, proof in one.consents:
        id_ = UUID(bytes=blake2b(one.event_id.bytes + purpose.encode(), digest_size=16).digest())
        ledger[id_] = (
            id_, address_id, purpose, granted, one.occurred_at, "customer", one.source_id, proof, one.event_id,
        )  # fmt: skip
    return ledger


def _beats(row: tuple[Any, ...], other: tuple[Any, ...]) -> bool:
    """Whether the same value is better said: more proven, then later, then by the smaller event id."""
    return (row[5], row[6], -row[7].int) > (other[5], other[6], -other[7].int)
