"""The list of customers, searched as one types, with what happened last with each."""

from collections.abc import Sequence
from dataclasses import dataclass

from litestar import Request, Response, get

from fadeno import access, customers
from fadeno.access import Actor
from fadeno.customers import Found, Latest
from fadeno.db import Tx
from fadeno.entry import door, paging
from fadeno.entry.web import begin, channels, page, thread
from fadeno.entry.web.pages.customers import narrowing, seeing
from fadeno.entry.web.thread import Shown

_MOST = 50
_MOST_CHANNELS = 4


@dataclass(frozen=True, slots=True)
class Row:
    """A customer in the list.

    Attributes:
        last: what happened last, and `came` the channels of the last few events, the newest last; none where nothing
            is kept any more.
    """

    one: Found
    label: str
    last: Shown | None
    came: tuple[str, ...]


@get("/customers", include_in_schema=False)
async def list_customers(request: Request) -> Response:
    """Everybody by name, or those that match what was typed and fit; how to begin while there is nobody."""
    asked = narrowing.asked(request.query_params)
    q, after = asked.get("q", ""), request.query_params.get("after", "")[:2000] or None
    vault = request.app.state.fadeno.vault
    async with door.opened(request, "see", "customers") as (tx, actor):
        narrow, start, by_address = narrowing.narrow(asked), paging.opened(vault, after), seeing.sees_contacts(actor)
        found, more = await customers.narrowed(tx, narrow, q, limit=_MOST, after=start, by_address=by_address)
        context = {
            "q": q,
            "asked": asked,
            "after": after,
            "more": paging.closed(vault, more),
            "found": await rows(tx, actor, found),
            "icon_of": channels.icon,
            "family": channels.family,
        }
        app = request.app.state.fadeno
        if request.headers.get("hx-request") == "true" and not request.headers.get("hx-boosted"):
            look = await page.look_of(tx, actor)
            context |= await narrowing.choices(app, tx, actor, asked)
            return page.render(request, "customers/found.html", actor=actor, look=look, **context)
        context["begin"] = await begin.steps(app, tx, actor)
        if not found and not asked and not after:
            return await page.inside(request, tx, actor, "customers/none.html", **context)
        context |= await narrowing.choices(app, tx, actor, asked)
        return await page.inside(request, tx, actor, "customers/list.html", icons=channels.ICONS, **context)


async def rows(tx: Tx, actor: Actor, found: Sequence[Found]) -> list[Row]:
    """Customers as this viewer may read them, each with what happened last."""
    last = await customers.latest(tx, [one.id for one in found]) if access.may(actor, "see", "events") else {}
    return [_row(actor, one, last.get(one.id)) for one in found]


def _row(actor: Actor, one: Found, last: Latest | None) -> Row:
    label = seeing.label_shown(actor, one.label)
    if last is None:
        return Row(one, label, None, ())
    shown = thread.shown(seeing.item_shown(actor, last.item), seeing.money)
    return Row(one, label, shown, last.channels[-_MOST_CHANNELS:])


routes = [list_customers]
