"""Questions to webhooks."""

from uuid import UUID

import msgspec

from fadeno import events, jobs
from fadeno.db import Tx
from fadeno.kit import ids
from fadeno.kit.seal import Seal
from fadeno.webhooks import store
from fadeno.webhooks.model import (
    Attempt,
    Health,
    Message,
    NoSuchSubscription,
    Sealed,
    Subscription,
    ToldEvent,
    key_of,
    lane,
)

MOST_ATTEMPTS = 200


async def all_subscriptions(tx: Tx) -> list[Subscription]:
    """Every subscription, oldest first."""
    return await store.subscriptions(tx)


async def get(tx: Tx, id: UUID) -> Subscription:
    """One subscription.

    Raises:
        NoSuchSubscription: there is none.
    """
    if (found := await store.subscription(tx, id)) is None:
        raise NoSuchSubscription
    return found


async def health(tx: Tx, id: UUID) -> Health:
    """How a subscription's endpoint fares."""
    waiting = await jobs.backlog(tx, lane(id))
    state = await jobs.lane_state(tx, lane(id))
    next_at = state.next_at if state and state.failures and not state.paused else None
    return Health(waiting.open, waiting.failed, waiting.oldest_at, state.failures if state else 0, next_at)


async def attempts(tx: Tx, id: UUID, before: UUID | None = None, limit: int = 50) -> list[Attempt]:
    """Tries to deliver, newest first."""
    return await store.attempts(tx, id, before, min(max(limit, 1), MOST_ATTEMPTS))


def keys(tx: Tx, vault: Seal, id: UUID, sealed: Sealed | ToldEvent) -> tuple[bytes, ...]:
    """What signs now: the secret, and for a while the one before it."""
    found = [key_of(vault.open(sealed.secret, about(id)).decode())]
    if sealed.old_secret and sealed.old_secret_until and sealed.old_secret_until > tx.now:
        found.append(key_of(vault.open(sealed.old_secret, about(id)).decode()))
    return tuple(found)


async def test_message(tx: Tx, vault: Seal, id: UUID) -> Message:
    """A message that shows whether an endpoint can be reached and checks the signature."""
    subscription = await get(tx, id)
    text = msgspec.json.encode({"type": "webhook.test", "timestamp": tx.now, "data": {"webhook": subscription.name}})
    signing = keys(tx, vault, id, await store.sealed(tx, id))
    return Message(id, subscription.url, f"test_{ids.new_id()}", text, signing)


async def check(tx: Tx) -> tuple[str, list[str]]:
    """Has every subscription heard what it says it has? What was looked at, and each fault found."""
    last = await events.last_position(tx)
    faults = [f"webhook {row.name} ({row.id}) is ahead of the stream" for row in await store.ahead(tx, last)]
    return f"the positions of {len(await store.subscriptions(tx))} webhooks", faults


def about(id: UUID) -> str:
    """What a secret's seal is bound to."""
    return f"webhooks.subscription:{id}"
