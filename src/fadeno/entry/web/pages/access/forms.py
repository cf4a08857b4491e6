"""What the pages of access share: reading forms, going on to another page, cookies, forms before signing in."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from litestar import Request, Response
from litestar.response import Redirect

from fadeno import access
from fadeno.access import SignedIn
from fadeno.entry import door
from fadeno.entry.web import page, words
from fadeno.kit.errors import FadenoError

SEE_OTHER = 303
_LONGEST = 2000


async def fields(request: Request) -> Mapping[str, str]:
    """The words of a form, each once; files and what is absurdly long are left out."""
    form = await request.form()
    return {name: value for name, value in form.items() if isinstance(value, str) and len(value) <= _LONGEST}


def local(path: str) -> str:
    """Where to go on inside fadeno; home, if the path would lead elsewhere."""
    plain = path.isascii() and path.isprintable() and "\\" not in path
    return path if plain and path.startswith("/") and not path.startswith("//") else "/"


def go(path: str) -> Redirect:
    """Go on to another page after a form."""
    return Redirect(path, status_code=SEE_OTHER)


def before(request: Request, template: str, *, status: int = 200, **context: Any) -> Response:
    """A page for somebody not signed in yet, its form bound to a cookie of this browser."""
    secret = request.cookies.get(door.FORM_COOKIE) or access.new_token()
    response = page.render(request, template, status=status, csrf=door.form_token(secret), **context)
    response.set_cookie(**door.cookie(request, door.FORM_COOKIE, secret, days=None))
    if request.query_params.get(page.LANGUAGE_FIELD) in words.offered():
        page.remember_language(request, response, words.spoken())
    response.headers["referrer-policy"] = "no-referrer"
    return response


async def check_before(request: Request) -> None:
    """Refuse a form sent before signing in that did not come from our page in this browser.

    Raises:
        BadForm: no cookie, no token, or another one.
    """
    secret = request.cookies.get(door.FORM_COOKIE)
    if not secret:
        raise access.BadForm
    await door.check_form(request, secret)


def come_in(request: Request, signed: SignedIn, onward: str) -> Redirect:
    """Hand over the cookies of a fresh session and go on; the code is asked for first, if one is due."""
    if signed.waiting:
        response = go("/sign-in/code?" + urlencode({"next": onward}))
        response.set_cookie(**door.cookie(request, door.WAITING_COOKIE, signed.token, days=None))
        return response
    response = go(onward)
    response.set_cookie(**door.cookie(request, door.COOKIE, signed.token, days=30))
    if signed.device:
        response.set_cookie(**door.cookie(request, door.DEVICE_COOKIE, signed.device, days=180))
    for name in (door.WAITING_COOKIE, door.FORM_COOKIE):
        response.set_cookie(**door.cookie(request, name, "", days=0))
    return response


def wrong(error: FadenoError, **typed: Any) -> dict[str, Any]:
    """What a form is shown again with: what was typed, and what is wrong where."""
    return {"error": error, "typed": typed}
