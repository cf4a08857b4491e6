"""The rows of one worksheet of Excel, from its XML.

Nearly every row has the plain shape all programs write; such rows are taken by pattern, many at a time. Whatever has
another shape goes to the XML parser, as does everything round the rows, so that the whole is held to be XML.

Source: ECMA-376 part 1, §18.3 (worksheets), 2026-11-23.
"""

import re
from collections.abc import Iterable, Iterator
from datetime import datetime
from functools import lru_cache
from typing import NamedTuple

from fadeno.sheets import archive, serial, styles
from fadeno.sheets.model import Broken, Limits, Priced, Raw, RawRow, Unreadable

_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_MAX_COLUMNS = 16_384
_MAX_ROW = 10_000_000
_MAX_ROW_BYTES = 1 << 20
_FORMULA_CHARS = 200
_DIGITS = "0123456789"
# Text in which the parser would change nothing.
_TEXT = rb"[^<>&\x00-\x1f]"
_FORMULA = rb'(?:<f(?: \w+="[^"<>&\x00-\x1f]*")*+(?:/>|>' + _TEXT + rb"*+</f>))?"
_CELL = (
    rb'<c r="[A-Z]{1,3}\d{1,7}"(?: s="\d{1,5}")?'
    rb'(?:/>|(?: t="(?:s|n|b|str|e)")?>(?:' + _FORMULA + rb"<v>" + _TEXT + rb"++</v>)?</c>|"
    rb' t="inlineStr"><is><t(?: xml:space="preserve")?>' + _TEXT + rb"*+</t></is></c>)"
)
_PLAIN_ROWS = re.compile(
    rb'(?:[ \t\r\n]*+<row r="\d{1,8}"(?: [\w:]+="[^"<>&\x00-\x1f]*")*+(?:/>|>(?:' + _CELL + rb")*+</row>))++", re.ASCII
)
_TOKEN = re.compile(
    rb'<row r="(\d+)"|<c r="([A-Z]+)\d+"(?: s="(\d+)")?(?: t="(\w+)")?>'
    rb"(?:<f[^>]*>(?:[^<]*</f>)?)?(?:<v>([^<]+)</v>|<is><t[^>]*>([^<]+)</t>)",
    re.ASCII,
)
_UTF8 = re.compile(
    rb"(?:\xef\xbb\xbf)?(?:<\?xml version=[\"']1\.\d[\"'](?: encoding=[\"'](?i:utf-8)[\"'])?"
    rb"(?: standalone=[\"']\w+[\"'])?\s*\?>)?\s*<\w"
)


class Shared(NamedTuple):
    """What the sheets of a workbook share and their rows need."""

    since_1904: bool
    looks: list[styles.Look]
    strings: list[str]
    limits: Limits


def rows(chunks: Iterable[bytes], shared: Shared) -> Iterator[RawRow]:
    """The rows of a sheet that hold anything, in order.

    Raises:
        Unreadable: the sheet is damaged or too wide.
    """
    reader = _Rows(shared)
    with archive.readable():
        for chunk in chunks:
            reader.feed(chunk)
            yield from reader.done
            reader.done.clear()
        reader.end_of_sheet()
    yield from reader.done


def column(letters: str) -> int:
    """A column's letters as a number from 0."""
    at = 0
    for character in letters:
        at = at * 26 + ord(character) - 64
    return at - 1


def unescaped(text: str) -> str:
    """A text of Excel with its signs that XML has none for."""
    if "_x" not in text:
        return text
    return (
        _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)
        .encode("utf-16", "surrogatepass")
        .decode("utf-16", "replace")
    )


_priced = lru_cache(maxsize=65_536)(Priced)


class _Rows:
    """Builds rows while it is fed; plain attributes and few calls, for this is where the time goes."""

    def __init__(self, shared: Shared) -> None:
        self.shared = shared
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
        self.columns: dict[str | bytes, int] = {}
        self.rest = b""
        self.may_be_plain: bool | None = None  # not known before the first row
        self.is_in_row = self.is_in_data = False
        self.parser = archive.parser()
        self.parse = self.parser.Parse
        self.parser.StartElementHandler = self.root
        self.parser.EndElementHandler = self.end

    def feed(self, chunk: bytes) -> None:
        """More of the sheet's XML."""
        if self.may_be_plain is False:
            self.parse(chunk, False)
            return
        block = self.rest + chunk
        self.rest = b""
        if b"<!" in block:  # what looks like a row may stand in a comment
            self.by_parser(block)
            return
        if self.may_be_plain is None:
            begin = block.find(b"<sheetData>") + 11
            if begin < 11 or not _UTF8.match(block):
                self.by_parser(block)
                return
            self.parse(block[:begin], False)
            block = block[begin:]
            self.may_be_plain = self.is_in_data and self.c == "c"
        self.rows(block)

    def rows(self, block: bytes) -> None:
        while self.may_be_plain and block:
            if found := _PLAIN_ROWS.match(block):
                self.plain(block, found.end())
                block = block[found.end() :]
            end = block.find(b"</row>") + 6
            if end < 6 and len(block) < _MAX_ROW_BYTES and (len(block) < 5 or block.lstrip()[:4] == b"<row"):
                break
            if end < 6 or self.is_in_row:
                self.may_be_plain = False
            elif block:
                self.parse(block[:end], False)
                block = block[end:]
                self.may_be_plain = not self.is_in_row
        if self.may_be_plain:
            self.rest = block
        else:
            self.by_parser(block)

    def by_parser(self, block: bytes) -> None:
        """This, and all that comes, is for the parser."""
        self.may_be_plain = False
        self.parse(block, False)

    def end_of_sheet(self) -> None:
        """Nothing comes any more."""
        self.parse(self.rest, True)

    def plain(self, block: bytes, end: int) -> None:
        """Rows of the plain shape."""
        columns, looks, strings = self.columns, self.shared.looks, self.shared.strings
        limit = self.shared.limits.columns
        cells: list[Raw] = []
        for number, letters, style, kind, text, inline in _TOKEN.findall(block, 0, end):
            if not letters:
                if cells:
                    self.done.append(RawRow(self.number, cells))
                cells = []
                self.next_row(int(number))
                continue
            at = columns.get(letters)
            if at is None:
                at = columns[letters] = self.place(letters.decode())
            if kind == b"s":
                value = strings[int(text)] or None
            elif not kind or kind == b"n":
                value = int(text) if len(text) < 16 and text.isdigit() else float(text)
                if style and looks and (look := looks[int(style)]).kind:
                    value = self.in_look(value, look)
            else:
                value = self.other(kind.decode(), (text or inline).decode())
            width = len(cells)
            if at == width < limit:
                cells.append(value)
            else:
                self.put(cells, at, value)
        if cells:
            self.done.append(RawRow(self.number, cells))

    def next_row(self, number: int) -> None:
        self.number = max(number, self.number + 1)
        if self.number > _MAX_ROW:
            raise Unreadable("broken")

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
            self.next_row(int(attributes.get("r") or self.number + 1))
            self.next_column = 0
            self.cells = []
            self.is_in_row = True
        elif tag == "sheetData":
            self.is_in_data = True

    def data(self, text: str) -> None:
        self.text += text
        if len(self.text) > self.shared.limits.cell_chars:
            raise Unreadable("broken", row=self.number)

    def formula_data(self, text: str) -> None:
        self.formula = (self.formula + text)[:_FORMULA_CHARS]

    def end(self, tag: str) -> None:
        if tag == self.c:
            if self.text or self.has_formula:
                self.put(self.cells, self.at, self.value())
        elif tag == self.v or tag == self.t or tag == self.f:
            self.parser.CharacterDataHandler = None
        elif tag == self.row:
            self.is_in_row = False
            if self.cells:
                self.done.append(RawRow(self.number, self.cells))

    def place(self, letters: str) -> int:
        at = self.columns.get(letters)
        if at is None:
            at = self.columns[letters] = column(letters)
            if not letters.isascii() or not 0 <= at < _MAX_COLUMNS:
                raise Unreadable("broken", row=self.number)
        return at

    def put(self, cells: list[Raw], at: int, value: Raw) -> None:
        if at < len(cells):
            cells[at] = value
        elif at >= self.shared.limits.columns:
            raise Unreadable("too_many_columns", row=self.number)
        else:
            if at > len(cells):
                cells.extend([None] * (at - len(cells)))
            cells.append(value)

    def value(self) -> Raw:
        kind, text = self.kind, self.text
        if kind == "s":
            return self.shared.strings[int(text)] or None
        if kind is None or kind == "n":
            if not text:
                return Broken(self.formula, "formula_not_computed")
            number = int(text) if len(text) < 16 and text.isdigit() else float(text)
            styled = self.style is not None and self.shared.looks
            return self.in_look(number, self.shared.looks[int(self.style)]) if styled else number
        return self.other(kind, text)

    def other(self, kind: str, text: str) -> Raw:
        if len(text) > self.shared.limits.cell_chars:
            raise Unreadable("broken", row=self.number)
        if kind == "b":
            return text == "1"
        if kind == "e":
            return Broken(text[:20], "formula_error")
        if kind == "d":
            return datetime.fromisoformat(text)
        return unescaped(text) or None

    def in_look(self, number: float, look: styles.Look) -> Raw:
        kind, zeros, currency = look
        if not kind:
            return number
        if kind in ("date", "time"):
            return serial.moment(number, self.shared.since_1904)
        if kind == "money":
            return _priced(number, currency)
        return str(int(number)).zfill(zeros) if number >= 0 and number == int(number) else number
