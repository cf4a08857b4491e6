"""Keys of machines."""

from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.params import FromPath, FromQuery

from fadeno import access, sources
from fadeno.access import Actor
from fadeno.db import Tx
from fadeno.entry import door, paging
from fadeno.entry.web.page import inside
from fadeno.entry.web.pages.access.forms import fields, go
from fadeno.kit.errors import Invalid
from fadeno.sources import UnknownSource

_MOST = 100


@get("/keys", include_in_schema=False)
async def show_keys(request: Request, after: FromQuery[str | None] = None, saved: FromQuery[str] = "") -> Response:
    """Keys of machines."""
    async with door.opened(request, "see", "keys") as (tx, actor):
        return await _show(request, tx, actor, after=after, saved=saved)


@post("/keys", include_in_schema=False)
async def create_key(request: Request) -> Response:
    """Make a key; shows it this one time."""
    form = await fields(request)
    name, scope, source = form.get("name", ""), form.get("scope", ""), form.get("source", "")
    async with door.opened(request, "manage", "keys") as (tx, actor):
        try:
            source_id = (await sources.by_name(tx, source)).id if source else None
            plain = await access.create_key(tx, actor, name, scope, source_id)
        except (Invalid, UnknownSource) as error:
            typed = {"name": name, "scope": scope, "source": source}
            return await _show(request, tx, actor, status=422, error=error, typed=typed)
        made = {"name": name or scope, "key": plain, "scope": scope}
        return await _show(request, tx, actor, made=made)


@post("/keys/{key_id:uuid}/revoke", include_in_schema=False)
async def revoke_key(request: Request, key_id: FromPath[UUID]) -> Response:
    """Refuse a key from now on."""
    async with door.opened(request, "manage", "keys") as (tx, actor):
        await access.revoke_key(tx, actor, key_id)
    return go("/keys?saved=revoked")


async def _show(
    request: Request, tx: Tx, actor: Actor, *, status: int = 200, after: str | None = None, **context: Any
) -> Response:
    shown, more = paging.cut(await access.keys(tx, actor, limit=_MOST + 1, after=after), _MOST)
    known = await sources.all_sources(tx)
    return await inside(
        request,
        tx,
        actor,
        "access/keys.html",
        status=status,
        keys=shown,
        more=more,
        source_names={source.id: source.name for source in known},
        scopes=access.SCOPES,
        **{"error": None, "typed": {}, "made": None, "saved": "", **context},
    )


routes = [show_keys, create_key, revoke_key]
