"""Rows made typed, column by column as planned once for the whole sheet; what was read before is not read again."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import NamedTuple

from fadeno.sheets import cells
from fadeno.sheets.model import Fault, Raw, RawRow, Row, Table, Value, shown

_RAW_CHARS = 200
# Values a column is remembered by. Beyond it lie columns of ids and addresses, where remembering saves nothing.
_REMEMBERED = 4_096
# Not subclasses of these: such a cell is more than its text or number, a price or a formula that failed.
_SIMPLE = (str, int, float, bool, date, datetime)


class Plan(NamedTuple):
    """How the cells of one column are read.

    Attributes:
        name: its header, or its letter where there is none, unlike those of the columns before.
        known: for each simple type what was read from its values.
    """

    at: int
    letter: str
    name: str
    field: str | None
    read: cells.Reader
    known: dict[type, dict[Raw, cells.Read]]


def plans(table: Table) -> list[Plan]:
    """How each column of the table is read, from the left."""
    found = []
    names: set[str] = set()
    for column in sorted(table.columns, key=lambda column: column.at):
        name = column.header or column.letter
        name = f"{name} ({column.letter})" if name in names else name
        names.add(name)
        known: dict[type, dict[Raw, cells.Read]] = {kind: {} for kind in _SIMPLE}
        found.append(Plan(column.at, column.letter, name, column.field, cells.reader(column.format), known))
    return found


def typed(raw: RawRow, columns: Iterable[Plan]) -> Row:
    """The row's values by field, the others by header, and what could not be understood."""
    if raw.is_broken:
        return _broken(raw, columns)
    values: dict[str, Value] = {}
    extra: dict[str, str] = {}
    faults: list[Fault] = []
    given = raw.cells
    width = len(given)
    for at, letter, name, field, read, known in columns:
        if at >= width:
            break
        cell = given[at]
        if not cell and (cell is None or cell == ""):
            continue
        before = known.get(cell.__class__)
        value, fault, kept = (before and before.get(cell)) or _read(cell, read, before)
        if fault:
            faults.append(Fault(fault, letter, name, raw.number, shown(cell)[:_RAW_CHARS], kept))
        if value is None:
            continue
        if field:
            values[field] = value
        else:
            extra[name] = value if value.__class__ is str else shown(cell)
    if raw.other_encoding:
        faults.append(Fault("other_encoding", "", "", raw.number, raw.other_encoding, kept=True))
    return Row(raw.number, values, extra, tuple(faults), None, given)


def _broken(raw: RawRow, columns: Iterable[Plan]) -> Row:
    """A row in which nobody knows where its cells end: none of them is taken."""
    whole = " | ".join(filter(None, map(shown, raw.cells)))[:_RAW_CHARS]
    faults = [
        Fault("quote_not_closed", plan.letter, plan.name, raw.number, whole)
        for plan in columns
        if plan.field or plan.at == 0
    ]
    return Row(raw.number, {}, {}, tuple(faults))


def _read(cell: Raw, read: cells.Reader, before: dict[Raw, cells.Read] | None) -> cells.Read:
    found = read(cell)
    if before is not None and len(before) < _REMEMBERED:
        before[cell] = found
    return found
