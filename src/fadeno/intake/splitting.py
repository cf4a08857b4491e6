"""From a body to the raw events in it.

The quick way lets msgspec cut a batch into raw slices. Where the body as a whole is no valid JSON (a NaN, a broken
string, thousands of nested brackets in one event), the tolerant way cuts it by counting brackets, so that one bad
event does not take its neighbours with it.
"""

import re
from typing import Any

import msgspec

from fadeno.kit.errors import FadenoError

_ARRAY = re.compile(rb'"batch"\s*:\s*\[')
_TOKEN = re.compile(rb'"(?:[^"\\]|\\.)*"|[\[\]{},]', re.DOTALL)
_FIELD = re.compile(rb'"(sentAt|writeKey)"\s*:\s*("(?:[^"\\]|\\.)*")', re.DOTALL)


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
        return _tolerant(body)
    envelope = {k: v for k in ENVELOPE if (v := getattr(batch, k)) is not None}
    key = batch.writeKey if isinstance(batch.writeKey, str) else None
    return [bytes(raw) for raw in batch.batch], envelope, key


def _tolerant(body: bytes) -> tuple[list[bytes], dict[str, Any], str | None]:
    start = _ARRAY.search(body)
    if start is None:
        raise Unreadable
    events, end = _elements(body, start.end())
    fields: dict[str, Any] = {}
    for part in (body[: start.start()], body[end:]):
        for name, value in _FIELD.findall(part):
            try:
                fields[name.decode()] = msgspec.json.decode(value)
            except (msgspec.DecodeError, UnicodeDecodeError):
                continue
    key = fields.pop("writeKey", None)
    return events, fields, key


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
