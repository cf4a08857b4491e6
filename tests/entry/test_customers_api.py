"""Customers as a program sees them over HTTP."""

import pytest

from fadeno import customers

SEEN = [
    {"type": "page", "anonymousId": "a1", "name": "Shoes", "messageId": "m1"},
    {
        "type": "identify", "userId": "anna", "anonymousId": "a1", "messageId": "m2",
        "traits": {"name": "Anna Schmidt", "email": "Anna@Example.com", "phone": "06 1 234 5678"},
        "context": {"consent": {"categoryPreferences": {"newsletter": True}}},
    },
    {"type": "track", "userId": "ben", "event": "Order Placed", "messageId": "m3", "properties": {"total": 7}},
]  # fmt: skip


def bearer(key: str) -> dict[str, str]:
    return {"authorization": f"Bearer {key}"}


@pytest.fixture
async def seen(http, keys):
    """Anna and Ben, as a shop told of them."""
    answer = await http.post("/v1/batch", json={"batch": SEEN}, headers=bearer(keys["collect"]))
    assert answer.status_code == 200
    return bearer(keys["write"])


async def one(http, headers, address: str) -> dict:
    items = (await http.get("/api/customers", params={"address": address}, headers=headers)).json()["items"]
    assert len(items) == 1
    return items[0]


async def happened(http, headers, customer_id: str) -> list[dict]:
    """The thread, without what we ourselves wrote on it."""
    told = (await http.get(f"/api/customers/{customer_id}/thread", headers=headers)).json()
    return [item for item in told["items"] if item["kind"] != "regrouped"]


async def test_a_customer_is_found_by_every_address_and_by_name(http, seen):
    anna = await one(http, seen, "user:anna")
    for address in ("email:anna@EXAMPLE.com", "cookie:a1", "phone:+36 1 234 5678"):
        assert (await one(http, seen, address))["id"] == anna["id"]
    found = (await http.get("/api/customers", params={"q": "schm"}, headers=seen)).json()
    assert [c["id"] for c in found["items"]] == [anna["id"]]
    nobody = (await http.get("/api/customers", params={"address": "user:nobody"}, headers=seen)).json()
    assert nobody == {"items": [], "next": None}


async def test_a_customer_is_told_with_addresses_links_traits_and_consent(http, seen):
    anna = await one(http, seen, "user:anna")
    told = (await http.get(f"/api/customers/{anna['id']}", headers=seen)).json()
    assert {(a["kind"], a["value"]) for a in told["addresses"]} == {
        ("user", "anna"), ("cookie", "a1"), ("email", "anna@example.com"), ("phone", "+3612345678"),
    }  # fmt: skip
    assert {t["name"]: t["value"] for t in told["traits"]}["name"] == "Anna Schmidt"
    assert len(told["links"]) == 3
    assert [(c["purpose"], c["granted"]) for c in told["consent"]] == [("newsletter", True)]


async def test_the_thread_runs_through_what_came_before_the_name(http, seen):
    anna = await one(http, seen, "user:anna")
    told = (await http.get(f"/api/customers/{anna['id']}/thread", headers=seen)).json()
    assert sorted(i["kind"] for i in told["items"]) == ["identify", "page"]
    assert {"id", "kind", "channel", "source", "occurred_at", "received_at", "body"} <= told["items"][0].keys()
    first = (await http.get(f"/api/customers/{anna['id']}/thread", params={"limit": 1}, headers=seen)).json()
    second = await http.get(
        f"/api/customers/{anna['id']}/thread", params={"limit": 1, "before": first["next"]}, headers=seen
    )
    assert [i["id"] for i in first["items"] + second.json()["items"]] == [i["id"] for i in told["items"]]
    pages = await http.get(f"/api/customers/{anna['id']}/thread", params={"kind": "page"}, headers=seen)
    assert [i["kind"] for i in pages.json()["items"]] == ["page"]


async def test_merge_is_previewed_done_and_undone(http, seen):
    ids = [(await one(http, seen, f"user:{name}"))["id"] for name in ("anna", "ben")]
    preview = await http.post("/api/customers/merge", json={"customers": ids, "preview": True}, headers=seen)
    assert preview.json()["action_id"] is None
    assert len(preview.json()["after"]) == 1
    done = (await http.post("/api/customers/merge", json={"customers": ids}, headers=seen)).json()
    assert (await one(http, seen, "user:ben"))["id"] == (await one(http, seen, "user:anna"))["id"] == min(ids)
    assert len(await happened(http, seen, ids[1])) == 3
    undone = await http.post(f"/api/customers/actions/{done['action_id']}/undo", headers=seen)
    assert undone.status_code == 200
    assert [(await one(http, seen, f"user:{name}"))["id"] for name in ("anna", "ben")] == ids
    assert len(await happened(http, seen, ids[1])) == 1


async def test_split_takes_addresses_as_they_are_written(http, seen):
    anna = await one(http, seen, "user:anna")
    done = await http.post(
        "/api/customers/split", json={"customer": anna["id"], "addresses": ["cookie:a1"]}, headers=seen
    )
    assert done.status_code == 200
    assert (await one(http, seen, "cookie:a1"))["id"] != (await one(http, seen, "user:anna"))["id"]
    why = await http.get(f"/api/customers/{(await one(http, seen, 'user:anna'))['id']}/why", headers=seen)
    assert why.json()["items"]


async def test_who_may_only_collect_sees_nobody(http, keys, seen):
    answer = await http.get("/api/customers", headers=bearer(keys["collect"]))
    assert answer.status_code == 403
    answer = await http.post(
        "/api/customers/merge", json={"customers": ["user:anna", "user:ben"]}, headers=bearer(keys["read"])
    )
    assert answer.status_code == 403


async def test_forgetting_and_handing_out(http, keys, seen):
    anna = await one(http, seen, "user:anna")
    admin = bearer(keys["admin"])
    given = await http.get(f"/api/customers/{anna['id']}/export", headers=admin)
    assert len(given.json()["events"]) == 2
    gone = await http.post(f"/api/customers/{anna['id']}/erase", headers=admin)
    assert gone.json() == {"events": 2}
    assert (await http.get("/api/customers", params={"q": "schmidt"}, headers=seen)).json()["items"] == []
    again = await http.post(f"/api/customers/{anna['id']}/erase", headers=admin)
    assert (again.status_code, again.json()["code"]) == (409, "erased")


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("/api/customers?address=nonsense", 400, "bad_address"),
        ("/api/customers/018f0000-0000-7000-8000-000000000000", 404, "no_customer"),
        ("/api/customers/018f0000-0000-7000-8000-000000000000/thread?before=never", 404, "no_customer"),
        ("/api/customers?after=x", 400, "invalid"),
    ],
)
async def test_what_can_not_be_answered_is_refused_in_words(http, seen, path, status, code):
    answer = await http.get(path, headers=seen)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer.json()["message"]


async def test_a_search_for_anything_answers_in_groups(http, seen):
    groups = (await http.get("/api/search", params={"q": "Áнна schmit"}, headers=seen)).json()["groups"]
    assert groups == []
    groups = (await http.get("/api/search", params={"q": "Анна Schmidt"}, headers=seen)).json()["groups"]
    assert [(group["kind"], [item["name"] for item in group["items"]]) for group in groups] == [
        ("customers", ["Anna Schmidt"])
    ]
    assert (await http.get("/api/search", params={"q": " "}, headers=seen)).json() == {"groups": []}


async def test_customers_who_are_alike_are_listed_confirmed_and_refused(app, http, keys):
    people = [("p1", "Anna Szűcs"), ("p2", "Szucs Anna"), ("p3", "Bea Kis"), ("p4", "Kis Bea"), ("p5", "Tom Ott")]
    batch = [
        {"type": "identify", "userId": u, "messageId": u, "traits": {"name": n, "birthday": "1980-01-02"}}
        for u, n in people
    ]
    assert (await http.post("/v1/batch", json={"batch": batch}, headers=bearer(keys["collect"]))).status_code == 200
    async with app.db.transaction() as tx:
        await customers.find_likely(tx)
    headers = bearer(keys["write"])
    pairs = (await http.get("/api/customers/likely", headers=headers)).json()["items"]
    assert len(pairs) == 2
    assert pairs[0]["reasons"] == ["same_name", "rare_name", "same_birthday", "other_account"]
    refused = await http.post(f"/api/customers/likely/{pairs[0]['id']}/refuse", headers=headers)
    assert refused.status_code == 200
    again = await http.post(f"/api/customers/likely/{pairs[0]['id']}/confirm", headers=headers)
    assert (again.status_code, again.json()["code"]) == (404, "no_link")
    confirmed = await http.post(f"/api/customers/likely/{pairs[1]['id']}/confirm", headers=headers)
    assert len(confirmed.json()["after"]) == 1
    answer = await http.post("/api/customers/likely/confirm", json={"least": 90}, headers=headers)
    assert answer.json() == {"done": [], "more": False}
    assert (await http.get("/api/customers/likely", headers=headers)).json()["items"] == []
    assert (await http.get("/api/customers/likely", headers=bearer(keys["collect"]))).status_code == 403
