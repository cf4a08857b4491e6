"""Webhooks over the API: who is told what, how it goes, tell it again, try it now."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

import msgspec
from litestar import Request, delete, get, patch, post
from litestar.params import FromPath, FromQuery, JSONBody
from litestar.status_codes import HTTP_200_OK

from fadeno import webhooks
from fadeno.entry.door import opened
from fadeno.kit import clock, outward
from fadeno.kit.errors import Invalid
from fadeno.webhooks import Health, Subscription

_MOST = 200
Position = Annotated[int, msgspec.Meta(ge=0, le=2**62)]
Kinds = Annotated[list[str], msgspec.Meta(max_length=100)]


class NewWebhook(msgspec.Struct, forbid_unknown_fields=True):
    """An endpoint to be told of events: of every kind, or of those named as `track` or `track:Order Completed`.

    `after` begins at a position of the live stream instead of now.
    """

    url: str
    name: str = ""
    kinds: Kinds = []
    after: Position | None = None


class WebhookChange(msgspec.Struct, forbid_unknown_fields=True):
    """What is to be different; what is left out stays."""

    url: str | msgspec.UnsetType = msgspec.UNSET
    name: str | msgspec.UnsetType = msgspec.UNSET
    kinds: Kinds | msgspec.UnsetType = msgspec.UNSET
    state: Literal["on", "paused"] | msgspec.UnsetType = msgspec.UNSET


class From(msgspec.Struct, forbid_unknown_fields=True):
    """Where to begin again: after a position, or at a moment."""

    after: Position | None = None
    since: datetime | None = None


class MadeWebhook(msgspec.Struct):
    """A new webhook with its secret, which can be read only here."""

    webhook: Subscription
    secret: str


class NewSecret(msgspec.Struct):
    """A secret, which can be read only here."""

    secret: str


class ShownWebhook(msgspec.Struct):
    """A webhook and how it fares."""

    webhook: Subscription
    health: Health


class Tested(msgspec.Struct):
    """What the endpoint answered to a test."""

    delivered: bool
    status: int | None
    duration_ms: int
    error: str | None


@get("/api/webhooks", summary="Who is told what")
async def list_webhooks(request: Request) -> dict[str, Any]:
    """Every webhook, oldest first."""
    async with opened(request, "see", "webhooks") as (tx, _):
        return {"items": await webhooks.all_subscriptions(tx), "next": None}


@post("/api/webhooks", summary="Tell an endpoint of events")
async def create_webhook(request: Request, data: JSONBody[NewWebhook]) -> MadeWebhook:
    """Tell an endpoint of events from now on; keep the secret, it checks the signatures."""
    app = request.app.state.fadeno
    async with opened(request, "change", "webhooks") as (tx, actor):
        made, secret = await webhooks.create(
            tx,
            actor,
            app.vault,
            data.url,
            name=data.name,
            kinds=data.kinds,
            after=data.after,
            allow_private=app.settings.allow_private,
        )
        return MadeWebhook(made, secret)


@get("/api/webhooks/{webhook_id:uuid}", summary="One webhook and how it fares")
async def show_webhook(request: Request, webhook_id: FromPath[UUID]) -> ShownWebhook:
    """One webhook, what waits for it, and when it is tried next."""
    async with opened(request, "see", "webhooks") as (tx, _):
        return ShownWebhook(await webhooks.get(tx, webhook_id), await webhooks.health(tx, webhook_id))


@patch("/api/webhooks/{webhook_id:uuid}", summary="Change, pause or switch on a webhook")
async def change_webhook(request: Request, webhook_id: FromPath[UUID], data: JSONBody[WebhookChange]) -> Subscription:
    """Change a webhook. Switched on, it goes on at once with everything that waited."""
    changes = {k: v for k in data.__struct_fields__ if (v := getattr(data, k)) is not msgspec.UNSET}
    allow_private = request.app.state.fadeno.settings.allow_private
    async with opened(request, "change", "webhooks") as (tx, actor):
        return await webhooks.change(tx, actor, webhook_id, allow_private=allow_private, **changes)


@delete("/api/webhooks/{webhook_id:uuid}", summary="Tell an endpoint nothing more")
async def delete_webhook(request: Request, webhook_id: FromPath[UUID]) -> None:
    """Tell an endpoint nothing more, and forget what waits for it."""
    async with opened(request, "change", "webhooks") as (tx, actor):
        await webhooks.delete(tx, actor, webhook_id)


@get("/api/webhooks/{webhook_id:uuid}/attempts", summary="Every try of the last month")
async def list_attempts(
    request: Request, webhook_id: FromPath[UUID], before: FromQuery[UUID | None] = None, limit: FromQuery[int] = 50
) -> dict[str, Any]:
    """Every try to deliver, newest first."""
    if not 1 <= limit <= _MOST:
        raise Invalid(f"A page has 1 to {_MOST} items.", field="limit")
    async with opened(request, "see", "webhooks") as (tx, _):
        await webhooks.get(tx, webhook_id)
        found = await webhooks.attempts(tx, webhook_id, before, limit + 1)
    return {"items": found[:limit], "next": str(found[limit - 1].id) if len(found) > limit else None}


@post("/api/webhooks/{webhook_id:uuid}/replay", status_code=HTTP_200_OK, summary="Tell it again")
async def replay_webhook(request: Request, webhook_id: FromPath[UUID], data: JSONBody[From]) -> Subscription:
    """Tell again everything after a position, or since a moment, under the same message ids."""
    if data.since is not None and data.since.tzinfo is None:
        raise Invalid("Give a time with its offset, as 2026-11-23T09:00:00Z.", field="since")
    async with opened(request, "change", "webhooks") as (tx, actor):
        return await webhooks.replay(tx, actor, webhook_id, after=data.after, since=data.since)


@post("/api/webhooks/{webhook_id:uuid}/rotate", status_code=HTTP_200_OK, summary="Make a new secret")
async def rotate_secret(request: Request, webhook_id: FromPath[UUID]) -> NewSecret:
    """Make a new secret; for a day messages carry a signature of each, so that none is refused meanwhile."""
    async with opened(request, "change", "webhooks") as (tx, actor):
        return NewSecret(await webhooks.rotate(tx, actor, request.app.state.fadeno.vault, webhook_id))


@post("/api/webhooks/{webhook_id:uuid}/test", status_code=HTTP_200_OK, summary="Try it now")
async def test_webhook(request: Request, webhook_id: FromPath[UUID]) -> Tested:
    """Send a signed `webhook.test` at once and say what came back."""
    app = request.app.state.fadeno
    async with opened(request, "change", "webhooks") as (tx, _):
        message = await webhooks.test_message(tx, app.vault, webhook_id)
    async with outward.client(allow_private=app.settings.allow_private) as http:
        answer = await outward.post(http, message.url, message.text, message.headers(clock.now()))
    async with app.db.transaction() as tx:
        delivered = await webhooks.note_test(tx, message, answer)
    return Tested(delivered, answer.status, answer.duration_ms, answer.error)


routes = [
    list_webhooks,
    create_webhook,
    show_webhook,
    change_webhook,
    delete_webhook,
    list_attempts,
    replay_webhook,
    rotate_secret,
    test_webhook,
]
