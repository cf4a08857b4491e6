"""All accounts at one look, and making one."""

from typing import Any

from litestar import Request, Response, get, post
from litestar.params import FromPath
from litestar.response import Redirect

from fadeno import access, channels, switchboard
from fadeno.access import Actor
from fadeno.db import Tx
from fadeno.entry import door
from fadeno.entry.web import page
from fadeno.entry.web.pages.channels import saying
from fadeno.kit.errors import FadenoError


@get("/channels", include_in_schema=False)
async def list_accounts(request: Request) -> Response:
    """Every account with how it fares, and the channels one can be made of."""
    async with door.opened(request, "see", "channels") as (tx, actor):
        return await page.inside(
            request, tx, actor, "channels/list.html", icons=saying.LATER,
            rows=await saying.fares(tx, await switchboard.accounts(tx)),
            offered=saying.offered(),
            broken=channels.broken(),
            public_url=request.app.state.fadeno.settings.public_url or "",
            may=access.may(actor, "change", "channels"),
            **saying.look(),
        )  # fmt: skip


@get("/channels/new/{channel:str}", include_in_schema=False)
async def ask_account(request: Request, channel: FromPath[str]) -> Response:
    """What an account of a channel is given."""
    async with door.opened(request, "change", "channels") as (tx, actor):
        return await _ask(request, tx, actor, channel)


@post("/channels/new/{channel:str}", include_in_schema=False)
async def make_account(request: Request, channel: FromPath[str]) -> Response | Redirect:
    """Make an account, and go on to it."""
    form = await request.form()
    typed = {name: value for name, value in form.items() if isinstance(value, str)}
    vault = request.app.state.fadeno.vault
    async with door.opened(request, "change", "channels") as (tx, actor):
        try:
            async with tx.savepoint():
                made = await switchboard.add(
                    tx, actor, vault, channel=channel, name=typed.get("name", ""), credentials=saying.given(form),
                    area=typed.get("area", "service"), language=typed.get("language", "").strip(),
                )  # fmt: skip
                if typed.get("is_test") == "yes":
                    await switchboard.change(tx, actor, vault, made.id, is_test=True)
        except FadenoError as error:
            if error.status == 404:
                raise
            given = saying.given(form)
            return await _ask(request, tx, actor, channel, status=error.status, error=error, typed=typed, given=given)
    return Redirect(f"/channels/{made.id}?saved=made", status_code=303)


async def _ask(request: Request, tx: Tx, actor: Actor, channel: str, *, status: int = 200, **context: Any) -> Response:
    adapter = channels.adapter(channel)
    given = context.pop("given", {})
    return await page.inside(
        request, tx, actor, "channels/new.html", status=status,
        label=adapter.label, fields=saying.fields(adapter.label, given), guide=saying.guide(adapter),
        areas=await saying.areas(tx), **saying.look(), **{"error": None, "typed": {}, **context},
    )  # fmt: skip


routes = [list_accounts, ask_account, make_account]
