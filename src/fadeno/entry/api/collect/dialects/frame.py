"""What every translator shares: the shape of what it says, and reading JSON from strangers."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec

from fadeno import intake
from fadeno.intake import Unreadable

_UUID = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Told:
    """What a body says, in Segment's words.

    Attributes:
        events: each event as JSON.
        envelope: what holds for all of them.
        key: the write key, where the body has it.
    """

    events: list[bytes]
    envelope: dict[str, Any]
    key: str | None = None


Translate = Callable[[bytes, str, datetime], Told]


def decoded(body: bytes) -> Any:
    """The JSON of a body. What JSON forbids and JavaScript writes (NaN, lone surrogates) stays for intake to judge.

    Raises:
        Unreadable: it is no JSON.
    """
    try:
        return msgspec.json.decode(body)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError):
        pass
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        raise Unreadable from None


def gathered(body: bytes, array: str, *, bare: bool = False) -> Any:
    """The JSON of a body of many events; what is none among them stays the bytes it is, and takes no neighbour along.

    Args:
        array: the name its events stand under.
        bare: whether the body may be the array itself.

    Raises:
        Unreadable: neither the body nor its events can be told apart.
    """
    try:
        return decoded(body)
    except Unreadable:
        events, beside = intake.cut(body, array, bare=bare)
    return beside | {array: [_decoded_or_raw(raw) for raw in events]}


def _decoded_or_raw(raw: bytes) -> Any:
    try:
        return decoded(raw)
    except Unreadable:
        return raw


def encoded(event: Any) -> bytes:
    """One event as JSON, with whatever `decoded` let through, and what is none at all, written as it was."""
    if isinstance(event, bytes):
        return event
    return json.dumps(event, ensure_ascii=True).encode()


def objects(value: Any) -> dict[str, Any]:
    """The same object, or an empty one for what is none."""
    return value if isinstance(value, dict) else {}


def text(value: Any) -> str | None:
    """The same text, or None for what is none or empty."""
    return value if isinstance(value, str) and value else None


def is_uuid(value: Any) -> bool:
    """Whether this is an id that a client made up, as they all make them up."""
    return isinstance(value, str) and _UUID.fullmatch(value) is not None


def said(**fields: Any) -> dict[str, Any]:
    """These fields without those that say nothing."""
    return {name: value for name, value in fields.items() if value not in (None, "", {})}
