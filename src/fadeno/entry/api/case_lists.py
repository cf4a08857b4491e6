"""Lists of cases over the API: what waits for whom, saved views, search over messages, what a member should hear of."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

import msgspec
from litestar import Request, delete, get, post
from litestar.params import FromPath, JSONBody, QueryParameter

from fadeno import access, conversations
from fadeno.conversations import Filters, FoundMessages, Listed, Nudge, SavedView, View
from fadeno.entry.door import opened

Limit = Annotated[int, QueryParameter(ge=1, le=200)]
Word = Annotated[str, QueryParameter(max_length=256)]
Place = Annotated[str | None, QueryParameter(max_length=400)]
Id = Annotated[UUID | None, QueryParameter()]
Moment = Annotated[datetime | None, QueryParameter()]
Priority = Annotated[int | None, QueryParameter(ge=1, le=4)]


class CaseList(msgspec.Struct, frozen=True):
    """A page of cases as lists show them; `next` is the `after` of the next page."""

    items: list[Listed]
    next: str | None


class Narrowed(msgspec.Struct, forbid_unknown_fields=True):
    """A list to be kept under a name, for oneself or for everybody."""

    name: str
    kind: Literal["mine", "area", "unassigned", "waiting", "all", "solved", "followed", "due"] = "all"
    area: str = ""
    owner_id: UUID | None = None
    channel: str = ""
    tag: str = ""
    language: str = ""
    priority: int | None = None
    q: str = ""
    is_shared: bool = False


class Views(msgspec.Struct, frozen=True):
    """Saved views."""

    items: list[SavedView]


class Nudges(msgspec.Struct, frozen=True):
    """What a member should hear of."""

    items: list[Nudge]


class HeardOf(msgspec.Struct, forbid_unknown_fields=True):
    """The latest nudge that was seen."""

    upto: UUID


# Lists -----------------------------------------------------------------------------------------------------------


@get("/api/cases", summary="Cases")
async def list_cases(  # noqa: PLR0913 -- each narrows the list by its name in the address
    request: Request,
    view: Word = "all",
    area: Word = "",
    owner_id: Id = None,
    channel: Word = "",
    tag: Word = "",
    language: Word = "",
    priority: Priority = None,
    q: Word = "",
    after: Place = None,
    limit: Limit = 50,
) -> CaseList:
    """Due first: `mine`, `area`, `unassigned`, `waiting`, `all` (open), `due`; latest first: `solved`, `followed`.

    `q` is words of the title, or a case's number.
    """
    async with opened(request, "see", "cases") as (tx, actor):
        member_id = actor.id if actor.kind == "member" else None
        asked = View(view, member_id, area, owner_id, channel, tag, language, priority, q)
        return CaseList(*await conversations.cases_in(tx, asked, after=after, limit=limit))


@get("/api/cases/counts", summary="How many cases stand in each list")
async def count_cases(request: Request) -> dict[str, int]:
    """Of the member who asks, each counted to 1,000 at most; areas as `area:service`."""
    async with opened(request, "see", "cases") as (tx, actor):
        return await conversations.counts(tx, actor)


@get("/api/cases/numbered/{number:int}", summary="The case of a number")
async def find_numbered(request: Request, number: FromPath[int]) -> conversations.Case:
    """The case people call by a number."""
    async with opened(request, "see", "cases") as (tx, actor):
        case = await conversations.numbered(tx, number)
        await access.note(tx, actor, "see", "case", case.id)
        return case


# Saved views -----------------------------------------------------------------------------------------------------


@get("/api/cases/views", summary="Saved views")
async def list_views(request: Request) -> Views:
    """One's own and everybody's, by name."""
    async with opened(request, "see", "cases") as (tx, actor):
        return Views(await conversations.views(tx, actor))


@post("/api/cases/views", summary="Keep a list under a name")
async def save_view(request: Request, data: JSONBody[Narrowed]) -> SavedView:
    """The one of that name is this one from now on."""
    async with opened(request, "change", "cases") as (tx, actor):
        which = msgspec.structs.asdict(data)
        name, is_shared = which.pop("name"), which.pop("is_shared")
        return await conversations.save_view(tx, actor, name, View(**which), is_shared=is_shared)


@delete("/api/cases/views/{view_id:uuid}", summary="Keep a list no longer", status_code=204)
async def remove_view(request: Request, view_id: FromPath[UUID]) -> None:
    """One's own, or one of everybody."""
    async with opened(request, "change", "cases") as (tx, actor):
        await conversations.remove_view(tx, actor, view_id)


# Search ----------------------------------------------------------------------------------------------------------


@get("/api/messages", summary="Find messages")
async def find_messages(  # noqa: PLR0913 -- each narrows the search by its name in the address
    request: Request,
    q: Word = "",
    area: Word = "",
    owner_id: Id = None,
    channel: Word = "",
    stand: Word = "",
    direction: Word = "",
    since: Moment = None,
    until: Moment = None,
    customer_id: Id = None,
    has_attachment: Annotated[bool, QueryParameter()] = False,
    before: Annotated[int | None, QueryParameter(ge=1)] = None,
    limit: Annotated[int, QueryParameter(ge=1, le=100)] = 50,
) -> FoundMessages:
    """Messages in which each word of `q` begins a word, the newest first, in any script."""
    async with opened(request, "see", "cases") as (tx, _):
        wanted = Filters(area, owner_id, channel, stand, direction, since, until, customer_id, has_attachment)
        return await conversations.found(tx, q, wanted, before=before, limit=limit)


# What to hear of -------------------------------------------------------------------------------------------------


@get("/api/nudges", summary="What one should hear of")
async def list_nudges(request: Request) -> Nudges:
    """Cases the member who asks was mentioned in or given, that are nearly due, or where an answer failed."""
    async with opened(request, "see", "cases") as (tx, actor):
        return Nudges(await conversations.nudges(tx, actor.id) if actor.kind == "member" and actor.id else [])


@post("/api/nudges/heard", summary="Say that one has heard of them", status_code=204)
async def hear_nudges(request: Request, data: JSONBody[HeardOf]) -> None:
    """All up to a nudge; for members."""
    async with opened(request, "change", "cases") as (tx, actor):
        await conversations.hear_nudges(tx, actor, data.upto)


routes = [
    list_cases,
    count_cases,
    find_numbered,
    list_views,
    save_view,
    remove_view,
    find_messages,
    list_nudges,
    hear_nudges,
]
