"""A case as a row of the desk's list: whose it is, what was said last, and the one mark it bears. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from fadeno.conversations import Case, Listed
from fadeno.entry.web import channels
from fadeno.promises import Promise

SOON = timedelta(minutes=30)
MOST_STRAND = 6


@dataclass(frozen=True, slots=True)
class Row:
    """One row.

    Attributes:
        who: what the customer is called; empty where nothing is known.
        due: over, soon, later, or empty where nothing is due.
        promise: the open promise that is due next.
    """

    id: UUID
    number: int
    title: str
    who: str
    words: str
    from_us: bool
    at: datetime
    draft: str
    strand: Sequence[str]
    is_unread: bool
    state: str
    waits_until: datetime | None
    due_at: datetime | None
    due: str
    promise: Promise | None
    priority: int
    owner: str
    language: str


def rows(
    found: Iterable[Listed | Case],
    names: Mapping[UUID, str],
    people: Mapping[UUID, str],
    promised: Iterable[Promise],
    now: datetime,
) -> list[Row]:
    """Rows of these cases.

    Args:
        names: what each customer is called; `people`: what each member is.
        promised: open promises of these cases.
    """
    next_promise: dict[UUID, Promise] = {}
    for one in sorted(promised, key=lambda promise: promise.due_at):
        next_promise.setdefault(one.case_id, one)
    return [_row(one, names, people, next_promise.get(one.id), now) for one in found]


def _row(
    one: Listed | Case, names: Mapping[UUID, str], people: Mapping[UUID, str], promise: Promise | None, now: datetime
) -> Row:
    return Row(
        one.id, one.number, one.title, names.get(one.customer_id, "") if one.customer_id else "", one.last_words,
        one.last_from != "them", one.last_at, getattr(one, "draft", ""), one.channels[-MOST_STRAND:],
        getattr(one, "is_unread", False), one.state, one.waits_until, one.due_at, due_word(one.due_at, now), promise,
        one.priority, people.get(one.owner_id, "") if one.owner_id else "", one.language,
    )  # fmt: skip


def due_word(due_at: datetime | None, now: datetime) -> str:
    """How pressing a time is: over, soon, later; empty where there is none."""
    if due_at is None:
        return ""
    return "over" if due_at <= now else "soon" if due_at <= now + SOON else "later"


def strand(row: Row) -> list[tuple[str, str, str]]:
    """The channels a case took, as (name, family, icon)."""
    return [(name, channels.family(name), channels.icon(name)) for name in row.strand]
