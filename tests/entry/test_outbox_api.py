"""What was given up is seen and tried again, over the API and at the terminal."""

import httpx
import pytest

from fadeno import jobs
from fadeno.app import App
from fadeno.jobs import NewJob


async def test_a_job_given_up_is_seen_with_its_reason_and_tried_again(
    app: App, http: httpx.AsyncClient, keys: dict[str, str]
):
    async with app.db.transaction() as tx:
        await jobs.put_many(tx, [NewJob("account:1", "x", "message", {"message": "m"})])
        (job,) = await jobs.claim(tx, 1)
        await jobs.fail(tx, job, "550 no such user")
    key = {"authorization": f"Bearer {keys['write']}"}
    (seen,) = (await http.get("/api/outbox", params={"state": "failed"}, headers=key)).json()["items"]
    assert (seen["reason"], seen["kind"]) == ("550 no such user", "message")
    again = await http.post("/api/outbox/retry", json={"jobs": [seen["id"]], "lane": "account:1"}, headers=key)
    assert again.json() == {"jobs": 1}
    async with app.db.transaction() as tx:
        assert [one.id for one in await jobs.claim(tx, 1)] == [seen["id"]]
    wrong = await http.get("/api/outbox", params={"state": "lost"}, headers=key)
    assert (wrong.status_code, wrong.json()["field"]) == (400, "state")


async def test_a_text_with_the_character_no_text_has_is_refused_wherever_it_stands(
    http: httpx.AsyncClient, keys: dict[str, str]
):
    key = {"authorization": f"Bearer {keys['write']}"}
    asked = await http.get("/api/outbox?kind=%00&lane=a%00b", headers=key)
    assert (asked.status_code, asked.json()["code"]) == (400, "invalid")
    sent = await http.post("/api/outbox/retry", json={"lane": "a\0b"}, headers=key)
    assert (sent.status_code, sent.json()["code"]) == (400, "invalid")


@pytest.mark.parametrize("number", [-1, 2**63, 10**30])
async def test_a_number_no_row_can_have_is_refused(http: httpx.AsyncClient, keys: dict[str, str], number: int):
    write = {"authorization": f"Bearer {keys['write']}"}
    for path, said in (
        ("/api/outbox/retry", {"jobs": [number]}),
        ("/api/cases/0190a1b2-c3d4-7e5f-8a6b-7c8d9e0f1a2b/messages", {"text": "x", "seen_upto": number}),
        ("/api/cases/0190a1b2-c3d4-7e5f-8a6b-7c8d9e0f1a2b/read", {"seen_upto": number}),
    ):
        answer = await http.post(path, json=said, headers=write)
        assert (answer.status_code, answer.json()["code"]) == (400, "invalid"), path
