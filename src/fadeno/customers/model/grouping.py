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
from typing import Generic, TypeVar
from uuid import UUID

from fadeno.customers.model.evidence import (
    CLAIMED,
    SHARED_ABOVE_EXCLUSIVE,
    Address,
    Link,
    Ruling,
    is_anchor,
    limit_of,
    shared_above,
)

Id = TypeVar("Id")
BLOCKED, SHARED, LIMIT, PROTECTED, APART = "blocked", "shared", "limit", "protected", "apart"


@dataclass(frozen=True, slots=True)
class Grouping(Generic[Id]):
    """The answer.

    Attributes:
        customer_of: address to customer; a customer is called by the smallest birth id in it.
        left_out: link to the reason it does not join its ends.
        shared: addresses that many people use.
        void: rulings that a later one made void.
    """

    customer_of: dict[Id, Id]
    left_out: dict[Id, str]
    shared: frozenset[Id]
    void: frozenset[UUID]


@dataclass(slots=True)
class _Forest:
    """Groups of numbered addresses being joined. The root of a group is its smallest number.

    Roots know how many of each limited kind, how many anchors and which sides of rulings their group holds.
    """

    parent: list[int]
    kinds: dict[int, dict[str, int]] = field(default_factory=dict)
    anchors: dict[int, int] = field(default_factory=dict)
    sides: dict[int, dict[int, int]] = field(default_factory=dict)

    def root(self, n: int) -> int:
        parent = self.parent
        while (up := parent[n]) != n:
            parent[n] = n = parent[up]
        return n

    def join(self, one: int, other: int) -> None:
        """Make one group of two; both are roots."""
        if other < one:
            one, other = other, one
        self.parent[other] = one
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

    def is_parted(self, one: int, other: int) -> bool:
        """Whether a member said that these two groups are not one."""
        mine, theirs = self.sides.get(one), self.sides.get(other)
        if not mine or not theirs:
            return False
        return any(mask | theirs.get(ruling, 0) == 3 for ruling, mask in mine.items())

    def limit_broken(self, one: int, other: int) -> str | None:
        """The kind of which joining these two groups would bring too many together."""
        mine, theirs = self.kinds.get(one), self.kinds.get(other)
        if not mine or not theirs:
            return None
        for kind in sorted(mine.keys() & theirs.keys()):
            if mine[kind] + theirs[kind] > (limit_of(kind) or 0):
                return kind
        return None


def group(addresses: Sequence[Address], links: Sequence[Link], rulings: Sequence[Ruling]) -> Grouping:
    """Group addresses into customers.

    Args:
        addresses: every address the evidence names; ids of any kind that can be compared.
        links: every link that is not retracted.
        rulings: every ruling that is not retracted.
    """
    known = sorted(addresses, key=lambda address: address.id)
    number = {address.id: n for n, address in enumerate(known)}
    ends = [(number[link.a], number[link.b]) for link in links]
    blocked = {n for n, address in enumerate(known) if address.blocked}
    shared = _shared(known, ends, blocked)
    out = blocked | shared
    said = _Forest(list(range(len(known))))
    void = _hear(said, number, out, rulings) if rulings else frozenset()
    evidence = _Forest(list(range(len(known)))) if rulings else said
    for n, address in enumerate(known):
        if limit_of(address.kind) is not None and n not in out:
            evidence.kinds[n] = {address.kind: 1}
            if is_anchor(address.kind, address.proven):
                evidence.anchors[n] = 1
    left: dict[int, str] = {}
    order = sorted(range(len(links)), key=lambda i: (-links[i].strength, links[i].occurred_at, links[i].id))
    for i in order:
        a, b = ends[i]
        if a in out or b in out:
            left[i] = BLOCKED if a in blocked or b in blocked else SHARED
        elif reason := _admit(a, b, links[i].strength, evidence, said):
            left[i] = reason
    root = said.root
    return Grouping(
        {address.id: known[root(n)].id for n, address in enumerate(known)},
        {links[i].id: reason for i, reason in left.items() if root(ends[i][0]) != root(ends[i][1])},
        frozenset(known[n].id for n in shared),
        void,
    )


def _shared(known: Sequence[Address], ends: Iterable[tuple[int, int]], blocked: set[int]) -> set[int]:
    """Addresses linked to more distinct identifying addresses than one person has."""
    tells = [limit_of(address.kind) is not None and n not in blocked for n, address in enumerate(known)]
    degree = [0] * len(known)
    for a, b in ends:
        if tells[b]:
            degree[a] += 1
        if tells[a]:
            degree[b] += 1
    suspects = {n for n, count in enumerate(degree) if count > SHARED_ABOVE_EXCLUSIVE}
    seen: dict[tuple[int, str], set[int]] = defaultdict(set)
    for a, b in ends if suspects else ():
        if a in suspects and tells[b]:
            seen[a, known[b].kind].add(b)
        if b in suspects and tells[a]:
            seen[b, known[a].kind].add(a)
    shared = {end for (end, kind), others in seen.items() if len(others) > (shared_above(kind) or 0)}
    shared = {n for n in shared if known[n].shared is not False}
    shared.update(n for n, address in enumerate(known) if address.shared)
    return shared


def _hear(said: _Forest, number: Mapping[Id, int], out: set[int], rulings: Sequence[Ruling]) -> frozenset[UUID]:
    """Join what members said is one and mark what they said is not, the latest word first; what became void."""
    void = set()
    for nth, ruling in enumerate(sorted(rulings, key=lambda r: (r.made_at, r.id), reverse=True)):
        one = [number[id_] for id_ in ruling.one if id_ in number and number[id_] not in out]
        other = [number[id_] for id_ in ruling.other if id_ in number and number[id_] not in out]
        if ruling.verb == "together":
            if not _hold(said, one):
                void.add(ruling.id)
            continue
        if {said.root(n) for n in one} & {said.root(n) for n in other}:
            void.add(ruling.id)
            continue
        for mask, side in ((1, one), (2, other)):
            for n in side:
                marks = said.sides.setdefault(said.root(n), {})
                marks[nth] = marks.get(nth, 0) | mask
            if ruling.is_held:
                _hold(said, side)
    return frozenset(void)


def _hold(said: _Forest, numbers: Sequence[int]) -> bool:
    """Join all that may be joined; whether all could be."""
    whole = True
    for n in numbers[1:]:
        one, other = said.root(numbers[0]), said.root(n)
        if one == other:
            continue
        if said.is_parted(one, other):
            whole = False
        else:
            said.join(one, other)
    return whole


def _admit(a: int, b: int, strength: int, evidence: _Forest, said: _Forest) -> str | None:
    """Join the ends of a link, or say why not."""
    one, other = evidence.root(a), evidence.root(b)
    if one == other:
        return None
    said_one, said_other = (one, other) if said is evidence else (said.root(a), said.root(b))
    if said.is_parted(said_one, said_other):
        return APART
    if kind := evidence.limit_broken(one, other):
        return f"{LIMIT}:{kind}"
    if strength <= CLAIMED and evidence.anchors.get(one) and evidence.anchors.get(other):
        return PROTECTED
    if said_one != said_other:
        said.join(said_one, said_other)
    if evidence is not said:
        evidence.join(one, other)
    return None
