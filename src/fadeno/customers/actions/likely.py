"""Finding customers who may be one person, and what members say about them."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from contextlib import suppress
from uuid import UUID

from fadeno.access import Actor
from fadeno.customers import store
from fadeno.customers.actions.deciding import Outcome, keep_apart, merge
from fadeno.customers.model import NoLink, OnePerson, Said, Shared, traits
from fadeno.customers.model.likeness import TRAITS, Portrait, likeness, likeness_id, portrait, same_name
from fadeno.customers.reads.likely import likely
from fadeno.db import Tx
from fadeno.kit.addresses import PHONE_KINDS

MOST_ALIKE = 12  # looked at of those who bear a name, or share a beginning of an e-mail address
MOST_AT_ONCE = 20


async def look_for_likely(tx: Tx, ids: Collection[UUID]) -> int:
    """Find who may be the same person as one of some customers; how many pairs were found.

    Nobody is compared with everybody: only those are who bear the same name, hold the same number or the same name
    before the @, and of very many only some.
    """
    ones = await _portraits(tx, ids)
    pairs, bearers = await _pairs(tx, list(ones.values()))
    others = await _portraits(tx, {other for _, other in pairs} - ones.keys())
    rows = await store.read_customers(tx, {id_ for pair in pairs for id_ in pair})
    known = {**others, **ones}
    found = {}
    for one, other in pairs:
        if not {one, other} <= rows.keys() or rows[one].erased_at or rows[other].erased_at:
            continue
        if set(rows[one].rulings) & set(rows[other].rulings):
            continue  # a member has said already what they are to one another
        if how := likeness(known[one], known[other], bearers.get(one, 1)):
            a, b = sorted((one, other))
            found[likeness_id(a, b)] = (a, b, how.certainty, how.reasons)
    await store.add_likenesses(tx, [(id_, *found[id_]) for id_ in sorted(found)])
    return len(found)


async def _portraits(tx: Tx, ids: Collection[UUID]) -> dict[UUID, Portrait]:
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
    return {id_: portrait(id_, held[id_], {t.name: t.value for t in traits(said[id_])}) for id_ in ids}


async def _pairs(tx: Tx, ones: list[Portrait]) -> tuple[set[tuple[UUID, UUID]], dict[UUID, int]]:
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
        for key in one.locals | one.numbers:
            owners[key].append(one.id)
    locals_, numbers = _all(one.locals for one in ones), _all(one.numbers for one in ones)
    for row in await store.same_locals(tx, locals_, MOST_ALIKE):
        pairs |= {(one, row.customer_id) for one in owners[row.local]}
    for row in await store.same_numbers(tx, numbers, PHONE_KINDS):
        pairs |= {(one, row.customer_id) for one in owners[row.number]}
    return {pair for pair in pairs if pair[0] != pair[1]}, bearers


def _all(parts: Iterable[frozenset[str]]) -> list[str]:
    return sorted(frozenset().union(*parts))


async def confirm_likely(tx: Tx, actor: Actor, id_: UUID) -> Outcome:
    """Say that two who may be one person are.

    Raises:
        NoLink: there is no such pair, or somebody decided already.
        OnePerson: they are one already.
    """
    pair = await _waiting(tx, id_)
    await store.set_decided(tx, id_)
    return await merge(tx, actor, pair)


async def refuse_likely(tx: Tx, actor: Actor, id_: UUID) -> Outcome:
    """Say that two who may be one person are not; they are kept apart, whatever evidence comes.

    Raises:
        NoLink: there is no such pair, or somebody decided already, or they are one.
    """
    one, other = await _waiting(tx, id_)
    await store.set_decided(tx, id_)
    return await keep_apart(tx, actor, one, other)


async def confirm_all_likely(tx: Tx, actor: Actor, least: int) -> tuple[list[Outcome], bool]:
    """Say that twenty pairs of at least a certainty are one person each; whether there are more.

    Each is an action of its own and can be undone by itself. Pairs that can't be merged are left to be looked at.
    """
    page, more = await likely(tx, least=least, limit=MOST_AT_ONCE)
    done = []
    for pair in page:
        with suppress(OnePerson, Shared, NoLink):
            async with tx.savepoint():
                done.append(await confirm_likely(tx, actor, pair.id))
    return done, more is not None and bool(done)


async def _waiting(tx: Tx, id_: UUID) -> tuple[UUID, UUID]:
    pair = await store.lock_likeness(tx, id_)
    if pair is None or pair.decided_at is not None:
        raise NoLink("There is no such suggestion, or somebody decided already.", field="id")
    return pair.a, pair.b
