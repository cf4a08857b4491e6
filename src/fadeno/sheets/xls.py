"""Workbooks of old Excel (.xls) and binary ones, by python-calamine; what they may hold is small by its nature."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO, NamedTuple

from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetTypeEnum, SheetVisibleEnum

from fadeno.sheets import compound
from fadeno.sheets.model import Broken, Limits, Raw, RawRow, Unreadable

_PROTECTED = "EncryptedPackage".encode("utf-16-le")
_ERRORS = frozenset(("#N/A", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#NULL!", "#GETTING_DATA"))
_DIRECTORY_BYTES = 1 << 20


class Part(NamedTuple):
    """A sheet and its place."""

    name: str
    hidden: bool
    at: int


def open_workbook(file: BinaryIO, limits: Limits) -> CalamineWorkbook:
    """The workbook in a compound file.

    Raises:
        Unreadable: it is damaged, too large, or protected with a password.
    """
    size = file.seek(0, 2)
    file.seek(0)
    if _protected(file, size):
        raise Unreadable("password")
    if size > limits.xls_bytes:
        raise Unreadable("too_big")
    file.seek(0)
    with _readable():
        cells = compound.largest_sheet(compound.workbook_of(file.read()))
    if cells > limits.xls_cells:
        raise Unreadable("too_big")
    file.seek(0)
    with _readable():
        return CalamineWorkbook.from_filelike(file)


def parts(book: CalamineWorkbook) -> list[Part]:
    """The sheets that hold cells."""
    return [
        Part(sheet.name, sheet.visible != SheetVisibleEnum.Visible, at)
        for at, sheet in enumerate(book.sheets_metadata)
        if sheet.typ == SheetTypeEnum.WorkSheet
    ]


def rows(book: CalamineWorkbook, part: Part, limits: Limits) -> Iterator[RawRow]:
    """The rows of a sheet that hold anything, in order."""
    with _readable():
        sheet = book.get_sheet_by_index(part.at)
    if sheet.start is None:
        return
    _, left = sheet.start
    pad: list[Raw] = [None] * left
    # The rows begin with the first of the sheet, the cells of each with the first column that holds anything.
    for number, values in enumerate(sheet.iter_rows(), 1):
        while values and values[-1] == "":
            values.pop()
        if left + len(values) > limits.columns:
            raise Unreadable("too_many_columns", row=number)
        if values:
            yield RawRow(number, pad + [_cell(value) for value in values])


def merged(book: CalamineWorkbook, part: Part) -> list[tuple[int, int, int, int]]:
    """Merged cells as (first row, first column, last row, last column); rows from 1, columns from 0."""
    with _readable():
        ranges = book.get_sheet_by_index(part.at).merged_cell_ranges or []
    return [(top + 1, left, bottom + 1, right) for (top, left), (bottom, right) in ranges]


def _cell(value: Raw) -> Raw:
    if value == "":
        return None
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return int(value)
    if isinstance(value, str) and value in _ERRORS:
        return Broken(value, "formula_error")
    return value


def _protected(file: BinaryIO, size: int) -> bool:
    """Whether the directory of the compound file names an encrypted package; it may lie at either end."""
    head = file.read(_DIRECTORY_BYTES)
    file.seek(max(0, size - _DIRECTORY_BYTES))
    return _PROTECTED in head or _PROTECTED in file.read()


@contextmanager
def _readable() -> Iterator[None]:
    try:
        yield
    except PasswordError as fault:
        raise Unreadable("password") from fault
    except (CalamineError, OSError, ValueError, IndexError, MemoryError) as fault:
        raise Unreadable("broken") from fault
    except BaseException as fault:
        if type(fault).__name__ == "PanicException":  # a fault within the reader, which is not ours to die of
            raise Unreadable("broken") from fault
        raise
