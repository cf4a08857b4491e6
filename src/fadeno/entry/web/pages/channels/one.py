"""One account: how it fares, what it is given, what could not be read, what the world thinks of its domain."""

from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.params import FromPath
from litestar.response import Redirect

from fadeno import access, channels, jobs, switchboard
from fadeno.access import Actor
from fadeno.db import Tx
from fadeno.entry import door, links
from fadeno.entry.trying import try_account
from fadeno.entry.web import page
from fadeno.entry.web.pages.channels import saying
from fadeno.kit.errors import FadenoError, Invalid
from fadeno.switchboard import Account, Dns, Traffic

_MOST = 50
_SWITCHES = {"on": {"is_on": True}, "off": {"is_on": False}, "test": {"is_test": True}, "live": {"is_test": False}}


@get("/channels/{account_id:uuid}", include_in_schema=False)
async def show_account(request: Request, account_id: FromPath[UUID]) -> Response:
    """One account."""
    async with door.opened(request, "see", "channels") as (tx, actor):
        return await _show(request, tx, actor, await switchboard.account(tx, account_id))


async def _show(
    request: Request, tx: Tx, actor: Actor, account: Account, *, status: int = 200, **context: Any
) -> Response:
    app = request.app.state.fadeno
    adapter = channels.adapter(account.channel)
    kept = frozenset((await switchboard.credentials(tx, app.vault, account)).secrets)
    given = context.pop("given", account.options)
    return await page.inside(
        request, tx, actor, "channels/one.html", status=status, icons=saying.LATER,
        account=account,
        traffic=(await switchboard.traffic(tx, [account])).get(account.id, Traffic()),
        label=adapter.label,
        fields=saying.fields(adapter.label, given, kept),
        guide=saying.guide(adapter),
        areas=await saying.areas(tx),
        failed=await switchboard.parcels(tx, account.id, state="failed", limit=_MOST),
        here_url=links.link_seen(request, ""),
        is_reached=bool(app.settings.public_url),
        may=access.may(actor, "change", "channels"),
        **saying.look(),
        **{"error": None, "typed": {}, "saved": request.query_params.get("saved", ""), **context},
    )  # fmt: skip


@post("/channels/{account_id:uuid}", include_in_schema=False)
async def change_account(request: Request, account_id: FromPath[UUID]) -> Response | Redirect:
    """Set what an account is given; a secret that is left empty stays."""
    form = await request.form()
    typed = {name: value for name, value in form.items() if isinstance(value, str)}
    given = saying.given(form)
    async with door.opened(request, "change", "channels") as (tx, actor):
        account = await switchboard.account(tx, account_id)
        secret = {one.name for one in channels.adapter(account.channel).label.credentials if one.secret}
        said = {name: value for name, value in given.items() if value.strip() or name not in secret}
        try:
            async with tx.savepoint():
                await switchboard.change(
                    tx, actor, request.app.state.fadeno.vault, account_id, credentials=said,
                    area=typed.get("area", account.area), language=typed.get("language", "").strip(),
                )  # fmt: skip
        except FadenoError as error:
            return await _show(
                request, tx, actor, account, status=error.status, error=error, typed=typed, given=given
            )  # fmt: skip
    return Redirect(f"/channels/{account_id}?saved=changed", status_code=303)


@post("/channels/{account_id:uuid}/switch", include_in_schema=False)
async def switch_account(request: Request, account_id: FromPath[UUID]) -> Redirect:
    """Switch an account on or off, or its test mode."""
    wanted = str((await request.form()).get("to", ""))
    if wanted not in _SWITCHES:
        raise Invalid("An account is switched on, off, to test or live.", field="to", word="bad_choice")
    async with door.opened(request, "change", "channels") as (tx, actor):
        await switchboard.change(tx, actor, request.app.state.fadeno.vault, account_id, **_SWITCHES[wanted])
    return Redirect(f"/channels/{account_id}?saved={wanted}", status_code=303)


@post("/channels/{account_id:uuid}/try", include_in_schema=False)
async def test_account(request: Request, account_id: FromPath[UUID]) -> Response:
    """Sign in where messages are read and where they leave; each step with what was said."""
    outcome = await try_account(request, account_id)
    return page.render(request, "channels/tried.html", outcome=outcome)


@get("/channels/{account_id:uuid}/domain", include_in_schema=False)
async def show_domain(request: Request, account_id: FromPath[UUID]) -> Response:
    """What the DNS says of the domain mails of this account are sent from."""
    async with door.opened(request, "see", "channels") as (tx, _):
        account = await switchboard.account(tx, account_id)
    found = await switchboard.domain_check(account, Dns(request.app.state.fadeno.settings.dns))
    return page.render(request, "channels/domain.html", found=found)


@post("/channels/{account_id:uuid}/parcels", include_in_schema=False)
async def settle_parcels(request: Request, account_id: FromPath[UUID]) -> Redirect:
    """Have what could not be read read again, or put it aside."""
    form = await request.form()
    verb = str(form.get("verb", ""))
    if verb not in ("replay", "dismiss"):
        raise Invalid("What failed is read again or put aside.", field="verb", word="bad_choice")
    async with door.opened(request, "change", "channels") as (tx, actor):
        failed = {one.id for one in await switchboard.parcels(tx, account_id, state="failed", limit=_MOST)}
        chosen = {str(one) for one in form.getall("id", [])}
        do = switchboard.replay if verb == "replay" else switchboard.dismiss
        await do(tx, actor, [one for one in failed if not chosen or str(one) in chosen])
    return Redirect(f"/channels/{account_id}?saved={verb}#failed", status_code=303)


@post("/channels/{account_id:uuid}/leave", include_in_schema=False)
async def try_leaving(request: Request, account_id: FromPath[UUID]) -> Redirect:
    """Have what waits tried at once, and what was given up tried again."""
    async with door.opened(request, "change", "outbox") as (tx, actor):
        account = await switchboard.account(tx, account_id)
        lane = switchboard.lane_out(account.id)
        given_up, _ = await jobs.listed(tx, state="failed", lane=lane, limit=_MOST)
        count = await jobs.reopen(tx, [one.id for one in given_up])
        if account.is_on:
            await jobs.open_lane(tx, lane)
        await access.note(tx, actor, "retry", "outbox", lane, {"jobs": count})
    return Redirect(f"/channels/{account_id}?saved=again", status_code=303)


routes = [show_account, change_account, switch_account, test_account, show_domain, settle_parcels, try_leaving]
