"""A mail taken apart: headers and parts, however broken, in time and memory its size bounds.

Nothing is copied until somebody asks for a part's content: a part knows where it begins and ends in the mail.
"""

import binascii
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from fadeno.channels.adapters.email.headers import Value, parsed_value, unfolded

MAX_DEPTH = 30
MAX_PARTS = 2_000
MAX_HEADERS = 2_000
MAX_HEADER_BYTES = 2 << 20
_HEADER = re.compile(rb"([!-9;-~]{1,200})[ \t]*:")
_BLANK_LINE = re.compile(rb"\n\r?\n")
_MBOX = re.compile(rb">?From [^\r\n]*\r?\n")
_BOUNDARY_LIKE = re.compile(rb"(?<![^\n])--([^\s-][^\r\n]{0,100}?)[ \t]*\r?\n")
_NOT_BASE64 = bytes(sorted(set(range(256)) - set(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=")))
_PADDING_PIECES = 200
_UU_BEGIN = re.compile(rb"(?<![^\n])begin [0-7]{3,4} [^\r\n]*\r?\n")


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a mail, or the whole of it.

    Attributes:
        fields: its headers as (name in small letters, value unfolded), in their order.
        begin, end: where its body is in `raw`.
    """

    raw: bytes = field(repr=False)
    fields: tuple[tuple[str, bytes], ...]
    begin: int
    end: int
    parts: tuple["Part", ...] = ()

    def first(self, name: str) -> bytes:
        """The first header of that name; empty where there is none."""
        return next((value for known, value in self.fields if known == name), b"")

    def all(self, name: str) -> list[bytes]:
        """Every header of that name."""
        return [value for known, value in self.fields if known == name]

    @property
    def content_type(self) -> Value:
        """What it is said to be, `text/plain` where nothing (readable) is said."""
        said = [parsed_value(value) for value in self.all("content-type")]
        return next((one for one in said if "/" in one.main), Value("text/plain", said[0].params if said else {}))

    @property
    def disposition(self) -> Value:
        """Whether it is an attachment, and its name."""
        return parsed_value(self.first("content-disposition"))

    def walk(self) -> Iterator["Part"]:
        """It and everything within, in order."""
        waiting = [self]
        while waiting:
            part = waiting.pop()
            yield part
            waiting.extend(reversed(part.parts))

    def content(self) -> bytes:
        """Its body as it was before it was made fit to travel."""
        raw = self.raw[self.begin : self.end]
        said = self.first("content-transfer-encoding").split(b";")[0].strip().lower()
        if said == b"base64" and _is_base64(raw):
            return _base64(raw)
        if said in (b"quoted-printable", b"quotedprintable", b"quoted printable"):
            return binascii.a2b_qp(raw)
        if said in (b"x-uuencode", b"uuencode", b"x-uue", b"uue"):
            return _uuencoded(raw)
        return raw


def parse(raw: bytes) -> tuple[Part, tuple[str, ...]]:
    """A mail as its parts, and what was wrong with it."""
    if b"\n" not in raw and b"\r" in raw:
        raw = raw.replace(b"\r", b"\n")
    begin = 3 if raw.startswith(b"\xef\xbb\xbf") else 0
    begin += len(raw[begin:]) - len(raw[begin : begin + 4096].lstrip(b"\r\n") + raw[begin + 4096 :])
    if mbox := _MBOX.match(raw, begin):
        begin = mbox.end()
    cutter = _Cutter(raw)
    return cutter.part(begin, len(raw), 0), tuple(dict.fromkeys(cutter.faults))


class _Cutter:
    """Cuts one mail; counts what it made, so that no mail makes it do more than it should."""

    def __init__(self, raw: bytes) -> None:
        self.raw = raw
        self.faults: list[str] = []
        self.made = 0

    def part(self, begin: int, end: int, depth: int) -> Part:
        """The part that stands between two places."""
        self.made += 1
        fields, body = self._headers(begin, end)
        part = Part(self.raw, fields, body, end)
        kind = part.content_type
        if not kind.main.startswith("multipart/"):
            return part
        if depth >= MAX_DEPTH:
            self.faults.append("too_deep")
            return part
        return Part(self.raw, fields, body, end, tuple(self._parts(kind, body, end, depth)))

    def _headers(self, begin: int, end: int) -> tuple[tuple[tuple[str, bytes], ...], int]:
        """The headers, and where the body begins."""
        found: list[tuple[str, list[bytes]]] = []
        at, raw, seen = begin, self.raw, 0
        while at < end:
            stop = raw.find(b"\n", at, end)
            stop = end if stop < 0 else stop + 1
            line = raw[at : min(stop, at + MAX_HEADER_BYTES)]
            if not line.strip():
                if line[:1] in (b" ", b"\t") and _HEADER.match(raw, stop, end):
                    at = stop
                    continue
                return _joined(found), stop
            if line[:1] in (b" ", b"\t") and found:
                if seen < MAX_HEADER_BYTES:
                    found[-1][1].append(line)
            elif match := _HEADER.match(line):
                if len(found) < MAX_HEADERS and seen < MAX_HEADER_BYTES:
                    found.append((match[1].decode("ascii").lower(), [line[match.end() :]]))
            elif not self._goes_on(stop, end):
                self.faults.append("headers_broken_off")
                return _joined(found), at
            else:
                self.faults.append("no_header")
            seen += len(line)
            at = stop if seen < MAX_HEADER_BYTES else self._headers_end(stop, end)
        return _joined(found), end

    def _headers_end(self, at: int, end: int) -> int:
        """The blank line below headers of which enough was read."""
        self.faults.append("headers_cut")
        found = _BLANK_LINE.search(self.raw, at, end)
        return found.start() + 1 if found else end

    def _goes_on(self, at: int, end: int) -> bool:
        """Whether headers follow a line that is none."""
        return bool(_HEADER.match(self.raw, at, end)) or self.raw[at : at + 1] in (b" ", b"\t")

    def _parts(self, kind: Value, begin: int, end: int, depth: int) -> Iterator[Part]:
        boundary = kind.params.get("boundary", "").rstrip().encode("utf-8", "surrogateescape")
        if not boundary:
            self.faults.append("no_boundary")
            guessed = _BOUNDARY_LIKE.search(self.raw, begin, end)
            if not guessed:
                return
            boundary = guessed[1]
        mark = re.compile(rb"(?<![^\n])--" + re.escape(boundary) + rb"(--)?[ \t]*(?=\r|\n|\Z)")
        opened: int | None = None
        for found in mark.finditer(self.raw, begin, end):
            if opened is not None:
                yield self.part(opened, _before_line_end(self.raw, opened, found.start()), depth + 1)
            opened = None if found[1] else min(_next_line(self.raw, found.end()), end)
            if self.made >= MAX_PARTS:
                self.faults.append("too_many_parts")
                return
            if found[1]:
                return
        self.faults.append("no_end_of_parts" if opened is not None else "no_parts")
        if opened is not None and opened < end:
            yield self.part(opened, end, depth + 1)


def _joined(found: list[tuple[str, list[bytes]]]) -> tuple[tuple[str, bytes], ...]:
    return tuple((name, unfolded(b"".join(lines))) for name, lines in found)


def _next_line(raw: bytes, at: int) -> int:
    if raw[at : at + 2] == b"\r\n":
        return at + 2
    return at + 1


def _before_line_end(raw: bytes, begin: int, at: int) -> int:
    """The line break before a boundary belongs to the boundary."""
    if at > begin and raw[at - 1 : at] == b"\n":
        at -= 1
    if at > begin and raw[at - 1 : at] == b"\r":
        at -= 1
    return at


def _is_base64(raw: bytes) -> bool:
    """Whether what is said to be base64 can be: some write plain text and say so nevertheless."""
    head = raw[:4096].replace(b"\r", b"").replace(b"\n", b"")
    strange = len(head) - len(head.translate(None, _NOT_BASE64))
    return strange * 20 <= len(head)


def _base64(raw: bytes) -> bytes:
    """Base64 as far as it goes: signs that are none left out, pieces joined, padding made up."""
    first = raw.find(b"=")
    if first < 0 or len(raw[first:].strip(b"=\r\n \t")) == 0:
        clean = raw.translate(None, _NOT_BASE64).rstrip(b"=")
        return _piece(clean)
    pieces = raw.translate(None, _NOT_BASE64).split(b"=", _PADDING_PIECES)
    if len(pieces) > _PADDING_PIECES:
        pieces[-1] = pieces[-1].replace(b"=", b"")
    return b"".join(map(_piece, pieces))


def _piece(clean: bytes) -> bytes:
    if len(clean) % 4 == 1:
        clean = clean[:-1]
    return binascii.a2b_base64(clean + b"=" * (-len(clean) % 4))


def _uuencoded(raw: bytes) -> bytes:
    begun = _UU_BEGIN.search(raw)
    out = []
    for line in raw[begun.end() if begun else 0 :].splitlines():
        if line.strip() in (b"end", b"`", b""):
            continue
        try:
            out.append(binascii.a2b_uu(line))
        except binascii.Error:
            # Some programs count a line's bytes wrongly; what it holds is told by the first sign.
            wanted = (((line[0] - 32) & 63) * 4 + 5) // 3
            try:
                out.append(binascii.a2b_uu(line[:wanted]))
            except binascii.Error:
                continue
    return b"".join(out)
