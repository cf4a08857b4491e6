"""What stands in a mail's headers: encoded words, parameters, addresses, ids and times, however they are written."""

import binascii
import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from itertools import islice
from urllib.parse import unquote_to_bytes

from fadeno.channels.adapters.email.charsets import decode
from fadeno.channels.contract import Party

MAX_TEXT_BYTES = 100_000
MAX_ADDRESSES_BYTES = 4 << 20
MAX_ADDRESSES = 20_000
_MAX_TOKENS = 10 * MAX_ADDRESSES
MAX_IDS = 200
_FOLD = re.compile(rb"[ \t]*\r?\n[ \t]*")
_WORD = re.compile(r"=\?([\w.:+-]{1,60})(?:\*[\w-]{0,40})?\?([bBqQ])\?([^?\n]{0,8000})\?=")
_BETWEEN = re.compile(r"\s*")
_HEX = re.compile(rb"=([0-9A-Fa-f]{2})")
_PARAM = re.compile(r';\s*([^\s=;"]{1,80})\s*=\s*("(?:[^"\\]|\\.)*"?|[^;]*)')
_PIECE = re.compile(r"(.+?)\*(\d{1,3})(\*?)\Z")
_ADDRESS_TOKEN = re.compile(
    r'(?P<quoted>"(?:[^"\\]|\\.){0,300}+")|(?P<comment>\((?:[^()\\]|\\.){0,300}+\))|(?P<angle><[^<>]*>?)'
    r'|(?P<sign>[,;:])|(?P<word>[^",;:<(]+|["(<])'
)
_ID = re.compile(r"<\s*([^<>\s]{1,900})\s*>")
_LOOSE_ID = re.compile(r"[^\s<>,;]{1,900}@[^\s<>,;]{1,400}")
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


@dataclass(frozen=True, slots=True)
class Value:
    """A header of the shape `main; name=value`."""

    main: str
    params: dict[str, str] = field(default_factory=dict)


def unfolded(raw: bytes) -> bytes:
    """A header's value on one line."""
    return _FOLD.sub(b" ", raw).strip()


def header_text(raw: bytes) -> str:
    """A header as people read it: encoded words decoded, raw letters too, no control characters."""
    text, _ = decode(raw[:MAX_TEXT_BYTES])
    return _CONTROL.sub("", decoded_words(text)).strip()


def decoded_words(text: str) -> str:
    """Text with its encoded words decoded; those of one kind that follow each other are one, as letters may be cut.

    Source: RFC 2047 section 6.2, 2026-11-24.
    """
    if "=?" not in text:
        return text
    out, at = [], 0
    run: tuple[str, bytes] | None = None
    for found in _WORD.finditer(text):
        between = text[at : found.start()]
        charset = found[1].lower()
        content = _word_content(found[2], found[3])
        if run and not between.strip():
            if run[0] == charset:
                run = (charset, run[1] + content)
            else:
                out.append(decode(run[1], run[0])[0])
                run = (charset, content)
        else:
            if run:
                out.append(decode(run[1], run[0])[0])
            out.append(between)
            run = (charset, content)
        at = found.end()
    if run:
        out.append(decode(run[1], run[0])[0])
    out.append(text[at:])
    return "".join(out)


def _word_content(encoding: str, text: str) -> bytes:
    raw = text.encode("utf-8", "surrogateescape")
    if encoding in "qQ":
        return _HEX.sub(lambda m: bytes((int(m[1], 16),)), raw.replace(b"_", b" "))
    clean = re.sub(rb"[^A-Za-z0-9+/]", b"", raw)
    if len(clean) % 4 == 1:
        clean = clean[:-1]
    return binascii.a2b_base64(clean + b"=" * (-len(clean) % 4))


def parsed_value(raw: bytes) -> Value:
    """`text/plain; charset="x"; name*0*=…` with its parameters put together.

    Source: RFC 2231, 2026-11-24.
    """
    text, _ = decode(raw[:MAX_TEXT_BYTES])
    main, semicolon, rest = text.partition(";")
    main = main.strip().strip('"').lower()
    if " " in main and "/" in main and "=" in main:  # "text/plain charset=x": the semicolon forgotten
        main, _, said = main.partition(" ")
        rest = f"{said};{rest}"
        semicolon = ";"
    params: dict[str, str] = {}
    pieces: dict[str, list[tuple[int, bool, str]]] = {}
    for found in _PARAM.finditer(semicolon + rest):
        name, value = found[1].lower(), _unquoted(found[2])
        if piece := _PIECE.fullmatch(name):
            pieces.setdefault(piece[1], []).append((int(piece[2]), bool(piece[3]), value))
        elif name.endswith("*"):
            params[name[:-1]] = _extended(value)
        else:
            params.setdefault(name, decoded_words(value))
    for name, parts in pieces.items():
        params[name] = _put_together(sorted(parts))
    return Value(main.split()[0] if main.split() else "", params)


def _unquoted(text: str) -> str:
    text = text.strip()
    if text.startswith('"'):
        text = text[1:-1] if len(text) > 1 and text.endswith('"') else text[1:]
        return _ESCAPED.sub(r"\1", text)
    return text


def _extended(value: str) -> str:
    charset, quote, rest = value.partition("'")
    _, second, content = rest.partition("'")
    if not quote or not second:
        return decode(unquote_to_bytes(value))[0]
    return decode(unquote_to_bytes(content), charset)[0]


def _put_together(parts: list[tuple[int, bool, str]]) -> str:
    charset, raw = "", b""
    for number, is_encoded, value in parts:
        if is_encoded and number == 0 and value.count("'") >= 2:
            charset, _, value = value.split("'", 2)
        raw += unquote_to_bytes(value) if is_encoded else value.encode("utf-8", "surrogateescape")
    return decoded_words(decode(raw, charset)[0])


def addresses(raw: bytes) -> tuple[Party, ...]:
    """Everybody a header names. Groups are opened; what names nobody is left out."""
    text, _ = decode(raw[:MAX_ADDRESSES_BYTES])
    found = _addresses(text)
    if found and not any(party.address for party in found) and "=?" in text:
        found = _addresses(decoded_words(text)) or found
    return tuple(found)


def _addresses(text: str) -> list[Party]:
    found: list[Party] = []
    words: list[str] = []
    comments: list[str] = []
    angle = ""
    for token in islice(_ADDRESS_TOKEN.finditer(text), _MAX_TOKENS):
        kind, value = token.lastgroup, token.group()
        if kind == "sign" and value in ",;":
            _take(found, words, comments, angle)
            words, comments, angle = [], [], ""
            if len(found) >= MAX_ADDRESSES:
                return found
        elif kind == "sign":
            if words and not angle and "@" not in "".join(words):
                words, comments = [], []  # the name of a group
            elif "".join(words).strip().lower() != "mailto":
                words.append(value)
        elif kind == "comment":
            comments.append(value[1:-1])
        elif kind == "angle":
            if angle and not words:
                words.append(angle)
            angle = value.strip("<> \t") or angle
        else:
            words.append(value)
    _take(found, words, comments, angle)
    return found


def _take(found: list[Party], words: list[str], comments: list[str], angle: str) -> None:
    """Add the one that words, comments and angle brackets name together."""
    spoken = " ".join(_word(word) for word in words if word.strip()).strip()
    if angle and "@" not in angle and "@" in spoken:
        angle, spoken = "", f"{spoken} {angle}"
    if not angle:
        with_at = next((word for word in spoken.split() if "@" in word), "")
        angle = with_at.strip("<>[]'\"")
        spoken = " ".join(word for word in spoken.split() if word != with_at) if with_at else spoken
    address = "".join(decoded_words(angle).split()).removeprefix("mailto:")
    if "@" not in address:
        spoken, address = spoken or address, ""
    name = decoded_words(spoken) or decoded_words(" ".join(comments))
    name = _CONTROL.sub("", " ".join(name.split())).strip("'\" ")
    if address or name:
        found.append(Party(_CONTROL.sub("", address)[:500], name[:500]))


def _word(word: str) -> str:
    word = word.strip()
    return _ESCAPED.sub(r"\1", word[1:-1]) if len(word) > 1 and word[0] == word[-1] == '"' else word


def ids(raw: bytes) -> tuple[str, ...]:
    """The message ids a header names, without their brackets; empty ones name nothing."""
    text, _ = decode(raw[:MAX_TEXT_BYTES])
    found = _ID.findall(text) or _LOOSE_ID.findall(text)
    return tuple(dict.fromkeys(found))[:MAX_IDS]


def time_of(raw: bytes) -> datetime | None:
    """When a header says it was (UTC); None where it says nothing one can understand."""
    text = decode(raw[:200])[0].strip()
    if not text:
        return None
    try:
        found = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        try:
            found = datetime.fromisoformat(text[:35])
        except ValueError:
            return None
    try:
        return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        return None
