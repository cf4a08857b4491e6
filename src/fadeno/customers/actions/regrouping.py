"""Computing who is one person anew, for all addresses that evidence connects, and writing down what changed."""

from collections import defaultdict
from collections.abc import Awaitable, Callable, Collection, Iterable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from fadeno.customers import store
from fadeno.customers.actions.labels import relabel
from fadeno.customers.model import (
    APART,
    BLOCKED,
    CLAIMED,
    Erased,
    Grouping,
    Ruling,
    group,
    is_anchor,
    limit_of,
)
from fadeno.db import Tx
from fadeno.kit.errors import Conflict

MOST_ROUNDS = 20
MOST_TO_FORESEE = 2_000


class Moving(Conflict):
    """These customers are being changed by somebody else all the time."""

    code = "moving"
    hint = "Try again."


@dataclass(slots=True)
class Area:
    """All that evidence connects with some addresses, under lock. Ids of addresses and links are bytes here.

    Attributes:
        addresses: rows of the addresses to be grouped.
        border: rows of blocked and shared addresses that links lead to; they are nobody's and stay as they are.
    """

    addresses: dict[bytes, Any] = field(default_factory=dict)
    border: dict[bytes, Any] = field(default_factory=dict)
    links: dict[bytes, Any] = field(default_factory=dict)
    rulings: dict[UUID, Ruling] = field(default_factory=dict)
    customers: dict[UUID, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Flags:
    """What a customer's row keeps about its addresses."""

    address_count: int
    kinds: list[str]
    anchors: int
    has_claims: bool
    is_contested: bool
    rulings: set[UUID]


@dataclass(frozen=True, slots=True)
class Regrouped:
    """Who is who now, among all that was looked at, and who they were before."""

    customer_of: dict[bytes, bytes]
    rows: dict[bytes, Any]

    def of(self, address_id: UUID) -> UUID | None:
        """The customer of an address, if it was looked at."""
        return UUID(bytes=self.customer_of[address_id.bytes]) if address_id.bytes in self.rows else None

    def became(self, fresh: Collection[UUID]) -> set[tuple[UUID, UUID]]:
        """Pairs of a customer before and now with an address in common, where either lost or got an address.

        Args:
            fresh: customers made in this transaction, whom nobody knew before.
        """
        new = {id_.bytes for id_ in fresh}
        pairs = {(row.customer_id, self.customer_of[a]) for a, row in self.rows.items() if row.customer_id not in new}
        changed = {id_ for old, now in pairs if old != now for id_ in (old, now)}
        return {(UUID(bytes=o), UUID(bytes=n)) for o, n in pairs if o in changed or n in changed}

    def after(self, customers: Iterable[UUID]) -> set[UUID]:
        """Who some customers are now, and who else became another."""
        asked = {id_.bytes for id_ in customers}
        now = self.customer_of
        return {
            UUID(bytes=id_)
            for id_ in {now[a] for a, row in self.rows.items() if row.customer_id in asked or row.customer_id != now[a]}
        }


async def area(
    tx: Tx,
    seeds: Collection[UUID],
    *,
    opened: Collection[UUID] = (),
    heard: Iterable[UUID] = (),
    is_locked: bool = True,
) -> Area:
    """Lock and load everything connected with `seeds`.

    Args:
        seeds: addresses to begin with.
        opened: addresses to look through although they are marked as shared or blocked.
        heard: rulings to take in besides those the customers know of.
        is_locked: whether to take the customers, or only to look.
    """
    found = Area()
    read = store.lock_customers if is_locked else store.read_customers
    waiting = set(seeds) | set(opened)
    through = {id_.bytes for id_ in opened}
    wanted_rulings = set(heard)
    while waiting:
        frontier = await _owners(tx, found, waiting, read)
        for row in await store.area_addresses(tx, frontier):
            found.addresses[row.id] = row
        for row in await store.area_links(tx, frontier):
            found.links[row.id] = row
        for id_ in frontier:
            wanted_rulings.update(found.customers[id_].rulings)
        for ruling in await store.rulings(tx, wanted_rulings - found.rulings.keys()):
            found.rulings[ruling.id] = ruling
        waiting = await _beyond(tx, found, through)
    return found


async def connected(tx: Tx, ids: set[UUID]) -> set[UUID]:
    """Customers that grouping will have to look at beside these, so that all are locked in one order at once."""
    disputed = [r for r in (await store.read_customers(tx, ids)).values() if r.is_contested]
    if not disputed or sum(r.address_count for r in disputed) > MOST_TO_FORESEE:
        return set()
    return set((await area(tx, [r.id for r in disputed], is_locked=False)).customers)


async def _owners(
    tx: Tx, found: Area, waiting: set[UUID], read: Callable[..., Awaitable[dict[UUID, Any]]]
) -> list[UUID]:
    """Read (and take) the customers of addresses, until those read are those they belong to."""
    taken: set[UUID] = set()
    for _ in range(MOST_ROUNDS):
        owners = set((await store.customers_of(tx, waiting)).values())
        new = owners - found.customers.keys()
        if not new:
            return sorted(taken | owners)
        rows = await read(tx, new)
        found.customers.update(rows)
        taken |= rows.keys()
    raise Moving


async def _beyond(tx: Tx, found: Area, through: set[bytes]) -> set[UUID]:
    """Addresses that links and rulings lead to and that are not loaded yet."""
    ends = {link.a for link in found.links.values()}
    ends.update(link.b for link in found.links.values())
    for ruling in found.rulings.values():
        ends.update(ruling.one, ruling.other)
    far = ends - found.addresses.keys() - found.border.keys()
    waiting = set()
    for row in await store.far_addresses(tx, [UUID(bytes=id_) for id_ in far]) if far else ():
        if (row.blocked or row.is_shared) and row.id not in through:
            found.border[row.id] = row
        else:
            waiting.add(UUID(bytes=row.id))
    return waiting


def grouped(found: Area) -> Grouping:
    """Who is who in an area, by its evidence alone."""
    addresses = [*found.addresses.values(), *(store.as_border(row) for row in found.border.values())]
    return group(addresses, list(found.links.values()), list(found.rulings.values()))


async def regroup(
    tx: Tx,
    seeds: Collection[UUID],
    *,
    opened: Collection[UUID] = (),
    heard: Iterable[UUID] = (),
    fresh: Collection[UUID] = frozenset(),
) -> Regrouped:
    """Group everything connected with `seeds` anew and write down what changed.

    Args:
        seeds: addresses to begin with.
        opened: addresses to look through although they are marked as shared or blocked.
        heard: rulings to take in besides those the customers know of.
        fresh: customers made in this transaction, which have no events yet.

    Raises:
        Erased: one of the customers was erased.
    """
    found = await area(tx, seeds, opened=opened, heard=heard)
    if any(row.erased_at for row in found.customers.values()):
        raise Erased
    answer = grouped(found)
    await _move(tx, found, answer, {id_.bytes for id_ in fresh})
    await _mark(tx, found, answer)
    flags = flags_of(found, answer)
    await store.put_customers(tx, [(id_, f.address_count, f.kinds, f.anchors, f.has_claims, f.is_contested, f.rulings)
                                   for id_, f in flags.items()])  # fmt: skip
    await store.drop_customers(tx, found.customers.keys() - flags.keys())
    await relabel(tx, flags.keys())
    return Regrouped(answer.customer_of, found.addresses)


async def _move(tx: Tx, found: Area, answer: Grouping, fresh: Collection[bytes]) -> None:
    """Re-point the addresses that now belong to another customer, by whichever list is shorter."""
    moving: dict[tuple[bytes, bytes], list[bytes]] = defaultdict(list)
    before: dict[bytes, list[bytes]] = defaultdict(list)
    for id_, row in found.addresses.items():
        before[row.customer_id].append(id_)
        if (new := answer.customer_of[id_]) != row.customer_id:
            moving[row.customer_id, new].append(id_)
    targets = {new for _, new in moving}
    whole: dict[UUID, UUID] = {}
    for (old, new), ids in sorted(moving.items(), key=lambda item: item[0][0] in targets):
        old_id, new_id = UUID(bytes=old), UUID(bytes=new)
        staying = len(before[old]) - len(ids)
        if not staying:
            whole[old_id] = new_id
        elif staying < len(ids) and old not in targets:
            rest = [UUID(bytes=id_) for id_ in set(before[old]).difference(ids)]
            await store.repoint_but(tx, old_id, new_id, rest)
        else:
            await store.repoint_addresses(tx, old_id, new_id, [UUID(bytes=id_) for id_ in ids])
    await store.repoint_customers(tx, whole)
    pairs = [(UUID(bytes=old), UUID(bytes=new)) for old, new in moving if old not in fresh]
    await store.add_rewrites(tx, pairs)


async def _mark(tx: Tx, found: Area, answer: Grouping) -> None:
    """Write which links are left out and why, and which addresses turned out to be shared."""
    reasons = {}
    for id_, row in found.links.items():
        if row.reason is None and id_ not in answer.left_out:
            continue
        reason = answer.left_out.get(id_)
        reason = None if reason == APART else reason
        if reason != row.reason:
            reasons[UUID(bytes=id_)] = reason
    await store.set_reasons(tx, reasons)
    for now in (True, False):
        changed = [
            UUID(bytes=id_)
            for id_, row in found.addresses.items()
            if row.is_shared is not now and row.shared is None and (id_ in answer.shared) is now
        ]
        await store.set_learned_shared(tx, changed, now)


def flags_of(found: Area, answer: Grouping) -> dict[UUID, Flags]:
    """What the row of each customer in an area must say."""
    counts: dict[bytes, int] = defaultdict(int)
    kinds: dict[bytes, list[str]] = defaultdict(list)
    anchors: dict[bytes, int] = defaultdict(int)
    customer_of = answer.customer_of
    for id_, row in found.addresses.items():
        customer = customer_of[id_]
        counts[customer] += 1
        if limit_of(row.kind) is not None and not row.blocked and id_ not in answer.shared:
            kinds[customer].append(row.kind)
            anchors[customer] += is_anchor(row.kind, row.proven)
    contested, claims = _disputed(found, answer)
    rulings: dict[bytes, set[UUID]] = defaultdict(set)
    for ruling in found.rulings.values():
        spoken_of = {customer_of[id_] for id_ in (*ruling.one, *ruling.other) if id_ in found.addresses}
        for customer in spoken_of:
            rulings[customer].add(ruling.id)
        if ruling.verb == "apart":
            contested |= spoken_of
    return {
        UUID(bytes=id_): Flags(count, kinds[id_], anchors[id_], id_ in claims, id_ in contested, rulings[id_])
        for id_, count in counts.items()
    }


def _disputed(found: Area, answer: Grouping) -> tuple[set[bytes], set[bytes]]:
    """Customers with links left out, and customers with links that are only claimed."""
    contested: set[bytes] = set()
    claims: set[bytes] = set()
    for id_, link in found.links.items():
        reason = answer.left_out.get(id_)
        if reason is None:
            if link.strength <= CLAIMED:
                claims.add(answer.customer_of[link.a])
        elif reason != BLOCKED:
            contested.update((answer.customer_of[link.a], answer.customer_of[link.b]))
    return contested, claims
