"""Shapes of the intake."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from msgspec import Struct

from fadeno.customers import Evidence
from fadeno.kit.errors import NotFound

EVENT_LIMIT_BYTES = 32 * 1024
BATCH_LIMIT_BYTES = 500 * 1024
BATCH_LIMIT_EVENTS = 2500


class Letter(Struct, frozen=True, gc=False):
    """One event, understood, not yet placed with a customer. A struct, as one is made for every event.

    Attributes:
        key: 32 hex digits by which the same message is known again; text, because it is hashed and sorted a lot.
    """

    key: str
    kind: str
    name: str | None
    channel: str
    evidence: Evidence
    received_at: datetime
    original_at: datetime | None
    sent_at: datetime | None
    message_id: str | None
    body: bytes
    is_late: bool
    is_skewed: bool
    raw: bytes
    envelope: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Bad:
    """One event that can't be understood, with the reason. `raw` is the event as it came."""

    key: str
    source_id: int
    received_at: datetime
    reason: str
    detail: str
    raw: bytes
    envelope: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Parcel:
    """One request of a source: its raw body and what was read from it."""

    id: UUID
    source_id: int
    received_at: datetime
    raw: bytes
    letters: list[Letter] = field(default_factory=list)
    bad: list[Bad] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Accounts:
    """What became of everything a source sent. received = accepted + duplicate + quarantined.

    Attributes:
        last_at: when an event of it was last received, whatever became of it; None = never.
    """

    received: int
    accepted: int
    duplicate: int
    quarantined: int
    late: int
    skewed: int
    parcels: int
    unreadable: int
    refused: int
    last_at: datetime | None = None

    @property
    def balanced(self) -> bool:
        return self.received == self.accepted + self.duplicate + self.quarantined


@dataclass(frozen=True, slots=True)
class QuarantinedEvent:
    """One event that waits for somebody, without its content."""

    id: UUID
    source_id: int
    received_at: datetime
    reason: str
    detail: str
    state: str
    settled_at: datetime | None
    event_id: UUID | None


@dataclass(frozen=True, slots=True)
class QuarantinedRaw:
    """One event that waits for somebody, as it came."""

    event: QuarantinedEvent
    raw: str


class NotQuarantined(NotFound):
    """That event does not wait in quarantine."""

    code = "not_quarantined"
