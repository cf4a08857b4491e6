"""From a body to the raw events in it.

The quick way lets msgspec cut a batch into raw slices. Where the body as a whole is no valid JSON (a NaN, a broken
string, thousands of nested brackets in one event), the tolerant way cuts it by counting brackets, so that one bad
event does not take its neighbours with it.
"""

import re
from typing import Any

import msgspec

from fadeno.kit.errors import FadenoError

_LIST = re.compile(rb"\s*\[")
_LIST_OF = re.compile(rb"\s*:\s*\[")
_TOKEN = re.compile(rb'"(?:[^"\\]|\\.)*"|[\[\]{},]', re.DOTALL)
_FIELD = re.compile(rb'"(\w{1,40})"\s*:\s*("(?:[^"\\]|\\.)*")', re.DOTALL)


class Unreadable(FadenoError):
    """The body is not JSON of the expected shape."""

    code = "malformed_json"
    hint = 'Send {"batch": [{"type": "track", "event": "…", "userId": "…"}]}.'


class _Batch(msgspec.Struct):
    batch: list[msgspec.Raw]
    sentAt: Any = None
    writeKey: Any = None
    context: Any = None
    integrations: Any = None


_decoder = msgspec.json.Decoder(_Batch)
ENVELOPE = ("sentAt", "context", "integrations")


def split_batch(body: bytes) -> tuple[list[bytes], dict[str, Any], str | None]:
    """The raw events of a batch, what the batch says for all of them, and the write key in it.

    Raises:
        Unreadable: there is no `batch` array in it.
    """
    try:
        batch = _decoder.decode(body)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError):
        events, fields = cut(body, "batch")
        return events, {k: v for k, v in fields.items() if k == "sentAt"}, fields.get("writeKey")
    envelope = {k: v for k in ENVELOPE if (v := getattr(batch, k)) is not None}
    key = batch.writeKey if isinstance(batch.writeKey, str) else None
    return [bytes(raw) for raw in batch.batch], envelope, key


def cut(body: bytes, array: str, *, bare: bool = False) -> tuple[list[bytes], dict[str, str]]:
    """Cut a body that is no valid JSON as a whole: its raw events, and the texts that stand beside them by name.

    Args:
        array: the name its events stand under.
        bare: whether the body may be the array itself.

    Raises:
        Unreadable: there is no such array in it, or it ends in the middle of it.
    """
    first = _LIST.match(body) if bare else None
    begin, at = (0, first.end()) if first else _beginning(body, b'"%s"' % array.encode())
    events, end = _elements(body, at)
    fields: dict[str, str] = {}
    for part in (body[:begin], body[end:]):
        for name, value in _FIELD.findall(part):
            try:
                fields[name.decode()] = msgspec.json.decode(value)
            except (msgspec.DecodeError, UnicodeDecodeError):
                continue
    return events, fields


def _beginning(body: bytes, name: bytes) -> tuple[int, int]:
    """Where the array of this name begins, with its name and without."""
    depth = 0
    for token in _TOKEN.finditer(body):
        mark = token[0]
        if mark in (b"[", b"{"):
            depth += 1
        elif mark in (b"]", b"}"):
            depth -= 1
        elif depth == 1 and mark == name and (found := _LIST_OF.match(body, token.end())):
            return token.start(), found.end()
    raise Unreadable


def _elements(body: bytes, at: int) -> tuple[list[bytes], int]:
    """Cut the array that begins at `at` at its own commas; its elements and where it ends."""
    depth, begin, events = 0, at, []
    for token in _TOKEN.finditer(body, at):
        mark = token[0]
        if mark in b"[{" and len(mark) == 1:
            depth += 1
        elif mark == b"," and depth == 0:
            events.append(body[begin : token.start()].strip())
            begin = token.end()
        elif mark in (b"]", b"}"):
            if depth == 0:
                last = body[begin : token.start()].strip()
                return ([*events, last] if last else events), token.end()
            depth -= 1
    raise Unreadable("The body ends in the middle of its batch.")
