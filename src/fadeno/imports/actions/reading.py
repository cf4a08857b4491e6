"""A file read batch by batch: each row understood or refused, in the same batches however often it is read."""

from collections import Counter
from collections.abc import Callable, Iterator
from decimal import Decimal
from itertools import islice
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec

from fadeno import sheets
from fadeno.imports import model
from fadeno.imports.model import (
    Batch,
    Context,
    Import,
    Item,
    Options,
    OrderRow,
    Reason,
    Refused,
    RefusedRow,
    Remembered,
    lists,
)
from fadeno.sheets import Book, Row, Table

BATCH_ROWS = 2_000
LOOKED_AT = 2_000
WRONG_SHARE = 0.9
MOST_REASONS = 10
MOST_EXAMPLES = 3
EXAMPLE_CHARS = 60
MOST_LINES = 5_000
CELL_CHARS = 2_000
MOST_SHEETS = 50

_SAID_BY = {
    "customers": model.customer,
    "products": model.product,
    "stock": model.stock,
    "places": model.place,
    "events": model.event,
    "messages": model.message,
}
# Columns without whose value a row is not what it seems to be; elsewhere an unreadable cell is left out, and told.
_CRUCIAL: dict[str, frozenset[str]] = {
    "customers": frozenset({"customer_id"}),
    "orders": frozenset({"order_no", "ordered_at", "customer_id", "quantity", "unit_price", "line_total", "order_total",
                         "discount", "tax", "shipping", "currency"}),
    "products": frozenset({"product_no", "gtin", "unit_price", "valid_from", "valid_to", "currency", "on_hand"}),
    "stock": frozenset({"product_no", "gtin", "on_hand", "counted_at"}),
    "places": frozenset(),
    "events": frozenset({"event", "happened_at", "customer_id", "order_no", "amount"}),
    "messages": frozenset({"text", "happened_at", "customer_id", "order_no"}),
}  # fmt: skip


def tables_of(
    book: Book, target: str | None, options: Options, remembered: Callable[[Table], Remembered]
) -> tuple[Table, ...]:
    """What each sheet to be brought in holds: the first one that can be brought in decides what kind of file it is.

    Args:
        remembered: how a table of these headers was understood before, if any was.

    Raises:
        Unreadable: the file, or a sheet that was asked for, can't be read.
    """
    if options.sheets:
        wanted = [book.sheet(name) for name in options.sheets]
    else:
        wanted = [sheet for sheet in book.sheets if not sheet.hidden] or [book.sheet()]
    tables: list[Table] = []
    fault: sheets.Unreadable | None = None
    for sheet in wanted:
        try:
            table = _table(sheet, target, options, remembered)
        except sheets.Unreadable as error:
            if options.sheets or error.reason not in ("no_rows", "no_such_column"):
                raise
            fault = fault or error
            continue
        is_whole = bool(table.target) and not table.missing
        if not tables or (is_whole and (tables[0].missing or not tables[0].target)):
            tables = [table]
            target = target or (table.target if is_whole else None)
        elif not table.missing and table.targets[0][0] == target:
            tables.append(table)
    if not tables:
        raise fault or sheets.Unreadable("no_rows")
    return (msgspec.structs.replace(tables[0], notices=(*tables[0].notices, *_of_book(book, tables))), *tables[1:])


def _of_book(book: Book, tables: list[Table]) -> list[sheets.Notice]:
    """What is to be told of the whole file: its name's ending, and the sheets that are left out."""
    read = {table.sheet for table in tables}
    left = [sheet for sheet in book.sheets if sheet.name not in read]
    kinds = {False: "sheet_left_out", True: "hidden_sheet_left_out"}
    about = [notice for notice in book.notices if notice.code != "hidden_sheets"]
    return [*about, *(sheets.Notice(kinds[sheet.hidden], data={"name": sheet.name}) for sheet in left[:MOST_SHEETS])]


def _table(
    sheet: sheets.Sheet,
    target: str | None,
    options: Options,
    remembered: Callable[[Table], Remembered],
) -> Table:
    asked = {"header_row": options.header_row, "currency": options.currency}
    table = sheets.look(sheet, target=target, **asked)
    before = remembered(table)
    if target is None and before.target and not lists.list_of(table) and before.target != table.target:
        target = before.target
        table = sheets.look(sheet, target=target, **asked)
    known = {name: field for name, field in before.fields.items() if name in model.fields_of(table)}
    ours = lists.list_of(table) if target in (None, lists.list_of(table)) else None
    mapping = {**known, **(lists.mapping_of(table, ours) if ours else {}), **options.mapping}
    return sheets.look(sheet, target=ours or table.target or None, mapping=mapping, **asked) if mapping else table


class Reader:
    """The rows of one import's file. Iterate once; what is read depends on the file and the import alone."""

    def __init__(self, path: Path, made: Import, region: str) -> None:
        self._path = path
        self._import = made
        self._region = made.options.region or region
        self._ordinals = model.Ordinals()
        self._told: Counter[str] = Counter()
        self._examples: dict[str, dict[str, int]] = {}
        self._items: list[Item] = []
        self._refused: list[RefusedRow] = []
        self._left_out = 0
        self._open: dict[str, list[OrderRow]] = {}
        self._lines_left: Counter[str] = Counter()
        self._broken: set[str] = set()
        self._back: dict[str, UUID] = {}
        self._most_discount = Decimal(0)
        self._sheet = ""

    def batches(self) -> Iterator[Batch]:
        """Understand the file, some rows at a time.

        Raises:
            Unreadable: it is damaged further down.
            WrongKind: nearly nothing of its beginning can be used.
        """
        with sheets.open_book(self._path, name=self._import.file_name) as book:
            if self._import.target == "orders":
                self._count_lines(book)
            end = refused = 0
            rows = self._rows(book)
            while some := list(islice(rows, BATCH_ROWS)):
                for sheet, row, context in some:
                    self._sheet = sheet
                    self._take(row, context)
                end += len(some)
                batch = Batch(end, self._items, self._refused, self._left_out, dict(self._told), self._examples)
                refused += len(batch.refused)
                if end == len(some) and len(batch.refused) > WRONG_SHARE * (end - batch.left_out):
                    self._say_that_it_is_wrong(batch)
                self._items, self._refused, self._left_out = [], [], 0
                self._told.clear()
                yield batch

    def _say_that_it_is_wrong(self, batch: Batch) -> None:
        why = Counter(reason.code for row in batch.refused for reason in row.reasons[:1])
        code, count = why.most_common(1)[0]
        first = batch.refused[0]
        raise model.WrongKind(
            f"{len(batch.refused)} of the first {batch.end} rows can't be brought in; {count} of them because: "
            f"{code.replace('_', ' ')} (such as row {first.number}).",
            field="file",
            word="import_mostly_refused",
            refused=len(batch.refused),
            rows=batch.end,
            row=first.number,
            why=code,
        )

    def _rows(self, book: Book) -> Iterator[tuple[str, Row, Context]]:
        for table in self._import.tables:
            context = self._context(table)
            for row in sheets.read(book.sheet(table.sheet), table):
                yield table.sheet, row, context

    def _context(self, table: Table) -> Context:
        made = self._import
        return Context(
            source_id=made.source_id,
            crm=model.crm_kind(made.source_name),
            region=self._region,
            options=made.options,
            said_at=made.made_at,
            file_name=made.file_name,
            headers=model.headers_of(table),
            columns=model.columns_of(table),
            discounts_are_shares=0 < self._most_discount <= 1,
        )

    def _take(self, row: Row, context: Context) -> None:
        if row.left_out:
            self._left_out += 1
            self._tell(f"{row.left_out}_left_out", row.extra.get("", ""), row.number)
            return
        if row.values.get("row_id") is not None or self._is_added(row):
            self._take_back(row, context)
            return
        crucial = _CRUCIAL[self._import.target]
        fields = {header: field for field, header in context.headers.items()}
        bad = []
        for fault in row.faults:
            if not fault.kept and fields.get(fault.header or fault.column) in crucial:
                bad.append(Reason(fault.code, fault.header or fault.column, fault.raw))
            else:
                self._tell(fault.code, fault.raw, fault.row)
        try:
            if bad:
                raise Refused(*bad)
            if self._import.target == "orders":
                self._take_line(row, context)
            else:
                said = _SAID_BY[self._import.target](row, context, self._tell)
                self._add(said, [row], model.name_of(row, self._import.target))
        except Refused as refused:
            self._refuse(row, refused.reasons, context)
            self._break(row, context)

    # Rows that left the house in a sheet of ours --------------------------------------------------------------------

    def _take_back(self, row: Row, context: Context) -> None:
        target = self._import.target
        try:
            if target in lists.COLUMNS and row.values.get("row_id") is None:
                back = model.added(row, context, target, self._back[_number(row)])
            else:
                back = model.returned(row, context, target, model.name_of(row, target))
            self._add(back, [row], ("row_id", back.whole_id, model.content_of([row]).hex))
        except Refused as refused:
            self._refuse(row, refused.reasons, context)

    def _is_added(self, row: Row) -> bool:
        """Whether a row without an id is a line more of an order that came back in this file."""
        return self._import.target == "orders" and _number(row) in self._back

    def _tell(self, code: str, raw: str = "", row: int = 0) -> None:
        self._told[code] += 1
        if raw and len(examples := self._examples.setdefault(code, {})) < MOST_EXAMPLES:
            examples.setdefault(raw[:EXAMPLE_CHARS], row)

    def _add(self, said: Any, rows: list[Row], named: tuple[str, ...]) -> None:
        content = model.content_of(rows, self._region)
        name = model.digest(*named) if named else content
        key = model.key_of(self._import.source_id, self._import.target, name, self._ordinals.of(name))
        self._items.append(Item(key, content, len(rows), self._sheet, rows[0].number, said))

    def _refuse(self, row: Row, reasons: tuple[Reason, ...], context: Context) -> None:
        there = len(row.cells)
        cells = {name: sheets.shown(row.cells[at])[:CELL_CHARS] for at, name in context.columns if at < there}
        self._refused.append(RefusedRow(self._sheet, row.number, cells, tuple(reasons)[:MOST_REASONS]))

    # Orders stand in several rows, which need not follow each other ------------------------------------------------

    def _count_lines(self, book: Book) -> None:
        """How many rows each order has, so that it is known when it is whole; and the most any discount comes to."""
        for _, row, _ in self._rows(book):
            if row.left_out or not (number := _number(row)):
                continue
            if isinstance(discount := row.values.get("discount"), Decimal):
                self._most_discount = max(self._most_discount, abs(discount))
            if row.values.get("row_id") is None:
                self._lines_left[number] += 1
            elif id_ := model.id_of(row):
                self._back.setdefault(number, id_)

    def _take_line(self, row: Row, context: Context) -> None:
        one = model.order_row(row, context)
        number = str(row.values["order_no"]).strip()
        self._open.setdefault(number, []).append(one)
        self._settle(number, context)

    def _settle(self, number: str, context: Context) -> None:
        self._lines_left[number] -= 1
        if self._lines_left[number] > 0:
            return
        del self._lines_left[number]
        lines = self._open.pop(number, [])
        is_broken = number in self._broken
        self._broken.discard(number)
        reasons: tuple[Reason, ...] = ()
        if is_broken:
            reasons = (Reason("other_row_of_order_refused", context.headers.get("order_no", "order_no"), number),)
        elif len(lines) > MOST_LINES:
            reasons = (Reason("too_many_lines", context.headers.get("order_no", "order_no"), number),)
        if lines and not reasons:
            try:
                said = model.order(lines, context, self._tell)
                # Lines in a list of their own are known beside what another list says of the same order.
                name = "order_lines" if model.are_lines(context.headers) else "order_no"
                self._add(said, [line.row for line in lines], (name, number))
                return
            except Refused as refused:
                reasons = refused.reasons
        for line in lines:
            self._refuse(line.row, reasons, context)

    def _break(self, row: Row, context: Context) -> None:
        """A row of an order is refused, so the order is: half an order is none."""
        number = str(row.values.get("order_no") or "").strip()
        if self._import.target == "orders" and number in self._lines_left:
            self._broken.add(number)
            self._settle(number, context)


def _number(row: Row) -> str:
    return str(row.values.get("order_no") or "").strip()
