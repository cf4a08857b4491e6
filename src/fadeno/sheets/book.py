"""A file opened, whatever its name says: which kind it is, and the sheets in it."""

import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from fadeno.sheets import archive, delimited, ods, xls, xlsx
from fadeno.sheets.model import LIMITS, Limits, Notice, RawRow, Unreadable

_PICTURES = (b"\xff\xd8\xff", b"\x89PNG\r\n", b"GIF8", b"RIFF", b"II*\x00", b"MM\x00*", b"BM\x36", b"\x00\x00\x01\x00")
_PAGES = (b"<html", b"<!doctype", b"<?xml", b"<table", b"<meta", b"<head", b"<body", b"mime-version")
_COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENDINGS = {
    "xlsx": {"xlsx", "xlsm", "xltx", "xltm"},
    "ods": {"ods", "ots"},
    "xls": {"xls", "xlt"},
    "csv": {"csv", "tsv", "txt", "tab", "dat", ""},
}


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet of a file.

    Attributes:
        name: as the file has it; the file's own name for a csv.
        hidden: its author does not show it.
        merged: merged cells as (first row, first column, last row, last column); rows from 1, columns from 0.
    """

    name: str
    hidden: bool
    _book: "Book"
    _part: object = None

    def rows(self) -> Iterator[RawRow]:
        """The rows that hold anything, as they stand; each call begins anew.

        Raises:
            Unreadable: the file is damaged or breaks a limit at that row.
        """
        return self._book.rows(self)

    @property
    def dialect(self) -> delimited.Dialect | None:
        """How a csv is written; None for a workbook."""
        return self._book.dialect

    @property
    def merged(self) -> list[tuple[int, int, int, int]]:
        """Merged cells; none in csv and ods."""
        return self._book.merged(self)


@dataclass
class Book:
    """An opened file. Use it as a context manager, or close it.

    Attributes:
        name: of the file. kind: xlsx, xls, ods or csv, by what is in it.
        sheets: in the order of the file, hidden ones too.
        notices: to be told: `hidden_sheets`, `wrong_ending`.
        dialect: of a csv: encoding, delimiter, quoting.
    """

    name: str
    kind: str
    limits: Limits
    sheets: tuple[Sheet, ...] = ()
    notices: tuple[Notice, ...] = ()
    dialect: delimited.Dialect | None = None
    _file: BinaryIO = field(default_factory=io.BytesIO, repr=False)
    _inner: object = field(default=None, repr=False)
    _merged: dict[object, list[tuple[int, int, int, int]]] = field(default_factory=dict, repr=False)

    def __enter__(self) -> "Book":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()

    def sheet(self, name: str | None = None) -> Sheet:
        """The sheet of that name; without one, the first that is shown and has rows.

        Raises:
            Unreadable: there is none.
        """
        for sheet in self.sheets:
            if sheet.name == name:
                return sheet
        if name is not None:
            raise Unreadable("no_such_sheet")
        shown = [sheet for sheet in self.sheets if not sheet.hidden] or list(self.sheets)
        return next((sheet for sheet in shown if next(sheet.rows(), None)), shown[0])

    def rows(self, sheet: Sheet) -> Iterator[RawRow]:
        """The rows of one of the sheets; see `Sheet.rows`."""
        match self.kind:
            case "csv":
                return delimited.rows(self._file, self.dialect, self.limits)
            case "xlsx":
                return xlsx.rows(self._inner, sheet._part)
            case "ods":
                return ods.rows(self._inner, sheet._part, self.limits)
            case _:
                return xls.rows(self._inner, sheet._part, self.limits)

    def merged(self, sheet: Sheet) -> list[tuple[int, int, int, int]]:
        """The merged cells of one of the sheets."""
        if self.kind not in ("xlsx", "xls"):
            return []
        if sheet._part not in self._merged:
            find = xlsx.merged if self.kind == "xlsx" else xls.merged
            self._merged[sheet._part] = find(self._inner, sheet._part)
        return self._merged[sheet._part]


def open_book(source: Path | bytes, *, name: str = "", limits: Limits = LIMITS) -> Book:
    """The file, opened by what is in it.

    Args:
        source: where it lies, or its bytes.
        name: as the person knows it; the path's own by default.

    Raises:
        Unreadable: it is no sheet, or can't be read; `code` and `hint` say why and what to do.
    """
    name = name or (source.name if isinstance(source, Path) else "sheet")
    file = source.open("rb") if isinstance(source, Path) else io.BytesIO(source)
    try:
        book = _opened(file, name, limits)
    except BaseException:
        file.close()
        raise
    book.notices = tuple(_told(book))
    return book


def _opened(file: BinaryIO, name: str, limits: Limits) -> Book:
    head = file.read(4096)
    file.seek(0)
    if not head:
        raise Unreadable("empty_file")
    if head.startswith(_PICTURES):
        raise Unreadable("picture")
    if head.startswith(b"%PDF"):
        raise Unreadable("pdf")
    if head.startswith(b"PK\x03\x04") or head.startswith(b"PK\x05\x06"):
        return _packed(file, name, limits)
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()[:16].lower()
    if start.startswith(_PAGES):
        raise Unreadable("web_page")
    if start.startswith((b"{", b"[")):
        raise Unreadable("not_a_sheet")
    if head.startswith(_COMPOUND):
        return _compound(file, name, limits)
    dialect = delimited.dialect_of(file)
    book = Book(name, "csv", limits, dialect=dialect, _file=file)
    book.sheets = (Sheet(name.rpartition(".")[0] or name, False, book),)
    return book


def _packed(file: BinaryIO, name: str, limits: Limits) -> Book:
    packed = archive.open_archive(file, limits)
    names = set(packed.namelist())
    if "[Content_Types].xml" in names and "xl/workbook.bin" not in names:
        workbook = xlsx.open_workbook(packed, limits)
        book = Book(name, "xlsx", limits, _file=file, _inner=workbook)
        book.sheets = tuple(Sheet(part.name, part.hidden, book, part) for part in workbook.parts)
        return book
    if "content.xml" in names:
        document = ods.open_document(packed)
        book = Book(name, "ods", limits, _file=file, _inner=document)
        book.sheets = tuple(Sheet(part.name, part.hidden, book, part) for part in document.parts)
        return book
    raise Unreadable("not_a_sheet")


def _compound(file: BinaryIO, name: str, limits: Limits) -> Book:
    workbook = xls.open_workbook(file, limits)
    book = Book(name, "xls", limits, _file=file, _inner=workbook)
    book.sheets = tuple(Sheet(part.name, part.hidden, book, part) for part in xls.parts(workbook))
    return book


def _told(book: Book) -> Iterator[Notice]:
    hidden = [sheet.name for sheet in book.sheets if sheet.hidden]
    if hidden:
        yield Notice("hidden_sheets", data={"names": ", ".join(hidden[:10]), "count": len(hidden)})
    ending = book.name.rpartition(".")[2].lower() if "." in book.name else ""
    if ending and ending not in _ENDINGS[book.kind]:
        yield Notice("wrong_ending", data={"ending": ending[:16], "kind": book.kind})
