"""Shapes of the log."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

OURSELVES = 0  # the source of events that fadeno writes itself; they stand in no account


@dataclass(frozen=True, slots=True)
class NewEvent:
    """What a room hands in to be kept. `body` is JSON text without NUL."""

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
class StreamedEvent:
    """One event with its place on the live stream."""

    position: int
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
