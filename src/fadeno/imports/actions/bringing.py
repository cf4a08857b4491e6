"""Bringing rows in: what is new is added, what changed is corrected, what is known is left alone."""

from collections import Counter
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any, NamedTuple
from uuid import UUID

import msgspec

from fadeno import commerce, customers, events, intake
from fadeno.access import Actor
from fadeno.customers import Placed
from fadeno.db import Tx
from fadeno.events import NewEvent
from fadeno.imports import model, store
from fadeno.imports.actions import returning
from fadeno.imports.actions.rewriting import Corrected
from fadeno.imports.actions.wording import CHANGED_ORDER, Change, event, evidence, order_changed
from fadeno.imports.model import OF_PART, Import, Item, Packed, Reason, RefusedRow, SaidGoods, SaidOrder, Saying, opened
from fadeno.imports.model.changes import told
from fadeno.kit import ids

_LISTED = {"products": "product", "stock": "stock", "places": "place"}  # what a row of a list is of


class Sorted(NamedTuple):
    """Rows of a batch by what they are beside what is known.

    Attributes:
        before: key -> the row as it is known, of those that changed.
    """

    new: list[Item]
    changed: list[Item]
    unchanged: list[Item]
    before: dict[UUID, Any]


class Outcome(NamedTuple):
    """What became of a batch: counts of rows by what they were, and rows only the database knew to refuse."""

    counts: Counter[str]
    refused: list[RefusedRow]


async def sort_out(tx: Tx, made: Import, items: Sequence[Item]) -> Sorted:
    """Tell what is new, changed and unchanged among rows."""
    known = await store.known(tx, [item.key for item in items]) if items else {}
    new, changed, unchanged = [], [], []
    for item in items:
        row = known.get(item.key)
        if row is None:
            new.append(item)
        elif row.content != item.content or row.gone_in is not None:
            changed.append(item)
        else:
            unchanged.append(item)
    return Sorted(new, changed, unchanged, {item.key: known[item.key] for item in changed})


async def bring(tx: Tx, actor: Actor, made: Import, region: str, batch: Sequence[Item]) -> Outcome:
    """Write a batch of rows down."""
    await tx.use_indexes()
    looked = await returning.keep(tx, made, await returning.judge(tx, made, batch, region))
    items = [*looked.others, *looked.edited]
    found, erased = await _but_erased(tx, await sort_out(tx, made, items))
    edited = {item.key for item in looked.edited}
    partly = {(row.sheet, row.number) for row in looked.refused}  # a row some of whose cells are refused counts there
    wholly = {item.key for item in looked.edited if (item.sheet, item.number) not in partly}
    counts = Counter(
        new=sum(item.rows for item in found.new if item.key not in edited),
        changed=sum(i.rows for i in found.changed) + sum(i.key in wholly for i in found.new) + looked.rewritten,
        unchanged=sum(item.rows for item in found.unchanged) + len(looked.same),
        refused=len(looked.refused) + sum(item.rows for item in erased),
    )
    match made.target:
        case "orders":
            refused = await _orders(tx, actor, made, found, counts)
        case "products" | "stock" | "places":
            refused = await _goods(tx, made, found, counts)
        case _:
            refused = await _sayings(tx, actor, made, found, counts)
    if looked.corrected:
        edited |= await _tell_of(tx, made, looked.corrected)
    if edited:
        await store.mark_edits(tx, edited)
    if made.options.is_whole and batch:
        await store.add_seen(tx, made.id, [*(item.key for item in items), *returning.seen_as(made, batch)])
    forgotten = [RefusedRow(item.sheet, item.number, {}, (Reason("customer_erased"),)) for item in erased]
    return Outcome(counts, [*looked.refused, *forgotten, *refused])


async def _tell_of(tx: Tx, made: Import, corrected: Sequence[Corrected]) -> set[UUID]:
    """Put what edited rows changed of orders on their threads; the keys by which it is taken back."""
    about = []
    for order, edits in corrected:
        changes = [
            Change(field, *was, of=_line_named(edit.about) if field in OF_PART["orders"] else "")
            for edit in edits
            for field, was in edit.changes.items()
        ]
        item = edits[0].item
        happened = order_changed(made, order, item, list(dict.fromkeys(changes)), tx.now)
        if happened is not None:
            about.append((model.digest(made.id.bytes, item.key.bytes), item.content, happened))
    await events.append(tx, [happened for _, _, happened in about])
    await store.add_rows(tx, made.id, [store.Kept(key, content, happened.id) for key, content, happened in about])
    await intake.count_kept(tx, made.source_id, accepted=len(about), duplicate=0)
    return {key for key, _, _ in about}


def _line_named(about: Sequence[Any]) -> str:
    """What the line of an order is called that a row is of."""
    return next((one.text or one.product or "" for one in about if isinstance(one, commerce.Line)), "")


async def _but_erased(tx: Tx, found: Sorted) -> tuple[Sorted, list[Item]]:
    """Rows without those that correct what was said of a customer who was erased since; and those."""
    erased = await customers.erased_among(tx, [row.event_id for row in found.before.values() if row.event_id])
    out = [item for item in found.changed if found.before[item.key].event_id in erased]
    kept = {item.key for item in (*found.new, *found.changed)} - {item.key for item in out}
    return (_without(found, kept) if out else found), out


# Sayings: customers, events, messages ------------------------------------------------------------------------------


async def _sayings(tx: Tx, actor: Actor, made: Import, found: Sorted, counts: Counter[str]) -> list[RefusedRow]:
    newcomers = await _welcome(tx, [item for item in found.new if isinstance(item.said, Packed)])
    done = {item.key for item in newcomers}
    found = found._replace(
        new=[opened(item) for item in found.new if item.key not in done],
        changed=[opened(item) for item in found.changed],
    )
    items = [*found.new, *found.changed]
    about = [(item, item.said, ids.new_id()) for item in items]
    placed = await _place(tx, made, about)
    counts["joined"] = _joined(made, placed[: len(found.new)])
    await intake.tell(tx, await _append(tx, made, about, placed), said_in=made.id)
    said = {item.key: event_id for item, _, event_id in about}
    said.update((item.key, item.said.ready.event_id) for item in newcomers)
    of = {item.key: place.address_id for item, place in zip(items, placed, strict=True)}
    of.update((item.key, item.said.ready.introduction.ids[0]) for item in newcomers)
    things = of if made.target == "customers" else {}
    await _keep_rows(tx, made, found._replace(new=[*newcomers, *found.new]), said, things)
    late = sum(item.said.ready.is_late for item in newcomers)
    late += sum(1 for item in items if tx.now - item.said.occurred_at > intake.LATE)
    accepted = len(newcomers) + len(items)
    await intake.count_kept(tx, made.source_id, accepted=accepted, duplicate=len(found.unchanged), late=late)
    return []


async def _welcome(tx: Tx, packed: Sequence[Item]) -> list[Item]:
    """Write those of these down who are of somebody nobody has heard of; which they are."""
    ready = [(item, item.said.ready) for item in packed if item.said.ready is not None]
    places = sorted(await customers.welcome(tx, [one.introduction for _, one in ready]))
    written = [ready[n][1] for n in places]
    if written:
        event_ids, customer_ids = [one.event_id for one in written], [one.introduction.ids[0] for one in written]
        lines = b"".join([one.event for one in written])
        await events.append_prepared(tx, events.Prepared(lines, event_ids, customer_ids))
    return [ready[n][0] for n in places]


async def _place(tx: Tx, made: Import, said: Sequence[tuple[Item, Saying, UUID]]) -> list[Placed]:
    if not said:
        return []
    return await customers.place_many(tx, [evidence(made, saying, event_id) for _, saying, event_id in said])


async def _append(
    tx: Tx, made: Import, said: Sequence[tuple[Item, Saying, UUID]], placed: Sequence[Placed], name: str | None = None
) -> list[NewEvent]:
    happened = [
        event(made, item, saying, event_id, place, tx.now, name)
        for (item, saying, event_id), place in zip(said, placed, strict=True)
    ]
    await events.append(tx, happened)
    return happened


def _joined(made: Import, placed: Sequence[Placed]) -> int:
    """How many of these are of customers who were known before this import: a customer's id says when it was made."""
    first = ids.first_id_at(made.made_at).int
    return sum(1 for place in placed if place.customer_id.int < first)


async def _keep_rows(
    tx: Tx, made: Import, found: Sorted, said: Mapping[UUID, UUID], things: Mapping[UUID, UUID] = MappingProxyType({})
) -> None:
    """Know the rows from now on; what their former versions alone had said of who is who is said no more.

    Args:
        said: key -> event. things: key -> what the row is of.
    """
    new, changed = (
        [store.Kept(one.key, one.content, said.get(one.key), things.get(one.key)) for one in rows]
        for rows in (found.new, found.changed)
    )
    if new:
        await store.add_rows(tx, made.id, new)
    await store.change_rows(tx, made.id, changed)
    former = [row.event_id for row in found.before.values() if row.event_id]
    if former and made.target == "customers":
        await customers.supersede(tx, former)


# Orders ------------------------------------------------------------------------------------------------------------


async def _orders(tx: Tx, actor: Actor, made: Import, found: Sorted, counts: Counter[str]) -> list[RefusedRow]:
    items = [*found.new, *found.changed]
    about = [(item, item.said.saying, ids.new_id()) for item in items if item.said.saying is not None]
    placed = await _place(tx, made, about)
    where = {item.key: place.address_id for (item, _, _), place in zip(about, placed, strict=True)}
    counts["joined"] = _joined(made, placed)
    kept = await commerce.keep_orders(
        tx,
        made.source_id,
        [_addressed(item.said, where.get(item.key)) for item in items],
        said_in=made.id,
        said_at=made.made_at,
        is_import=True,
    )
    refused, good = _refused(made, items, kept, counts, {item.key for item in found.changed})
    judged = {item.key: one for item, one in zip(items, kept, strict=True)}
    changed = {item.key for item in found.changed}
    for is_changed in (False, True):
        now = [
            (one, place)
            for one, place in zip(about, placed, strict=True)
            if one[0].key in good and (one[0].key in changed) is is_changed
        ]
        name = CHANGED_ORDER if is_changed else None
        said = [_with_changes(made, one, judged[one[0].key]) if is_changed else one for one, _ in now]
        await _append(tx, made, said, [place for _, place in now], name)
    said = {item.key: event_id for item, _, event_id in about if item.key in good}
    await _keep_rows(tx, made, _without(found, good), said)
    known = sum(1 for item in found.unchanged if item.said.saying is not None)
    late = sum(1 for item, saying, _ in about if item.key in good and tx.now - saying.occurred_at > intake.LATE)
    await intake.count_kept(tx, made.source_id, accepted=len(said), duplicate=known, late=late)
    return refused


def _with_changes(made: Import, about: tuple[Item, Saying, UUID], kept: commerce.Kept) -> tuple[Item, Saying, UUID]:
    """An order's saying with what is otherwise now beside all it says."""
    item, saying, event_id = about
    order = item.said.order
    changes = told(order, kept.changes, made.options.zone, order.currency or "")
    listed = [Change(field, *was) for field, was in changes.items()]
    properties = {**saying.body["properties"], "changes": listed}
    return item, saying._replace(body={**saying.body, "properties": properties}), event_id


def _addressed(said: SaidOrder, address_id: UUID | None) -> commerce.NewOrder:
    return msgspec.structs.replace(said.order, address_id=address_id) if address_id else said.order


def _refused(
    made: Import, items: Sequence[Item], kept: Sequence[commerce.Kept], counts: Counter[str], changed: set[UUID]
) -> tuple[list[RefusedRow], set[UUID]]:
    """The rows commerce refused, and the keys of the others."""
    refused, good = [], set()
    for item, one in zip(items, kept, strict=True):
        if one.outcome != "refused":
            good.add(item.key)
            continue
        counts["changed" if item.key in changed else "new"] -= item.rows
        counts["refused"] += item.rows
        headers = next((model.headers_of(table) for table in made.tables if table.sheet == item.sheet), {})
        reason = model.reason_of(one.field or "", headers, {})
        refused.append(RefusedRow(item.sheet, item.number, _cells(item.said, headers), (reason,)))
    return refused, good


def _cells(said: Any, headers: Mapping[str, str]) -> dict[str, str]:
    """What names a thing, under the headers of its file."""
    word = said.order if isinstance(said, SaidOrder) else said.product or said.place
    named = {model.field_of(name, headers): value for name, value in msgspec.structs.asdict(word).items() if value}
    return {headers[field]: str(value) for field, value in named.items() if field in headers and isinstance(value, str)}


def _without(found: Sorted, good: set[UUID]) -> Sorted:
    return found._replace(
        new=[item for item in found.new if item.key in good],
        changed=[item for item in found.changed if item.key in good],
        before={key: row for key, row in found.before.items() if key in good},
    )


# Products and stock ------------------------------------------------------------------------------------------------


async def _goods(tx: Tx, made: Import, found: Sorted, counts: Counter[str]) -> list[RefusedRow]:
    items = [*found.new, *found.changed]
    said: list[SaidGoods] = [item.said for item in items]
    about = {"said_in": made.id, "said_at": made.made_at, "is_import": True}
    changed = {item.key for item in found.changed}
    refused: list[RefusedRow] = []
    good = {item.key for item in items}
    things: dict[UUID, UUID] = {}
    for name, keep in (
        ("place", commerce.keep_places),
        ("product", commerce.keep_products),
        ("price", commerce.keep_prices),
        ("stock", commerce.keep_stock),
    ):
        telling = [(item, getattr(one, name)) for item, one in zip(items, said, strict=True) if getattr(one, name)]
        telling = [(item, word) for item, word in telling if item.key in good]
        if telling:
            kept = await keep(tx, made.source_id, [word for _, word in telling], **about)
            bad, _ = _refused(made, [item for item, _ in telling], kept, counts, changed)
            refused += bad
            good -= {item.key for (item, _), one in zip(telling, kept, strict=True) if one.outcome == "refused"}
            if name == _LISTED[made.target]:
                things = {item.key: one.id for (item, _), one in zip(telling, kept, strict=True) if one.id}
    await _keep_rows(tx, made, _without(found, good), {}, things)
    return refused
