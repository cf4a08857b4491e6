"""The chat's stream: it tells a widget that there is more, and when an agent writes.

Source: https://html.spec.whatwg.org/multipage/server-sent-events.html, read 2026-11-23.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable
from datetime import datetime
from uuid import UUID

from litestar import Request, get
from litestar.params import FromPath
from litestar.response import Stream

from fadeno import chats
from fadeno.app import App
from fadeno.chats import Token
from fadeno.entry import door
from fadeno.entry.chat import frame, limits
from fadeno.events import Wake
from fadeno.kit import clock

BEAT_S = 15.0
_MORE = b"event: more\ndata: {}\n\n"
_WRITES = b"event: writes\ndata: {}\n\n"
_BEAT = b": beat\n\n"
_HEADERS = {"cache-control": "no-store", "x-accel-buffering": "no"}


@get("/stream")
async def stream(request: Request, account: FromPath[UUID]) -> Stream:
    """Tell a widget when there is more to read for it."""
    app: App = request.app.state.fadeno
    of, _ = await frame.account_of(app, account)
    token = frame.token_of(request, of)
    frame.let(request, "look", limits.LOOKS, of, token)
    who = {"token": token.chat_id.hex, "network": limits.network(door.address(request))}
    flood = frame.kept(app).flood
    counted = flood.open_stream(**who)

    async def counting() -> AsyncIterator[bytes]:
        try:
            async for chunk in telling(app, token):
                yield chunk
        finally:
            flood.close_stream(counted)

    return Stream(counting(), media_type="text/event-stream; charset=utf-8", headers=_HEADERS)


async def telling(app: App, token: Token) -> AsyncIterator[bytes]:
    """What one widget is told, for as long as it listens."""
    stopping = asyncio.ensure_future(app.stopping.wait())
    try:
        async with app.live.subscribed() as live:
            with chats.hearing(token.chat_id) as hearing:
                yield _MORE
                customer_id, seen_at = await _due(app, token)
                while not stopping.done():
                    wake = await _next(live.next(), hearing.told, stopping, _pause_s(seen_at))
                    if hearing.take():
                        yield _WRITES
                    if wake and not _is_meant(wake, customer_id):
                        continue
                    yield _MORE if wake or (seen_at and seen_at <= clock.now()) else _BEAT
                    was, (customer_id, seen_at) = customer_id, await _due(app, token)
                    if customer_id != was:  # what was said to the other meanwhile woke nobody here
                        yield _MORE
    finally:
        stopping.cancel()


def _is_meant(wake: Wake, customer_id: UUID | None) -> bool:
    return customer_id is None or wake.customer_ids is None or customer_id in wake.customer_ids


def _pause_s(seen_at: datetime | None) -> float:
    """Until an answer can no longer be held back, or the next beat."""
    if seen_at is None:
        return BEAT_S
    return max(0.05, min(BEAT_S, (seen_at - clock.now()).total_seconds() + 0.05))


async def _due(app: App, token: Token) -> tuple[UUID | None, datetime | None]:
    """Whose thread to listen to, as it may have been joined with another, and when the next answer is seen."""
    async with app.db.transaction() as tx:
        await chats.look(tx, token)
        viewer = await chats.viewer(tx, token)
        return await chats.customer_of(tx, viewer), await chats.next_said_at(tx, viewer)


async def _next(
    waiting: Awaitable[Wake], told: asyncio.Event, stopping: "asyncio.Future[bool]", pause_s: float
) -> Wake | None:
    """Wait for one of these; the wake if it was that."""
    parts = [asyncio.ensure_future(waiting), asyncio.ensure_future(told.wait())]
    try:
        await asyncio.wait({*parts, stopping}, timeout=pause_s, return_when=asyncio.FIRST_COMPLETED)
        return parts[0].result() if parts[0].done() else None
    finally:
        for part in parts:
            part.cancel()
        await asyncio.gather(*parts, return_exceptions=True)


routes = [stream]
