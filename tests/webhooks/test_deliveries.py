"""Webhooks against a real HTTP server: signed, in order per customer, again after failures, never slowed by others."""

import asyncio
import json
from datetime import timedelta

import pytest
from standardwebhooks import Webhook, WebhookVerificationError

from fadeno import jobs, webhooks
from fadeno.kit import clock, ids
from fadeno.kit.outward import Answer
from tests.webhooks.endpoint import ADMIN, VAULT, happen, receiving, subscribe, subscription, until, working


async def attempts(db, id):
    async with db.transaction() as tx:
        return await webhooks.attempts(tx, id)


async def backlog(db, id):
    async with db.transaction() as tx:
        return await jobs.backlog(tx, f"webhook:{id}")


async def until_told(db, id) -> None:
    """Until nothing waits any more; what was told is noted a moment after it was answered."""
    async with asyncio.timeout(40):
        while (await backlog(db, id)).open:  # noqa: ASYNC110 - facts of the other side
            await asyncio.sleep(0.02)


async def until_off(db, id) -> webhooks.Subscription:
    async with asyncio.timeout(40):
        while (now := await subscription(db, id)).state != "disabled":  # noqa: ASYNC110
            await asyncio.sleep(0.02)
    return now


async def test_events_are_told_signed_as_standard_webhooks_says(db, receiver):
    made, secret = await subscribe(db, receiver.url)
    async with working(db):
        await happen(db, "Order Completed")
        await until(lambda: receiver.got)
        async with asyncio.timeout(20):  # the attempt is noted just after the answer
            while not (tries := await attempts(db, made.id)):  # noqa: ASYNC110 - facts of the other side
                await asyncio.sleep(0.05)
    headers, body = receiver.got[0]
    said = Webhook(secret).verify(body, headers)
    assert said["type"] == "track"
    assert said["data"]["name"] == "Order Completed"
    assert said["data"]["position"] == 1
    assert headers["webhook-id"] == f"evt_{said['data']['id']}"
    with pytest.raises(WebhookVerificationError):
        Webhook(secret).verify(body.replace(b"Completed", b"Cancelled"), headers)
    [tried] = tries
    assert (tried.outcome, tried.status, tried.number) == ("delivered", 204, 1)


async def test_after_a_rotation_both_secrets_verify(db, receiver):
    made, old = await subscribe(db, receiver.url)
    async with db.transaction() as tx:
        new = await webhooks.rotate(tx, ADMIN, VAULT, made.id)
    async with working(db):
        await happen(db, "one")
        await until(lambda: receiver.got)
    headers, body = receiver.got[0]
    assert new != old
    Webhook(old).verify(body, headers)
    Webhook(new).verify(body, headers)


async def test_only_the_kinds_asked_for_are_told(db, receiver):
    await subscribe(db, receiver.url, kinds=["identify", "track:Order Completed"])
    async with working(db):
        await happen(db, "Order Completed", "Page Seen")
        await happen(db, None, kind="identify")
        await happen(db, "Home", kind="page")
        await until(lambda: len(receiver.got) == 2)
        await asyncio.sleep(0.3)
    assert set(receiver.names) == {None, "Order Completed"}
    assert {json.loads(body)["type"] for _, body in receiver.got} == {"identify", "track"}


async def test_a_customers_events_come_in_order_even_when_each_fails_at_first(db, receiver):
    seen: set[bytes] = set()

    def answer(headers, body):
        first = body not in seen
        seen.add(body)
        return (503 if first else 200), {}

    receiver.answer = answer
    await subscribe(db, receiver.url)
    ana, bo = ids.new_id(), ids.new_id()
    async with working(db, steps_s=(0.01,)):
        await happen(db, *[f"ana {n}" for n in range(5)], customer=ana)
        await happen(db, *[f"bo {n}" for n in range(5)], customer=bo)
        await until(lambda: len(receiver.got) == 20)
    for who in ("ana", "bo"):
        told = [name for name in receiver.names if name.startswith(who)]
        assert told == [f"{who} {n // 2}" for n in range(10)]


async def test_a_retry_carries_the_same_id_and_text(db, receiver):
    receiver.answer = lambda headers, body: (500 if len(receiver.got) < 3 else 200, {})
    made, _ = await subscribe(db, receiver.url)
    async with working(db, steps_s=(0.01,)):
        await happen(db, "one")
        await until(lambda: len(receiver.got) == 3)
        await until_told(db, made.id)
    assert len({headers["webhook-id"] for headers, _ in receiver.got}) == 1
    assert len({body for _, body in receiver.got}) == 1
    assert [(a.number, a.outcome, a.status) for a in await attempts(db, made.id)] == [
        (3, "delivered", 200),
        (2, "retry", 500),
        (1, "retry", 500),
    ]


async def test_retry_after_is_honoured(db, receiver):
    moments = []

    def answer(headers, body):
        moments.append(asyncio.get_running_loop().time())
        return (429, {"Retry-After": "1"}) if len(moments) == 1 else (200, {})

    receiver.answer = answer
    await subscribe(db, receiver.url)
    async with working(db, steps_s=(0.01,)):
        await happen(db, "one")
        await until(lambda: len(moments) == 2)
    assert moments[1] - moments[0] >= 1


async def test_a_dead_endpoint_slows_no_other(db, receiver):
    async with receiving() as dead:
        dead.delay_s = 30
        await subscribe(db, dead.url)
        await subscribe(db, "http://127.0.0.1:1/nobody")
        await subscribe(db, receiver.url)
        async with working(db):
            for _ in range(20):
                await happen(db, "before")
            await until(lambda: len(receiver.got) == 20, within_s=10)
            await until(lambda: dead.got)
            await happen(db, "after")
            await until(lambda: receiver.names[-1] == "after", within_s=10)


async def test_a_crash_between_delivery_and_note_delivers_again_with_the_same_id(db, receiver):
    await subscribe(db, receiver.url)
    await happen(db, "one")
    delivering = asyncio.create_task(crash_after_sending(db))
    await until(lambda: receiver.got)
    await asyncio.gather(delivering, return_exceptions=True)
    async with working(db):
        await until(lambda: len(receiver.got) == 2)
        await asyncio.sleep(0.3)
    assert [headers["webhook-id"] for headers, _ in receiver.got] == [receiver.got[0][0]["webhook-id"]] * 2


async def crash_after_sending(db) -> None:
    """A worker that sends and is gone before it can note that."""
    from fadeno.kit import outward

    async with db.transaction() as tx:
        await webhooks.fan_out(tx)
    async with outward.client(allow_private=True) as http:
        does = webhooks.delivery(VAULT, http)
        async with db.transaction() as tx:
            [job] = await jobs.claim(tx, 1, lease_s=1)
        async with db.transaction() as tx:
            message = await does.prepare(tx, job)
        await does.send(message)


async def test_a_subscription_begins_now_or_at_a_position(db, receiver):
    await happen(db, "one", "two")
    await subscribe(db, receiver.url)
    async with receiving() as other:
        await subscribe(db, other.url, after=1)
        async with working(db):
            await happen(db, "three")
            await until(lambda: len(receiver.got) == 1 and len(other.got) == 2)
        assert receiver.names == ["three"]
        assert sorted(other.names) == ["three", "two"]


async def test_a_replay_tells_everything_after_a_position_again(db, receiver):
    made, _ = await subscribe(db, receiver.url)
    customer = ids.new_id()
    async with working(db):
        await happen(db, "one", "two", "three", customer=customer)
        await until(lambda: len(receiver.got) == 3)
        await until_told(db, made.id)
        async with db.transaction() as tx:
            await webhooks.replay(tx, ADMIN, made.id, after=1)
        await until(lambda: len(receiver.got) == 5)
        await asyncio.sleep(0.2)
    assert receiver.names == ["one", "two", "three", "two", "three"]
    assert receiver.got[1][0]["webhook-id"] == receiver.got[3][0]["webhook-id"]


async def test_a_replay_loses_nothing_that_still_waits(db, receiver):
    made, _ = await subscribe(db, receiver.url)
    await happen(db, "one", "two", "three")
    async with db.transaction() as tx:
        await webhooks.fan_out(tx)
    async with db.transaction() as tx:
        await webhooks.replay(tx, ADMIN, made.id, after=2)
    async with working(db):
        await until(lambda: len(receiver.got) == 3)
        await asyncio.sleep(0.2)
    assert receiver.names == ["one", "two", "three"]


async def test_a_replay_can_begin_at_a_moment(db, receiver):
    await happen(db, "one")
    await asyncio.sleep(0.02)
    moment = clock.now()
    await asyncio.sleep(0.02)
    await happen(db, "two")
    made, _ = await subscribe(db, receiver.url)
    async with db.transaction() as tx:
        await webhooks.replay(tx, ADMIN, made.id, since=moment)
    async with working(db):
        await until(lambda: len(receiver.got) == 1)
    assert receiver.names == ["two"]


async def test_what_waits_while_paused_is_told_when_switched_on(db, receiver):
    made, _ = await subscribe(db, receiver.url)
    async with db.transaction() as tx:
        await webhooks.change(tx, ADMIN, made.id, state="paused")
    async with working(db):
        await happen(db, "one")
        await asyncio.sleep(0.4)
        assert receiver.got == []
        async with db.transaction() as tx:
            await webhooks.change(tx, ADMIN, made.id, state="on")
        await until(lambda: receiver.names == ["one"])


async def test_an_endpoint_that_says_it_is_gone_is_switched_off_with_the_reason(db, receiver):
    receiver.answer = lambda headers, body: (410, {})
    made, _ = await subscribe(db, receiver.url)
    async with working(db):
        await happen(db, "one")
        now = await until_off(db, made.id)
    assert len(receiver.got) == 1
    assert "410" in now.reason


async def test_an_endpoint_that_fails_for_days_is_switched_off_and_loses_nothing(db, receiver):
    receiver.answer = lambda headers, body: (500, {})
    made, _ = await subscribe(db, receiver.url)
    async with working(db, steps_s=(0.05,)):
        await happen(db, "one")
        await until(lambda: len(receiver.got) >= 2)
        await days_pass(db, 4)
        off = await until_off(db, made.id)  # by the try under way just now, or by the next
        assert "3 days" in off.reason
        assert "status 500" in off.reason
        count = len(receiver.got)
        receiver.answer = lambda headers, body: (200, {})
        await asyncio.sleep(0.3)
        assert len(receiver.got) == count, "nothing is tried while it is off"
        async with db.transaction() as tx:
            on = await webhooks.change(tx, ADMIN, made.id, state="on")
        assert (on.state, on.reason, on.failing_since) == ("on", None, None)
        await until(lambda: len(receiver.got) == count + 1)
        await until_told(db, made.id)


async def test_an_answer_on_its_way_does_not_switch_off_what_is_switched_on_anew(db, receiver):
    made, _ = await subscribe(db, receiver.url)
    await happen(db, "one")
    async with db.transaction() as tx:
        await webhooks.fan_out(tx)
        await tx.connection.execute("UPDATE webhooks.subscription SET failing_since = now() - interval '4 days'")
        (job,) = await jobs.claim(tx, 1)
    message = webhooks.Message(made.id, receiver.url, "evt_1", b"{}", ())

    async def note():
        async with db.transaction() as tx:
            return await webhooks.delivery(VAULT, None).note(tx, job, message, Answer(500, 1))

    async with db.transaction() as tx:
        await webhooks.change(tx, ADMIN, made.id, state="paused")
        noting = asyncio.create_task(note())
        await asyncio.sleep(0.1)  # it has read how things were, and waits for us
        assert not noting.done()
        await webhooks.change(tx, ADMIN, made.id, state="on")
    assert isinstance(await noting, jobs.Retry)
    assert (await subscription(db, made.id)).state == "on"
    async with db.transaction() as tx:
        assert not (await jobs.lane_state(tx, job.lane)).paused, "and its events are tried"


async def test_one_event_that_is_refused_for_days_is_given_up_and_the_next_is_told(db, receiver):
    receiver.answer = lambda headers, body: (422 if b'"bad"' in body else 200, {})
    made, _ = await subscribe(db, receiver.url)
    async with working(db, steps_s=(0.05,)):
        await happen(db, "bad", "good", customer=ids.new_id())
        await happen(db, "other", customer=ids.new_id())
        await until(lambda: "other" in receiver.names and receiver.names.count("bad") >= 2)
        assert "good" not in receiver.names
        await days_pass(db, 4)
        await until(lambda: "good" in receiver.names)
        await until_told(db, made.id)
    assert (await subscription(db, made.id)).state == "on"
    left = await backlog(db, made.id)
    assert (left.open, left.failed) == (0, 1)


async def days_pass(db, days: int) -> None:
    """Everything that was failing has been failing for so many days."""
    past = timedelta(days=days)

    async def set_back(tx):
        await tx.connection.execute("UPDATE jobs.outbox SET tried_at = tried_at - %s", (past,))
        await tx.connection.execute("UPDATE webhooks.subscription SET failing_since = failing_since - %s", (past,))

    await db.retrying(set_back)  # the worker goes on meanwhile, and takes the same rows in another order


async def test_a_redirect_is_not_followed(db, receiver):
    async with receiving() as elsewhere:
        receiver.answer = lambda headers, body: (302, {"Location": elsewhere.url})
        made, _ = await subscribe(db, receiver.url)
        async with working(db):
            await happen(db, "one")
            await until(lambda: len(receiver.got) >= 2)
        assert elsewhere.got == []
        assert (await attempts(db, made.id))[-1].error is None


async def test_an_endpoint_that_stays_down_does_not_fill_the_outbox(db):
    made, _ = await subscribe(db, "http://127.0.0.1:1/nobody")
    for _ in range(5):
        await happen(db, *["x"] * 600)
    async with db.transaction() as tx:
        while await webhooks.fan_out(tx):
            pass
    assert 1000 <= (await backlog(db, made.id)).open <= 1500


async def test_a_deleted_subscription_hears_nothing_more(db, receiver):
    made, _ = await subscribe(db, receiver.url)
    await happen(db, "one")
    async with db.transaction() as tx:
        await webhooks.fan_out(tx)
    async with db.transaction() as tx:
        await webhooks.delete(tx, ADMIN, made.id)
    async with working(db):
        await asyncio.sleep(0.4)
    assert receiver.got == []


async def test_what_was_erased_meanwhile_is_not_told(db, receiver):
    await subscribe(db, receiver.url)
    customer = ids.new_id()
    await happen(db, "secret name", customer=customer)
    async with db.transaction() as tx:
        await webhooks.fan_out(tx)
        await tx.connection.execute("UPDATE events.event SET body = '{\"erased\": true}', name = NULL")
    async with working(db):
        await until(lambda: receiver.got)
    assert json.loads(receiver.got[0][1])["data"]["body"] == {"erased": True}
    assert b"secret" not in receiver.got[0][1]
