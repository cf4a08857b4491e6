"""What is looked for in messages, and what is found. Pure."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Filters:
    """What narrows a search through messages; empty or None = anything.

    Attributes:
        stand: open, waiting or solved.
        since, until: when it was said.
        customer_id: whose cases, by any of their birth ids.
        has_attachment: only messages something is attached to.
    """

    area: str = ""
    owner_id: UUID | None = None
    channel: str = ""
    stand: str = ""
    direction: str = ""
    since: datetime | None = None
    until: datetime | None = None
    customer_id: UUID | None = None
    has_attachment: bool = False


@dataclass(frozen=True, slots=True)
class FoundMessage:
    """A message that holds what was looked for, with its case.

    Attributes:
        words: the piece of it where what was looked for stands.
    """

    message_id: UUID
    position: int
    case_id: UUID
    case_number: int
    title: str
    customer_id: UUID | None
    area: str
    stand: str
    owner_id: UUID | None
    direction: str
    channel: str
    author_name: str
    said_at: datetime
    words: str


@dataclass(frozen=True, slots=True)
class FoundMessages:
    """What a search found, the newest first.

    Attributes:
        next: hand it in as `before` for older ones; None when all was looked through.
    """

    items: list[FoundMessage]
    next: int | None
