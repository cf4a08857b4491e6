"""Workbooks of Excel (.xlsx, .xlsm) row by row, in little memory however many rows there are.

Source: ECMA-376 part 1, §18.3 (worksheets), §18.4 (shared strings), §18.8 (styles), 2026-11-23.
"""

import posixpath
import re
import zipfile
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import NamedTuple

from fadeno.sheets import archive, serial, styles
from fadeno.sheets.model import Broken, Limits, Priced, Raw, RawRow, Unreadable

_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_MERGED = re.compile(rb'mergeCell [^>]*?ref="([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})"')
_MAX_MERGED = 200_000
_MAX_COLUMNS = 16_384
_MAX_ROW = 10_000_000
_FORMULA_CHARS = 200
_DIGITS = "0123456789"
_HIDDEN = ("hidden", "veryHidden")


class Part(NamedTuple):
    """A sheet of a workbook and where it lies in the archive."""

    name: str
    hidden: bool
    path: str


class Workbook(NamedTuple):
    """What all sheets of a workbook share."""

    archive: zipfile.ZipFile
    parts: tuple[Part, ...]
    since_1904: bool
    looks: list[styles.Look]
    strings: list[str]
    limits: Limits


def open_workbook(packed: zipfile.ZipFile, limits: Limits) -> Workbook:
    """The workbook in an archive.

    Raises:
        Unreadable: it has no sheets, or its parts are damaged or too large.
    """
    with archive.readable():
        relations = _relations(packed, "_rels/.rels", "")
        main = next((path for kind, path in relations.values() if kind == "officeDocument"), "xl/workbook.xml")
        folder, name = posixpath.split(main)
        relations = _relations(packed, f"{folder}/_rels/{name}.rels", folder)
        found, since_1904 = _sheets(packed, main)
        paths = {kind: path for kind, path in relations.values()}
        parts = tuple(
            Part(name, hidden, relations[key][1])
            for name, hidden, key in found
            if key in relations and relations[key][0] == "worksheet"
        )
        looks = _looks(packed, paths.get("styles", ""))
        strings = _strings(packed, paths.get("sharedStrings", ""), limits)
    if not parts:
        raise Unreadable("not_a_sheet")
    return Workbook(packed, parts, since_1904, looks, strings, limits)


def rows(book: Workbook, part: Part) -> Iterator[RawRow]:
    """The rows of a sheet that hold anything, in order.

    Raises:
        Unreadable: the sheet is damaged or too wide.
    """
    reader = _Rows(book)
    parse = reader.parser.Parse
    with archive.readable():
        for chunk in archive.chunks(book.archive, part.path):
            parse(chunk, False)
            yield from reader.done
            reader.done.clear()
        parse(b"", True)
    yield from reader.done


def merged(book: Workbook, part: Part) -> list[tuple[int, int, int, int]]:
    """Merged cells as (first row, first column, last row, last column); rows from 1, columns from 0."""
    found: list[tuple[int, int, int, int]] = []
    rest = b""
    for chunk in archive.chunks(book.archive, part.path):
        text = rest + chunk
        if b"mergeCell" in text:
            for left, top, right, bottom in _MERGED.findall(text):
                found.append((int(top), column(left.decode()), int(bottom), column(right.decode())))
            rest = text[text.rfind(b"<") :]
        else:
            rest = text[-16:]
        if len(found) > _MAX_MERGED or len(rest) > 2 * archive.CHUNK_BYTES:
            break
    return found


def column(letters: str) -> int:
    """A column's letters as a number from 0."""
    at = 0
    for character in letters:
        at = at * 26 + ord(character) - 64
    return at - 1


def _elements(
    packed: zipfile.ZipFile,
    name: str,
    start: Callable[[str, dict[str, str]], None],
    end: Callable[[str], None] | None = None,
    text: Callable[[str], None] | None = None,
) -> None:
    parser = archive.parser()
    parser.StartElementHandler = lambda tag, attributes: start(archive.local(tag), attributes)
    if end:
        parser.EndElementHandler = lambda tag: end(archive.local(tag))
    if text:
        parser.CharacterDataHandler = text
    seen = False
    for chunk in archive.chunks(packed, name):
        parser.Parse(chunk, False)
        seen = True
    if seen:
        parser.Parse(b"", True)


def _relations(packed: zipfile.ZipFile, name: str, folder: str) -> dict[str, tuple[str, str]]:
    """Relation id -> (kind, path in the archive)."""
    found: dict[str, tuple[str, str]] = {}

    def start(tag: str, attributes: dict[str, str]) -> None:
        if tag == "Relationship" and attributes.get("TargetMode") != "External":
            target = attributes["Target"]
            path = target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))
            found[attributes["Id"]] = (attributes["Type"].rpartition("/")[2], path)

    _elements(packed, name, start)
    return found


def _sheets(packed: zipfile.ZipFile, name: str) -> tuple[list[tuple[str, bool, str]], bool]:
    found: list[tuple[str, bool, str]] = []
    since_1904 = False

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal since_1904
        if tag == "sheet":
            key = next((value for key, value in attributes.items() if key.endswith(":id")), "")
            found.append((attributes["name"][:255], attributes.get("state") in _HIDDEN, key))
        elif tag == "workbookPr":
            since_1904 = attributes.get("date1904") in ("1", "true")

    _elements(packed, name, start)
    return found, since_1904


def _looks(packed: zipfile.ZipFile, name: str) -> list[styles.Look]:
    codes: dict[int, str] = {}
    numbers: list[int] = []
    inside = False

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal inside
        if tag == "numFmt":
            codes[int(attributes["numFmtId"])] = attributes["formatCode"]
        elif tag == "cellXfs":
            inside = True
        elif tag == "xf" and inside:
            numbers.append(int(attributes.get("numFmtId", 0)))

    def end(tag: str) -> None:
        nonlocal inside
        if tag == "cellXfs":
            inside = False

    _elements(packed, name, start, end)
    return [styles.look_of(number, codes.get(number)) for number in numbers]


def _strings(packed: zipfile.ZipFile, name: str, limits: Limits) -> list[str]:
    if name in packed.NameToInfo and packed.getinfo(name).file_size > limits.strings_bytes:
        raise Unreadable("too_big")
    reader = _Strings(limits.strings)
    _elements(packed, name, reader.start, reader.end, reader.text)
    return reader.found


class _Strings:
    """Gathers the texts sheets share, without the readings East Asian texts carry."""

    def __init__(self, most: int) -> None:
        self.most = most
        self.found: list[str] = []
        self.pieces: list[str] = []
        self.taking = self.skipping = False

    def start(self, tag: str, _: dict[str, str]) -> None:
        if tag == "t":
            self.taking = not self.skipping
        elif tag == "rPh":
            self.skipping = True

    def end(self, tag: str) -> None:
        if tag == "t":
            self.taking = False
        elif tag == "rPh":
            self.skipping = False
        elif tag == "si":
            self.found.append(_unescaped("".join(self.pieces)))
            self.pieces.clear()
            if len(self.found) > self.most:
                raise Unreadable("too_big")

    def text(self, data: str) -> None:
        if self.taking:
            self.pieces.append(data)


def _unescaped(text: str) -> str:
    if "_x" not in text:
        return text
    return (
        _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)
        .encode("utf-16", "surrogatepass")
        .decode("utf-16", "replace")
    )


class _Rows:
    """Builds rows while the parser calls; plain attributes and few calls, for this is where the time goes."""

    def __init__(self, book: Workbook) -> None:
        self.book = book
        self.done: list[RawRow] = []
        self.cells: list[Raw] = []
        self.number = 0
        self.next_column = 0
        self.at = 0
        self.kind: str | None = None
        self.style: str | None = None
        self.text = ""
        self.has_formula = False
        self.formula = "="
        self.columns: dict[str, int] = {}
        self.parser = archive.parser()
        self.parser.StartElementHandler = self.root
        self.parser.EndElementHandler = self.end

    def root(self, tag: str, _: dict[str, str]) -> None:
        """The first element tells the prefix all others have."""
        prefix = tag[: tag.find(":") + 1]
        self.c, self.v, self.t, self.f, self.row = (prefix + name for name in ("c", "v", "t", "f", "row"))
        self.parser.StartElementHandler = self.start

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == self.c:
            self.kind = attributes.get("t")
            self.style = attributes.get("s")
            self.text = ""
            self.has_formula = False
            self.formula = "="
            ref = attributes.get("r")
            self.at = self.place(ref.rstrip(_DIGITS)) if ref else self.next_column
            self.next_column = self.at + 1
        elif tag == self.v or tag == self.t:
            self.parser.CharacterDataHandler = self.data
        elif tag == self.f:
            self.has_formula = True
            self.parser.CharacterDataHandler = self.formula_data
        elif tag == self.row:
            number = int(attributes.get("r") or self.number + 1)
            self.number = max(number, self.number + 1)
            self.next_column = 0
            self.cells = []
            if self.number > _MAX_ROW:
                raise Unreadable("broken")

    def data(self, text: str) -> None:
        self.text += text
        if len(self.text) > self.book.limits.cell_chars:
            raise Unreadable("broken", row=self.number)

    def formula_data(self, text: str) -> None:
        self.formula = (self.formula + text)[:_FORMULA_CHARS]

    def end(self, tag: str) -> None:
        if tag == self.c:
            if self.text or self.has_formula:
                self.put(self.value())
        elif tag == self.v or tag == self.t or tag == self.f:
            self.parser.CharacterDataHandler = None
        elif tag == self.row and self.cells:
            self.done.append(RawRow(self.number, self.cells))

    def place(self, letters: str) -> int:
        at = self.columns.get(letters)
        if at is None:
            at = self.columns[letters] = column(letters)
            if not letters.isascii() or not 0 <= at < _MAX_COLUMNS:
                raise Unreadable("broken", row=self.number)
        return at

    def put(self, value: Raw) -> None:
        cells, at = self.cells, self.at
        if at < len(cells):
            cells[at] = value
        elif at >= self.book.limits.columns:
            raise Unreadable("too_many_columns", row=self.number)
        else:
            if at > len(cells):
                cells.extend([None] * (at - len(cells)))
            cells.append(value)

    def value(self) -> Raw:
        kind, text = self.kind, self.text
        if kind == "s":
            return self.book.strings[int(text)] or None
        if kind is None or kind == "n":
            return self.number_of(text) if text else Broken(self.formula, "formula_not_computed")
        if kind == "b":
            return text == "1"
        if kind == "e":
            return Broken(text[:20], "formula_error")
        if kind == "d":
            return datetime.fromisoformat(text)
        return _unescaped(text) or None

    def number_of(self, text: str) -> Raw:
        number = int(text) if len(text) < 16 and text.isdigit() else float(text)
        if self.style is None:
            return number
        kind, zeros, currency = self.book.looks[int(self.style)] if self.book.looks else styles.PLAIN
        if not kind:
            return number
        if kind in ("date", "time"):
            return serial.moment(number, self.book.since_1904)
        if kind == "money":
            return Priced(number, currency)
        return str(int(number)).zfill(zeros) if number >= 0 and number == int(number) else number
