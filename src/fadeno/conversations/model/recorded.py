"""Cases as they are written to a file and read from one: whole, and by names that mean the same elsewhere. Pure."""

from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

import msgspec

from fadeno.conversations.model.shapes import MOST_TEXT_CHARS

Words = Annotated[str, msgspec.Meta(max_length=MOST_TEXT_CHARS)]
Short = Annotated[str, msgspec.Meta(max_length=1000)]
Moment = Annotated[datetime, msgspec.Meta(tz=True)]


class RecordedMessage(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A message; its address as `kind:value`. What is attached is named by its hash; its bytes lie beside."""

    id: UUID
    said_at: Moment
    direction: Literal["in", "out", "note"]
    channel: Short
    author_kind: Literal["customer", "member", "bot", "system"]
    address: Short | None = None
    author_name: Short = ""
    proven: Annotated[int, msgspec.Meta(ge=0, le=3)] = 0
    is_automatic: bool = False
    subject: Short = ""
    text: Words = ""
    quoted: str = ""
    html: str = ""
    language: Short = ""
    provider_id: Short = ""
    state: Literal["received", "note", "queued", "sent", "delivered", "read", "failed", "unknown", "cancelled"] = "sent"
    state_words: Short = ""
    sent_at: Moment | None = None
    delivered_at: Moment | None = None
    read_at: Moment | None = None
    failed_at: Moment | None = None
    attachments: list[dict[str, Any]] = []


class RecordedAct(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Something that was done to a case, with how it stood before."""

    id: UUID
    made_at: Moment
    actor_kind: Literal["member", "key", "system"]
    verb: Annotated[str, msgspec.Meta(pattern="^[a-z_]{1,40}$")]
    actor_name: Short = ""
    other_id: UUID | None = None
    before: dict[str, Any] = {}
    after: dict[str, Any] = {}
    undone_at: Moment | None = None


class RecordedLink(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An order or another case that a case has to do with."""

    kind: Literal["order", "case"]
    id: UUID


class RecordedCase(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A case with its messages and acts, the first ones first; `owner` is whose it is, by e-mail.

    An owner nobody here is stays written down until somebody takes the case.

    `number` is what people called it where it was written; it keeps it where no other case here is called so.
    """

    id: UUID
    address: Short
    opened_at: Moment
    messages: list[RecordedMessage]
    number: int | None = None
    title: Short = ""
    matter_kind: Short | None = None
    matter_id: Short | None = None
    area: Short = "service"
    state: Literal["open", "waiting_customer", "waiting_until", "solved"] = "open"
    waits_until: Moment | None = None
    priority: Annotated[int, msgspec.Meta(ge=1, le=4)] = 3
    tags: Annotated[list[Short], msgspec.Meta(max_length=20)] = []
    language: Short = ""
    value_minor: int | None = None
    currency: Annotated[str, msgspec.Meta(pattern="^[A-Z]{3}$")] | None = None
    stage: Short | None = None
    expected_on: date | None = None
    solved_at: Moment | None = None
    reopened_count: Annotated[int, msgspec.Meta(ge=0, le=1_000_000)] = 0
    owner: Short = ""
    rating: Annotated[int, msgspec.Meta(ge=1, le=5)] | None = None
    rating_words: Annotated[str, msgspec.Meta(max_length=2000)] = ""
    rated_at: Moment | None = None
    acts: list[RecordedAct] = []
    linked: Annotated[list[RecordedLink], msgspec.Meta(max_length=2000)] = []


def recorded_state(state: str) -> str:
    """In which state a message is written down: nobody who reads it later knows whether what waited to leave left."""
    return "unknown" if state == "queued" else state
