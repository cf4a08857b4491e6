"""Shapes of the log."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from msgspec import Struct

OURSELVES = 0  # the source of events that fadeno writes itself; they stand in no account


class NewEvent(Struct, frozen=True, gc=False):
    """What a room hands in to be kept. `body` is JSON text without NUL. A struct, as one is made for every event."""

    id: UUID
    source_id: int
    channel: str
    kind: str
    name: str | None
    address_id: UUID
    other_address_ids: tuple[UUID, ...]
    customer_id: UUID
    occurred_at: datetime
    received_at: datetime
    original_at: datetime | None
    sent_at: datetime | None
    message_id: str | None
    body: bytes


@dataclass(frozen=True, slots=True)
class Prepared:
    """New events in the database's own words, and what the sequencer is told of them."""

    lines: bytes
    ids: list[UUID]
    customer_ids: list[UUID]


@dataclass(frozen=True, slots=True)
class Event:
    """One event as it is kept."""

    id: UUID
    source_id: int
    channel: str
    kind: str
    name: str | None
    address_id: UUID
    customer_id: UUID
    occurred_at: datetime
    received_at: datetime
    body: dict[str, Any]


@dataclass(frozen=True, slots=True)
class StreamedEvent(Event):
    """One event with its place on the live stream."""

    position: int


@dataclass(frozen=True, slots=True)
class Sign:
    """Something changed that is no event; whoever shows it asks how it is now.

    Attributes:
        topic: what kind of thing changed: `case`.
        kind: how, in a word of its room.
        about_id: which one; None = any of them may have.
        member_id: the one member it concerns; None = everybody.
    """

    position: int
    topic: str
    kind: str
    about_id: UUID | None
    member_id: UUID | None
