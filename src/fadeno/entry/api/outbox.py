"""The outbox over the API: what still has to leave, what was given up and why, and trying again."""

from typing import Annotated

import msgspec
from litestar import Request, get, post
from litestar.params import JSONBody, QueryParameter

from fadeno import access, conversations, jobs
from fadeno.conversations import NotLeft
from fadeno.entry.door import opened
from fadeno.jobs import Standing

Limit = Annotated[int, QueryParameter(ge=1, le=200)]
Word = Annotated[str, QueryParameter(max_length=100)]
MOST_LANE_CHARS = 200


class Outbox(msgspec.Struct, frozen=True):
    """A page of jobs; `next` is the `before` of the page after."""

    items: list[Standing]
    next: int | None


JobId = Annotated[int, msgspec.Meta(ge=1, le=2**63 - 1)]


class NotSent(msgspec.Struct, frozen=True):
    """A page of answers; `next` is the `before` of the page after."""

    items: list[NotLeft]
    next: int | None


class Again(msgspec.Struct, forbid_unknown_fields=True):
    """What is tried again: jobs given up, by id, and everything that waits for a lane that failed."""

    jobs: Annotated[list[JobId], msgspec.Meta(max_length=1000)] = []
    lane: Annotated[str, msgspec.Meta(max_length=MOST_LANE_CHARS)] = ""


class Tried(msgspec.Struct, frozen=True):
    """How many jobs given up wait again."""

    jobs: int


@get("/api/outbox", summary="What still has to leave")
async def list_jobs(
    request: Request,
    standing: Annotated[str, QueryParameter(name="state")] = "open",
    kind: Word = "",
    lane: Word = "",
    before: Annotated[int | None, QueryParameter(ge=1)] = None,
    limit: Limit = 50,
) -> Outbox:
    """Jobs that wait (`open`) or were given up (`failed`), the latest first; `message` is the kind of answers."""
    async with opened(request, "see", "outbox") as (tx, _):
        found, following = await jobs.listed(tx, state=standing, kind=kind, lane=lane, before=before, limit=limit)
        return Outbox(found, following)


@post("/api/outbox/retry", status_code=200, summary="Try again")
async def try_again(request: Request, data: JSONBody[Again]) -> Tried:
    """Have jobs done that were given up, and open a lane that waits after failures or was paused."""
    async with opened(request, "change", "outbox") as (tx, actor):
        count = await jobs.reopen(tx, data.jobs)
        if data.lane:
            await jobs.open_lane(tx, data.lane)
        await access.note(tx, actor, "retry", "outbox", data.lane, {"jobs": count})
        return Tried(count)


@get("/api/outbox/messages", summary="Answers that did not leave")
async def list_not_left(
    request: Request, before: Annotated[int | None, QueryParameter(ge=1)] = None, limit: Limit = 50
) -> NotSent:
    """Answers that failed with the provider's words, or may have left (`unknown`); the latest first."""
    async with opened(request, "see", "cases") as (tx, _):
        return NotSent(*await conversations.not_left(tx, before=before, limit=limit))


routes = [list_not_left, list_jobs, try_again]
