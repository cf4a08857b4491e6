"""Who is one person: a pure function of the set of evidence, whatever the order it came in.

Links are admitted from the strongest to the weakest, among equals the earliest first. A link is left out, with
its reason, when one of its ends is blocked or shared; when it would bring more addresses of a kind together than
the limit allows; when it is only claimed and both sides already hold an anchor; or when a member said that the
two sides are not one. What members said comes first, the latest word before earlier ones, and is not counted
against limits: these are for machines.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from fadeno.customers.model.evidence import (
    CLAIMED,
    Address,
    Link,
    Ruling,
    is_anchor,
    limit_of,
    shared_above,
)

BLOCKED, SHARED, LIMIT, PROTECTED, APART = "blocked", "shared", "limit", "protected", "apart"


@dataclass(frozen=True, slots=True)
class Grouping:
    """The answer.

    Attributes:
        customer_of: address to customer; a customer is called by the smallest birth id in it.
        left_out: link to the reason it does not join its ends.
        shared: addresses that many people use.
        void: rulings that a later one made void.
    """

    customer_of: dict[UUID, UUID]
    left_out: dict[UUID, str]
    shared: frozenset[UUID]
    void: frozenset[UUID]


@dataclass(slots=True)
class _Forest:
    """Groups being joined; each knows its smallest id, its limited kinds, its anchors and its sides of rulings."""

    parent: dict[UUID, UUID]
    size: dict[UUID, int] = field(default_factory=dict)
    kinds: dict[UUID, dict[str, int]] = field(default_factory=dict)
    anchors: dict[UUID, int] = field(default_factory=dict)
    sides: dict[UUID, dict[int, int]] = field(default_factory=dict)

    def root(self, id_: UUID) -> UUID:
        parent = self.parent
        while (up := parent[id_]) is not id_:
            parent[id_] = id_ = parent[up]
        return id_

    def join(self, one: UUID, other: UUID) -> None:
        """Make one group of two; both are roots."""
        if self.size.get(one, 1) < self.size.get(other, 1):
            one, other = other, one
        self.parent[other] = one
        self.size[one] = self.size.get(one, 1) + self.size.pop(other, 1)
        if kinds := self.kinds.pop(other, None):
            mine = self.kinds.setdefault(one, {})
            for kind, count in kinds.items():
                mine[kind] = mine.get(kind, 0) + count
        if anchors := self.anchors.pop(other, 0):
            self.anchors[one] = self.anchors.get(one, 0) + anchors
        if sides := self.sides.pop(other, None):
            mine_sides = self.sides.setdefault(one, {})
            for ruling, mask in sides.items():
                mine_sides[ruling] = mine_sides.get(ruling, 0) | mask

    def is_parted(self, one: UUID, other: UUID) -> bool:
        """Whether a member said that these two groups are not one."""
        mine, theirs = self.sides.get(one), self.sides.get(other)
        if not mine or not theirs:
            return False
        return any(mask | theirs.get(ruling, 0) == 3 for ruling, mask in mine.items())

    def limit_broken(self, one: UUID, other: UUID) -> str | None:
        """The kind of which joining these two groups would bring too many together."""
        mine, theirs = self.kinds.get(one), self.kinds.get(other)
        if not mine or not theirs:
            return None
        for kind in sorted(mine.keys() & theirs.keys()):
            if mine[kind] + theirs[kind] > (limit_of(kind) or 0):
                return kind
        return None


def shared_among(
    addresses: Mapping[UUID, Address], links: Iterable[Link], blocked: set[UUID] | frozenset[UUID] = frozenset()
) -> set[UUID]:
    """Addresses linked to more distinct identifying addresses than one person has."""
    seen: dict[tuple[UUID, str], set[UUID]] = defaultdict(set)
    for link in links:
        for end, other in ((link.a, link.b), (link.b, link.a)):
            kind = addresses[other].kind
            if limit_of(kind) is not None and other not in blocked:
                seen[end, kind].add(other)
    shared = {end for (end, kind), others in seen.items() if len(others) > (shared_above(kind) or 0)}
    shared.difference_update(id_ for id_ in list(shared) if addresses[id_].shared is False)
    shared.update(id_ for id_, address in addresses.items() if address.shared)
    return shared


def group(addresses: Sequence[Address], links: Sequence[Link], rulings: Sequence[Ruling]) -> Grouping:
    """Group addresses into customers.

    Args:
        addresses: every address the evidence names.
        links: every link that is not retracted.
        rulings: every ruling that is not retracted.
    """
    by_id = {address.id: address for address in addresses}
    blocked = {address.id for address in addresses if address.blocked}
    shared = shared_among(by_id, links, blocked)
    out = blocked | shared
    said = _forest(addresses)
    void = _hear(said, by_id, out, rulings) if rulings else frozenset()
    evidence = _forest(addresses) if rulings else said
    for id_, address in by_id.items():
        if limit_of(address.kind) is not None and id_ not in out:
            evidence.kinds[id_] = {address.kind: 1}
            if is_anchor(address.kind, address.proven):
                evidence.anchors[id_] = 1
    left_out: dict[UUID, str] = {}
    for link in sorted(links, key=lambda li: (-li.strength, li.occurred_at, li.id.int)):
        if link.a in out or link.b in out:
            left_out[link.id] = BLOCKED if link.a in blocked or link.b in blocked else SHARED
        elif reason := _admit(link, evidence, said):
            left_out[link.id] = reason
    return _named(said, by_id, links, left_out, frozenset(shared), void)


def _forest(addresses: Sequence[Address]) -> _Forest:
    return _Forest({address.id: address.id for address in addresses})


def _hear(said: _Forest, known: Mapping[UUID, Address], out: set[UUID], rulings: Sequence[Ruling]) -> frozenset[UUID]:
    """Join what members said is one and mark what they said is not, the latest word first; what became void."""
    void = set()
    for number, ruling in enumerate(sorted(rulings, key=lambda r: (r.made_at, r.id.int), reverse=True)):
        one = [id_ for id_ in ruling.one if id_ in known and id_ not in out]
        other = [id_ for id_ in ruling.other if id_ in known and id_ not in out]
        if ruling.verb == "together":
            if not _hold(said, one):
                void.add(ruling.id)
            continue
        if {said.root(id_) for id_ in one} & {said.root(id_) for id_ in other}:
            void.add(ruling.id)
            continue
        for mask, side in ((1, one), (2, other)):
            for id_ in side:
                marks = said.sides.setdefault(said.root(id_), {})
                marks[number] = marks.get(number, 0) | mask
            if ruling.is_held:
                _hold(said, side)
    return frozenset(void)


def _hold(said: _Forest, ids: Sequence[UUID]) -> bool:
    """Join all that may be joined; whether all could be."""
    whole = True
    for id_ in ids[1:]:
        one, other = said.root(ids[0]), said.root(id_)
        if one is other:
            continue
        if said.is_parted(one, other):
            whole = False
        else:
            said.join(one, other)
    return whole


def _admit(link: Link, evidence: _Forest, said: _Forest) -> str | None:
    """Join the ends of a link, or say why not."""
    one, other = evidence.root(link.a), evidence.root(link.b)
    if one is other:
        return None
    said_one, said_other = said.root(link.a), said.root(link.b)
    if said.is_parted(said_one, said_other):
        return APART
    if kind := evidence.limit_broken(one, other):
        return f"{LIMIT}:{kind}"
    if link.strength <= CLAIMED and evidence.anchors.get(one) and evidence.anchors.get(other):
        return PROTECTED
    if said_one is not said_other:
        said.join(said_one, said_other)
    if evidence is not said:
        evidence.join(one, other)
    return None


def _named(
    said: _Forest,
    known: Mapping[UUID, Address],
    links: Sequence[Link],
    left_out: dict[UUID, str],
    shared: frozenset[UUID],
    void: frozenset[UUID],
) -> Grouping:
    """Call each group by its smallest id; a link whose ends are one anyway is not left out."""
    smallest: dict[UUID, UUID] = {}
    roots = {id_: said.root(id_) for id_ in known}
    for id_ in sorted(known, key=lambda i: i.int):
        smallest.setdefault(roots[id_], id_)
    if left_out:
        for link in links:
            if link.id in left_out and roots[link.a] is roots[link.b]:
                del left_out[link.id]
    return Grouping({id_: smallest[root] for id_, root in roots.items()}, left_out, shared, void)
