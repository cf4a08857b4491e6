"""Cases, messages, and what is handed in to become such. Pure."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from fadeno.events import Matter
from fadeno.kit.errors import Invalid

Direction = Literal["in", "out", "note"]
State = Literal["open", "waiting_customer", "waiting_until", "solved"]

STATES = ("open", "waiting_customer", "waiting_until", "solved")
STANDS = ("open", "waiting", "solved")
PRIORITIES = (1, 2, 3, 4)  # urgent, high, normal, low
STAGES = ("lead", "talking", "offered", "won", "lost")
MOST_TEXT_CHARS = 200_000
MOST_WORDS_CHARS = 200  # of a message, shown in lists and on the thread
MOST_TITLE_CHARS = 200
MOST_TAGS = 20


@dataclass(frozen=True, slots=True)
class Attached:
    """A file that came or goes with a message: kept in `files` by the hash of its content."""

    hash: str
    name: str
    media_type: str
    size_bytes: int


@dataclass(frozen=True, slots=True)
class Incoming:
    """What a customer wrote, understood, and whose it is: ready to be put in a case.

    Attributes:
        id: of the message and of its event on the thread.
        proven: how sure it is that who wrote owns the address (1 claimed, 2 observed, 3 attested).
        said_at: when it was written; one later than `received_at` counts as then.
        provider_id: what the channel calls it; the same twice in an account is one message. Empty matches nothing.
        signed_case: the case whose signed reply address it came to, once the signature was checked.
        answers: what the channel's own word says it answers, where the channel vouches for that.
        references: the provider ids it says it answers, nearest first; anybody can write such.
        text: what is visible of it; `quoted` is the history below, above or within it.
        is_automatic: an absence note or another machine's word: it opens no case and wakes no one.
        area: which area the account it came to belongs to.
    """

    id: UUID
    account_id: UUID
    channel: str
    address_id: UUID
    customer_id: UUID
    other_address_ids: tuple[UUID, ...] = ()
    source_id: int = 0
    proven: int = 1
    said_at: datetime | None = None
    provider_id: str = ""
    signed_case: UUID | None = None
    answers: str = ""
    references: tuple[str, ...] = ()
    author_name: str = ""
    subject: str = ""
    text: str = ""
    quoted: str = ""
    html: str = ""
    language: str = ""
    attachments: tuple[Attached, ...] = ()
    matter: Matter | None = None
    area: str = "service"
    is_automatic: bool = False


@dataclass(frozen=True, slots=True)
class Heard:
    """What became of something a customer wrote.

    Attributes:
        case_id: None where it opened none (an absence note that answers nothing of ours).
        because: how its case was found: signed, answers, references, matter, latest, new.
    """

    message_id: UUID
    case_id: UUID | None
    because: str
    is_new_case: bool = False
    is_reopened: bool = False


@dataclass(frozen=True, slots=True)
class Case:
    """One matter a customer wants settled, as it stands.

    Attributes:
        customer_id: whose it is, by the present address map; None only where the address is gone.
        due_at: the soonest of what is due.
        resolve_since: since when the clock runs until it should be solved, with `resolve_left_s` left then; None = it
            stands.
        waiting_since: the customer waits for us since then; None where our word is the last.
        last_in: position of the customer's last message; `last_said` of anybody's.
        channels: those its messages took, in order, each stretch once.
        stand: open, waiting, solved, or gone into another case.
        version: grows with every change.
        rating: how content its customer was, 1 to 5, with `rating_words` of their own; None = not said.
        rating_asked_at: when they were asked by mail since it was solved; `rating_held` says why they were not.
    """

    id: UUID
    number: int
    address_id: UUID
    customer_id: UUID | None
    title: str
    matter_kind: str | None
    matter_id: str | None
    area: str
    state: State
    waits_until: datetime | None
    owner_id: UUID | None
    priority: int
    tags: list[str]
    language: str
    value_minor: int | None
    currency: str | None
    stage: str | None
    expected_on: date | None
    opened_at: datetime
    first_due_at: datetime | None
    next_due_at: datetime | None
    resolve_due_at: datetime | None
    resolve_since: datetime | None
    resolve_left_s: int | None
    due_at: datetime | None
    warned_at: datetime | None
    broken_at: datetime | None
    waiting_since: datetime | None
    first_answered_at: datetime | None
    last_at: datetime
    last_words: str
    last_from: str
    last_in: int
    last_said: int
    channels: list[str]
    message_count: int
    solved_at: datetime | None
    reopened_count: int
    merged_into: UUID | None
    version: int
    stand: str
    erased_at: datetime | None
    rating: int | None = None
    rating_words: str = ""
    rated_at: datetime | None = None
    rating_asked_at: datetime | None = None
    rating_held: str = ""


@dataclass(frozen=True, slots=True)
class Message:
    """One message of a case, from the customer (in), from us (out), or a note among ourselves.

    Attributes:
        position: grows in the order messages came into the house: what one has seen is said by it.
        address_id: whose it is, or to whom it goes.
        state: received, note; or of one that goes out: queued, sent, delivered, read, failed, unknown, cancelled.
        undo_until: until then it can be held back.
    """

    id: UUID
    position: int
    case_id: UUID
    said_at: datetime
    direction: Direction
    channel: str
    account_id: UUID | None
    address_id: UUID | None
    author_kind: str
    author_id: UUID | None
    author_name: str
    proven: int
    is_automatic: bool
    subject: str
    text: str
    has_original: bool
    has_html: bool
    language: str
    provider_id: str
    state: str
    state_words: str
    undo_until: datetime | None
    sent_at: datetime | None
    delivered_at: datetime | None
    read_at: datetime | None
    failed_at: datetime | None
    seen_upto: int | None
    attachments: list[dict[str, Any]]
    mentions: list[UUID]
    erased_at: datetime | None


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A message as whoever carries it needs it.

    Attributes:
        address: kind and value of where it goes.
        answers: provider id of the customer's message it answers; `references` those before it, oldest first.
    """

    message_id: UUID
    case_id: UUID
    case_number: int
    account_id: UUID
    channel: str
    address: tuple[str, str]
    subject: str
    text: str
    answers: str
    references: tuple[str, ...]
    attachments: list[dict[str, Any]]
    language: str
    author_name: str
    said_at: datetime
    is_automatic: bool


@dataclass(frozen=True, slots=True)
class Way:
    """Through which account, of which channel, to which address of the customer an answer goes; and its subject."""

    account_id: UUID
    channel: str
    address_id: UUID
    subject: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """What somebody wants to say to the customer.

    Attributes:
        seen_upto: position of the last message its author has seen.
        account_id: through which account, with its `channel`; without one, where the customer wrote last.
        address_id: to which of the customer's addresses; without one, the one they wrote from last.
        then: what the case waits for now: waiting_customer, open (for us still), solved.
        undo_s: how long it can be held back.
        is_automatic: fadeno or a rule says it by itself: it moves nothing and hides nothing.
        key: by which whoever says it knows it again: the same twice in a case is one answer. Empty = nothing.
    """

    text: str
    seen_upto: int
    account_id: UUID | None = None
    channel: str = ""
    address_id: UUID | None = None
    subject: str = ""
    attachments: tuple[Attached, ...] = ()
    then: str = "waiting_customer"
    undo_s: int = 10
    is_automatic: bool = False
    key: str = ""


@dataclass(frozen=True, slots=True)
class Act:
    """Something that was done to a case, with how it stood before."""

    id: UUID
    case_id: UUID
    other_id: UUID | None
    made_at: datetime
    actor_kind: str
    actor_id: UUID | None
    actor_name: str
    verb: str
    before: dict[str, Any]
    after: dict[str, Any]
    undone_at: datetime | None


@dataclass(frozen=True, slots=True)
class Draft:
    """What a member began to write in a case."""

    case_id: UUID
    member_id: UUID
    text: str
    is_note: bool
    account_id: UUID | None
    address_id: UUID | None
    saved_at: datetime


@dataclass(frozen=True, slots=True)
class Area:
    """Who answers for what, and how soon.

    Attributes:
        calendar: the calendar its times are counted on; empty = the company's.
        first_s: working time until the first answer; so `next_s`, `resolve_s`. None = no target.
        next_channel_s: how long an answer may stay undelivered until the next way is proposed, or taken by itself where
            `is_next_taken`; None = never.
        reopen_days: how long after it was solved a case is opened again by an answer to it.
        asks_rating: where customers are asked how content they were: nowhere, chat, everywhere (by mail too).
    """

    key: str
    name: str = ""
    calendar: str = ""
    first_s: int | None = None
    next_s: int | None = None
    resolve_s: int | None = None
    is_routed: bool = False
    next_channel_s: int | None = None
    reopen_days: int = 14
    is_next_taken: bool = False
    asks_rating: str = "chat"


@dataclass(frozen=True, slots=True)
class DeskMember:
    """A member who answers cases: for which areas, in which languages, how many at once. Empty = all."""

    member_id: UUID
    areas: list[str] = field(default_factory=list)
    languages: list[str] = field(default_factory=list)
    skills: list[str] = field(default_factory=list)
    most_open: int = 20
    is_on_duty: bool = True
    seen_at: datetime | None = None


def checked_text(text: str, *, what: str = "text") -> str:
    """A text fit to be kept and sent.

    Raises:
        Invalid: it is empty or longer than 200,000 characters.
    """
    text = text.replace("\0", "").strip()
    if not text:
        raise Invalid("Write something first.", field=what, word="empty_text")
    if len(text) > MOST_TEXT_CHARS:
        raise Invalid(
            f"Use at most {MOST_TEXT_CHARS:,} characters.", field=what, word="long_text", most=MOST_TEXT_CHARS
        )
    return text


def in_short(text: str, chars: int = MOST_WORDS_CHARS) -> str:
    """The beginning of a text on one line."""
    line = " ".join(text[: chars * 4].split())
    return line if len(line) <= chars else line[: chars - 1].rstrip() + "…"
