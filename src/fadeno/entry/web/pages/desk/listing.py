"""The desk's list: which cases wait for whom, due first, with counts."""

from typing import Any
from uuid import UUID

from litestar import Request, Response, get

from fadeno import conversations, customers, promises
from fadeno.access import Actor
from fadeno.conversations import Case, FoundMessages, Listed, View
from fadeno.db import Tx
from fadeno.entry import door
from fadeno.entry.web import channels, page
from fadeno.entry.web.pages.desk import coming, naming, rows
from fadeno.entry.web.pages.desk.asking import Asked, asked

PAGE = 40
_MOST_AT_ONCE = 200
_MOST_MESSAGES = 10
_MOST_CUSTOMERS = 4
_MOST_OF_CUSTOMER = 2
_NOTHING = FoundMessages([], None)


@get("/desk/list", include_in_schema=False)
async def show_list(request: Request) -> Response:
    """The list anew, or its next page."""
    async with door.opened(request, "see", "cases") as (tx, actor):
        wanted = asked(request, actor)
        shown = request.query_params.get("rows", "")
        limit = min(max(PAGE, int(shown)), _MOST_AT_ONCE) if shown.isascii() and shown.isdigit() else PAGE
        template = "desk/rows.html" if wanted.after else "desk/list.html"
        return await page.inside(
            request, tx, actor, template, current=None, **await listed(request, tx, actor, wanted, limit)
        )


async def listed(request: Request, tx: Tx, actor: Actor, wanted: Asked, limit: int = PAGE) -> dict[str, Any]:
    """What the list pane needs."""
    found, more = await conversations.cases_in(tx, wanted.view, after=wanted.after or None, limit=limit)
    by_name = await _of_people(tx, wanted.view, {one.id for one in found}) if not wanted.after else []
    said = await _said(tx, wanted)
    people, clock = await naming.people(tx), page.times(request, await page.look_of(tx, actor))
    whose = {one.customer_id for one in (*found, *by_name, *said.items)}
    names = await naming.customer_names(tx, actor, whose)
    promised = await promises.in_case(tx, *(one.id for one in found), only_open=True) if found else []
    return {
        "asked": wanted,
        "rows": rows.rows(found, names, people, promised, tx.now),
        "by_name": rows.rows(by_name, names, people, (), tx.now),
        "said": said.items,
        "names": names,
        "more": more,
        "counts": await conversations.counts(tx, actor),
        "views": await conversations.views(tx, actor),
        "areas": await naming.areas(tx),
        "people": people,
        "duty": await naming.desk_member(tx, actor.id) if actor.kind == "member" and actor.id else None,
        **naming.choices(people),
        "strand": rows.strand,
        "channel_name": naming.channel_name,
        "family": channels.family,
        "icon_of": channels.icon,
        "ahead": coming.saying(clock),
        "is_today": lambda at: clock.local(at).date() == clock.now.date(),
        "span": coming.span(clock),
    }


async def _said(tx: Tx, wanted: Asked) -> FoundMessages:
    """Messages that hold what was typed, whatever list is looked at."""
    if not wanted.view.q.strip() or wanted.after or not any(char.isalnum() for char in wanted.view.q):
        return _NOTHING
    return await conversations.found(tx, wanted.view.q, limit=_MOST_MESSAGES)


async def _of_people(tx: Tx, view: View, there: set[UUID]) -> list[Listed | Case]:
    """The latest cases of customers who are called or reached by what was typed."""
    if not view.q.strip():
        return []
    people, _ = await customers.search(tx, view.q, limit=_MOST_CUSTOMERS)
    found: list[Listed | Case] = []
    for one in people:
        theirs, _ = await conversations.cases_of(tx, one.id, limit=_MOST_OF_CUSTOMER)
        found += [case for case in theirs if case.id not in there and case.stand != "gone"]
    return found


routes = [show_list]
