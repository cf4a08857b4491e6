"""What a promise is, when it is broken, and when whoever keeps it is reminded. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from fadeno.kit.errors import Conflict, Invalid, NotFound

KINDS = ("answer_by", "call_back")
STATES = ("open", "kept", "broken", "withdrawn", "moved")
MOST_WORDS_CHARS = 500
FURTHEST = timedelta(days=366)
# A call "at ten" that is made some minutes later is no broken word; an answer "by ten" is.
LEEWAY = {"answer_by": timedelta(0), "call_back": timedelta(minutes=10)}
_LONGEST_NOTICE = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class Promise:
    """What was said to happen, by when, and what became of it.

    Attributes:
        kind: `answer_by` (a person answers by then) or `call_back` (we call then).
        case_id: the case it was made in; its messages may be in another one since.
        address_id: the customer's address it was made to; `customer_id` whose that is now, None where it is gone.
        owner_id: the member who keeps it; None = whoever answers for `area`.
        said: the words in which it was made; `message_id` the message they stand in.
        basis: what its due time was told by: the name of a calendar; empty = whoever made it said so.
        state: open, kept, broken, withdrawn, or moved (another one stands in its place).
        settled_at: when it got its outcome.
        done_at: when what was promised happened, also where that was too late.
        moved_from: the promise in whose place this one stands; `moved_to` the one in the place of this.
    """

    id: UUID
    kind: str
    case_id: UUID
    case_number: int | None
    address_id: UUID
    customer_id: UUID | None
    area: str
    owner_id: UUID | None
    said: str
    message_id: UUID | None
    basis: str
    made_at: datetime
    made_kind: str
    made_by: UUID | None
    made_name: str
    due_at: datetime
    breaks_at: datetime
    warn_at: datetime
    warned_at: datetime | None
    state: str
    settled_at: datetime | None
    settled_name: str
    outcome: str
    done_at: datetime | None
    moved_from: UUID | None
    moved_to: UUID | None
    erased_at: datetime | None


@dataclass(frozen=True, slots=True)
class NewPromise:
    """A promise to be made.

    Attributes:
        address_id: to whom: an address of the customer.
        case_number: what people call the case, for the thread.
        owner_id: the member who keeps it; `area`: who answers for it where none does yet.
        said: the words in which it is made; `message_id` the message they stand in.
        basis: what its due time was told by: the name of a calendar.
    """

    kind: str
    case_id: UUID
    address_id: UUID
    due_at: datetime
    case_number: int | None = None
    owner_id: UUID | None = None
    area: str = ""
    said: str = ""
    message_id: UUID | None = None
    basis: str = ""


class NoPromise(NotFound):
    """There is no such promise."""

    code = "no_promise"
    hint = "List them with `fadeno promises list`."


class PromiseOver(Conflict):
    """This promise has its outcome already."""

    code = "promise_over"
    hint = "Make a new one."


def checked_due(due_at: datetime, now: datetime) -> datetime:
    """A time something can be promised by.

    Raises:
        Invalid: it is over, has no zone, or is further away than a year.
    """
    if due_at.utcoffset() is None or not now < due_at <= now + FURTHEST:
        raise Invalid("Promise a time to come, within a year.", field="due_at", word="bad_due")
    return due_at


def checked_words(text: str) -> str:
    """Words on one line, as they are kept with a promise."""
    return " ".join(text.replace("\0", "").split())[:MOST_WORDS_CHARS]


def breaks_at(kind: str, due_at: datetime) -> datetime:
    """When a promise is broken that was not kept."""
    return due_at + LEEWAY[kind]


def warn_at(made_at: datetime, due_at: datetime) -> datetime:
    """When whoever keeps it is reminded: half an hour before, or when three quarters of the time are over."""
    return due_at - min(_LONGEST_NOTICE, (due_at - made_at) / 4)


def outcome_at(promise: Promise, at: datetime) -> str:
    """What it is when what was promised happens at that moment: kept or broken."""
    return "kept" if at <= promise.breaks_at else "broken"
