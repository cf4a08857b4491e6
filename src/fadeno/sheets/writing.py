"""Rows written as xlsx and csv: typed cells, no formula of a stranger's, and the same values when read again.

Source: OWASP, CSV Injection, https://owasp.org/www-community/attacks/CSV_Injection, 2026-11-23.
"""

import csv
import io
import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import BinaryIO

import msgspec
import xlsxwriter
from xlsxwriter.format import Format as Look
from xlsxwriter.worksheet import Worksheet

from fadeno.kit import money
from fadeno.kit.money import Money
from fadeno.sheets.model import Value

MAX_CELL_CHARS = 32_767
MAX_SHEET_ROWS = 1_048_576
_RUNS = re.compile(r"\s*[=+\-@\t\r＝＋－＠]")
_LOOKS_NEUTRALISED = re.compile(r"'+\s*[=+\-@\t\r＝＋－＠]")
_BAD_IN_NAME = re.compile(r"[\[\]:*?/\\'\x00-\x1f]")
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_WIDTHS = {"date": 12, "datetime": 19, "number": 11, "money": 13, "bool": 8, "email": 28, "phone": 18, "name": 22}
_MAX_WIDTH = 48
_MEASURED_ROWS = 200
_MAX_DIGITS = 15  # what a sheet keeps of a number
_FIRST_DAY = date(1900, 3, 1)  # before it, Excel counts a day that never was


class Out(msgspec.Struct, frozen=True):
    """A column to write.

    Attributes:
        kind: one of fields.KINDS; decides format and width, not which values are allowed.
        currency: of most amounts of a money column; in csv it stands in the header.
    """

    header: str
    kind: str = "text"
    currency: str | None = None


ROW_ID = Out("fadeno id", "id")
ROW_VERSION = Out("fadeno version", "id")


class Written(msgspec.Struct, frozen=True):
    """What was written.

    Attributes:
        rows: without headers. sheets: how many it took; each holds a million rows.
        cut: cells that were longer than a cell can be, and end with …
    """

    rows: int
    sheets: int
    cut: int


def write_xlsx(
    to: Path | BinaryIO,
    columns: Sequence[Out],
    rows: Iterable[Sequence[Value]],
    *,
    name: str = "fadeno",
    right_to_left: bool = False,
) -> Written:
    """A workbook with a frozen header that filters, typed cells and text that stays text.

    Args:
        rows: values in the order of the columns; None leaves a cell empty.
        name: of the sheet; further ones are numbered.
    """
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(to if isinstance(to, io.IOBase) else str(to), options) as workbook:
        return _Workbook(workbook, columns, _sheet_name(name), right_to_left).write(rows)


def write_csv(
    to: Path | BinaryIO,
    columns: Sequence[Out],
    rows: Iterable[Sequence[Value]],
    *,
    delimiter: str = ";",
    decimal: str | None = None,
) -> Written:
    """A csv as Excel reads it: UTF-8 with a mark, a delimiter, and a decimal mark that suits it.

    Amounts are bare numbers where a column of their own says the currency.

    Args:
        decimal: by default a comma beside `;`, a point beside others.
    """
    is_apart = any(column.kind == "currency" for column in columns)
    mark = decimal or ("," if delimiter == ";" else ".")
    file = to.open("wb") if isinstance(to, Path) else to
    text = io.TextIOWrapper(file, "utf-8-sig", errors="replace", newline="", write_through=False)
    count = 0
    try:
        writer = csv.writer(text, delimiter=delimiter)
        writer.writerow([_header(column) for column in columns])
        for row in rows:
            cells = [_csv_cell(value, column, mark, is_apart) for value, column in zip(row, columns, strict=False)]
            writer.writerow(cells)
            count += 1
        text.flush()
    finally:
        text.detach()
        if isinstance(to, Path):
            file.close()
    return Written(count, 1, 0)


def neutralised(text: str) -> str:
    """The text with a mark before what a program would run; reading takes the mark away again."""
    return f"'{text}" if _RUNS.match(text) or _LOOKS_NEUTRALISED.match(text) else text


def _header(column: Out) -> str:
    title = f"{column.header} ({column.currency})" if column.currency else column.header
    return neutralised(title)


def _csv_cell(value: Value, column: Out, mark: str, is_currency_apart: bool) -> str:
    match value:
        case None:
            return ""
        case str():
            return neutralised(value)
        case bool():
            return "TRUE" if value else "FALSE"
        case Decimal():
            return _telling(format(value, "f")).replace(".", mark)
        case Money():
            plain = _telling(money.format_plain(value)).replace(".", mark)
            return plain if is_currency_apart or value.currency == column.currency else f"{plain} {value.currency}"
        case _:
            return _iso(value)


def _telling(number: str) -> str:
    """The number with one more zero where three decimals could be taken for a thousand: 1,2340 is not 1,234."""
    return f"{number}0" if number[-4:-3] == "." else number


def _iso(value: date | datetime) -> str:
    if not isinstance(value, datetime):
        return value.isoformat()
    return value.isoformat(" ", "microseconds" if value.microsecond else "seconds")


def _sheet_name(name: str) -> str:
    return _BAD_IN_NAME.sub(" ", name).strip()[:25] or "fadeno"


class _Workbook:
    """Writes rows into sheets of one workbook, a new sheet when one is full."""

    def __init__(self, workbook: xlsxwriter.Workbook, columns: Sequence[Out], name: str, right_to_left: bool) -> None:
        self.workbook = workbook
        self.columns = columns
        self.name = name
        self.right_to_left = right_to_left
        self.looks: dict[str, Look] = {}
        self.sheets = self.count = self.cut = self.last = 0
        self.sheet: Worksheet
        self.widths = [max(_WIDTHS.get(one.kind, 10), min(len(one.header) + 2, _MAX_WIDTH)) for one in columns]

    def write(self, rows: Iterable[Sequence[Value]]) -> Written:
        self.next_sheet()
        at = 1
        for row in rows:
            if at == MAX_SHEET_ROWS:
                self.next_sheet()
                at = 1
            self.last = at
            for place, value in enumerate(row[: len(self.columns)]):
                if value is not None and value != "":
                    self.cell(at, place, value)
            at += 1
            self.count += 1
        self.end_sheet()
        return Written(self.count, self.sheets, self.cut)

    def next_sheet(self) -> None:
        if self.sheets:
            self.end_sheet()
        self.sheets += 1
        self.last = 0
        self.sheet = self.workbook.add_worksheet(self.name if self.sheets == 1 else f"{self.name} {self.sheets}")
        self.sheet.freeze_panes(1, 0)
        self.sheet.set_landscape()
        self.sheet.fit_to_pages(1, 0)
        self.sheet.repeat_rows(0)
        if self.right_to_left:
            self.sheet.right_to_left()
        for place, column in enumerate(self.columns):
            quoted = bool(_RUNS.match(column.header))
            look = self.look(f"head {quoted}", bold=True, bottom=1, num_format="@", quote_prefix=quoted)
            self.sheet.write_string(0, place, _xml(column.header), look)

    def end_sheet(self) -> None:
        if self.columns:
            self.sheet.autofilter(0, 0, self.last, len(self.columns) - 1)
        for place, width in enumerate(self.widths):
            self.sheet.set_column(place, place, min(width, _MAX_WIDTH))

    def look(self, key: str, **what: object) -> Look:
        if key not in self.looks:
            self.looks[key] = self.workbook.add_format(what)
        return self.looks[key]

    def cell(self, at: int, place: int, value: Value) -> None:
        sheet = self.sheet
        match value:
            case bool():
                sheet.write_boolean(at, place, value)
            case Money():
                self.money(at, place, value)
            case Decimal() if len(value.as_tuple().digits) <= _MAX_DIGITS and abs(value.adjusted()) < 300:
                sheet.write_number(at, place, float(value))
            case datetime() if value.tzinfo is None and value.date() >= _FIRST_DAY and not value.microsecond:
                if value.time() == time.min:
                    sheet.write_datetime(at, place, value, self.look("date", num_format="yyyy-mm-dd"))
                else:
                    sheet.write_datetime(at, place, value, self.look("at", num_format="yyyy-mm-dd hh:mm:ss"))
            case date() if not isinstance(value, datetime) and value >= _FIRST_DAY:
                whole = datetime.combine(value, time.min)
                sheet.write_datetime(at, place, whole, self.look("date", num_format="yyyy-mm-dd"))
            case date():
                self.text(at, place, _iso(value))
            case Decimal():
                self.text(at, place, format(value, "f"))
            case _:
                self.text(at, place, value)

    def money(self, at: int, place: int, value: Money) -> None:
        digits = money.exponent(value.currency)
        if abs(value.minor) >= 10**_MAX_DIGITS:
            self.text(at, place, str(value))
            return
        shape = f"#,##0{'.' if digits else ''}{'0' * digits}\\ [${value.currency}]"
        self.sheet.write_number(at, place, float(value.amount), self.look(value.currency, num_format=shape))

    def text(self, at: int, place: int, value: str) -> None:
        """Text as text, also when somebody edits the cell later."""
        text = f"'{value}" if _LOOKS_NEUTRALISED.match(value) else value
        text = _xml(text)
        if len(text) > MAX_CELL_CHARS:
            text = text[: MAX_CELL_CHARS - 1] + "…"
            self.cut += 1
        if at <= _MEASURED_ROWS:
            self.widths[place] = max(self.widths[place], min(len(text) + 1, _MAX_WIDTH))
        quoted = self.columns[place].kind != "text" or bool(_RUNS.match(text))
        key = "quoted" if quoted else "text"
        self.sheet.write_string(at, place, text, self.look(key, num_format="@", quote_prefix=quoted))


def _xml(text: str) -> str:
    return _NOT_XML.sub("", text)
