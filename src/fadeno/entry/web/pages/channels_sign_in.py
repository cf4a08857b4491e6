"""Signing in to an account of a channel at its provider's page, and the way back from there."""

from uuid import UUID

from litestar import Request, get
from litestar.params import FromPath
from litestar.response import Redirect

from fadeno import switchboard
from fadeno.entry import door, links

BACK = "/channels/signed-in"


@get("/channels/{account_id:uuid}/sign-in", include_in_schema=False)
async def begin(request: Request, account_id: FromPath[UUID]) -> Redirect:
    """Go on to the provider's page."""
    app = request.app.state.fadeno
    async with door.opened(request, "change", "channels") as (tx, actor):
        page = await switchboard.sign_in_page(
            tx, actor, app.vault, account_id, back_to=links.link_seen(request, BACK)
        )  # fmt: skip
    return Redirect(page, status_code=303)


@get(BACK, include_in_schema=False)
async def end(request: Request) -> Redirect:
    """Back from there: keep what came of it, and go on to the account."""
    app = request.app.state.fadeno
    async with door.opened(request, "change", "channels") as (_, actor):
        pass  # the provider takes its time: no transaction is open meanwhile
    allow_private = app.settings.allow_private
    account = await switchboard.signed_in_by_page(
        app.db, actor, app.vault, dict(request.query_params), allow_private=allow_private
    )
    return Redirect(f"/channels/{account.id}?saved=signed_in", status_code=303)


routes = [begin, end]
