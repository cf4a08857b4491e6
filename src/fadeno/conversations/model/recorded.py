"""Cases as they are written to a file and read from one: whole, and by names that mean the same elsewhere. Pure."""

from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

import msgspec

from fadeno.conversations.model.shapes import MOST_TEXT_CHARS, PRIORITIES, STAGES, STATES
from fadeno.kit.errors import Invalid

Words = Annotated[str, msgspec.Meta(max_length=MOST_TEXT_CHARS)]
Short = Annotated[str, msgspec.Meta(max_length=1000)]
Moment = Annotated[datetime, msgspec.Meta(tz=True)]
Tag = Annotated[str, msgspec.Meta(min_length=1, max_length=40)]
Language = Annotated[str, msgspec.Meta(pattern="^[A-Za-z0-9-]{0,35}$")]
Minor = Annotated[int, msgspec.Meta(ge=-(2**53), le=2**53)]
Maybe = msgspec.UnsetType


class RecordedFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A file that is attached to a message; its bytes lie beside, under its hash."""

    hash: Annotated[str, msgspec.Meta(pattern="^[0-9a-f]{64}$")]
    name: Short
    media_type: Short = "application/octet-stream"
    size_bytes: Annotated[int, msgspec.Meta(ge=0, le=2**40)] = 0


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
    language: Language = ""
    provider_id: Short = ""
    state: Literal["received", "note", "queued", "sent", "delivered", "read", "failed", "unknown", "cancelled"] = "sent"
    state_words: Short = ""
    sent_at: Moment | None = None
    delivered_at: Moment | None = None
    read_at: Moment | None = None
    failed_at: Moment | None = None
    attachments: Annotated[list[RecordedFile], msgspec.Meta(max_length=200)] = []


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
    tags: Annotated[list[Tag], msgspec.Meta(max_length=20)] = []
    language: Language = ""
    value_minor: Minor | None = None
    currency: Annotated[str, msgspec.Meta(pattern="^[A-Z]{3}$")] | None = None
    stage: Literal[STAGES] | None = None
    expected_on: date | None = None
    solved_at: Moment | None = None
    reopened_count: Annotated[int, msgspec.Meta(ge=0, le=1_000_000)] = 0
    owner: Short = ""
    rating: Annotated[int, msgspec.Meta(ge=1, le=5)] | None = None
    rating_words: Annotated[str, msgspec.Meta(max_length=2000)] = ""
    rated_at: Moment | None = None
    acts: list[RecordedAct] = []
    linked: Annotated[list[RecordedLink], msgspec.Meta(max_length=2000)] = []


class _Side(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What an act says of a case before or after it: what undo puts back."""

    state: Literal[STATES] | Maybe = msgspec.UNSET
    waits_until: datetime | Maybe | None = msgspec.UNSET
    solved_at: datetime | Maybe | None = msgspec.UNSET
    reopened_count: Annotated[int, msgspec.Meta(ge=0, le=1_000_000)] | Maybe = msgspec.UNSET
    owner_id: UUID | Maybe | None = msgspec.UNSET
    area: Short | Maybe = msgspec.UNSET
    title: Short | Maybe = msgspec.UNSET
    tags: list[Tag] | Maybe = msgspec.UNSET
    priority: Literal[PRIORITIES] | Maybe = msgspec.UNSET
    value_minor: Minor | Maybe | None = msgspec.UNSET
    currency: Short | Maybe | None = msgspec.UNSET
    stage: Literal[STAGES] | Maybe | None = msgspec.UNSET
    expected_on: date | Maybe | None = msgspec.UNSET
    message: UUID | Maybe = msgspec.UNSET
    key: Short | Maybe = msgspec.UNSET
    linked: RecordedLink | Maybe = msgspec.UNSET


_NEEDS = {"answer": "message", "link": "linked"}


def read_record(line: bytes) -> RecordedCase:
    """A case as a line of a file holds it.

    Raises:
        msgspec.MsgspecError: it is no JSON, or not of this shape.
        Invalid: what it says can't all be so.
    """
    record = msgspec.json.decode(line, type=RecordedCase)
    if _holds_nul(msgspec.to_builtins(record)):
        raise Invalid("A text in it holds a sign that no text can (U+0000).")
    if (record.value_minor is None) != (record.currency is None):
        raise Invalid("A value has a currency.", field="currency")
    if record.state == "waiting_until" and record.waits_until is None:
        raise Invalid("A case in the state waiting_until says until when.", field="waits_until")
    for act in record.acts:
        msgspec.convert(act.before, _Side, strict=False)
        after = msgspec.convert(act.after, _Side, strict=False)
        if act.verb in _NEEDS and getattr(after, _NEEDS[act.verb]) is msgspec.UNSET:
            raise Invalid(f"What was done ({act.verb}) does not say to what.", field="acts")
    return record


def _holds_nul(value: Any) -> bool:
    match value:
        case str():
            return "\0" in value
        case dict():
            return any(_holds_nul(one) for pair in value.items() for one in pair)
        case list():
            return any(map(_holds_nul, value))
    return False


def recorded_state(state: str) -> str:
    """In which state a message is written down: nobody who reads it later knows whether what waited to leave left."""
    return "unknown" if state == "queued" else state
