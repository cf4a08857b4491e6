"""Webhooks at the door: made, shown, tried, told again, taken away; and told by the worker of the whole product."""

import asyncio
from dataclasses import replace

import pytest
from standardwebhooks import Webhook

from fadeno.entry import worker
from tests.webhooks.endpoint import Receiver, happen, receiving, until


@pytest.fixture
async def receiver():
    async with receiving() as one:
        yield one


@pytest.fixture
def admin(http, keys, app):
    app.settings = replace(app.settings, allow_private=True)
    http.headers["Authorization"] = f"Bearer {keys['admin']}"
    return http


async def made(admin, receiver: Receiver, **more) -> tuple[str, str]:
    answer = await admin.post("/api/webhooks", json={"url": receiver.url, **more})
    assert answer.status_code == 201, answer.text
    return answer.json()["webhook"]["id"], answer.json()["secret"]


async def test_a_webhook_is_made_shown_changed_and_taken_away(admin, receiver):
    id, secret = await made(admin, receiver, name="shop system", kinds=["track"])
    assert secret.startswith("whsec_")
    listed = (await admin.get("/api/webhooks")).json()
    assert [item["name"] for item in listed["items"]] == ["shop system"]
    assert "secret" not in str(listed)
    changed = await admin.patch(f"/api/webhooks/{id}", json={"state": "paused", "kinds": []})
    assert (changed.json()["state"], changed.json()["kinds"]) == ("paused", [])
    shown = (await admin.get(f"/api/webhooks/{id}")).json()
    assert shown["health"]["waiting"] == 0
    assert (await admin.delete(f"/api/webhooks/{id}")).status_code == 204
    gone = await admin.get(f"/api/webhooks/{id}")
    assert (gone.status_code, gone.json()["code"]) == (404, "not_found")


async def test_a_test_says_what_came_back_and_is_in_the_log(admin, receiver):
    id, secret = await made(admin, receiver)
    tested = (await admin.post(f"/api/webhooks/{id}/test")).json()
    assert (tested["delivered"], tested["status"], tested["error"]) == (True, 204, None)
    headers, body = receiver.got[0]
    assert Webhook(secret).verify(body, headers)["type"] == "webhook.test"
    receiver.answer = lambda headers, body: (500, {})
    assert (await admin.post(f"/api/webhooks/{id}/test")).json()["delivered"] is False
    log = (await admin.get(f"/api/webhooks/{id}/attempts", params={"limit": 1})).json()
    assert log["items"][0]["status"] == 500
    rest = (await admin.get(f"/api/webhooks/{id}/attempts", params={"before": log["next"]})).json()
    assert [item["status"] for item in rest["items"]] == [204]
    assert rest["next"] is None


async def test_a_rotation_gives_another_secret(admin, receiver):
    id, secret = await made(admin, receiver)
    new = (await admin.post(f"/api/webhooks/{id}/rotate")).json()["secret"]
    assert new != secret


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"url": "https://10.0.0.1/"}, "url"),
        ({"url": "not an address"}, "url"),
        ({"url": "https://example.com/", "kinds": [""]}, "kinds"),
        ({"url": "https://example.com/", "after": 99}, "after"),
        ({"url": "https://example.com/", "name": "x" * 200}, "name"),
    ],
)
async def test_what_can_not_be_is_refused_with_the_field(admin, app, body, field):
    app.settings = replace(app.settings, allow_private=False)
    answer = await admin.post("/api/webhooks", json=body)
    assert (answer.status_code, answer.json()["field"]) == (400, field)


async def test_a_reading_key_sees_no_webhooks(http, keys):
    answer = await http.get("/api/webhooks", headers={"Authorization": f"Bearer {keys['read']}"})
    assert answer.status_code == 403


@pytest.mark.slow  # measures time, so it runs alone
async def test_the_worker_tells_of_an_event_within_a_second_and_stops_within_one(admin, app, receiver):
    id, secret = await made(admin, receiver)
    working = asyncio.create_task(worker.run(app))
    await asyncio.sleep(0.5)
    await happen(app.db, "Order Completed")
    app.live.poke()
    await until(lambda: receiver.got, within_s=1.5)
    headers, body = receiver.got[0]
    assert Webhook(secret).verify(body, headers)["data"]["name"] == "Order Completed"
    replayed = await admin.post(f"/api/webhooks/{id}/replay", json={"after": 0})
    assert replayed.status_code == 200
    await until(lambda: len(receiver.got) == 2, within_s=3)
    app.stopping.set()
    await asyncio.wait_for(working, 1)
