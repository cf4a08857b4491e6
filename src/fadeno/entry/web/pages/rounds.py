"""Merging many likely pairs at once: looked through, some left out, then followed while it is done, and taken back."""

from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.datastructures import FormMultiDict
from litestar.params import FromPath
from litestar.response import Redirect

from fadeno import customers
from fadeno.entry import door
from fadeno.entry.web import page, pairs
from fadeno.entry.web.pages import suggestions

_PAGE = 20
_LEAST = 70
_MOST_LEFT_OUT = 2_000


@get("/suggestions/merge", include_in_schema=False)
async def show_many(request: Request) -> Response:
    """The pairs of at least a certainty, before they are merged."""
    return await _shown(request, _least(request.query_params.get("least", "")), frozenset(), "")


@post("/suggestions/merge/look", status_code=200, include_in_schema=False)
async def look_on(request: Request) -> Response:
    """Another page of them; what was left out on the pages before goes along."""
    form = await request.form()
    least = _least(str(form.get("least", "")))
    return await _shown(request, least, _left_out(form), str(form.get("after", ""))[:200])


async def _shown(request: Request, least: int, left_out: frozenset[UUID], place: str) -> Response:
    """A page of pairs.

    Args:
        place: how many were shown before, and where this page begins.
    """
    before, _, after = place.partition("~")
    first = int(before) if before.isascii() and before.isdigit() and len(before) < 7 else 0
    async with door.opened(request, "merge", "customers") as (tx, actor):
        found, more = await customers.likely(tx, least=least, after=after or None, limit=_PAGE)
        context: dict[str, Any] = {
            "least": least,
            "total": await customers.count_likely(tx, least),
            "first": first + 1,
            "last": first + len(found),
            "left_out": left_out,
            "more": f"{first + len(found)}~{more}" if more else "",
            **await suggestions.shown(tx, actor, found),
        }
        return await page.inside(request, tx, actor, "suggestions/merge.html", **context)


@post("/suggestions/merge", include_in_schema=False)
async def merge_many(request: Request) -> Redirect:
    """Have all of them merged but those left out, each an action of its own."""
    form = await request.form()
    least, left_out = _least(str(form.get("least", ""))), _left_out(form)
    async with door.opened(request, "merge", "customers") as (tx, actor):
        id_ = await customers.merge_all_likely(tx, actor, least, left_out)
    return Redirect(f"/suggestions/rounds/{id_}", status_code=303)


@get("/suggestions/rounds/{round_id:uuid}", include_in_schema=False)
async def show_round(request: Request, round_id: FromPath[UUID]) -> Response:
    """How far it has come."""
    async with door.opened(request, "see", "customers") as (tx, actor):
        made = await customers.round_of(tx, round_id)
        return await page.inside(request, tx, actor, "suggestions/round.html", made=made)


@post("/suggestions/rounds/{round_id:uuid}/undo", include_in_schema=False)
async def undo_round(request: Request, round_id: FromPath[UUID]) -> Redirect:
    """Have all that it merged taken back."""
    async with door.opened(request, "merge", "customers") as (tx, actor):
        await customers.undo_round(tx, actor, round_id)
    return Redirect(f"/suggestions/rounds/{round_id}", status_code=303)


def _left_out(form: FormMultiDict) -> frozenset[UUID]:
    """Those whose tick was taken away, on this page and on those before."""
    before, shown, ticked = (_ids(form, name) for name in ("left_out", "shown", "pair"))
    return frozenset(sorted((before | shown) - ticked)[:_MOST_LEFT_OUT])


def _ids(form: FormMultiDict, name: str) -> set[UUID]:
    return {UUID(id_) for id_ in map(str, form.getall(name, [])) if suggestions.as_id(id_)}


def _least(text: str) -> int:
    least = int(text) if text.isascii() and text.isdigit() and len(text) < 4 else pairs.LEVELS[0][1]
    return min(max(least, _LEAST), 100)


routes = [show_many, look_on, merge_many, show_round, undo_round]
