"""Segment's own format, which RudderStack's clients speak too: nothing is translated, a batch is only cut up."""

from datetime import datetime
from functools import partial
from typing import Any

import msgspec

from fadeno import intake
from fadeno.entry.api.collect.dialects.frame import Told, Translate
from fadeno.intake import Unreadable

_LETTERS = {"t": "track", "i": "identify", "p": "page", "s": "screen", "g": "group", "a": "alias"}
_SINGLE = {f"/v1/{word}": word for word in _LETTERS.values()} | {f"/v1/{c}": word for c, word in _LETTERS.items()}
_BATCH = {"/v1/batch", "/v1/import", "/v1/b", "/beacon/v1/batch"}


class _KeyOnly(msgspec.Struct):
    writeKey: Any = None


def read_segment(path: str) -> Translate | None:
    """How to read what is posted to this path; None where nothing is."""
    if path in _BATCH:
        return _read_batch
    return partial(_read_one, _SINGLE[path]) if path in _SINGLE else None


def _read_batch(body: bytes, path: str, now: datetime) -> Told:
    return Told(*intake.split_batch(body))


def _read_one(kind: str, body: bytes, path: str, now: datetime) -> Told:
    try:
        key = msgspec.json.decode(body, type=_KeyOnly).writeKey
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError):
        key = None
        if not body.lstrip().startswith(b"{"):
            raise Unreadable from None
    return Told([body], {"type": kind}, key if isinstance(key, str) else None)
