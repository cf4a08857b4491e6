"""The live stream as server-sent events: whole events for systems, wakes for screens.

`Last-Event-ID` (or `?after=`) is a position; whoever remembers it misses nothing. Screens only hear "there is more, up
to here" and ask for what they show, with their own rights.

Source: https://html.spec.whatwg.org/multipage/server-sent-events.html, read 2026-11-23.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from functools import partial
from typing import Any

import msgspec
from litestar import Request
from litestar.handlers import asgi
from litestar.types import Receive, Scope, Send

from fadeno import access, customers, events
from fadeno.access import Actor
from fadeno.app import App
from fadeno.entry.door import opened
from fadeno.events import StreamedEvent, Wake
from fadeno.kit.errors import FadenoError, Invalid

BEAT_S = 15.0
HEADERS = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (b"x-accel-buffering", b"no"),
]
# What a screen hears is the same bytes for all who hear the same wake; made once, not once per listener.
_said: dict[Wake, bytes] = {}


@dataclass(frozen=True, slots=True)
class _Listener:
    """Who listens to what, and since when that is known."""

    request: Request
    actor: Actor
    what: str
    since: int


async def _let_in(request: Request, what: str) -> _Listener:
    since = access.times_said()
    async with opened(request, "see", what) as (_, actor):
        return _Listener(request, actor, what, since)


async def _start(send: Send) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": HEADERS})


async def _write(send: Send, chunk: bytes) -> None:
    await send({"type": "http.response.body", "body": chunk, "more_body": True})


async def _refuse(send: Send, error: FadenoError) -> None:
    body = msgspec.json.encode({"code": error.code, "message": error.message, "field": error.field, "hint": error.hint})
    await send(
        {
            "type": "http.response.start",
            "status": error.status,
            "headers": [(b"content-type", b"application/json")],
        }
    )
    await send({"type": "http.response.body", "body": body})


def _after(request: Request) -> int | None:
    said = request.headers.get("last-event-id") or request.query_params.get("after")
    if not said:
        return None
    if not said.isdigit() or len(said) > 18:
        raise Invalid("A position is a whole number.", field="after")
    return int(said)


async def _left(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _send_all(send: Send, chunks: AsyncIterator[bytes]) -> None:
    async for chunk in chunks:
        await _write(send, chunk)


async def _beat(listener: _Listener, send: Send) -> None:
    """Every 15 s keep proxies from hanging up; return when the listener may no longer listen.

    That is looked at with every beat, and at once when the word of it goes out in this process.
    """
    actor = listener.actor
    with access.hearing(actor.id, actor.session_id, since=listener.since) as heard:
        while True:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(heard.wait(), BEAT_S)
            is_beat = not heard.is_set()
            heard.clear()
            try:
                async with opened(listener.request, "see", listener.what):
                    pass
            except FadenoError:
                return
            if is_beat:
                await _write(send, b": beat\n\n")


async def _stream(listener: _Listener, send: Send, chunks: AsyncIterator[bytes]) -> None:
    """Send chunks until the listener leaves, may no longer listen, or we stop.

    One wait for the whole stream: a thousand screens are woken by a thousand writes and nothing else.
    """
    request = listener.request
    app: App = request.app.state.fadeno
    await _start(send)
    await _write(send, b": fadeno\n\n")
    parts = [
        asyncio.create_task(_left(request.receive)),
        asyncio.create_task(app.stopping.wait()),
        asyncio.create_task(_beat(listener, send)),
        asyncio.create_task(_send_all(send, chunks)),
    ]
    try:
        await asyncio.wait(parts, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for part in parts:
            part.cancel()
        await asyncio.gather(*parts, return_exceptions=True)
        await chunks.aclose()
    await send({"type": "http.response.body", "body": b"", "more_body": False})


def _wake_bytes(wake: Wake) -> bytes:
    said = _said.get(wake)
    if said is None:
        customers = None if wake.customer_ids is None else [str(c) for c in wake.customer_ids]
        data = msgspec.json.encode({"position": wake.position, "customers": customers})
        said = b"id: %d\nevent: more\ndata: %s\n\n" % (wake.position, data)
        if len(_said) > 256:
            _said.clear()
        _said[wake] = said
    return said


async def _wakes(app: App, after: int | None) -> AsyncIterator[bytes]:
    async with app.live.subscribed() as subscription:
        # Said at once: a screen that reconnects learns whether it missed something.
        missed = after is not None and after < app.live.position
        yield _wake_bytes(Wake(app.live.position, None if missed else ()))
        while True:
            yield _wake_bytes(await subscription.next())


@asgi("/live", copy_scope=True)
async def live(scope: Scope, receive: Receive, send: Send) -> None:
    """Wakes for screens."""
    request: Request = Request(scope, receive, send)
    app: App = scope["litestar_app"].state.fadeno
    try:
        after = _after(request)
        listener = await _let_in(request, "events")
    except FadenoError as error:
        return await _refuse(send, error)
    await _stream(listener, send, _wakes(app, after))


def _event_bytes(event: StreamedEvent, *, is_veiled: bool, is_mute: bool) -> bytes:
    data: dict[str, Any] = {
        "id": event.id,
        "kind": event.kind,
        "name": event.name,
        "channel": event.channel,
        "source_id": event.source_id,
        "customer_id": event.customer_id,
        "occurred_at": event.occurred_at,
        "received_at": event.received_at,
        "body": event.body,
    }
    if is_mute:
        data = customers.without_words(data)
    if is_veiled:
        data |= {"name": customers.without_contacts(event.name), "body": customers.without_contacts(data["body"])}
    return b"id: %d\nevent: event\ndata: %s\n\n" % (event.position, msgspec.json.encode(data))


async def _events(app: App, actor: Actor, after: int | None, kinds: frozenset[str]) -> AsyncIterator[bytes]:
    is_veiled, is_mute = not access.may(actor, "see", "contacts"), not access.may(actor, "see", "cases")
    told = partial(_event_bytes, is_veiled=is_veiled, is_mute=is_mute)
    async with app.live.subscribed() as subscription:
        position = app.live.position if after is None else after
        while True:
            async with app.db.transaction() as tx:
                found = await events.since(tx, position)
            if found:
                position = found[-1].position
                chunk = b"".join(told(e) for e in found if not kinds or e.kind in kinds)
                if chunk:
                    yield chunk
            else:
                await subscription.next()


@asgi("/api/stream", copy_scope=True)
async def stream(scope: Scope, receive: Receive, send: Send) -> None:
    """Every event after a position, in order, for as long as the listener stays; as they may read it."""
    request: Request = Request(scope, receive, send)
    app: App = scope["litestar_app"].state.fadeno
    try:
        after = _after(request)
        kinds = frozenset(filter(None, request.query_params.get("kind", "").split(",")))
        listener = await _let_in(request, "customers")
    except FadenoError as error:
        return await _refuse(send, error)
    await _stream(listener, send, _events(app, listener.actor, after, kinds))


routes = [live, stream]
