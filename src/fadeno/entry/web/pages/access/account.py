"""One's own account: how fadeno looks, password, one-time codes, where one is signed in."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import cache
from typing import Any
from uuid import UUID
from zoneinfo import available_timezones

import segno
from litestar import Request, Response, get, post
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect
from markupsafe import Markup

from fadeno import access
from fadeno.access import Actor, NoMatch, TooManyTries
from fadeno.db import Tx
from fadeno.entry import door
from fadeno.entry.web import page, words
from fadeno.entry.web.page import inside
from fadeno.entry.web.pages.access.forms import fields, go
from fadeno.kit.errors import FadenoError, Invalid


@cache
def zones() -> tuple[str, ...]:
    """The time zones to choose from, by name."""
    return tuple(sorted(zone for zone in available_timezones() if "/" in zone and not zone.startswith("Etc/")))


# The first that fits: every browser also says that it is some other one.
_BROWSERS = (
    ("Edg", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("FxiOS", "Firefox"), ("CriOS", "Chrome"),
    ("SamsungBrowser", "Samsung Internet"), ("Chrome/", "Chrome"), ("Safari/", "Safari"),
)  # fmt: skip
_SYSTEMS = (
    ("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("CrOS", "ChromeOS"),
    ("Windows", "Windows"), ("Macintosh", "macOS"), ("Linux", "Linux"),
)  # fmt: skip


_PREFERENCES = ("name", "zone", "density", "theme", "language")


@get("/account", include_in_schema=False)
async def show_account(request: Request, saved: FromQuery[str] = "") -> Response:
    """One's own account."""
    async with door.entered(request) as (tx, actor):
        return await _show(request, tx, actor, saved=saved)


@post("/account/look", include_in_schema=False)
async def change_look(request: Request) -> Response:
    """How one is called and wants to see fadeno."""
    form = await fields(request)
    async with door.entered(request) as (tx, actor):
        wanted: dict[str, Any] = {name: form[name] for name in _PREFERENCES if name in form}
        if "look" in form:  # an unticked box sends nothing
            wanted["single_keys"] = "single_keys" in form
        try:
            if wanted.get("language", "") not in ("", *words.offered()):
                raise Invalid("Choose a language from the list.", field="language", word="bad_choice")
            await access.set_preferences(tx, actor, **wanted)
        except Invalid as error:
            return await _show(request, tx, actor, status=422, part="look", error=error)
    response = go("/account?saved=look")
    page.remember_language(request, response, wanted.get("language", actor.language))
    return response


@post("/account/begin", include_in_schema=False)
async def close_begin(request: Request) -> Response:
    """Put the list of first steps away, or get it back."""
    again = "again" in await fields(request)
    async with door.entered(request) as (tx, actor):
        await access.set_preferences(tx, actor, begin_closed=not again)
    return go("/customers" if again else "/customers?done=begin")


@post("/account/password", include_in_schema=False)
async def change_password(request: Request) -> Response:
    """Change the password, after the old one was shown."""
    form = await fields(request)
    try:
        async with _proven(request, form.get("current", "")) as (tx, actor):
            await access.change_password(tx, actor, form.get("password", ""))
    except (Invalid, NoMatch, TooManyTries) as error:
        return await _again(request, error, "password")
    return go("/account?saved=password")


@post("/account/codes", include_in_schema=False)
async def begin_codes(request: Request) -> Response:
    """Show the QR code of a new secret, after the password was shown."""
    form = await fields(request)
    try:
        async with _proven(request, form.get("current", "")) as (tx, actor):
            secret, address = await access.begin_totp(tx, actor, request.app.state.fadeno.vault)
            return await _codes(request, tx, actor, secret, address)
    except (NoMatch, TooManyTries) as error:
        return await _again(request, error, "codes")


@post("/account/codes/confirm", include_in_schema=False)
async def confirm_codes(request: Request) -> Response:
    """Turn codes on, once one was right; shows the recovery codes this one time."""
    form = await fields(request)
    vault = request.app.state.fadeno.vault
    error: NoMatch | TooManyTries = NoMatch()
    try:
        async with door.entered(request) as (tx, actor):
            recovery = await access.confirm_totp(tx, actor, vault, form.get("code", ""))
            if recovery:
                return await inside(request, tx, actor, "access/recovery.html", codes=recovery)
    except TooManyTries as waits:
        error = waits
    async with door.entered(request) as (tx, actor):
        pending = await access.pending_totp(tx, actor, vault)
        if pending is None:
            return go("/account")
        status = 429 if isinstance(error, TooManyTries) else 422
        return await _codes(request, tx, actor, *pending, status=status, error=error)


@post("/account/codes/off", include_in_schema=False)
async def codes_off(request: Request) -> Response:
    """Ask no more for codes, after the password was shown."""
    form = await fields(request)
    try:
        async with _proven(request, form.get("current", "")) as (tx, actor):
            me = await access.oneself(tx, actor)
            await access.clear_totp(tx, actor, me.id)
    except (NoMatch, TooManyTries) as error:
        return await _again(request, error, "codes")
    return go("/account?saved=codes")


@post("/account/codes/recovery", include_in_schema=False)
async def renew_recovery(request: Request) -> Response:
    """Replace the recovery codes, after the password was shown."""
    form = await fields(request)
    try:
        async with _proven(request, form.get("current", "")) as (tx, actor):
            codes = await access.renew_recovery_codes(tx, actor)
            return await inside(request, tx, actor, "access/recovery.html", codes=codes)
    except (NoMatch, TooManyTries) as error:
        return await _again(request, error, "codes")


@post("/account/sessions/{session_id:uuid}/end", include_in_schema=False)
async def end_session(request: Request, session_id: FromPath[UUID]) -> Redirect:
    """End one of one's sessions."""
    async with door.entered(request) as (tx, actor):
        await access.revoke_session(tx, actor, session_id)
    return go("/account?saved=sessions")


@post("/account/sessions/end-others", include_in_schema=False)
async def end_other_sessions(request: Request) -> Redirect:
    """End every session but this one."""
    async with door.entered(request) as (tx, actor):
        await access.revoke_other_sessions(tx, actor)
    return go("/account?saved=sessions")


@asynccontextmanager
async def _proven(request: Request, password: str) -> AsyncIterator[tuple[Tx, Actor]]:
    """Open a transaction for a member who has just shown the password; tries are counted.

    Raises:
        NoMatch: the password is wrong.
        TooManyTries: it was wrong too often.
    """
    async with door.entered(request) as (tx, actor):
        attempt = await access.begin_own_check(tx, actor)
    if not await access.check(attempt, password):
        raise NoMatch(left=attempt.left, field="current")
    async with request.app.state.fadeno.db.transaction() as tx:
        await access.passed_own_check(tx, attempt)
        yield tx, actor


async def _again(request: Request, error: FadenoError, part: str) -> Response:
    async with door.entered(request) as (tx, actor):
        status = 422 if error.status in (400, 401) else error.status
        return await _show(request, tx, actor, status=status, part=part, error=error)


async def _show(request: Request, tx: Tx, actor: Actor, *, status: int = 200, **context: Any) -> Response:
    me = await access.oneself(tx, actor)
    sessions = await access.sessions(tx, me.id)
    return await inside(
        request,
        tx,
        actor,
        "access/account.html",
        status=status,
        me=me,
        sessions=sessions,
        browsers={session.id: browser(session.agent) for session in sessions},
        this_session=actor.session_id,
        codes_left=await access.recovery_codes_left(tx, me.id) if me.totp_on else 0,
        zones=zones(),
        densities=access.DENSITIES,
        themes=access.THEMES,
        offered=words.offered(),
        **{"error": None, "part": "", "saved": "", **context},
    )


def browser(agent: str) -> str:
    """What a person would call this browser; empty if it does not say."""
    name = next((name for mark, name in _BROWSERS if mark in agent), "")
    system = next((name for mark, name in _SYSTEMS if mark in agent), "")
    return words.beside(words.spoken(), (name, system))


async def _codes(request: Request, tx: Tx, actor: Actor, secret: str, address: str, **context: Any) -> Response:
    picture = segno.make(address, error="m", micro=False)
    drawn = picture.svg_inline(border=2, dark="#25211C", light=None, svgclass="qr", lineclass=None, omitsize=True)
    spaced = " ".join(secret[i : i + 4] for i in range(0, len(secret), 4))
    # Safe: segno drew it from an address already encoded; no text of anybody's stands in it.
    qr = Markup(drawn)  # noqa: S704
    shown = {"error": None, **context}
    return await inside(request, tx, actor, "access/codes.html", qr=qr, secret=spaced, **shown)


routes = [
    show_account,
    change_look,
    close_begin,
    change_password,
    begin_codes,
    confirm_codes,
    codes_off,
    renew_recovery,
    end_session,
    end_other_sessions,
]
