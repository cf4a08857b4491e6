"""The list of customers, searched as one types."""

from litestar import Request, Response, get

from fadeno import customers, sources
from fadeno.entry import door
from fadeno.entry.web import page
from fadeno.entry.web.pages.customers.seeing import label_shown

_MOST = 50


@get("/customers", include_in_schema=False)
async def list_customers(request: Request) -> Response:
    """Everybody by name, or those that match what was typed; how to begin while there is nobody."""
    q = request.query_params.get("q", "")[:256]
    after = request.query_params.get("after", "")[:600] or None
    async with door.opened(request, "see", "customers") as (tx, actor):
        found, more = await customers.search(tx, q, limit=_MOST, after=after)
        context = {
            "q": q,
            "after": after,
            "more": more,
            "found": [(one, label_shown(actor, one.label)) for one in found],
        }
        if request.headers.get("hx-request") == "true" and not request.headers.get("hx-boosted"):
            return page.render(request, "customers/rows.html", actor=actor, **context)
        if not found and not q and not after:
            known = await sources.all_sources(tx)
            return await page.inside(request, tx, actor, "customers/none.html", sources=known)
        return await page.inside(request, tx, actor, "customers/list.html", **context)


routes = [list_customers]
