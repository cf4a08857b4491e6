"""How every request comes in: who asks, may they, is the form ours; then one transaction for all it does."""

import base64
import binascii
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from ipaddress import ip_address
from secrets import token_bytes
from typing import Any

from litestar import Request

from fadeno import access
from fadeno.access import Actor
from fadeno.db import Tx
from fadeno.entry import speaking

COOKIE = "fadeno_session"
DEVICE_COOKIE = "fadeno_device"
WAITING_COOKIE = "fadeno_waiting"
FORM_COOKIE = "fadeno_form"
CSRF_HEADER = "x-csrf-token"
CSRF_FIELD = "_csrf"

_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")
_VEILED_CHARS = 128  # in hex: a veil as long as the token, and the token under it
_DAY_S = 86_400
_HERE = frozenset({"localhost", "127.0.0.1", "::1"})
_FORWARDING = (
    "forwarded",
    "via",
    "x-forwarded-for",
    "x-forwarded-host",
    "x-forwarded-proto",
    "x-real-ip",
    "cf-connecting-ip",
    "true-client-ip",
)


@asynccontextmanager
async def opened(request: Request, verb: str, what: str) -> AsyncIterator[tuple[Tx, Actor]]:
    """Open a transaction for somebody who may do `verb` to `what`.

    Raises:
        Unauthenticated: nobody is signed in and no key is given.
        Forbidden: the table does not allow it.
        BadForm: a changing request with a cookie, without the token of our own form.
    """
    async with entered(request) as (tx, actor):
        access.require(actor, verb, what)
        yield tx, actor


@asynccontextmanager
async def entered(request: Request) -> AsyncIterator[tuple[Tx, Actor]]:
    """Open a transaction for whoever it is: for one's own account, or where rights are asked inside.

    Raises:
        Unauthenticated: nobody is signed in and no key is given.
        BadForm: as for `opened`.
    """
    if not key_given(request) and request.cookies.get(COOKIE) and request.method not in _SAFE:
        await check_form(request, request.cookies[COOKIE])
    async with looked(request) as (tx, actor):
        yield tx, actor


@asynccontextmanager
async def looked(request: Request) -> AsyncIterator[tuple[Tx, Actor]]:
    """Open a transaction for whoever it is, only to show something: what their request was to change is not done.

    Raises:
        Unauthenticated: nobody is signed in and no key is given.
    """
    key = key_given(request)
    token = None if key else request.cookies.get(COOKIE)
    if not key and not token:
        raise access.Unauthenticated
    async with request.app.state.fadeno.db.transaction() as tx:
        yield tx, await _actor(tx, key, token)


async def _actor(tx: Tx, key: str | None, token: str | None) -> Actor:
    actor = await (access.key_actor(tx, key) if key else access.session_actor(tx, token or ""))
    if actor is None:
        said, word = (
            ("This key is not valid.", "bad_key") if key else ("This session has ended. Sign in again.", "session_over")
        )
        raise access.Unauthenticated(said, word=word)
    if actor.language:
        speaking.speak(actor.language)
    return actor


def key_given(request: Request) -> str | None:
    """The API key a request brings: Bearer, user name of Basic, or X-Api-Key."""
    header = request.headers.get("authorization", "")
    kind, _, rest = header.partition(" ")
    match kind.lower():
        case "bearer":
            return rest.strip() or None
        case "basic":
            try:
                user, _, _ = base64.b64decode(rest.strip(), validate=True).decode().partition(":")
            except (binascii.Error, UnicodeDecodeError):
                raise access.Unauthenticated("The Authorization header can't be read.", word="bad_key") from None
            return user or None
    return request.headers.get("x-api-key") or None


async def check_form(request: Request, secret: str) -> None:
    """Refuse a changing request that does not carry the token made from `secret`, the cookie it came with.

    Raises:
        BadForm: no token, another one, or the browser says the request is from another site.
    """
    if request.headers.get("sec-fetch-site") in ("cross-site", "same-site"):
        raise access.BadForm
    given = request.headers.get(CSRF_HEADER)
    if given is None and request.headers.get("content-type", "").lower().startswith(_FORMS):
        field = (await request.form()).get(CSRF_FIELD)
        given = field if isinstance(field, str) else None
    if given is None or not access.same(_bare(given), access.form_token(secret)):
        raise access.BadForm


def csrf_token(request: Request) -> str:
    """The token forms of this page carry, written as never before; empty where nobody is signed in."""
    token = request.cookies.get(COOKIE)
    return form_token(token) if token else ""


def form_token(secret: str) -> str:
    """The token made from `secret`, another in each answer, so that the length of a packed page tells nothing of it."""
    bare = bytes.fromhex(access.form_token(secret))
    veil = token_bytes(len(bare))
    return (veil + bytes(a ^ b for a, b in zip(veil, bare, strict=True))).hex()


def _bare(given: str) -> str:
    """The token under its veil; one without a veil as it is."""
    if len(given) != _VEILED_CHARS:
        return given
    try:
        both = bytes.fromhex(given)
    except ValueError:
        return given
    veil, veiled = both[: len(both) // 2], both[len(both) // 2 :]
    return bytes(a ^ b for a, b in zip(veil, veiled, strict=False)).hex()


def place(request: Request) -> access.Place:
    """Where a request comes from, for counting tries and for the list of sessions."""
    agent = request.headers.get("user-agent", "")
    return access.Place(address(request), agent, request.cookies.get(DEVICE_COOKIE))


def address(request: Request) -> str:
    """The network address of the browser: the last one a proxy of ours named, or who is connected."""
    if request.app.state.fadeno.settings.behind_proxy:
        named = request.headers.getall("x-forwarded-for", [])
        last = ",".join(named).rpartition(",")[2].strip()
        if last:
            return last
    return request.client.host if request.client else ""


def is_this_machine(request: Request) -> bool:
    """Whether a browser on this very machine asks, as far as can be known: nothing that speaks for others is between.

    An installation with a public address or a proxy is never asked by its own machine: who seems to be may be anybody.
    """
    settings = request.app.state.fadeno.settings
    if settings.public_url or settings.behind_proxy or any(name in request.headers for name in _FORWARDING):
        return False
    try:
        ip = ip_address(request.client.host if request.client else "")
    except ValueError:
        return False
    near = (getattr(ip, "ipv4_mapped", None) or ip).is_loopback
    # A page elsewhere may point a name of its own at 127.0.0.1; then the name it asked for is not ours.
    return near and (request.url.hostname or "") in _HERE


def cookie(request: Request, name: str, value: str, *, days: int | None) -> dict[str, Any]:
    """The arguments of `Response.set_cookie` for one of our cookies; `days=0` takes it away."""
    return {
        "key": name,
        "value": value,
        "max_age": None if days is None else days * _DAY_S,
        "path": "/",
        "httponly": True,
        "samesite": "lax",
        "secure": is_https(request),
    }


def is_https(request: Request) -> bool:
    """Whether the browser reaches us by https: the public address, the proxy or the request itself says so."""
    settings = request.app.state.fadeno.settings
    if (settings.public_url or "").startswith("https:") or request.url.scheme == "https":
        return True
    return settings.behind_proxy and request.headers.get("x-forwarded-proto", "").lower() == "https"
