"""The words of sheets: what a file holds, what was understood of it, and what could not be."""

from datetime import date, datetime, time
from decimal import Decimal

import msgspec

from fadeno.kit.errors import FadenoError
from fadeno.kit.money import Money

# What a reader gives for one cell, before anything is understood of it.
Raw = str | int | float | bool | date | datetime | time | None
# What a typed cell holds.
Value = str | Decimal | bool | date | datetime | Money | None

# code -> what is wrong, and what to do next. The codes are stable; a page may word them otherwise.
UNREADABLE: dict[str, tuple[str, str]] = {
    "empty_file": ("The file is empty.", "Export it again, and look at its size before sending it."),
    "not_a_sheet": ("This is not a sheet.", "Save it as .xlsx, .ods or .csv in your spreadsheet program."),
    "picture": ("This is a picture, whatever its name says.", "Send the sheet it was made from."),
    "pdf": ("This is a PDF.", "Export the same list as .xlsx or .csv."),
    "web_page": (
        "This is a web page, whatever its name says.",
        "Open it in your spreadsheet program and save it as .xlsx.",
    ),
    "password": ("The workbook is protected with a password.", "Save a copy without a password and send that."),
    "broken": ("The file is damaged.", "Open it in your spreadsheet program and save it again."),
    "too_big": ("Unpacked, the file is larger than a sheet can be.", "Send it in parts, or as .csv."),
    "too_many_columns": ("The sheet has too many columns.", "Keep the columns you need, at most 1,024."),
    "line_too_long": ("A line of the file has no end.", "Export it again, with one line for each row."),
    "quote_not_closed": ("A quotation mark is opened and never closed.", "Close it in the row named, or remove it."),
    "no_rows": ("There are no rows in it.", "Choose another sheet of the file, or export it again."),
    "no_such_sheet": ("The file has no sheet by that name.", "Choose one of the sheets it has."),
    "no_such_column": ("The sheet has no such column.", "Name it by its header or by its letter."),
    "no_such_field": ("There is no such field.", "Look at the list of fields for this kind of file."),
}


class Unreadable(FadenoError):
    """The file can't be read as a sheet.

    Attributes:
        code: one of UNREADABLE, with `sheet_` before it.
        row: the row the reading stopped at, as Excel shows it, where there is one.
    """

    code = "sheet_unreadable"
    status = 422

    def __init__(self, reason: str, *, row: int | None = None, detail: str = "") -> None:
        message, hint = UNREADABLE[reason]
        where = f" (row {row:,})" if row else ""
        super().__init__(
            f"{message[:-1]}{where}.{' ' + detail if detail else ''}", field="file", hint=hint, word=f"sheet_{reason}"
        )
        self.code = f"sheet_{reason}"
        self.reason = reason
        self.row = row


class Limits(msgspec.Struct, frozen=True):
    """How much is read before we say no.

    Attributes:
        unpacked_bytes: of a workbook, by its own directory, before anything is unpacked.
        ratio: unpacked to packed; only looked at above `small_bytes`.
        xls_cells: in the rectangle round the cells of one sheet of an old workbook, which is read as a whole.
        strings_bytes, strings: of the texts all sheets of a workbook share; they stay in memory while it is read.
    """

    unpacked_bytes: int = 2 << 30
    small_bytes: int = 64 << 20
    ratio: int = 250
    strings_bytes: int = 192 << 20
    strings: int = 4_000_000
    parts: int = 10_000
    columns: int = 1_024
    line_chars: int = 4 << 20
    cell_chars: int = 131_072
    xls_bytes: int = 128 << 20
    xls_cells: int = 4_000_000


LIMITS = Limits()


class Broken(str):
    """A cell that has no value: the text it showed, and why.

    Attributes:
        code: `formula_error` (#N/A …), `formula_not_computed`, or `bad_date` (1900-02-29).
    """

    __slots__ = ("code",)

    def __new__(cls, text: str, code: str) -> "Broken":
        made = super().__new__(cls, text)
        made.code = code
        return made


class Priced(float):
    """A number whose cell is formatted as money of one currency."""

    __slots__ = ("currency",)

    def __new__(cls, number: float, currency: str) -> "Priced":
        made = super().__new__(cls, number)
        made.currency = currency
        return made


class RawRow(msgspec.Struct, frozen=True, gc=False):
    """One row as it stands.

    Attributes:
        number: as Excel shows it, the first is 1.
        cells: from column A on; trailing empty ones may be left out.
        other_encoding: the row's bytes were of another encoding than the rest of the file.
        is_broken: it opens a quotation mark that is never closed; its cells are what stands there.
    """

    number: int
    cells: list[Raw]
    other_encoding: str | None = None
    is_broken: bool = False


class Notice(msgspec.Struct, frozen=True):
    """Something to tell about a file, a sheet or a column.

    Attributes:
        code: see docs/sheets.md.
        column: letter of the column, where it is about one.
        rows: some of the rows it is about, as Excel shows them.
        data: what a sentence needs: names, counts.
    """

    code: str
    column: str | None = None
    rows: tuple[int, ...] = ()
    data: dict[str, str | int] = {}


class Fault(msgspec.Struct, frozen=True):
    """A cell that could not be understood, or was kept although something is odd.

    Attributes:
        code: see docs/sheets.md.
        column: its letter. header: what stands above it.
        row: as Excel shows it. raw: what the cell shows, at most 200 characters.
        kept: the value was kept and this only has to be told; otherwise the value is None.
    """

    code: str
    column: str
    header: str
    row: int
    raw: str
    kept: bool = False


class Format(msgspec.Struct, frozen=True):
    """How the cells of one column are to be read, decided once over the whole column.

    Attributes:
        kind: one of fields.KINDS.
        decimal: the mark that parts decimals in numbers written as text, None when no cell tells.
        order: of a date written as text: dmy, mdy or ymd; None when no cell tells (then day first).
        currency: of money; None when neither the column nor the caller knows it (values are then plain numbers).
        era: `ce`, or `be`/`hijri` where years tell another calendar.
    """

    kind: str = "text"
    decimal: str | None = None
    order: str | None = None
    currency: str | None = None
    era: str = "ce"


class Guess(msgspec.Struct, frozen=True):
    """A field a column may hold.

    Attributes:
        confidence: 0 to 1.
        reasons: codes with their data, such as ("header_is", "E-Mail") or ("content", "email", "98").
    """

    field: str
    confidence: float
    reasons: tuple[tuple[str, ...], ...] = ()


class Column(msgspec.Struct, frozen=True):
    """A column and what is believed of it.

    Attributes:
        at: from 0. letter: as Excel shows it.
        header: the text above it, made unique by nobody; may be empty.
        field: what it is read as, None when it is kept under its header only.
        confidence, reasons: of that belief; 1.0 and ("said",) when the caller said it.
        others: the alternatives, likeliest first, without `field`.
        samples: up to five different values as shown.
        filled: share of the looked-at rows that have a value.
    """

    at: int
    letter: str
    header: str
    field: str | None = None
    confidence: float = 0.0
    reasons: tuple[tuple[str, ...], ...] = ()
    others: tuple[Guess, ...] = ()
    format: Format = Format()
    samples: tuple[str, ...] = ()
    filled: float = 0.0


class Table(msgspec.Struct, frozen=True):
    """What is believed of one sheet: where its rows are, and what its columns hold. Can be kept as JSON.

    Attributes:
        header_row: as Excel shows it; 0 when the sheet has no header.
        first_row: the first row of values.
        target: the kind of file it is read as, such as `orders`; empty where nobody said it and nothing tells.
        targets: all kinds with their confidence, likeliest first.
        missing: required fields no column holds.
    """

    sheet: str
    header_row: int
    first_row: int
    columns: tuple[Column, ...]
    target: str
    targets: tuple[tuple[str, float], ...]
    missing: tuple[str, ...] = ()
    notices: tuple[Notice, ...] = ()

    def column(self, field: str) -> Column | None:
        """The column read as a field."""
        return next((column for column in self.columns if column.field == field), None)


class Row(msgspec.Struct, frozen=True):
    """One row, typed.

    Attributes:
        number: as Excel shows it.
        values: by field; empty cells are left out.
        extra: of columns that are no field, by header; by letter where there is none, `Header (C)` for a second one.
            Of a row left out: what it shows, under "".
        faults: cells that could not be understood (not `kept`), or were kept with something to tell.
        left_out: why the row is no row of values: `total`, `header` (repeated), `note`; None for an ordinary one.
        cells: as they stand, from column A on; `shown` says what a person would see.
    """

    number: int
    values: dict[str, Value]
    extra: dict[str, str] = {}
    faults: tuple[Fault, ...] = ()
    left_out: str | None = None
    cells: list[Raw] = []


def letter(at: int) -> str:
    """The letter of a column counted from 0: A, B … Z, AA …"""
    text = ""
    at += 1
    while at:
        at, rest = divmod(at - 1, 26)
        text = chr(65 + rest) + text
    return text


def shown(raw: Raw) -> str:
    """A raw cell as a person would see it, whole numbers without a decimal point."""
    match raw:
        case None:
            return ""
        case str():
            return str(raw)
        case bool():
            return "TRUE" if raw else "FALSE"
        case float():
            return str(int(raw)) if raw.is_integer() and abs(raw) < 1e15 else format(raw, ".15g")
        case datetime():
            return raw.isoformat(" ", "seconds" if not raw.microsecond else "milliseconds")
        case date() | time():
            return raw.isoformat()
        case _:
            return str(raw)
