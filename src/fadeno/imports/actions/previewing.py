"""Seeing what would happen, without writing anything of it."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from fadeno import customers, sheets
from fadeno.customers import Mention
from fadeno.db import Tx
from fadeno.imports import model, store
from fadeno.imports.actions import comparing, returning
from fadeno.imports.actions.bringing import Sorted, sort_out
from fadeno.imports.model import (
    MOST_CONFLICTS,
    MOST_SHOWN,
    OURS,
    Batch,
    Conflict,
    Fate,
    Import,
    Item,
    Preview,
    RefusedRow,
    Returned,
    SaidOrder,
    Saying,
    ShownRow,
)

MOST_COUNTRIES = 10
_CRM = model.crm_kind("")
_NAMED = {"order_id": "order_no", "product_id": "product_no"}  # of events, where columns are called otherwise
_FIELDS = {trait: field for field, trait in model.TRAITS.items()}


class Previewer:
    """Adds up what would become of one batch after the other."""

    def __init__(self, made: Import, region: str) -> None:
        self._import = made
        self._region = region
        self._counts: Counter[str] = Counter()
        self._told: Counter[str] = Counter()
        self._examples: Mapping[str, Mapping[str, int]] = {}
        self._rows: list[ShownRow] = []
        self._changing: list[ShownRow] = []
        self._refused: list[ShownRow] = []
        self._conflicts: list[Conflict] = []
        self._countries: Counter[str] = Counter()
        self._twins: dict[UUID, int] = {}
        self._fields = {h: f for table in made.tables for f, h in model.headers_of(table).items()}

    async def see(self, tx: Tx, batch: Batch) -> None:
        """Take one batch more into account."""
        if self._import.options.is_whole and batch.items:
            seen = [item.key for item in batch.items] + returning.seen_as(self._import, batch.items)
            await store.add_seen(tx, self._import.id, seen)
        looked = await returning.judge(tx, self._import, batch.items, self._region)
        items = [*looked.others, *looked.edited, *looked.same]
        batch = batch._replace(items=items, refused=[*batch.refused, *looked.refused])
        found = await sort_out(tx, self._import, looked.others)
        found = found._replace(changed=[*found.changed, *looked.edited], unchanged=[*found.unchanged, *looked.same])
        whose = await customers.whose(tx, [m[:2] for item in found.new for m in _mentions(item)])
        joined = {item.key: _owners(item, whose) for item in found.new}
        self._counts["new"] += sum(item.rows for item in found.new)
        told = {(row.sheet, row.number) for row in looked.refused}
        partly = sum((item.sheet, item.number) in told for item in looked.edited)
        self._counts["changed"] += sum(item.rows for item in found.changed) - partly
        self._counts["partly"] += partly
        self._counts["unchanged"] += sum(item.rows for item in found.unchanged)
        self._counts["joined"] += sum(1 for owners in joined.values() if owners)
        self._counts["several"] += sum(1 for owners in joined.values() if len(owners) > 1)
        self._counts["refused_rows"] += len(batch.refused)
        self._counts["left_out"] += batch.left_out
        self._told.update(batch.told)
        self._examples = batch.examples
        self._countries.update(filter(None, map(_country, batch.items)))
        for row in batch.refused:
            self._take_conflicts(row)
            where = next((text for name, text in row.cells.items() if self._fields.get(name) == "country"), "")
            self._countries.update(filter(None, [sheets.country_code(where)]))
        await self._show(tx, batch, found, joined)
        for row in batch.refused[: MOST_SHOWN - len(self._refused)]:
            self._refused.append(_refused(row, self._fields))

    async def finished(self, tx: Tx) -> Preview:
        """All of it."""
        if self._import.options.is_whole:
            self._counts["gone"] = await store.count_gone(tx, self._import)
            await store.forget_seen(tx, self._import.id)
        return Preview(
            **self._counts,
            told=dict(self._told),
            examples={code: dict(values) for code, values in self._examples.items()},
            rows=self._first(self._rows),
            changing=self._first(self._changing),
            refused=tuple(self._refused),
            conflicts=tuple(self._conflicts),
            countries=dict(self._countries.most_common(MOST_COUNTRIES)),
        )

    def _take_conflicts(self, row: RefusedRow) -> None:
        """Cells changed on both sides, to stand side by side."""
        both = [reason for reason in row.reasons if reason.code == "changed_meanwhile"]
        self._counts["conflicted"] += bool(both)
        cells = {self._fields.get(name, name): value for name, value in row.cells.items()}
        row_id = cells.get(f"{OURS}id", cells.get("row_id", ""))
        label = cells.get("name") or cells.get("product_name") or cells.get("order_no") or ""
        for reason in both[: MOST_CONFLICTS - len(self._conflicts)]:
            there = cells.get(self._fields.get(reason.column, reason.column), "")
            self._conflicts.append(Conflict(row_id, row.number, label, reason.column, reason.raw, there))

    def _first(self, rows: list[ShownRow]) -> tuple[ShownRow, ...]:
        return tuple(sorted(rows, key=lambda row: (self._place(row.sheet), row.number))[:MOST_SHOWN])

    def _place(self, sheet: str) -> int:
        names = [table.sheet for table in self._import.tables]
        return names.index(sheet) if sheet in names else len(names)

    async def _show(self, tx: Tx, batch: Batch, found: Sorted, joined: dict[UUID, dict[UUID, str]]) -> None:
        """Keep the first rows of all, and the first that change something, which may stand far down."""
        is_first = len(self._rows) < MOST_SHOWN
        first = sorted(batch.items, key=_number)[:MOST_SHOWN] if is_first else []
        changed = sorted(found.changed, key=_number)[: MOST_SHOWN - len(self._changing)]
        wanted = {item.key: item for item in (*first, *changed)}
        fates = {item.key: "changed" for item in found.changed} | {item.key: "unchanged" for item in found.unchanged}
        shown = await self._shown(tx, list(wanted.values()), fates, joined) if wanted else {}
        self._rows += [shown[item.key] for item in first]
        self._changing += [shown[item.key] for item in changed]
        if is_first:
            self._rows += [_refused(row, self._fields) for row in batch.refused[:MOST_SHOWN]]

    async def _shown(
        self, tx: Tx, items: Sequence[Item], fates: Mapping[UUID, Fate], joined: Mapping[UUID, dict[UUID, str]]
    ) -> dict[UUID, ShownRow]:
        whom = [owner for item in items for owner in joined.get(item.key, ())]
        labels = {one.id: one.label for one in await customers.summaries(tx, whom)}
        changed = [item for item in items if fates.get(item.key) == "changed"]
        changes = await _changes(tx, changed) | await returning.changes(tx, self._import, changed)
        changes |= await comparing.changes(tx, self._import, changed)
        shown: dict[UUID, ShownRow] = {}
        for item in items:
            owners = joined.get(item.key, {})
            fate = fates.get(item.key) or ("several" if len(owners) > 1 else "joins" if owners else "new")
            owner = next(iter(owners), None)
            twin = self._twins.setdefault(item.content, item.number)
            shown[item.key] = ShownRow(
                item.sheet,
                item.number,
                _cells(item.said),
                "twin" if twin != item.number and fate == "new" else fate,
                customer=labels.get(owner, "") if owner else "",
                by=owners.get(owner, "") if owner else "",
                twin_of=twin if twin != item.number else 0,
                customer_id=owner,
                changes=changes.get(item.key, {}),
            )
        return shown


def _country(item: Item) -> str | None:
    """The country a row names, if it does."""
    match item.said:
        case Saying(traits={"country": str(named)}):
            return sheets.country_code(named)
        case SaidOrder() as said:
            return sheets.country_code(said.order.country or "")
    return None


def _number(item: Item) -> int:
    return item.number


def _mentions(item: Item) -> Sequence[Mention]:
    said = item.said.saying if isinstance(item.said, SaidOrder) else item.said
    return said.mentions if isinstance(said, Saying) else ()


def _owners(item: Item, whose: dict[tuple[str, str], UUID]) -> dict[UUID, str]:
    """The customers a row's addresses belong to, each with the kind of the address that tells."""
    owners: dict[UUID, str] = {}
    for kind, value, _ in _mentions(item):
        if owner := whose.get((kind, value)):
            owners.setdefault(owner, kind)
    return owners


async def _changes(tx: Tx, items: Sequence[Item]) -> dict[UUID, dict[str, tuple[str, str]]]:
    """What rows that change a customer change: field -> what is known now, and what they say."""
    said = {item.key: item.said for item in items if isinstance(item.said, Saying) and item.said.kind == "identify"}
    whose = await customers.whose(tx, [mention[:2] for one in said.values() for mention in one.mentions])
    names = sorted({name for one in said.values() for name in one.traits})
    known = await customers.profiles(tx, set(whose.values()), names) if names else {}
    found: dict[UUID, dict[str, tuple[str, str]]] = {}
    for key, one in said.items():
        owner = next((whose[mention[:2]] for mention in one.mentions if mention[:2] in whose), None)
        values = known[owner].values if owner in known else {}
        now = {name: "" if values.get(name) is None else str(values[name]) for name in one.traits}
        new = {name: "" if value is None else str(value) for name, value in one.traits.items()}
        found[key] = {_FIELDS.get(n, n): (now[n], new[n]) for n in new if now[n] != new[n]}
    return found


def _cells(said: Any) -> dict[str, str]:
    match said:
        case Returned():
            return {name: value for name, value in said.cells.items() if value}
        case Saying(kind="identify"):
            numbers = [value for kind, value, _ in said.mentions if kind.startswith(_CRM)]
            return ({"customer_id": numbers[0]} if numbers else {}) | {
                _FIELDS.get(name, name): str(value) for name, value in said.traits.items()
            }
        case Saying():
            properties = {_NAMED.get(name, name): str(value) for name, value in said.body["properties"].items()}
            return {"event": said.name or "", "happened_at": said.occurred_at.isoformat(" "), **properties}
        case SaidOrder():
            order = said.order
            lines = order.lines or ()
            shown = {"order_no": order.number, "lines": str(len(lines)), "currency": order.currency}
            shown["ordered_at"] = order.placed_at.isoformat(" ") if order.placed_at else ""
            return {name: value for name, value in shown.items() if value}
    cells: dict[str, str] = {}
    if said.product:
        cells |= {"product_no": said.product.key, "product_name": said.product.name, "gtin": said.product.gtin}
    if said.price:
        cells["unit_price"] = f"{said.price.amount} {said.price.currency}"
    if said.stock:
        cells |= {"on_hand": str(said.stock.quantity), "place": said.stock.place}
    return {name: value for name, value in cells.items() if value}


def _refused(row: RefusedRow, fields: dict[str, str]) -> ShownRow:
    cells = {fields.get(name, name): value for name, value in row.cells.items()}
    return ShownRow(row.sheet, row.number, cells, "refused", row.reasons)
