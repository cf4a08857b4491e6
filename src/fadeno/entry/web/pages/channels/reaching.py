"""Whether the world reaches us where we say that we are."""

import httpx
from litestar import Request, Response, post

from fadeno.entry import door
from fadeno.entry.web import page

_PATIENCE_S = 10.0


@post("/channels/public-address", include_in_schema=False)
async def try_public_address(request: Request) -> Response:
    """Ask our own public address whether we answer there; no other address is asked."""
    async with door.opened(request, "change", "channels"):
        pass
    url = request.app.state.fadeno.settings.public_url or ""
    return page.render(request, "channels/reached.html", outcome=await _asked(url), public_url=url)


async def _asked(url: str) -> str:
    """reached; or no_url, no_answer, other (somebody else answers), http (nobody can read along but everybody may)."""
    if not url:
        return "no_url"
    try:
        async with httpx.AsyncClient(timeout=_PATIENCE_S, follow_redirects=False) as client:
            answer = await client.get(url.rstrip("/") + "/healthz")
            is_us = answer.status_code == 200 and answer.json() == {"status": "ok"}
    except (httpx.HTTPError, ValueError):
        return "no_answer"
    if not is_us:
        return "other"
    return "reached" if url.startswith("https://") else "http"


routes = [try_public_address]
