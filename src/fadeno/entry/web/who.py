"""How we know that addresses are one person: a chain from the first address, with branches. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from fadeno.customers import Address, Step
from fadeno.entry.web import channels

_WEAK = 1


@dataclass(frozen=True, slots=True)
class Reason:
    """Why an address belongs with the one it is tied to.

    Attributes:
        beside: the address it is tied to, where that is not the one above.
        link_id: the evidence that can be taken back; else `action_id` can be undone.
    """

    word: str
    at: datetime
    source: str
    by: str
    beside: str
    link_id: UUID | None
    action_id: UUID | None
    is_weak: bool


@dataclass(frozen=True, slots=True)
class Bead:
    """One address in the chain.

    Attributes:
        level: 0 on the line, 1 on a branch of it.
    """

    id: UUID
    kind: str
    value: str
    is_proven: bool
    level: int
    is_last: bool
    next_is_weak: bool
    reason: Reason | None

    @property
    def family(self) -> str:
        """The family of its kind."""
        return channels.family(self.kind)

    @property
    def icon(self) -> str:
        """The icon of its kind."""
        return channels.icon(self.kind)


@dataclass(frozen=True, slots=True)
class _Knot:
    id: UUID
    step: Step | None
    parent: UUID | None
    level: int


def chain(
    known: Sequence[Address], steps: Sequence[Step], sources: Mapping[int, str], names: Mapping[UUID, str]
) -> list[Bead]:
    """The addresses in the order they hold together, each with its reason; what no step reaches stands at the end.

    Args:
        names: who did each action.
    """
    by_id = {address.id: address for address in known}
    values = {end.id: end for step in steps for end in (step.a, step.b)}
    order = _ordered([address.id for address in known], steps)
    beads: list[Bead] = []
    for place, knot in enumerate(order):
        following = order[place + 1] if place + 1 < len(order) else None
        on_line = [k for k in order[place + 1 :] if k.level == 0]
        address = by_id.get(knot.id)
        end = values.get(knot.id)
        kind, value = (address.kind, address.value) if address else (end.kind, end.value) if end else ("", "")
        above = order[place - 1].id if place else None
        beside = values[knot.parent].value if knot.parent and knot.parent != above else ""
        beads.append(
            Bead(
                id=knot.id,
                kind=kind,
                value=value,
                is_proven=bool(address and (address.verified_at or address.proven >= 3)),
                level=knot.level,
                is_last=not on_line,
                next_is_weak=bool(following and following.step and following.step.strength <= _WEAK),
                reason=_reason(knot.step, beside, sources, names) if knot.step else None,
            )
        )
    return beads


def _reason(step: Step, beside: str, sources: Mapping[int, str], names: Mapping[UUID, str]) -> Reason:
    return Reason(
        word=step.key.removeprefix("why."),
        at=step.occurred_at,
        source=sources.get(step.source_id or 0, ""),
        by=names.get(step.action_id, "") if step.action_id else "",
        beside=beside,
        link_id=step.link_id,
        action_id=step.action_id,
        is_weak=step.strength <= _WEAK,
    )


def _ordered(known: Sequence[UUID], steps: Sequence[Step]) -> list[_Knot]:
    """Depth first from the first address; of several children the last goes on along the line."""
    children: dict[UUID, list[tuple[UUID, Step]]] = {}
    reached: set[UUID] = set()
    root = next(iter(sorted(known, key=lambda i: i.int)), None)
    if root is None:
        return []
    reached.add(root)
    waiting = list(steps)
    while waiting:
        left = []
        for step in waiting:
            a, b = step.a.id, step.b.id
            if a in reached and b not in reached:
                children.setdefault(a, []).append((b, step))
                reached.add(b)
            elif b in reached and a not in reached:
                children.setdefault(b, []).append((a, step))
                reached.add(a)
            elif not (a in reached and b in reached):
                left.append(step)
        if len(left) == len(waiting):
            break
        waiting = left
    order: list[_Knot] = []
    stack = [_Knot(root, None, None, 0)]
    while stack:
        knot = stack.pop()
        order.append(knot)
        grown = sorted(children.get(knot.id, ()), key=lambda c: _size(children, c[0]))
        for place, (id_, step) in enumerate(reversed(grown)):
            stack.append(_Knot(id_, step, knot.id, knot.level if place == 0 else 1))
    order.extend(_Knot(id_, None, None, 0) for id_ in known if id_ not in reached)
    return order


def _size(children: Mapping[UUID, Sequence[tuple[UUID, Step]]], id_: UUID) -> int:
    """How many hang on an address, itself counted; bounded, since every address is reached once."""
    total, stack = 0, [id_]
    while stack:
        here = stack.pop()
        total += 1
        stack.extend(child for child, _ in children.get(here, ()))
    return total
