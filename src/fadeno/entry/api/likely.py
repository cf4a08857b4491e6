"""Customers who may be one person by what is known of them: to look at, confirm and refuse."""

from typing import Annotated, Any
from uuid import UUID

import msgspec
from litestar import Request, get, post
from litestar.params import FromPath, JSONBody, QueryParameter

from fadeno import customers
from fadeno.entry.api.customers import Limit, decided, readable
from fadeno.entry.door import opened

_PER_CENT = QueryParameter(ge=0, le=100)


class Certainty(msgspec.Struct, forbid_unknown_fields=True):
    """From which certainty, in per cent, pairs are confirmed without looking at each."""

    least: Annotated[int, msgspec.Meta(ge=70, le=100)]


@get("/api/customers/likely", summary="Customers who are alike")
async def list_likely(
    request: Request,
    least: Annotated[int, _PER_CENT] = 0,
    reason: Annotated[str | None, QueryParameter(max_length=30)] = None,
    after: Annotated[str | None, QueryParameter(max_length=100)] = None,
    limit: Limit = 50,
) -> dict[str, Any]:
    """Pairs who may be one person, the likeliest first, each with its certainty in per cent and its reasons."""
    async with opened(request, "see", "customers") as (tx, actor):
        items, more = await customers.likely(tx, least=least, reason=reason, after=after, limit=limit)
        return {"items": readable(actor, items), "next": more}


@post("/api/customers/likely/{pair_id:uuid}/confirm", status_code=200, summary="These two are one person")
async def confirm_likely(request: Request, pair_id: FromPath[UUID]) -> dict[str, Any]:
    """Merge the two. `action_id` undoes it."""
    return await decided(request, "merge", lambda tx, actor: customers.confirm_likely(tx, actor, pair_id))


@post("/api/customers/likely/{pair_id:uuid}/refuse", status_code=200, summary="These two are not one person")
async def refuse_likely(request: Request, pair_id: FromPath[UUID]) -> dict[str, Any]:
    """Keep the two apart, whatever evidence comes. `action_id` undoes it."""
    return await decided(request, "merge", lambda tx, actor: customers.refuse_likely(tx, actor, pair_id))


@post("/api/customers/likely/confirm", status_code=200, summary="All these are one person each")
async def confirm_all(request: Request, data: JSONBody[Certainty]) -> dict[str, Any]:
    """Merge twenty pairs of at least this certainty; ask again while there are `more`. Each is undone by its id."""
    async with opened(request, "merge", "customers") as (_, actor):
        pass
    done, more = await request.app.state.fadeno.db.retrying(
        lambda tx: customers.confirm_all_likely(tx, actor, data.least)
    )
    return {"done": readable(actor, done), "more": more}


routes = [list_likely, confirm_likely, refuse_likely, confirm_all]
