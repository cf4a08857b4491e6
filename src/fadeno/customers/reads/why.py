"""Why some addresses are one person, and which customers may be one person: evidence in plain steps."""

from collections import deque
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from fadeno.customers import store
from fadeno.customers.model import NoCustomer
from fadeno.customers.reads.person import resolve
from fadeno.db import Tx
from fadeno.kit import lists
from fadeno.kit.errors import Invalid

_FIRST = UUID(int=0)
_OLDEST = (datetime(1, 1, 1, tzinfo=UTC), _FIRST)
_RULES = frozenset({"identify", "alias", "same_event"})


@dataclass(frozen=True, slots=True)
class End:
    """One end of a step: an address."""

    id: UUID
    kind: str
    value: str


@dataclass(frozen=True, slots=True)
class Step:
    """One reason why two addresses are one person.

    Attributes:
        key: of the sentence in the message catalogue.
        strength: 1 claimed, 2 observed, 3 attested, 4 said by a member.
    """

    key: str
    a: End
    b: End
    rule: str
    strength: int
    occurred_at: datetime
    source_id: int | None
    event_id: UUID | None
    link_id: UUID | None
    action_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Two customers who may be one person, and the evidence that was left out."""

    link_id: UUID
    reason: str
    one: UUID
    one_label: str
    other: UUID
    other_label: str
    step: Step


@dataclass(frozen=True, slots=True)
class ShownLink:
    """A link with its state: admitted, left out (with the reason), kept apart, or retracted."""

    id: UUID
    state: str
    reason: str | None
    step: Step


async def why(tx: Tx, id_: UUID, *, address_id: UUID | None = None, limit: int = 50) -> list[Step]:
    """The chain of reasons from a customer's first address to another one, or to all that tell who they are.

    Raises:
        NoCustomer: there is no such id, or the address is not this customer's.
    """
    row = await resolve(tx, id_)
    edges = [(li.a, li.b, li) for li in await store.links_within(tx, row.id)]
    edges.sort(key=lambda e: (-e[2].strength, e[2].occurred_at, e[2].id.int))
    telling = await store.telling_page(tx, row.id, limit + 1)
    inside = await _inside(tx, row.id, row.rulings)
    edges = [*inside, *edges]
    reached = _walk(row.id, edges)
    if address_id is not None:
        if address_id != row.id and address_id not in reached:
            raise NoCustomer("This address is not known as one of this customer's.", field="address_id")
        targets = [address_id]
    else:
        targets = [t.id for t in telling] or [row.id]
    steps: dict[Any, Any] = {}
    for target in targets:
        path = []
        while target in reached:
            edge = reached[target]
            path.append(edge)
            target = edge[1] if edge[0] == target else edge[0]
        for edge in reversed(path):
            steps.setdefault(edge[2].id, edge)
    chosen = list(steps.values())[:limit]
    known = await store.addresses(tx, {i for edge in chosen for i in edge[:2]})
    return [_step(edge, known) for edge in chosen]


async def _inside(tx: Tx, id_: UUID, ruling_ids: list[UUID]) -> list[tuple[UUID, UUID, Any]]:
    """What members said is one, as edges between this customer's addresses."""
    edges = []
    for ruling in await store.rulings(tx, ruling_ids) if ruling_ids else ():
        sides = [ruling.one, ruling.other] if ruling.is_held else [ruling.one] if ruling.verb == "together" else []
        for side in ([UUID(bytes=id_) for id_ in side] for side in sides):
            owners = await store.customers_of(tx, side)
            mine = [i for i in side if owners.get(i) == id_]
            edges.extend((mine[0], other, ruling) for other in mine[1:])
    return edges


def _walk(start: UUID, edges: list[tuple[UUID, UUID, Any]]) -> dict[UUID, tuple[UUID, UUID, Any]]:
    """Each address reached from `start` with the edge it is reached by, fewest steps first."""
    beside: dict[UUID, list[tuple[UUID, UUID, Any]]] = {}
    for edge in edges:
        beside.setdefault(edge[0], []).append(edge)
        beside.setdefault(edge[1], []).append(edge)
    reached: dict[UUID, tuple[UUID, UUID, Any]] = {}
    waiting = deque([start])
    while waiting:
        here = waiting.popleft()
        for edge in beside.get(here, ()):
            there = edge[1] if edge[0] == here else edge[0]
            if there != start and there not in reached:
                reached[there] = edge
                waiting.append(there)
    return reached


def _step(edge: tuple[UUID, UUID, Any], known: dict[UUID, Any]) -> Step:
    a, b, why_ = edge
    ends = [End(i, known[i].kind, known[i].value) for i in (a, b)]
    if hasattr(why_, "verb"):
        rule = "merged" if why_.verb == "together" else "kept_whole"
        return Step(f"why.{rule}", *ends, rule, 4, why_.made_at, None, None, None, why_.id)
    return Step(
        f"why.{why_.rule}" if why_.rule in _RULES else "why.link",
        *ends, why_.rule, why_.strength, why_.occurred_at, why_.source_id, why_.event_id, why_.id,
    )  # fmt: skip


async def links(tx: Tx, id_: UUID, *, after: str | None = None, limit: int = 50) -> tuple[list[ShownLink], str | None]:
    """A page of the links from a customer's addresses, whatever their state, and where the next page begins."""
    start = (_FIRST, _FIRST)
    if after:
        try:
            a, _, link = after.partition("_")
            start = (UUID(a), UUID(link))
        except ValueError:
            raise Invalid("`after` is the `next` of the page before.", field="after") from None
    rows = await store.links_page(tx, id_, start, limit + 1)
    if not rows:
        await resolve(tx, id_)
    shown = [_shown(r) for r in rows[:limit]]
    return shown, f"{rows[limit - 1].a}_{rows[limit - 1].id}" if len(rows) > limit else None


def _shown(row: Any) -> ShownLink:
    if row.retracted_by:
        state = "retracted"
    elif row.reason:
        state = "left_out"
    else:
        state = "admitted" if row.is_inside else "kept_apart"
    return ShownLink(row.id, state, row.reason, _of_row(row))


def _of_row(row: Any) -> Step:
    key = f"why.{row.rule}" if row.rule in _RULES else "why.link"
    a, b = End(row.a, row.a_kind, row.a_value), End(row.b, row.b_kind, row.b_value)
    return Step(key, a, b, row.rule, row.strength, row.occurred_at, row.source_id, row.event_id, row.id)


async def suggestions(
    tx: Tx, *, customer_id: UUID | None = None, after: str | None = None, limit: int = 50
) -> tuple[list[Suggestion], str | None]:
    """Customers who may be one person and wait for somebody to look, the oldest evidence first."""
    if customer_id is not None:
        rows = await store.suggestions_of(tx, (await resolve(tx, customer_id)).id, limit)
        return [_suggested(r) for r in rows], None
    start = lists.at_time(after, field="after") if after else _OLDEST
    rows, last = lists.cut(await store.suggestions(tx, start, limit + 1), limit)
    return [_suggested(r) for r in rows], lists.by_time(last.occurred_at, last.id) if last else None


def _suggested(row: Any) -> Suggestion:
    return Suggestion(row.id, row.reason, row.a_customer, row.a_label, row.b_customer, row.b_label, _of_row(row))


@dataclass(frozen=True, slots=True)
class Done:
    """What a member did about a customer."""

    id: UUID
    verb: str
    made_by: str
    made_at: datetime
    of_action: UUID | None
    link_id: UUID | None
    customers: list[UUID]
    undone_by: UUID | None


async def actions(tx: Tx, id_: UUID, *, limit: int = 50) -> list[Done]:
    """What members did about a customer or one that is part of them now, the latest first."""
    row = await resolve(tx, id_)
    ids = {row.id, id_, *(t.id for t in await store.telling_page(tx, row.id, 200))}
    ids.update(r.id for r in await store.silent_page(tx, row.id, _FIRST, 200))
    return [
        Done(r.id, r.verb, r.made_by, r.made_at, r.of_action, r.link_id, list(r.customers), r.undone_by)
        for r in await store.actions_of(tx, ids, limit)
    ]
