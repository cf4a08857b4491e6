"""The event API: what ordinary tracking clients speak, taken to the letter.

Content types are ignored, as clients lie about them: a body is JSON, gzipped or not. An answer is exactly 200, and only
after the commit. Errors carry both `code` and `message`: a client in wide use retries 4xx answers without them.

Source: Segment HTTP API, https://segment.com/docs/connections/sources/catalog/libraries/server/http-api/, RudderStack
HTTP API, https://www.rudderstack.com/docs/api/http-api/, and what their clients were seen to send; read 2026-11-23.
"""

import base64
import binascii
import time
import zlib
from collections import OrderedDict
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs

import msgspec
from litestar.handlers import asgi
from litestar.types import Receive, Scope, Send

from fadeno import access, intake, sources
from fadeno.app import App
from fadeno.db import Unreachable
from fadeno.intake import BATCH_LIMIT_BYTES, BATCH_LIMIT_EVENTS, Bad, Busy, Parcel, Unavailable, Unreadable
from fadeno.kit import clock, ids
from fadeno.kit.errors import FadenoError
from fadeno.sources import Source

WIRE_LIMIT_BYTES = 4 * 1024 * 1024
IN_FLIGHT_BYTES = 128 * 1024 * 1024
KEY_MEMORY_S = 5
KEYS_KNOWN = 2000
LETTERS = {"t": "track", "i": "identify", "p": "page", "s": "screen", "g": "group", "a": "alias"}
SINGLE = {f"/v1/{w}": w for w in LETTERS.values()} | {f"/v1/{c}": w for c, w in LETTERS.items()}
BATCH = {"/v1/batch", "/v1/import", "/v1/b", "/beacon/v1/batch"}
GIF = base64.b64decode("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7")
CORS = [
    (b"access-control-allow-origin", b"*"),
    (b"access-control-expose-headers", b"Retry-After"),
]
PREFLIGHT = [
    *CORS,
    (b"access-control-allow-methods", b"GET, POST, OPTIONS"),
    (
        b"access-control-allow-headers",
        b"authorization, content-type, content-encoding, x-retry-count, x-write-key, anonymousid",
    ),
    (b"access-control-max-age", b"86400"),
]


class _TooLarge(FadenoError):
    """The body is larger than a batch may be."""

    code = "too_large"
    status = 413
    hint = f"Send at most {BATCH_LIMIT_BYTES // 1024} KiB or {BATCH_LIMIT_EVENTS} events at once."


class _WrongKey(FadenoError):
    """This write key is not known here."""

    code = "unknown_key"
    status = 401
    hint = "Make one with `fadeno keys create NAME --scope collect --source SOURCE`; send it as the user of Basic auth."


class _WrongScope(FadenoError):
    """This key may not send events."""

    code = "wrong_scope"
    status = 403
    hint = "Make a key with the scope collect and a source."


class _Disabled(FadenoError):
    """The source of this key is switched off."""

    code = "source_disabled"
    status = 404


class _NoRoute(FadenoError):
    """There is no such path in the event API."""

    code = "not_found"
    status = 404
    hint = "POST /v1/batch takes every kind of event."


@dataclass(frozen=True, slots=True)
class _Known:
    source: Source
    until: float


class _Keys:
    """Write keys seen lately and what they open, so that a busy client costs no query a request."""

    def __init__(self) -> None:
        self._known: OrderedDict[str, _Known] = OrderedDict()

    async def source(self, app: App, key: str | None) -> Source:
        if not key or len(key) > 200:
            raise _WrongKey
        known = self._known.get(key)
        if known is None or known.until < time.monotonic():
            known = _Known(await _look_up(app, key), time.monotonic() + KEY_MEMORY_S)
            self._known[key] = known
            while len(self._known) > KEYS_KNOWN:
                self._known.popitem(last=False)
        if not known.source.enabled:
            raise _Disabled
        return known.source


async def _look_up(app: App, key: str) -> Source:
    async with app.db.transaction() as tx:
        actor = await access.key_actor(tx, key)
        if actor is None:
            raise _WrongKey
        if actor.source_id is None or not access.may(actor, "change", "events"):
            raise _WrongScope
        return await sources.get(tx, actor.source_id)


class Collect:
    """The event API of one process."""

    def __init__(self) -> None:
        self._keys = _Keys()
        self._in_flight_bytes = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        app: App = scope["litestar_app"].state.fadeno
        try:
            status, kind, body = await self._answer(app, scope, receive)
            headers = CORS
        except Unreachable:
            status, kind, body, headers = _refused(Unavailable())
        except FadenoError as error:
            status, kind, body, headers = _refused(error)
        if scope["method"] == "OPTIONS":
            headers = PREFLIGHT
        await send(
            {
                "type": "http.response.start",
                "status": status,
                "headers": [(b"content-type", kind), (b"content-length", str(len(body)).encode()), *headers],
            }
        )
        await send({"type": "http.response.body", "body": body})

    async def _answer(self, app: App, scope: Scope, receive: Receive) -> tuple[int, bytes, bytes]:
        path, method = _path(scope), scope["method"]
        if method == "OPTIONS":
            return 200, b"text/plain", b""
        headers = {name: value for name, value in scope["headers"]}
        query = parse_qs(scope["query_string"].decode("latin-1"))
        if method == "GET":
            return await self._get(app, path, headers, query)
        if method != "POST" or (path not in SINGLE and path not in BATCH):
            raise _NoRoute
        raw = await self._read(receive, headers)
        try:
            await self._take(app, raw, path, headers, query)
        finally:
            self._in_flight_bytes -= len(raw)
        return 200, b"application/json", b'{"success":true}'

    async def _get(
        self, app: App, path: str, headers: dict[bytes, bytes], query: dict[str, list[str]]
    ) -> tuple[int, bytes, bytes]:
        if path.startswith("/v1/projects/") and path.endswith("/settings"):
            key = path.removeprefix("/v1/projects/").removesuffix("/settings")
            source = await self._keys.source(app, key)
            return 200, b"application/json", msgspec.json.encode(_segment_settings(_host(app, headers), key))
        if path.rstrip("/") == "/sourceConfig":
            key = _header_key(headers) or _first(query, "writeKey")
            source = await self._keys.source(app, key)
            return (
                200,
                b"application/json",
                msgspec.json.encode(_rudder_settings(_host(app, headers), key or "", source)),
            )
        if path in ("/pixel/v1/track", "/pixel/v1/page"):
            event = {name: values[0] for name, values in query.items() if name != "writeKey"}
            body = msgspec.json.encode(event)
            await self._take(app, body, path.replace("/pixel", ""), headers, query)
            return 200, b"image/gif", GIF
        raise _NoRoute

    async def _read(self, receive: Receive, headers: dict[bytes, bytes]) -> bytes:
        """The whole body, unzipped; memory stays bounded whatever comes."""
        if self._in_flight_bytes > IN_FLIGHT_BYTES:
            raise Busy
        chunks, size = [], 0
        while True:
            message = await receive()
            if message["type"] == "http.disconnect":
                raise Unreadable("The connection ended before the body did.")
            chunk = message.get("body", b"")
            size += len(chunk)
            if size > WIRE_LIMIT_BYTES:
                raise _TooLarge
            chunks.append(chunk)
            if not message.get("more_body"):
                break
        body = b"".join(chunks)
        # Some clients gzip without saying so, some say so without doing it: the first bytes tell.
        if body[:2] == b"\x1f\x8b":
            body = _unzip(body)
        self._in_flight_bytes += len(body)
        return body

    async def _take(
        self, app: App, body: bytes, path: str, headers: dict[bytes, bytes], query: dict[str, list[str]]
    ) -> None:
        key = _header_key(headers)
        try:
            raws, envelope, own_key = _events(body, path)
        except FadenoError:
            source = await self._keys.source(app, key or _first(query, "writeKey"))
            await _count(app, source, unreadable=True)
            raise
        source = await self._keys.source(app, key or own_key or _first(query, "writeKey"))
        if len(body) > BATCH_LIMIT_BYTES or len(raws) > BATCH_LIMIT_EVENTS:
            await _count(app, source, unreadable=False)
            raise _TooLarge
        if not raws:
            return
        received_at = clock.now()
        parcel = Parcel(ids.new_id(), source.id, received_at, body)
        for raw in raws:
            one = intake.read_event(raw, envelope, source, received_at)
            (parcel.bad if isinstance(one, Bad) else parcel.letters).append(one)
        await app.gate.submit(parcel)


def _refused(error: FadenoError) -> tuple[int, bytes, bytes, list[tuple[bytes, bytes]]]:
    body = msgspec.json.encode({"code": error.code, "message": error.message, "hint": error.hint})
    headers = [*CORS, (b"retry-after", b"1")] if error.status in (429, 503) else CORS
    return error.status, b"application/json", body, headers


def _path(scope: Scope) -> str:
    path = scope.get("raw_path", b"").split(b"?")[0].decode("latin-1") or scope["path"]
    return path.rstrip("/") or "/"


def _unzip(body: bytes) -> bytes:
    try:
        stream = zlib.decompressobj(31)
        plain = stream.decompress(body, WIRE_LIMIT_BYTES)
    except zlib.error:
        raise Unreadable("The body says gzip and is not.") from None
    if stream.unconsumed_tail:
        raise _TooLarge
    return plain


def _events(body: bytes, path: str) -> tuple[list[bytes], dict[str, Any], str | None]:
    if path in BATCH:
        return intake.split_batch(body)
    try:
        key = msgspec.json.decode(body, type=_KeyOnly).writeKey
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError):
        key = None
        if not body.lstrip().startswith(b"{"):
            raise Unreadable from None
    return [body], {"type": SINGLE[path]}, key if isinstance(key, str) else None


class _KeyOnly(msgspec.Struct):
    writeKey: Any = None


def _header_key(headers: dict[bytes, bytes]) -> str | None:
    """The write key in the headers: Basic user, Bearer, X-Write-Key, in this order."""
    said = headers.get(b"authorization", b"").decode("latin-1")
    scheme, _, rest = said.partition(" ")
    if scheme.lower() == "basic":
        try:
            return base64.b64decode(rest.strip(), validate=True).decode("utf-8").split(":", 1)[0] or None
        except (binascii.Error, UnicodeDecodeError):
            raise _WrongKey("The Authorization header can't be read.") from None
    if scheme.lower() == "bearer" and rest.strip():
        return rest.strip()
    return headers.get(b"x-write-key", b"").decode("latin-1") or None


def _first(query: dict[str, list[str]], name: str) -> str | None:
    return query.get(name, [None])[0]


async def _count(app: App, source: Source, *, unreadable: bool) -> None:
    async with app.db.transaction() as tx:
        await intake.count_refusal(tx, source.id, unreadable=unreadable)


def _host(app: App, headers: dict[bytes, bytes]) -> tuple[str, str]:
    """How the asking browser reaches us: the public address, or else the one it just used."""
    if app.settings.public_url:
        scheme, _, host = app.settings.public_url.partition("://")
        return scheme, host.rstrip("/")
    return "http", headers.get(b"host", b"localhost").decode("latin-1")


def _segment_settings(reached: tuple[str, str], key: str) -> dict[str, Any]:
    """What analytics.js asks for before it starts: send everything to us and load nothing else."""
    scheme, host = reached
    return {
        "integrations": {"Segment.io": {"apiKey": key, "apiHost": f"{host}/v1", "protocol": scheme}},
        "plan": {"track": {"__default": {"enabled": True, "integrations": {}}}},
        "edgeFunction": {},
        "analyticsNextEnabled": True,
        "remotePlugins": [],
        "enabledMiddleware": {},
        "metrics": {"sampleRate": 0},
    }


def _rudder_settings(reached: tuple[str, str], key: str, source: Source) -> dict[str, Any]:
    """What the RudderStack browser client asks for before it starts."""
    scheme, host = reached
    changed = source.created_at.isoformat()
    return {
        "source": {
            "id": str(source.id),
            "name": source.name,
            "writeKey": key,
            "enabled": source.enabled,
            "updatedAt": changed,
            "config": {"statsCollection": {"errors": {"enabled": False}, "metrics": {"enabled": False}}},
            "connections": [],
            "destinations": [],
            "dataplanes": {},
            "workspaceId": "fadeno",
        },
        "updatedAt": changed,
        "dataPlaneUrl": f"{scheme}://{host}",
    }


_collect = Collect()


@asgi(["/v1", "/beacon", "/pixel"], is_mount=True, copy_scope=True)
async def collect_below(scope: Scope, receive: Receive, send: Send) -> None:
    """Every path of the event API below these."""
    await _collect(scope, receive, send)


@asgi("/sourceConfig", copy_scope=True)
async def source_config(scope: Scope, receive: Receive, send: Send) -> None:
    """Settings for the RudderStack browser client."""
    await _collect(scope, receive, send)


routes = [collect_below, source_config]
