"""Customers who may be one person, waiting for somebody to look."""

from uuid import UUID

from litestar import Request, Response, get, post
from litestar.params import FromPath
from litestar.response import Redirect

from fadeno import customers
from fadeno.customers import Suggestion
from fadeno.entry import door
from fadeno.entry.web import channels, page
from fadeno.entry.web.pages.customers import seeing
from fadeno.entry.web.pages.customers.deciding import decided

_MOST = 50
_REASONS = ("limit", "protected", "apart")


@get("/suggestions", include_in_schema=False)
async def list_suggestions(request: Request) -> Response:
    """Pairs that some evidence would join, were it not for other evidence; the oldest first."""
    after = request.query_params.get("after", "")[:200] or None
    done, action = request.query_params.get("done", ""), request.query_params.get("action", "")
    async with door.opened(request, "see", "customers") as (tx, actor):
        found, more = await customers.suggestions(tx, after=after, limit=_MOST)
        return await page.inside(
            request,
            tx,
            actor,
            "suggestions/list.html",
            pairs=_once(found),
            more=more,
            after=after,
            done=done if done in ("confirm", "refuse", "undo") else "",
            action=_uuid(action),
            source_names=await seeing.source_names(tx),
            reason_of=_reason,
            label_shown=lambda label: seeing.label_shown(actor, label),
            address_shown=lambda kind, value: seeing.address_shown(actor, kind, value),
            kind_shown=seeing.kind_shown,
            family=channels.family,
            icon_of=channels.icon,
        )


def _once(found: list[Suggestion]) -> list[tuple[Suggestion, int]]:
    """Each pair of customers once, with how much more evidence there is."""
    pairs: dict[frozenset[UUID], list[Suggestion]] = {}
    for one in found:
        if one.one != one.other:
            pairs.setdefault(frozenset((one.one, one.other)), []).append(one)
    return [(some[0], len(some) - 1) for some in pairs.values()]


def _reason(reason: str) -> tuple[str, str]:
    """Why they were not joined, as (word, kind of address)."""
    word, _, kind = reason.partition(":")
    return (word if word in _REASONS else "other"), kind


def _uuid(text: str) -> str:
    try:
        return str(UUID(text))
    except ValueError:
        return ""


@post("/suggestions/{link_id:uuid}/confirm", include_in_schema=False)
async def confirm(request: Request, link_id: FromPath[UUID]) -> Redirect:
    """They are one person."""
    done = await decided(request, lambda tx, actor: customers.confirm(tx, actor, link_id))
    return Redirect(f"/suggestions?done=confirm&action={done.action_id}", status_code=303)


@post("/suggestions/{link_id:uuid}/refuse", include_in_schema=False)
async def refuse(request: Request, link_id: FromPath[UUID]) -> Redirect:
    """They are two, whatever evidence comes."""
    done = await decided(request, lambda tx, actor: customers.refuse(tx, actor, link_id))
    return Redirect(f"/suggestions?done=refuse&action={done.action_id}", status_code=303)


routes = [list_suggestions, confirm, refuse]
