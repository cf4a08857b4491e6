"""Finding customers who may be one person, and what members say about them."""

import asyncio
from collections import defaultdict
from collections.abc import Collection, Iterable
from contextlib import suppress
from typing import Any
from uuid import UUID

from fadeno.access import Actor
from fadeno.customers import store
from fadeno.customers.actions.deciding import Outcome, keep_apart, merge
from fadeno.customers.model import NoLink, OnePerson, Said, Shared, traits
from fadeno.customers.model.likeness import likeness, likeness_id
from fadeno.customers.model.portrait import TRAITS, Portrait, portrait, same_name
from fadeno.customers.reads.likely import likely
from fadeno.db import Tx
from fadeno.kit.addresses import PHONE_KINDS

MOST_ALIKE = 12  # looked at of those who bear a name, or share a beginning of an e-mail address
MOST_BEGINNING = 30  # looked at of e-mail addresses that begin the same
EMAIL_BEGINS_CHARS = 5
MOST_AT_ONCE = 20
_AT_A_STRETCH = 50  # compared before whatever else the process does has its turn


async def look_for_likely(tx: Tx, ids: Collection[UUID]) -> int:
    """Find who may be the same person as one of some customers, and drop who is not any more; how many pairs there are.

    Nobody is compared with everybody: only those are who bear the same name, hold the same number, the same name before
    the @ or nearly the same address, or are tied by evidence that was left out; and of very many only some.
    """
    ones = await _portraits(tx, ids)
    candidates, bearers = await _candidates(tx, list(ones.values()))
    before = await store.likenesses_of(tx, ids)
    links = await store.linked_pairs(tx, ids)
    pairs = {_in_order(*pair) for pair in candidates} | {(row.a, row.b) for row in before} | links.keys()
    named = {id_ for pair in pairs for id_ in pair}
    rows = await store.read_customers(tx, named)
    known = {**await _portraits(tx, named - ones.keys()), **ones}
    there = rows.keys() & known.keys()
    found = {}
    for n, (a, b) in enumerate(pairs):
        if n % _AT_A_STRETCH == 0:
            await asyncio.sleep(0)
        if a == b or not {a, b} <= there or rows[a].erased_at or rows[b].erased_at:
            continue
        if set(rows[a].rulings) & set(rows[b].rulings):
            continue  # a member has said already what they are to one another
        link = links.get((a, b))
        many = max(bearers.get(a, 1), bearers.get(b, 1))
        if how := likeness(known[a], known[b], many, is_linked=link is not None):
            found[likeness_id(a, b)] = (a, b, how.certainty, how.reasons, link)
    await store.drop_likenesses(tx, sorted({row.id for row in before} - found.keys()))
    await store.add_likenesses(tx, [(id_, *found[id_]) for id_ in sorted(found)])
    return len(found)


def _in_order(one: UUID, other: UUID) -> tuple[UUID, UUID]:
    return (one, other) if one < other else (other, one)


async def _portraits(tx: Tx, ids: Collection[UUID]) -> dict[UUID, Portrait]:
    """Those of customers who hold an address of their own: one many use is nobody, whatever was said through it."""
    if not ids:
        return {}
    held: dict[UUID, list[tuple[str, str]]] = defaultdict(list)
    for row in await store.telling_addresses(tx, ids):
        if not row.blocked and not row.shared:
            held[row.customer_id].append((row.kind, row.value))
    said: dict[UUID, list[Said]] = defaultdict(list)
    for row in await store.name_traits(tx, ids, TRAITS):
        one = Said(row.address_id, row.name, row.value, row.source_id, row.proven, row.said_at, row.event_id)
        said[row.customer_id].append(one)
    found = {}
    for n, id_ in enumerate(held):
        if n % _AT_A_STRETCH == 0:
            await asyncio.sleep(0)
        found[id_] = portrait(id_, held[id_], traits(said[id_]))
    return found


async def _candidates(tx: Tx, ones: list[Portrait]) -> tuple[set[tuple[UUID, UUID]], dict[UUID, int]]:
    """Whom to compare with whom, and how many bear each one's name."""
    pairs: set[tuple[UUID, UUID]] = set()
    sought = [(one.id, keys) for one in ones if (keys := same_name(one))]
    bearers: dict[UUID, int] = defaultdict(int)
    for row in await store.same_names(tx, [keys for _, keys in sought], MOST_ALIKE):
        one = sought[row.n - 1][0]
        bearers[one] += 1
        pairs.add((one, row.customer_id))
    owners: dict[str, list[UUID]] = defaultdict(list)
    for one in ones:
        for key in one.locals | one.numbers | _beginnings(one):
            owners[key].append(one.id)
    locals_, numbers = _all(one.locals for one in ones), _all(one.numbers for one in ones)
    for row in await store.same_locals(tx, locals_, MOST_ALIKE):
        pairs |= {(one, row.customer_id) for one in owners[row.local]}
    for row in await store.same_numbers(tx, numbers, PHONE_KINDS):
        pairs |= {(one, row.customer_id) for one in owners[row.number]}
    for row in await store.same_email_starts(tx, _all(_beginnings(one) for one in ones), MOST_BEGINNING):
        pairs |= {(one, row.customer_id) for one in owners[row.begins]}
    return {pair for pair in pairs if pair[0] != pair[1]}, bearers


def _beginnings(one: Portrait) -> frozenset[str]:
    return frozenset(email[:EMAIL_BEGINS_CHARS] for email in one.emails)


def _all(parts: Iterable[frozenset[str]]) -> list[str]:
    return sorted(frozenset().union(*parts))


async def confirm_likely(tx: Tx, actor: Actor, id_: UUID) -> Outcome:
    """Say that two who may be one person are.

    Raises:
        NoLink: there is no such pair, or somebody decided already.
        OnePerson: they are one already.
    """
    pair = await _waiting(tx, id_)
    done = await merge(tx, actor, [pair.a, pair.b])
    await store.set_decided(tx, id_, done.action_id)
    return done


async def refuse_likely(tx: Tx, actor: Actor, id_: UUID) -> Outcome:
    """Say that two who may be one person are not; they are kept apart, whatever evidence comes.

    Raises:
        NoLink: there is no such pair, or somebody decided already, or they are one.
    """
    pair = await _waiting(tx, id_)
    done = await keep_apart(tx, actor, pair.a, pair.b, pair.link_id)
    await store.set_decided(tx, id_, done.action_id)
    return done


async def confirm_all_likely(tx: Tx, actor: Actor, least: int) -> tuple[list[Outcome], bool]:
    """Say that twenty pairs of at least a certainty are one person each; whether there are more."""
    page, more = await likely(tx, least=least, limit=MOST_AT_ONCE)
    done = await confirm_these_likely(tx, actor, [pair.id for pair in page])
    return done, more is not None and bool(done)


async def confirm_these_likely(tx: Tx, actor: Actor, ids: Iterable[UUID]) -> list[Outcome]:
    """Say that each of some pairs is one person; what was done.

    Each is an action of its own and can be undone by itself. Pairs that can't be merged are left to be looked at.
    """
    done = []
    for id_ in ids:
        with suppress(OnePerson, Shared, NoLink):
            async with tx.savepoint():
                done.append(await confirm_likely(tx, actor, id_))
    return done


async def _waiting(tx: Tx, id_: UUID) -> Any:
    pair = await store.lock_likeness(tx, id_)
    if pair is None or pair.decided_at is not None:
        raise NoLink("There is no such suggestion, or somebody decided already.", field="id", word="decided_already")
    return pair
