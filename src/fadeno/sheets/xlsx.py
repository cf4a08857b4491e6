"""Workbooks of Excel (.xlsx, .xlsm) row by row, in little memory however many rows there are.

Source: ECMA-376 part 1, §18.4 (shared strings), §18.8 (styles), 2026-11-23.
"""

import posixpath
import re
import zipfile
from collections.abc import Callable, Iterator
from typing import NamedTuple

from fadeno.sheets import archive, styles, worksheet
from fadeno.sheets.model import Limits, RawRow, Unreadable
from fadeno.sheets.worksheet import column, unescaped

_MERGED = re.compile(rb'mergeCell [^>]*?ref="([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})"')
_MAX_MERGED = 200_000
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
    shared: worksheet.Shared


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
    return Workbook(packed, parts, worksheet.Shared(since_1904, looks, strings, limits))


def rows(book: Workbook, part: Part) -> Iterator[RawRow]:
    """The rows of a sheet that hold anything, in order.

    Raises:
        Unreadable: the sheet is damaged or too wide.
    """
    return worksheet.rows(archive.chunks(book.archive, part.path), book.shared)


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
            self.found.append(unescaped("".join(self.pieces)))
            self.pieces.clear()
            if len(self.found) > self.most:
                raise Unreadable("too_big")

    def text(self, data: str) -> None:
        if self.taking:
            self.pieces.append(data)
