"""Every route there is, whoever wrote it: who may not come in does not."""

import re

import httpx
import pytest
from litestar import Litestar
from litestar.routes import HTTPRoute

from fadeno import access
from fadeno.access import SYSTEM
from fadeno.app import App
from fadeno.entry import http as doors
from fadeno.entry.api import collect
from fadeno.entry.door import COOKIE

NOBODY = "0190a1b2-c3d4-7e5f-8a6b-7c8d9e0f1a2b"
# Open to whoever asks: they show nothing of anybody, or are the way in.
OPEN = re.compile(
    r"^/(healthz|readyz|metrics|hooks/.*|widget\.js|chat/.*|my(/.*)?|static/.*|favicon.*|sign-in|sign-in/code|sign-out|welcome|(invitation|reset)/.*|api/openapi.*)$"
)
WHO_AM_I = "/api/members/me"
# The doors of events have keys of their own, in the places each client puts them (test_collect, test_dialects).
COLLECTING = frozenset(path for handler in collect.routes for path in handler.paths)


def _filled(path: str) -> str:
    path = re.sub(r"\{[a-z_]+:uuid\}", NOBODY, path)
    path = re.sub(r"\{[a-z_]+:int\}", "1", path)
    return re.sub(r"\{[a-z_]+:[a-z]+\}", "x", path)


def _routes(asgi: Litestar, inside: str) -> list[tuple[str, str]]:
    found = [
        (method, _filled(route.path))
        for route in asgi.routes
        if isinstance(route, HTTPRoute) and route.path not in COLLECTING
        for method in sorted(route.methods - {"OPTIONS", "HEAD"})
    ]
    is_api = inside == "api"
    return [(m, p) for m, p in found if not OPEN.match(p) and p.startswith("/api/") == is_api]


async def _ask(http: httpx.AsyncClient, method: str, path: str, **headers: str) -> httpx.Response:
    body = {} if method in ("GET", "DELETE") else {"json": {}}
    return await http.request(method, path, headers=headers, **body)


async def test_there_are_routes_to_try(asgi: Litestar):
    assert len(_routes(asgi, "api")) > 30
    assert len(_routes(asgi, "pages")) > 20


async def test_no_route_of_the_api_answers_nobody(asgi: Litestar, http: httpx.AsyncClient):
    for method, path in _routes(asgi, "api"):
        answer = await _ask(http, method, path)
        known_only_by_body = method in ("POST", "PATCH", "PUT") and answer.status_code == 400
        assert answer.status_code == 401 or known_only_by_body, (method, path, answer.status_code)


async def test_no_route_of_the_api_takes_a_change_by_cookie_without_our_token(
    app: App, asgi: Litestar, http: httpx.AsyncClient
):
    async with app.db.transaction() as tx:
        member_id = await access.add_member(tx, SYSTEM, "ana@x.example", "", "admin", "three plain words")
        token = (await access.admit(tx, member_id, access.Place())).token
    for method, path in _routes(asgi, "api"):
        if method != "GET":
            answer = await _ask(http, method, path, cookie=f"{COOKIE}={token}")
            assert answer.status_code in (400, 403), (method, path, answer.status_code)
            if answer.status_code == 403:
                assert answer.json()["code"] == "csrf", (method, path)


async def test_a_collecting_key_reaches_nothing_of_the_api(
    asgi: Litestar, http: httpx.AsyncClient, keys: dict[str, str]
):
    for method, path in _routes(asgi, "api"):
        answer = await _ask(http, method, path, authorization=f"Bearer {keys['collect']}")
        known_only_by_body = method in ("POST", "PATCH", "PUT") and answer.status_code == 400
        assert answer.status_code == 403 or known_only_by_body or path == WHO_AM_I, (method, path, answer.status_code)


async def test_a_reading_key_changes_nothing_of_the_api(asgi: Litestar, http: httpx.AsyncClient, keys: dict[str, str]):
    for method, path in _routes(asgi, "api"):
        if method != "GET":
            answer = await _ask(http, method, path, authorization=f"Bearer {keys['read']}")
            assert answer.status_code in (400, 403), (method, path, answer.status_code)


@pytest.mark.parametrize("what", ["members", "keys", "audit", "invitations", "webhooks"])
async def test_a_writing_key_does_not_reach_how_fadeno_is_run(http: httpx.AsyncClient, keys: dict[str, str], what: str):
    assert (await _ask(http, "GET", f"/api/{what}", authorization=f"Bearer {keys['write']}")).status_code == 403


async def test_no_page_shows_itself_to_nobody(asgi: Litestar, http: httpx.AsyncClient):
    for method, path in _routes(asgi, "pages"):
        answer = await _ask(http, method, path, accept="text/html")
        away = answer.status_code in (302, 303) and answer.headers["location"].startswith(("/sign-in", "/customers"))
        assert away or answer.status_code in (400, 401, 403), (method, path, answer.status_code)


async def test_every_answer_carries_the_headers_that_keep_browsers_safe(http: httpx.AsyncClient):
    for path in ("/sign-in", "/api/members", "/healthz"):
        headers = (await http.get(path)).headers
        for name, value in doors.HEADERS.items():
            assert headers.get(name) in (value, "no-referrer"), (path, name)
