"""Verbs of subscriptions."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from fadeno import access, events, jobs
from fadeno.access import Actor
from fadeno.db import Tx
from fadeno.kit import ids
from fadeno.kit.errors import Invalid
from fadeno.kit.outward import Answer, checked_url
from fadeno.kit.seal import Seal
from fadeno.webhooks import reads, store
from fadeno.webhooks.model import (
    OLD_SECRET_LIFE,
    Message,
    NoSuchSubscription,
    Subscription,
    checked_kinds,
    checked_name,
    delivered,
    lane,
    new_secret,
)


async def create(
    tx: Tx,
    actor: Actor,
    vault: Seal,
    url: str,
    *,
    name: str = "",
    kinds: Sequence[str] = (),
    after: int | None = None,
    allow_private: bool = False,
) -> tuple[Subscription, str]:
    """Tell `url` of these kinds of events from now on, or from a position; the secret is shown only here."""
    access.require(actor, "change", "webhooks")
    url = checked_url(url, allow_private=allow_private)
    last = await events.last_position(tx)
    id, secret = ids.new_id(), new_secret()
    await store.add(
        tx,
        id,
        name=checked_name(name, url),
        url=url,
        kinds=checked_kinds(kinds),
        secret=vault.seal(secret.encode(), reads.about(id)),
        position=last if after is None else _within(after, last),
        made_by=actor.name,
    )
    made = await reads.get(tx, id)
    await access.note(tx, actor, "create", "webhook", str(id), {"name": made.name, "kinds": made.kinds})
    tx.after_commit(jobs.bell.ring)
    return made, secret


async def change(tx: Tx, actor: Actor, id: UUID, *, allow_private: bool = False, **changes: Any) -> Subscription:
    """Change name, url, kinds or state ("on", "paused"). Switched on, it goes on at once where it stopped."""
    access.require(actor, "change", "webhooks")
    before = await _locked(tx, id)
    if "url" in changes:
        changes["url"] = checked_url(changes["url"], allow_private=allow_private)
    if "kinds" in changes:
        changes["kinds"] = checked_kinds(changes["kinds"])
    if "name" in changes:
        changes["name"] = checked_name(changes["name"], changes.get("url", before.url))
    if "state" in changes:
        if changes["state"] not in ("on", "paused"):
            raise Invalid("A webhook can be on or paused.", field="state")
        changes["reason"] = None
    await store.change(tx, replace(before, **changes))
    if "state" in changes:
        await (jobs.open_lane if changes["state"] == "on" else jobs.pause_lane)(tx, lane(id))
    noted = {name: value for name, value in changes.items() if name not in ("url", "reason")}
    await access.note(tx, actor, "change", "webhook", str(id), noted | ({"url": True} if "url" in changes else {}))
    return await reads.get(tx, id)


async def rotate(tx: Tx, actor: Actor, vault: Seal, id: UUID) -> str:
    """A new secret; for a day messages are signed with both."""
    access.require(actor, "change", "webhooks")
    await _locked(tx, id)
    secret = new_secret()
    await store.rotate(tx, id, vault.seal(secret.encode(), reads.about(id)), tx.now + OLD_SECRET_LIFE)
    await access.note(tx, actor, "rotate", "webhook", str(id), {})
    return secret


async def delete(tx: Tx, actor: Actor, id: UUID) -> None:
    """Tell this endpoint nothing more, and forget what waits for it."""
    access.require(actor, "change", "webhooks")
    gone = await _locked(tx, id)
    await store.delete(tx, id)
    await jobs.drop_lane(tx, lane(id))
    await access.note(tx, actor, "delete", "webhook", str(id), {"name": gone.name})


async def replay(
    tx: Tx, actor: Actor, id: UUID, *, after: int | None = None, since: datetime | None = None
) -> Subscription:
    """Tell again everything after a position, or since a moment; what still waits is not lost by it."""
    access.require(actor, "change", "webhooks")
    subscription = await _locked(tx, id)
    if (after is None) == (since is None):
        raise Invalid("Give either a position or a moment to replay from.", field="after")
    last = await events.last_position(tx)
    position = _within(after, last) if since is None else await store.position_at(tx, since)
    waiting = await store.lowest_open(tx, lane(id))
    await store.move(tx, id, min(position, subscription.position, last if waiting is None else waiting - 1))
    await jobs.drop_lane(tx, lane(id))
    if subscription.state != "on":
        await jobs.pause_lane(tx, lane(id))
    await access.note(tx, actor, "replay", "webhook", str(id), {"after": position})
    tx.after_commit(jobs.bell.ring)
    return await reads.get(tx, id)


async def note_test(tx: Tx, message: Message, answer: Answer) -> bool:
    """Write a test into the log of tries; whether it was taken."""
    taken = delivered(answer)
    outcome = "delivered" if taken else "given_up"
    # The webhook may have been deleted while the test was under way.
    if await store.subscription(tx, message.subscription_id):
        await store.add_attempt(tx, message.subscription_id, message.id, None, 1, outcome, answer)
    return taken


async def _locked(tx: Tx, id: UUID) -> Subscription:
    if (found := await store.subscription_to_change(tx, id)) is None:
        raise NoSuchSubscription
    return found


def _within(position: int | None, last: int) -> int:
    if position is None or not 0 <= position <= last:
        raise Invalid(f"The stream has positions 0 to {last}.", field="after")
    return position
