"""Sheets of LibreOffice (.ods) row by row.

Rows and cells repeated by number are given once if they are empty: a file of a few bytes may claim a million of them.

Source: OASIS OpenDocument 1.3 part 3, §9.1 and §19.385 (tables, values), 2026-11-23.
"""

import re
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time
from typing import NamedTuple

from fadeno.sheets import archive
from fadeno.sheets.model import Broken, Limits, Priced, Raw, RawRow, Unreadable

_NAME = "content.xml"
_DURATION = re.compile(r"PT(\d+)H(\d+)M(\d+)(?:[.,]\d+)?S")
_MAX_REPEATED_ROWS = 1_000
_MAX_REPEATED_IN_ALL = 50_000
_MAX_ROW = 10_000_000


class Part(NamedTuple):
    """A sheet and its place among the others."""

    name: str
    hidden: bool
    at: int


class Document(NamedTuple):
    """An opened file."""

    archive: zipfile.ZipFile
    parts: tuple[Part, ...]


def open_document(packed: zipfile.ZipFile) -> Document:
    """The sheets of the file.

    Raises:
        Unreadable: it is damaged, has none, or is protected with a password.
    """
    manifest = b"".join(archive.chunks(packed, "META-INF/manifest.xml"))[: 1 << 20]
    if b"encryption-data" in manifest:
        raise Unreadable("password")
    unshown: set[str] = set()
    found: list[Part] = []
    style = ""

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal style
        if tag == "style:style" and attributes.get("style:family") == "table":
            style = attributes.get("style:name", "")
        elif tag == "style:table-properties" and attributes.get("table:display") == "false":
            unshown.add(style)
        elif tag == "table:table":
            hidden = attributes.get("table:style-name") in unshown
            found.append(Part(attributes.get("table:name", "")[:255], hidden, len(found)))

    parser = archive.parser()
    parser.StartElementHandler = start
    with archive.readable():
        for chunk in archive.chunks(packed, _NAME):
            parser.Parse(chunk, False)
        parser.Parse(b"", True)
    if not found:
        raise Unreadable("not_a_sheet")
    return Document(packed, tuple(found))


def rows(document: Document, part: Part, limits: Limits) -> Iterator[RawRow]:
    """The rows of a sheet that hold anything, in order."""
    reader = _Rows(part.at, limits)
    with archive.readable():
        for chunk in archive.chunks(document.archive, _NAME):
            reader.parser.Parse(chunk, False)
            yield from reader.done
            reader.done.clear()
            if reader.over:
                return
        reader.parser.Parse(b"", True)
    yield from reader.done


class _Rows:
    """Builds the rows of one table while the parser calls."""

    def __init__(self, wanted: int, limits: Limits) -> None:
        self.wanted = wanted
        self.limits = limits
        self.table = -1
        self.over = False
        self.number = 0
        self.done: list[RawRow] = []
        self.cells: list[Raw] = []
        self.at = 0
        self.cell: dict[str, str] = {}
        self.paragraphs: list[str] = []
        self.text = ""
        self.depth = 0
        self.notes = 0
        self.row_times = 1
        self.repeated = 0
        self.parser = archive.parser()
        self.parser.StartElementHandler = self.start
        self.parser.EndElementHandler = self.end

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "table:table":
            self.table += 1
        elif self.table != self.wanted or self.over:
            return
        elif tag == "table:table-row":
            self.cells, self.at = [], 0
            self.row_times = int(attributes.get("table:number-rows-repeated", 1))
        elif tag in ("table:table-cell", "table:covered-table-cell"):
            self.cell, self.paragraphs = attributes, []
        elif tag == "office:annotation":
            self.notes += 1
        elif tag == "text:p" and not self.notes:
            self.text, self.depth = "", 1
            self.parser.CharacterDataHandler = self.data
        elif self.depth:
            self.text += {"text:s": " " * min(int(attributes.get("text:c", 1)), 100), "text:tab": "\t"}.get(tag, "")
            self.text += "\n" if tag == "text:line-break" else ""

    def data(self, text: str) -> None:
        self.text += text
        if len(self.text) > self.limits.cell_chars:
            raise Unreadable("broken", row=self.number + 1)

    def end(self, tag: str) -> None:
        if self.table != self.wanted or self.over:
            return
        if tag == "text:p" and self.depth:
            self.paragraphs.append(self.text)
            self.depth = 0
            self.parser.CharacterDataHandler = None
        elif tag in ("table:table-cell", "table:covered-table-cell"):
            self.put()
        elif tag == "office:annotation":
            self.notes -= 1
        elif tag == "table:table-row":
            self.finish()
        elif tag == "table:table":
            self.over = True

    def put(self) -> None:
        times = int(self.cell.get("table:number-columns-repeated", 1))
        value = self.value()
        if value is not None:
            if self.at + times > self.limits.columns:
                raise Unreadable("too_many_columns", row=self.number + 1)
            self.cells.extend([None] * (self.at - len(self.cells)))
            self.cells.extend([value] * times)
        self.at += times

    def finish(self) -> None:
        if self.cells:
            self.repeated += self.row_times - 1
            if self.row_times > _MAX_REPEATED_ROWS or self.repeated > _MAX_REPEATED_IN_ALL:
                raise Unreadable("broken", row=self.number + 1)
            self.done.extend(RawRow(self.number + at, self.cells) for at in range(1, self.row_times + 1))
        self.number += self.row_times
        if self.number > _MAX_ROW:
            self.over = True

    def value(self) -> Raw:
        cell, text = self.cell, "\n".join(self.paragraphs)
        kind = cell.get("office:value-type") or cell.get("calcext:value-type")
        if cell.get("calcext:value-type") == "error":
            return Broken(text[:20], "formula_error")
        if kind in ("float", "percentage", "currency"):
            number = float(cell["office:value"])
            currency = cell.get("office:currency")
            return Priced(number, currency) if currency else int(number) if number.is_integer() else number
        if kind == "date":
            return _moment(cell["office:date-value"])
        if kind == "time":
            found = _DURATION.fullmatch(cell["office:time-value"])
            hours, minutes, seconds = map(int, found.groups()) if found else (24, 0, 0)
            return time(hours, minutes, seconds) if hours < 24 else text or None
        if kind == "boolean":
            return cell["office:boolean-value"] == "true"
        if not text and "table:formula" in cell:
            return Broken(cell["table:formula"][:200] or "=", "formula_not_computed") if kind is None else None
        return text or None


def _moment(text: str) -> date | datetime:
    return datetime.fromisoformat(text) if "T" in text else date.fromisoformat(text)
