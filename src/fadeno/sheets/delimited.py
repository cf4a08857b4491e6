"""Text files of rows: any delimiter, quoting and encoding, read as a stream.

Source: RFC 4180 (https://www.rfc-editor.org/rfc/rfc4180, 2026-11-23) and, where nobody keeps to it, what Excel does.
"""

import codecs
import csv
import re
from collections import Counter
from collections.abc import Iterator
from itertools import chain
from typing import BinaryIO, NamedTuple

from fadeno.sheets import encodings
from fadeno.sheets.model import Limits, RawRow, Unreadable

CHUNK_BYTES = 1 << 18
_DELIMITERS = ",;\t|^~:"
_SAMPLE_ROWS = 400
_MAX_BROKEN = 20  # each costs reading what follows it once more
_SEPARATOR = re.compile(r"\s*sep=(.)\s*$", re.IGNORECASE)
_MAX_SIGNALS = 0.02
_SEARCHED_BYTES = 1 << 29  # how far is looked for letters that tell the encoding
_LIKE_UTF8 = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}")


class Dialect(NamedTuple):
    """How a text file of rows is written.

    Attributes:
        skip: lines before the first row that only tell Excel the delimiter (`sep=;`).
    """

    encoding: str
    delimiter: str = ","
    quote: str = '"'
    doubled: bool = True
    skip: int = 0


def dialect_of(file: BinaryIO) -> Dialect:
    """How the file is written, told by its beginning.

    Raises:
        Unreadable: it is empty, or no text.
    """
    file.seek(0)
    head = file.read(encodings.SAMPLE_BYTES)
    whole = len(head) < encodings.SAMPLE_BYTES
    if not head.strip(b"\x00\r\n\t \xef\xbb\xbf\xff\xfe"):
        raise Unreadable("empty_file")
    telling = b"" if whole or b"\0" in head or not head.isascii() else _beyond_ascii(file)
    encoding = encodings.encoding_of(telling or head, whole=whole or bool(telling))
    text = head.decode(encoding, "replace")
    _must_be_text(text)
    lines = text.splitlines(keepends=True)[:_SAMPLE_ROWS]
    said = _SEPARATOR.match(lines[0]) if lines else None
    if said:
        return Dialect(encoding, said[1], *_quoting(text, said[1]), skip=1)
    quote, doubled = _quoting(text, None)
    return Dialect(encoding, _delimiter(lines, quote, doubled), quote, doubled)


def _beyond_ascii(file: BinaryIO) -> bytes:
    """The first lines from here on that hold more than ASCII: what comes before them tells nothing of the encoding."""
    found, rest = b"", b""
    while len(found) < encodings.SAMPLE_BYTES and file.tell() < _SEARCHED_BYTES and (chunk := file.read(CHUNK_BYTES)):
        block = rest + chunk
        rest = b""
        if block.isascii():
            continue
        end = max(block.rfind(b"\n"), block.rfind(b"\r")) + 1
        found += b"".join(line for line in block[:end].splitlines(keepends=True) if not line.isascii())
        rest = block[end:]
        if len(rest) > encodings.SAMPLE_BYTES:
            break  # no line is so long, and a letter may be cut at its end
    else:
        found += rest if not rest.isascii() else b""
    return found


def rows(file: BinaryIO, dialect: Dialect, limits: Limits) -> Iterator[RawRow]:
    """The rows of the file, blank ones left out but counted.

    A row that opens a quotation mark and never closes it is given alone, as it stands, and those after it as ever.

    Raises:
        Unreadable: a line has no end, or many rows open quotation marks that are never closed.
    """
    file.seek(0)
    other: list[str | None] = [None]
    lines = _lines(file, dialect, limits, other)
    number, width, broken = dialect.skip, 0, 0
    widest = limits.columns
    while True:
        taken: list[str] = []
        try:
            for cells in _reader(_kept(lines, taken), dialect, strict=True):
                number += 1
                if len(cells) > widest:
                    cells = _narrow(cells, number, widest)
                if cells:
                    width = len(cells)
                    yield RawRow(number, cells, other[0])
                other[0] = None
                taken.clear()
            return
        except csv.Error as fault:
            number += 1
            found = _mended(taken, dialect, width, fault)
            lines = chain(found.rest, lines)
            broken += found.is_broken
            if broken > _MAX_BROKEN:
                raise Unreadable("quote_not_closed", row=number) from fault
            yield RawRow(number, _narrow(found.cells, number, widest), other[0], found.is_broken)
            other[0] = None


class _Mended(NamedTuple):
    """The cells of a row with odd quotation marks, and the lines that are none of its."""

    cells: list[str]
    rest: list[str]
    is_broken: bool


def _mended(taken: list[str], dialect: Dialect, width: int, fault: csv.Error) -> _Mended:
    """A row whose marks close within a cell is taken as it is; one whose mark never closes ends with its line."""
    first, *rest = taken
    if not rest and dialect.quote not in first:
        raise Unreadable("line_too_long") from fault
    bare = first.rstrip("\n").split(dialect.delimiter)
    is_endless = "larger than field limit" in str(fault) or "unexpected end" in str(fault)
    if not is_endless and (not rest or len(bare) < width):
        return _Mended(next(_reader(iter(taken), dialect, strict=False)), [], False)
    return _Mended(bare, rest, True)


def _kept(lines: Iterator[str], taken: list[str]) -> Iterator[str]:
    for line in lines:
        taken.append(line)
        yield line


def _reader(lines: Iterator[str], dialect: Dialect, *, strict: bool) -> Iterator[list[str]]:
    return csv.reader(
        lines,
        delimiter=dialect.delimiter,
        quotechar=dialect.quote,
        doublequote=dialect.doubled,
        escapechar=None if dialect.doubled else "\\",
        skipinitialspace=dialect.delimiter != " ",
        strict=strict,
    )


def _narrow(cells: list[str], number: int, widest: int) -> list[str]:
    while cells and not cells[-1].strip():
        cells.pop()
    if len(cells) > widest:
        raise Unreadable("too_many_columns", row=number)
    return cells


def _lines(file: BinaryIO, dialect: Dialect, limits: Limits, other: list[str | None]) -> Iterator[str]:
    """Lines with their ends, decoded; `other` names the encoding of one that differs."""
    skip = dialect.skip
    pieces = (
        _decoded_wide(file, dialect)
        if dialect.encoding.startswith("utf-16")
        else _decoded(file, dialect, other, limits)
    )
    rest = ""
    for piece in pieces:
        text = rest + piece if rest else piece
        if "\x00" in text:
            text = text.replace("\x00", "")
        half = "\r" if text.endswith("\r") else ""  # the other half of the line's end may come with the next piece
        if "\r" in text:
            text = text.removesuffix("\r").replace("\r\n", "\n").replace("\r", "\n")
        lines = text.split("\n")
        rest = lines.pop() + half
        if len(rest) > limits.line_chars:
            raise Unreadable("line_too_long")
        for line in lines[skip:]:
            yield line + "\n"
        skip = max(0, skip - len(lines))
    if rest:
        yield rest.rstrip("\r")


def _decoded(file: BinaryIO, dialect: Dialect, other: list[str | None], limits: Limits) -> Iterator[str]:
    """Pieces of text; a line that is not of the file's encoding comes alone, and `other` says what it is."""
    encoding = "utf-8" if dialect.encoding == "utf-8-sig" else dialect.encoding
    if dialect.encoding == "utf-8-sig":
        file.seek(len(codecs.BOM_UTF8))
    rest = b""
    while chunk := file.read(CHUNK_BYTES):
        block = rest + chunk
        end = max(block.rfind(b"\n"), block.rfind(b"\r")) + 1
        rest = block[end:]
        if end:
            yield from _strict(block[:end], encoding, other)
        elif len(rest) > 4 * limits.line_chars:
            raise Unreadable("line_too_long")
    if rest:
        yield from _strict(rest, encoding, other)


def _strict(block: bytes, encoding: str, other: list[str | None]) -> Iterator[str]:
    try:
        text = block.decode(encoding)
    except UnicodeDecodeError:
        text = ""
    if text and (encoding == "utf-8" or not _LIKE_UTF8.search(block)):
        yield text
        return
    for line in block.splitlines(keepends=True):
        text, told = _line(line, encoding)
        if told:
            other[0] = told
        yield text


def _line(line: bytes, encoding: str) -> tuple[str, str | None]:
    """A line's text, and its encoding if that is not the file's."""
    if line.isascii():
        return line.decode(), None
    guess = encoding
    if encodings.is_utf8(line):
        guess = "utf-8"
    elif encoding == "utf-8":
        guess = encodings.one_byte(line)
    return line.decode(guess, "replace"), guess if guess != encoding else None


def _decoded_wide(file: BinaryIO, dialect: Dialect) -> Iterator[str]:
    decoder = codecs.getincrementaldecoder(dialect.encoding)("replace")
    while chunk := file.read(CHUNK_BYTES):
        yield decoder.decode(chunk)
    yield decoder.decode(b"", True)


def _must_be_text(text: str) -> None:
    signals = sum(1 for character in text[:65_536] if character < " " and character not in "\t\r\n\f\x0b\x1a\x00")
    if signals > _MAX_SIGNALS * min(len(text), 65_536) or text.count("\x00") > 0.3 * len(text):
        raise Unreadable("not_a_sheet")


def _quoting(text: str, delimiter: str | None) -> tuple[str, bool]:
    """The quotation mark, and whether it is doubled within quotes (else a backslash stands before it)."""
    marks = re.escape(delimiter) if delimiter else re.escape(_DELIMITERS)
    double = len(re.findall(rf'(?:^|[{marks}]) ?"', text, re.MULTILINE))
    single = len(re.findall(rf"(?:^|[{marks}])'[^'\n]*'(?=[{marks}\r\n])", text, re.MULTILINE))
    quote = "'" if single > 4 and single > 4 * double else '"'
    escaped = text.count("\\" + quote)
    doubled = not (escaped > 0 and escaped > len(re.findall(rf"[^{marks}\n]{quote}{quote}", text)))
    return quote, doubled


def _delimiter(lines: list[str], quote: str, doubled: bool) -> str:
    """The mark by which most rows have the same number of cells, and more than one."""
    best, best_score = ",", 0.0
    for delimiter in _DELIMITERS:
        score = _evenness(lines, delimiter, quote, doubled)
        if score > best_score * 1.02:
            best, best_score = delimiter, score
    return best


def _evenness(lines: list[str], delimiter: str, quote: str, doubled: bool) -> float:
    if not any(delimiter in line for line in lines):
        return 0.0
    reader = csv.reader(
        lines, delimiter=delimiter, quotechar=quote, doublequote=doubled, escapechar=None if doubled else "\\"
    )
    widths: Counter[int] = Counter()
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                widths[len(cells)] += 1
    except csv.Error:
        pass  # the sample ends within quotes
    if not widths:
        return 0.0
    rows = sum(widths.values())
    wide = {width: times for width, times in widths.items() if width > 1}
    if not wide:
        return 0.0
    width, times = max(wide.items(), key=lambda item: (item[1], item[0]))
    even = times / rows
    usual = 0.35 if delimiter == ":" else 0.7 if delimiter in "^~" else 1.0
    return even * even * usual * (1 + min(width, 30) / 60)
