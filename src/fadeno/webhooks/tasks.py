"""What the worker does for webhooks: fill the outbox from the stream, deliver, forget old tries."""

from collections.abc import Sequence
from uuid import UUID

import httpx

from fadeno import events, jobs
from fadeno.db import Tx
from fadeno.kit import clock, ids, outward
from fadeno.kit.outward import Answer
from fadeno.kit.seal import Seal
from fadeno.webhooks import reads, store
from fadeno.webhooks.model import (
    ATTEMPTS_KEPT,
    KIND,
    MOST_OPEN,
    NOTED_EVERY,
    OUTCOMES,
    Message,
    Subscription,
    delivered,
    disabled_because,
    is_about_the_event,
    lane,
    told,
    verdict,
)

STRETCH = 500


async def fan_out(tx: Tx) -> bool:
    """Put the next stretch of the stream into the outbox of everyone who is behind; True if there is more."""
    last = await events.last_position(tx)
    more = False
    for subscription in await store.behind(tx, last):
        waiting = await jobs.backlog(tx, lane(subscription.id))
        # An endpoint that is down must not fill the database: the stream itself keeps what it has not heard.
        if waiting.open < MOST_OPEN:
            more = await _fill(tx, subscription, last) or more
    return more


async def _fill(tx: Tx, subscription: Subscription, last: int) -> bool:
    upto = min(subscription.position + STRETCH, last)
    wanted = await store.stream_part(tx, subscription.position, upto, subscription.kinds)
    await jobs.put_many(
        tx,
        [
            jobs.NewJob(
                lane(subscription.id),
                str(event.customer_id),
                KIND,
                {"webhook": str(subscription.id), "event": str(event.id), "position": event.position},
            )
            for event in wanted
        ],
    )
    await store.move(tx, subscription.id, upto)
    return upto < last


def delivery(vault: Seal, http: httpx.AsyncClient, steps_s: Sequence[float] | None = None) -> jobs.Delivery:
    """How one event is delivered; `steps_s` are the waits after failures where the usual ones do not fit."""

    async def prepare(tx: Tx, job: jobs.Job) -> Message | None:
        id = UUID(job.body["webhook"])
        event = await store.told_event(tx, id, UUID(job.body["event"]))
        if event is None:
            return None
        text = told(event, job.body["position"])
        return Message(id, event.url, f"evt_{event.id}", text, reads.keys(tx, vault, id, event))

    async def send(message: Message) -> Answer:
        return await outward.post(http, message.url, message.text, message.headers(clock.now()))

    async def note(tx: Tx, job: jobs.Job, message: Message, answer: Answer) -> jobs.Verdict:
        subscription = await store.subscription(tx, message.subscription_id)
        if subscription is None:
            return jobs.Done()
        disabled = await _note_health(tx, subscription, answer)
        said = verdict(answer, job, tx.now, disabled=disabled, steps_s=steps_s)
        await store.add_attempt(
            tx, subscription.id, message.id, job.body["position"], job.attempts + 1, OUTCOMES[type(said)], answer
        )
        return said

    return jobs.Delivery(prepare, send, note)


async def _note_health(tx: Tx, subscription: Subscription, answer: Answer) -> bool:
    """Remember how the endpoint fares; True if it was to be switched off: what waits for it is not given up."""
    if delivered(answer):
        # One row for all deliveries of the subscription: it is written now and then, not at each of them.
        last = subscription.delivered_at
        if subscription.failing_since or last is None or tx.now - last > NOTED_EVERY:
            await store.it_works(tx, subscription.id)
        return False
    if subscription.state == "on" and (reason := disabled_because(answer, subscription.failing_since, tx.now)):
        if await store.disable(tx, subscription, reason):
            await jobs.pause_lane(tx, lane(subscription.id))
        return True
    if not is_about_the_event(answer):
        await store.it_fails(tx, subscription.id)
    return subscription.state != "on"


async def trim(tx: Tx) -> None:
    """Forget tries older than a month."""
    await store.trim(tx, ids.first_id_at(tx.now - ATTEMPTS_KEPT))
