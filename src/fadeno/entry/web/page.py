"""Renders pages: the frame, what the viewer may see of it, and how they like to see it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache, partial
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote

from babel.numbers import format_decimal
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from litestar import Request, Response
from litestar.response import Redirect
from litestar.types import ASGIApp, Message, Receive, Scope, Send
from markupsafe import Markup

from fadeno import access
from fadeno.access import Actor
from fadeno.db import Tx, Unreachable
from fadeno.entry import door, speaking
from fadeno.entry.web import assets, rail, shortcuts, values, words
from fadeno.entry.web.times import Times, zone_of
from fadeno.kit.errors import FadenoError

LANGUAGE_COOKIE = "fadeno_language"
LANGUAGE_FIELD = "speak"
ZONE_COOKIE = "fadeno_zone"
DIRECTION_COOKIE = "fadeno_dir"
_SPRITE = "<!--sprite-->"
_SEE_OTHER = 303
_BROKEN = 500
_SIGN = re.compile(r"(?<=[@._/+-])(?=\w)")
_AT = re.compile(r"(?<=@)(?=\w)")
_FITS_CHARS = 26  # what stands in a line of the narrowest column


@dataclass(frozen=True, slots=True)
class Look:
    """How a viewer wants to see fadeno. An empty zone is that of the browser."""

    theme: str = "auto"
    density: str = "normal"
    zone: str = ""
    single_keys: bool = True


@lru_cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        auto_reload=False,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals["asset"] = assets.url
    return environment


def render(
    request: Request,
    template: str,
    *,
    status: int = 200,
    actor: Actor | None = None,
    look: Look | None = None,
    icons: tuple[str, ...] = (),
    there: frozenset[str] = frozenset(),
    **context: Any,
) -> Response[str]:
    """A page, or a part of one.

    Args:
        there: the kinds of things there are any of.
        icons: symbols the page may come to use after it was sent.
    """
    frame = _frame(request, actor, look or Look(), there)
    html = _environment().get_template(template).render(**{**frame, **context})
    if _SPRITE in html:
        html = html.replace(_SPRITE, assets.sprite(html, icons), 1)
    return Response(html, status_code=status, media_type="text/html")


async def inside(
    request: Request, tx: Tx, actor: Actor, template: str, *, status: int = 200, **context: Any
) -> Response[str]:
    """A page for somebody signed in, as they like to see it."""
    look, there = await look_of(tx, actor), await rail.kinds(request.app.state.fadeno, tx)
    response = render(request, template, status=status, actor=actor, look=look, there=there, **context)
    if actor.language:
        remember_language(request, response, actor.language)
    return response


def breakable(text: str) -> Markup:
    """A text whose addresses go on in the next line after their @, else after a sign, not in the middle of a word."""
    if "@" not in text:
        return Markup("<wbr>").join([text])
    parts = _AT.split(text)
    return Markup("<wbr>").join(parts if max(map(len, parts)) <= _FITS_CHARS else _SIGN.split(text))


def hear(request: Request) -> None:
    """Speak as whoever asks wants: by the language they just chose, else chose before, else by what their browser asks.

    A member's own choice is known, and counts, once the door has let them in.
    """
    chosen = (request.query_params.get(LANGUAGE_FIELD), request.cookies.get(LANGUAGE_COOKIE))
    known = next((lang for lang in chosen if lang in words.offered()), None)
    speaking.speak(known or words.wanted(request.headers.get("accept-language", "")))


def remember_language(request: Request, response: Response[Any], lang: str) -> None:
    """Keep a language in the browser, for the pages before one is signed in; the empty one is forgotten."""
    if request.cookies.get(LANGUAGE_COOKIE, "") != lang:
        response.set_cookie(**door.cookie(request, LANGUAGE_COOKIE, lang, days=365 if lang else 0))


async def look_of(tx: Tx, actor: Actor) -> Look:
    """How a member wants to see fadeno."""
    if actor.kind != "member":
        return Look()
    me = await access.oneself(tx, actor)
    return Look(me.theme, me.density, me.zone, me.single_keys)


def times(request: Request, look: Look) -> Times:
    """How moments are written for this viewer."""
    return Times.here(words.spoken(), zone_of(look.zone or unquote(request.cookies.get(ZONE_COOKIE, ""))))


def going_on(app: ASGIApp) -> ASGIApp:
    """Tell a form that a script sent where to go on; the browser would follow a redirect without anybody seeing it."""

    async def handle(scope: Scope, receive: Receive, send: Send) -> None:
        async def send_onward(message: Message) -> None:
            if message["type"] == "http.response.start" and message["status"] == _SEE_OTHER:
                headers = [
                    (b"hx-redirect" if name == b"location" else name, value) for name, value in message["headers"]
                ]
                message = {**message, "status": 200, "headers": headers}
            await send(message)

        is_sent = scope.get("method") == "POST" and (b"hx-request", b"true") in scope["headers"]
        await app(scope, receive, send_onward if is_sent else send)

    return handle


def _frame(request: Request, actor: Actor | None, look: Look, there: frozenset[str]) -> Mapping[str, Any]:
    clock, lang = times(request, look), words.spoken()
    path = request.url.path
    rooms = rail.shown(rail.ROOMS, actor, there, path)
    settings = rail.shown(rail.SETTINGS, actor, there, path)
    return {
        "t": partial(words.say, lang),
        "has_message": partial(words.has, lang),
        "listed": partial(words.listed, lang),
        "comma": words.say(lang, "frame.comma"),
        "country": values.country,
        "tongue": values.tongue,
        "product_name": values.product,
        "when": clock.when,
        "hour": clock.hour,
        "day": clock.day,
        "day_head": clock.day_head,
        "age": clock.age,
        "full": clock.full,
        "num": partial(format_decimal, locale=words.locale(lang)),
        "lang": lang,
        "languages": words.offered(),
        "dir": "rtl" if request.cookies.get(DIRECTION_COOKIE) == "rtl" else words.direction(lang),
        "theme": look.theme,
        "density": look.density,
        "single_keys": look.single_keys,
        "zone_is_chosen": bool(look.zone),
        "actor": actor,
        "can": partial(access.may, actor) if actor else _nobody_may,
        "csrf": door.csrf_token(request),
        "rooms": rooms,
        "acts": shortcuts.acts_of(actor),
        "shortcuts": shortcuts.SHORTCUTS,
        "going": shortcuts.going([*rooms, *settings]),
        "settings": settings,
        "here": next((room.key for room in (*rooms, *settings) if rail.is_at(room, path)), None),
        "path": path,
        "given": request.query_params,
        "initials": _initials(actor.name) if actor else "",
        "sentence": partial(words.sentence, lang),
        "hint_of": partial(words.hint, lang),
        "sprite": Markup(_SPRITE),  # noqa: S704 - ours
    }


def _nobody_may(verb: str, what: str) -> bool:
    return False


def _initials(name: str) -> str:
    parts = [word[0] for word in name.partition("@")[0].replace(".", " ").split() if word]
    return "".join(parts[:1] + parts[-1:] if len(parts) > 1 else parts).upper()


def error(request: Request, fault: FadenoError) -> Response:
    """What went wrong, what still holds, what to do next; who is not signed in goes to sign in."""
    hear(request)
    is_part = request.headers.get("hx-request") == "true"
    if fault.status == 401 and fault.code in ("unauthenticated", "not_signed_in"):
        onward = _onward(request, is_part=is_part)
        if is_part:
            return Response(b"", status_code=200, headers={"HX-Redirect": onward}, media_type="text/html")
        return Redirect(onward, status_code=_SEE_OTHER)
    if is_part or fault.status >= _BROKEN:
        return _told(request, fault, "error_part.html" if is_part else "error.html")
    return _Framed(request, fault)


def _told(request: Request, fault: FadenoError, template: str = "error.html") -> Response[str]:
    return render(request, template, status=fault.status, error=fault, number=fault.values.get("number", ""))


class _Framed(Response[str]):
    """A page about a fault, in the frame of whoever is signed in: one goes on from there as from any other page.

    Who that is is read when it is sent, as what an error is answered with can't wait for the database.
    """

    def __init__(self, request: Request, fault: FadenoError) -> None:
        super().__init__("", status_code=fault.status, media_type="text/html")
        self.request, self.fault = request, fault

    def to_asgi_response(self, *args: Any, **named: Any) -> ASGIApp:
        """What sends it."""

        async def send_it(scope: Scope, receive: Receive, send: Send) -> None:
            response = await _framed(self.request, self.fault)
            response.headers.update(self.headers)
            await response.to_asgi_response(*args, **named)(scope, receive, send)

        return send_it


async def _framed(request: Request, fault: FadenoError) -> Response[str]:
    try:
        async with door.looked(request) as (tx, actor):
            return await inside(request, tx, actor, "error.html", status=fault.status, error=fault, number="")
    except (access.Unauthenticated, Unreachable):
        return _told(request, fault)


def _onward(request: Request, *, is_part: bool) -> str:
    if is_part or request.method != "GET":
        return "/sign-in"
    query = f"?{request.url.query}" if request.url.query else ""
    target = request.url.path + query
    return "/sign-in" if target == "/" else f"/sign-in?next={quote(target, safe='')}"
