"""Lists of cases: which there are, what narrows them, and the marks a case is found in them by. Pure."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Literal
from uuid import UUID

from fadeno.conversations.model.finding import asked, words_of
from fadeno.conversations.model.shapes import PRIORITIES, Case
from fadeno.kit.errors import Invalid, NotFound
from fadeno.kit.lists import typed

Kind = Literal["mine", "area", "unassigned", "waiting", "all", "solved", "followed", "due"]

KINDS = ("mine", "area", "unassigned", "waiting", "all", "solved", "followed", "due")
NARROWED_BY = ("area", "owner_id", "channel", "tag", "language", "priority", "q")
DUE_WITHIN = timedelta(hours=1)  # what is due sooner, or was, stands in the list of the due
MOST_VIEW_NAME_CHARS = 60


class NoView(NotFound):
    """There is no such saved view."""

    code = "no_view"


@dataclass(frozen=True, slots=True)
class View:
    """Which cases, in which order: open and waiting ones by what is due first, solved and followed the latest first.

    Attributes:
        kind: mine, area (open ones of `area`), unassigned, waiting, all (open ones), solved, followed, or due.
        member_id: whose list it is: whose cases are mine, whose drafts and unread marks are shown.
        q: words of the title, or a case's number.
    """

    kind: Kind
    member_id: UUID | None = None
    area: str = ""
    owner_id: UUID | None = None
    channel: str = ""
    tag: str = ""
    language: str = ""
    priority: int | None = None
    q: str = ""


@dataclass(frozen=True, slots=True)
class SavedView:
    """A list somebody keeps under a name, for themselves or for all.

    Attributes:
        member_id: whose it is; None = everybody's.
        narrowed: what narrows it, as `View` has it, without who looks.
    """

    id: UUID
    member_id: UUID | None
    name: str
    kind: Kind
    narrowed: dict[str, Any]
    made_at: datetime


@dataclass(frozen=True, slots=True)
class Listed:
    """A case as a list shows it.

    Attributes:
        is_unread: the customer said something the member has not read.
        draft: how what the member began to write begins; empty = nothing.
    """

    id: UUID
    number: int
    title: str
    customer_id: UUID | None
    state: str
    stand: str
    waits_until: datetime | None
    priority: int
    owner_id: UUID | None
    area: str
    channels: list[str]
    tags: list[str]
    language: str
    last_words: str
    last_from: str
    last_at: datetime
    waiting_since: datetime | None
    due_at: datetime | None
    message_count: int
    is_unread: bool
    draft: str
    erased_at: datetime | None


def checked_view(view: View) -> View:
    """A view that can be looked at.

    Raises:
        Invalid: there is no such list, or it lacks whose it is.
    """
    if view.kind not in KINDS:
        raise Invalid(f"Choose a list: {', '.join(KINDS)}.", field="kind", word="bad_choice")
    if view.kind in ("mine", "followed") and view.member_id is None:
        raise Invalid("Only members have such a list.", field="member", word="bad_choice")
    if view.kind == "area" and not view.area:
        raise Invalid("Name an area.", field="area", word="bad_choice")
    if view.priority is not None and view.priority not in PRIORITIES:
        raise Invalid("A priority is 1 (urgent) to 4 (low).", field="priority", word="bad_choice")
    said = {name: typed(getattr(view, name)) for name in ("area", "channel", "language", "q")}
    return replace(view, tag=" ".join(typed(view.tag).split()).casefold(), **said)


# Marks -----------------------------------------------------------------------------------------------------------


def marks_of(case: Case) -> list[str]:
    """What a case is found by in lists: the words of its title, and how it is filed."""
    filed = [_mark("number", case.number), _mark("area", case.area), _mark("priority", case.priority)]
    filed.append(_mark("owner", case.owner_id or "nobody"))
    filed += [_mark("tag", tag) for tag in case.tags]
    filed += [_mark("channel", channel) for channel in dict.fromkeys(case.channels)]
    spoken = case.language.casefold()
    filed += [_mark("language", tag) for tag in {spoken, spoken.partition("-")[0]} if tag]
    return [*words_of([case.title]), *filed]


def wanted_marks(view: View) -> str:
    """What narrows a list, as the database looks for it; empty where nothing does."""
    pairs = {
        "area": view.area if view.kind != "area" else "",
        "owner": view.owner_id if view.kind != "mine" else None,
        "channel": view.channel,
        "tag": view.tag,
        "language": view.language.casefold(),
        "priority": view.priority,
    }
    wanted = [_quoted(_mark(name, value)) for name, value in pairs.items() if value]
    if view.q:
        wanted.append(_asked(view.q))
    return " & ".join(wanted)


def all_marks(view: View) -> str:
    """The same with what makes the list, but for where its cases stand."""
    made_of = {
        "mine": _mark("owner", view.member_id),
        "area": _mark("area", view.area),
        "unassigned": _mark("owner", "nobody"),
    }
    narrowed = wanted_marks(view)
    return f"{_quoted(made_of[view.kind])} & {narrowed}" if view.kind in made_of else narrowed


def _asked(q: str) -> str:
    number = q.removeprefix("#")
    is_number = number.isascii() and number.isdigit()
    ways = [asked(q), _quoted(_mark("number", int(number))) if is_number else ""]
    return f"({' | '.join(f'({way})' for way in ways if way) or _quoted(_mark('nothing', 'such'))})"


def _mark(name: str, value: object) -> str:
    return f"#{name}:{value}"[:200]


def _quoted(mark: str) -> str:
    return "'" + mark.replace("\\", "\\\\").replace("'", "''") + "'"
