"""Quarantine over the API: see what waits and why, read it again, or give it up."""

from typing import Annotated, Any
from uuid import UUID

import msgspec
from litestar import Request, get, post
from litestar.params import FromPath, FromQuery, JSONBody, QueryParameter

from fadeno import intake
from fadeno.entry.door import opened
from fadeno.intake import QuarantinedRaw, Replayed

Limit = Annotated[int, QueryParameter(ge=1, le=500)]


class Chosen(msgspec.Struct, forbid_unknown_fields=True):
    """Events by id, at most 200."""

    ids: Annotated[list[UUID], msgspec.Meta(min_length=1, max_length=200)]


class AllOf(msgspec.Struct, forbid_unknown_fields=True):
    """Every waiting event, of one source or for one reason if given; `after` goes on where the last call ended."""

    source_id: Annotated[int, msgspec.Meta(ge=1, le=2**31 - 1)] | None = None
    reason: Annotated[str, msgspec.Meta(max_length=100, pattern=r"^[a-z_]*$")] | None = None
    after: UUID | None = None


@get("/api/quarantine", summary="Events that wait for somebody")
async def list_quarantine(
    request: Request,
    source_id: Annotated[int | None, QueryParameter(ge=1, le=2**31 - 1)] = None,
    reason: Annotated[str | None, QueryParameter(max_length=100, pattern=r"^[a-z_]*$")] = None,
    before: FromQuery[UUID | None] = None,
    limit: Limit = 50,
) -> dict[str, Any]:
    """Events that wait, newest first, without their content."""
    async with opened(request, "see", "quarantine") as (tx, _):
        items = await intake.quarantine(tx, source_id=source_id, reason=reason, before=before, limit=limit)
    return {"items": items, "next": str(items[-1].id) if len(items) == limit else None}


@get("/api/quarantine/{event_id:uuid}", summary="One event as it came")
async def show_quarantined(request: Request, event_id: FromPath[UUID]) -> QuarantinedRaw:
    """One event as it came, secrets masked."""
    async with opened(request, "see", "quarantine") as (tx, _):
        return await intake.quarantined(tx, request.app.state.fadeno.vault, event_id)


@post("/api/quarantine/replay", status_code=200, summary="Read events again")
async def replay(request: Request, data: JSONBody[Chosen]) -> Replayed:
    """Read these events again, as their source is understood now."""
    app = request.app.state.fadeno
    async with opened(request, "change", "quarantine") as (tx, actor):
        done = await intake.replay(tx, actor, app.vault, data.ids)
        tx.after_commit(app.live.poke)
    return done


@post("/api/quarantine/replay-all", status_code=200, summary="Read every waiting event again")
async def replay_all(request: Request, data: JSONBody[AllOf]) -> Replayed:
    """Read the next 200 waiting events again; go on with `after` = `last_id` until it is null."""
    app = request.app.state.fadeno
    async with opened(request, "change", "quarantine") as (tx, actor):
        done = await intake.replay_all(
            tx, actor, app.vault, source_id=data.source_id, reason=data.reason, after=data.after
        )
        tx.after_commit(app.live.poke)
    return done


@post("/api/quarantine/dismiss", status_code=200, summary="Give events up")
async def dismiss(request: Request, data: JSONBody[Chosen]) -> dict[str, int]:
    """Give these events up; they stay in the accounts as quarantined."""
    async with opened(request, "change", "quarantine") as (tx, actor):
        return {"dismissed": await intake.dismiss(tx, actor, data.ids)}


routes = [list_quarantine, show_quarantined, replay, replay_all, dismiss]
