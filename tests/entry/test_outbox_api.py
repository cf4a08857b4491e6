"""What was given up is seen and tried again, over the API and at the terminal."""

import httpx

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
