"""The event API of one process: from a request to events at the gate, and back to an answer."""

import base64
import re
from typing import Any
from urllib.parse import parse_qs

import msgspec
from litestar.types import Receive, Scope, Send

from fadeno import intake
from fadeno.app import App
from fadeno.db import Unreachable
from fadeno.entry.api.collect import starting
from fadeno.entry.api.collect.bodies import Bodies, TooLarge
from fadeno.entry.api.collect.dialects import Told, Translate, posthog_key, translator
from fadeno.entry.api.collect.keys import Keys, header_key
from fadeno.intake import BATCH_LIMIT_EVENTS, Bad, Parcel, Unavailable, Unreadable
from fadeno.kit import clock, ids
from fadeno.kit.errors import FadenoError, NotFound
from fadeno.sources import Source

GROWN_LIMIT_BYTES = 8 * 1024 * 1024
JSON, GIF = b"application/json", b"image/gif"
DONE = b'{"success":true}'
PIXEL = base64.b64decode("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7")
PIXELS = {"/pixel/v1/track": "/v1/track", "/pixel/v1/page": "/v1/page", "/i": "/i"}
FLAGS = {"/flags", "/decide"}
CORS = [
    (b"access-control-allow-origin", b"*"),
    (b"access-control-expose-headers", b"Retry-After"),
]
_HEADER_NAMES = re.compile(rb"[A-Za-z0-9_, -]{1,1000}")
_HEADERS_KNOWN = b"authorization, content-type, content-encoding, x-retry-count, x-write-key, anonymousid, sentat"

Answer = tuple[int, bytes, bytes]


class _NoRoute(NotFound):
    """There is no such path in the event API."""

    hint = "POST /v1/batch takes every kind of event."


class _Asked:
    """One request: where to, and what its headers say."""

    def __init__(self, scope: Scope) -> None:
        raw = scope.get("raw_path", b"").split(b"?")[0].decode("latin-1") or scope["path"]
        self.path = raw.rstrip("/") or "/"
        self.method: str = scope["method"]
        self.headers: dict[bytes, bytes] = dict(scope["headers"])
        query = parse_qs(scope["query_string"].decode("latin-1"))
        self.query = {name: values[0] for name, values in query.items()}

    def key(self, own: str | None = None) -> str | None:
        """The write key: of the headers, of the body, of the address."""
        return header_key(self.headers) or own or self.query.get("writeKey")


class Collect:
    """The event API of one process."""

    def __init__(self) -> None:
        self._keys = Keys()
        self._bodies = Bodies()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        app: App = scope["litestar_app"].state.fadeno
        try:
            status, kind, body = await self._answer(app, _Asked(scope), receive)
            headers = CORS
        except Unreachable:
            status, kind, body, headers = _refused(Unavailable())
        except FadenoError as error:
            status, kind, body, headers = _refused(error)
        if scope["method"] == "OPTIONS":
            headers = _preflight(scope)
        await send(
            {
                "type": "http.response.start",
                "status": status,
                "headers": [(b"content-type", kind), (b"content-length", str(len(body)).encode()), *headers],
            }
        )
        await send({"type": "http.response.body", "body": body})

    async def _answer(self, app: App, asked: _Asked, receive: Receive) -> Answer:
        if asked.method == "OPTIONS":
            return 200, b"text/plain", b""
        if asked.method == "GET":
            return await self._get(app, asked)
        translate = translator(asked.path) if asked.method == "POST" else None
        if translate is None and not (asked.method == "POST" and asked.path in FLAGS):
            raise _NoRoute
        try:
            body = await self._bodies.read(receive)
        except (TooLarge, Unreadable) as refused:
            await self._refuse(app, asked, unreadable=isinstance(refused, Unreadable))
            raise
        try:
            if translate is None:
                return await self._flags(app, asked, body.raw)
            await self._take(app, asked, body.raw, translate)
        finally:
            body.close()
        return 200, JSON, DONE

    async def _get(self, app: App, asked: _Asked) -> Answer:
        path = asked.path
        if path.startswith("/v1/projects/") and path.endswith("/settings"):
            key = path.removeprefix("/v1/projects/").removesuffix("/settings")
            await self._keys.source(app, key)
            return 200, JSON, msgspec.json.encode(starting.segment_settings(_host(app, asked), key))
        if path.startswith("/array/") and path.endswith("/config"):
            key = path.split("/")[2]
            await self._keys.source(app, key)
            return 200, JSON, msgspec.json.encode(starting.posthog_config(key))
        if path == "/sourceConfig":
            key = asked.key()
            source = await self._keys.source(app, key)
            return 200, JSON, msgspec.json.encode(starting.rudder_settings(_host(app, asked), key or "", source))
        if path in PIXELS:
            meant = PIXELS[path]
            event = {name: value for name, value in asked.query.items() if name != "writeKey"}
            await self._take(app, asked, msgspec.json.encode(event), translator(meant), meant)
            return 200, GIF, PIXEL
        raise _NoRoute

    async def _flags(self, app: App, asked: _Asked, body: bytes) -> Answer:
        await self._keys.source(app, asked.key(posthog_key(body)))
        return 200, JSON, msgspec.json.encode(starting.posthog_flags())

    async def _refuse(self, app: App, asked: _Asked, *, unreadable: bool) -> None:
        """Count a body nobody read to its end, where its headers say whose it is."""
        if (key := asked.key()) is not None:
            await _count(app, await self._keys.source(app, key), unreadable=unreadable)

    async def _take(self, app: App, asked: _Asked, body: bytes, translate: Translate, meant: str | None = None) -> None:
        received_at = clock.now()
        try:
            told = translate(body, meant or asked.path, received_at)
        except FadenoError:
            await _count(app, await self._keys.source(app, asked.key()), unreadable=True)
            raise
        source = await self._keys.source(app, asked.key(told.key))
        if len(told.events) > BATCH_LIMIT_EVENTS or _grown_bytes(told) > GROWN_LIMIT_BYTES:
            await _count(app, source, unreadable=False)
            raise TooLarge
        if told.events:
            await app.gate.submit(_parcel(told, body, source, received_at))


def _grown_bytes(told: Told) -> int:
    """How much a batch adds to its events: what it says for all of them is kept with each."""
    return len(told.envelope) and len(msgspec.json.encode(told.envelope)) * len(told.events)


def _preflight(scope: Scope) -> list[tuple[bytes, bytes]]:
    """Any site may send, with whatever headers its client adds (they differ by version, and we read few of them)."""
    wanted = dict(scope["headers"]).get(b"access-control-request-headers", b"")
    return [
        *CORS,
        (b"access-control-allow-methods", b"GET, POST, OPTIONS"),
        (b"access-control-allow-headers", wanted if _HEADER_NAMES.fullmatch(wanted) else _HEADERS_KNOWN),
        (b"access-control-max-age", b"86400"),
    ]


def _parcel(told: Told, body: bytes, source: Source, received_at: Any) -> Parcel:
    parcel = Parcel(ids.new_id(), source.id, received_at, body)
    for raw in told.events:
        one = intake.read_event(raw, told.envelope, source, received_at)
        (parcel.bad if isinstance(one, Bad) else parcel.letters).append(one)
    return parcel


def _refused(error: FadenoError) -> tuple[int, bytes, bytes, list[tuple[bytes, bytes]]]:
    said = {"code": error.code, "message": error.message, "field": error.field, "hint": error.hint}
    body = msgspec.json.encode(said)
    headers = [*CORS, (b"retry-after", b"1")] if error.status in (429, 503) else CORS
    return error.status, JSON, body, headers


async def _count(app: App, source: Source, *, unreadable: bool) -> None:
    async with app.db.transaction() as tx:
        await intake.count_refusal(tx, source.id, unreadable=unreadable)


def _host(app: App, asked: _Asked) -> tuple[str, str]:
    """How the asking browser reaches us: the public address, or else the one it just used."""
    if app.settings.public_url:
        scheme, _, host = app.settings.public_url.partition("://")
        return scheme, host.rstrip("/")
    return "http", asked.headers.get(b"host", b"localhost").decode("latin-1")
