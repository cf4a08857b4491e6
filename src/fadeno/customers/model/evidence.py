"""What sources and members say about who is who. Everything else about identity is computed from it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from hashlib import blake2b
from types import MappingProxyType
from typing import Any, Literal, NamedTuple
from uuid import UUID

import msgspec

CLAIMED, OBSERVED, ATTESTED, SAID = 1, 2, 3, 4

EXCLUSIVE_KINDS = frozenset(
    {"user", "whatsapp", "telegram", "messenger", "instagram", "viber", "signal", "wechat", "line", "login"}
)
UNLIMITED_KINDS = frozenset({"cookie", "device", "chat", "push", "session"})
USUAL_LIMIT = 5
SHARED_ABOVE_EXCLUSIVE = 3
SHARED_ABOVE_USUAL = 8

_BLOCKED_WORDS = frozenset(
    {
        "undefined", "null", "none", "nil", "nan", "true", "false", "anonymous", "anon", "guest", "unknown",
        "not_authenticated", "unauthenticated", "distinct_id", "id", "userid", "user_id", "email", "phone",
        "test", "n/a", "na", "-1", "[object object]", "[]", "{}", "()", "undefined undefined", "function",
    }
)  # fmt: skip
_BLOCKED_LOCALS = frozenset(
    {"noreply", "no-reply", "no_reply", "donotreply", "do-not-reply", "mailer-daemon", "postmaster", "nobody"}
)
_BLOCKED_DOMAINS = frozenset({"example.invalid", "localhost", "invalid"})


class Mention(NamedTuple):
    """An address as an event names it, already spelled by `kit.addresses`."""

    kind: str
    value: str
    proven: int


class Evidence(NamedTuple):
    """What one event says about who is who; its first mention is its subject."""

    event_id: UUID
    source_id: int
    occurred_at: datetime
    mentions: tuple[Mention, ...]
    rule: str
    traits: Mapping[str, Any] = MappingProxyType({})
    traits_proven: int = CLAIMED
    consents: tuple[tuple[str, bool, str], ...] = ()


class Placed(NamedTuple):
    """Where an event belongs."""

    address_id: UUID
    other_address_ids: list[UUID]
    customer_id: UUID


class Introduction(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """All that is written of somebody one event alone tells of, in the database's words.

    Attributes:
        ids: of their addresses; the first is the subject, and gives the customer its id.
        keys: kind and value of each address.
    """

    ids: list[UUID]
    keys: list[tuple[str, str]]
    addresses: list[str]
    groupings: str
    customer: str
    links: list[str]
    traits: str
    consents: str


@dataclass(frozen=True, slots=True)
class Address:
    """One address, as grouping looks at it; ids may also be the bytes of the UUIDs.

    Attributes:
        shared: what a member said about it; None where it is to be learned.
    """

    id: UUID
    kind: str
    proven: int = OBSERVED
    blocked: str | None = None
    shared: bool | None = None


@dataclass(frozen=True, slots=True)
class Link:
    """Evidence that two addresses are one person."""

    id: UUID
    a: UUID
    b: UUID
    rule: str
    strength: int
    occurred_at: datetime


@dataclass(frozen=True, slots=True)
class Ruling:
    """What a member said: these are one person, or the ones are not the others.

    Attributes:
        is_held: of an `apart`, that each side also stays whole.
    """

    id: UUID
    verb: Literal["together", "apart"]
    one: tuple[UUID, ...]
    other: tuple[UUID, ...]
    is_held: bool
    made_at: datetime


@lru_cache(maxsize=1024)
def limit_of(kind: str) -> int | None:
    """How many addresses of a kind evidence may bring to one person; None for any number."""
    if kind in UNLIMITED_KINDS:
        return None
    return 1 if kind in EXCLUSIVE_KINDS or kind.startswith("crm:") else USUAL_LIMIT


def shared_above(kind: str) -> int | None:
    """An address linked to more than this many addresses of `kind` is shared; None if the kind says nothing."""
    limit = limit_of(kind)
    if limit is None:
        return None
    return SHARED_ABOVE_EXCLUSIVE if limit == 1 else SHARED_ABOVE_USUAL


def is_anchor(kind: str, proven: int) -> bool:
    """Whether an address alone says who somebody is: an exclusive id, or a proven address."""
    limit = limit_of(kind)
    return limit == 1 or (limit is not None and proven >= ATTESTED)


@lru_cache(maxsize=65_536)
def blocked_because(kind: str, value: str) -> str | None:
    """Why a value never joins anybody, or None. What programs send when they have nothing to send."""
    folded = value.casefold().strip("\"' ")
    if not folded or folded in _BLOCKED_WORDS:
        return "no_value"
    if not folded.strip("0-+. "):
        return "no_value"
    if kind == "email":
        local, _, domain = folded.rpartition("@")
        if local in _BLOCKED_LOCALS:
            return "nobody_reads_it"
        if domain in _BLOCKED_DOMAINS or local in _BLOCKED_WORDS - {"id", "test", "email", "phone"}:
            return "no_value"
    return None


def link_id(one: tuple[str, str], other: tuple[str, str], rule: str) -> UUID:
    """The id of the link between two addresses by a rule: the same whoever says it first, and in which order."""
    first, second = sorted((one, other))
    text = "\0".join((*first, *second, rule)).encode()
    return UUID(bytes=blake2b(text, digest_size=16).digest())
