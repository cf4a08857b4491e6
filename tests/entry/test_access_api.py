"""Members, keys, sessions and audit over HTTP, with hostile callers."""

from collections.abc import AsyncIterator

import httpx
import pytest
from argon2 import PasswordHasher

from fadeno import access
from fadeno.access import SYSTEM, Place, passwords
from fadeno.app import App
from fadeno.db import Database
from fadeno.entry.api import access as doors
from fadeno.entry.door import COOKIE

PASSWORD = "three plain words"


@pytest.fixture
async def client(http: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[httpx.AsyncClient]:
    """A client that reaches us by https."""
    monkeypatch.setattr(passwords, "_hasher", PasswordHasher(time_cost=1, memory_cost=64, parallelism=1))
    async with httpx.AsyncClient(transport=http._transport, base_url="https://fadeno.example") as client:
        yield client


@pytest.fixture
def db(app: App) -> Database:
    return app.db


async def _key(db: Database, scope: str) -> str:
    async with db.transaction() as tx:
        return await access.create_key(tx, SYSTEM, scope, scope, 1)


async def _session(db: Database, email: str = "ana@lumo.example", role: str = "admin") -> str:
    async with db.transaction() as tx:
        member_id = await access.add_member(tx, SYSTEM, email, "", role, PASSWORD)
        return (await access.admit(tx, member_id, Place())).token


def _with(token: str) -> dict[str, str]:
    return {"cookie": f"{COOKIE}={token}", "x-csrf-token": access.form_token(token)}


async def _scopes_let_in(client: httpx.AsyncClient, db: Database, method: str, path: str) -> set[str]:
    let_in = set()
    for scope in access.SCOPES:
        answer = await client.request(
            method, path, headers={"authorization": f"Bearer {await _key(db, scope)}"}, json={}
        )
        if answer.status_code != 403:
            let_in.add(scope)
    return let_in


NOBODY = "0190a1b2-c3d4-7e5f-8a6b-7c8d9e0f1a2b"
ROUTES = [
    (method, path.replace("{member_id:uuid}", NOBODY).replace("{key_id:uuid}", NOBODY)
     .replace("{invitation_id:uuid}", NOBODY).replace("{session_id:uuid}", NOBODY))
    for handler in doors.routes for path in handler.paths for method in sorted(handler.http_methods)
]  # fmt: skip


BODIES = {
    "/api/members": {"email": "eve@lumo.example", "role": "admin", "password": PASSWORD},
    f"/api/members/{NOBODY}": {"role": "admin"},
    f"/api/members/{NOBODY}/reset": {},
    "/api/invitations": {"email": "eve@lumo.example", "role": "admin"},
    "/api/keys": {"name": "mine", "scope": "admin"},
}


@pytest.mark.parametrize(("method", "path"), ROUTES)
async def test_nobody_comes_in_without_a_key_or_a_session(client: httpx.AsyncClient, method: str, path: str):
    for headers in ({}, {"authorization": "Bearer x"}, {"cookie": f"{COOKIE}=x", "x-csrf-token": "x"},
                    {"authorization": "Basic ???"}, {"x-api-key": "x"}):  # fmt: skip
        answer = await client.request(method, path, headers=headers, json=BODIES.get(path))
        assert answer.status_code in (401, 403), headers
        assert answer.json()["code"] in ("unauthenticated", "csrf")


@pytest.mark.parametrize(
    ("method", "path"), [route for route in ROUTES if "sessions" not in route[1] and not route[1].endswith("/me")]
)
async def test_only_an_admin_key_reaches_members_keys_and_audit(
    client: httpx.AsyncClient, db: Database, method: str, path: str
):
    bodies_checked_first = method in ("POST", "PATCH")
    if bodies_checked_first:
        for scope in ("collect", "read", "write"):
            answer = await client.request(method, path, headers={"x-api-key": await _key(db, scope)}, json=BODIES[path])
            assert (answer.status_code, answer.json()["code"]) == (403, "forbidden"), scope
    else:
        assert await _scopes_let_in(client, db, method, path) == {"admin"}


@pytest.mark.parametrize("way", ["bearer", "basic", "header"])
async def test_a_key_may_be_given_in_three_ways(client: httpx.AsyncClient, db: Database, way: str):
    key = await _key(db, "admin")
    given = {
        "bearer": {"headers": {"authorization": f"Bearer {key}"}},
        "basic": {"auth": (key, "")},
        "header": {"headers": {"x-api-key": key}},
    }[way]
    answer = await client.get("/api/members/me", **given)
    assert (answer.status_code, answer.json()["scope"]) == (200, "admin")


async def test_a_revoked_key_is_refused_at_once(client: httpx.AsyncClient, db: Database):
    admin = {"x-api-key": await _key(db, "admin")}
    made = (await client.post("/api/keys", json={"name": "crm", "scope": "read"}, headers=admin)).json()
    mine = {"x-api-key": made["key"]}
    assert (await client.get("/api/members/me", headers=mine)).status_code == 200
    assert (await client.delete(f"/api/keys/{made['id']}", headers=admin)).status_code == 204
    assert (await client.get("/api/members/me", headers=mine)).status_code == 401


async def test_the_list_of_keys_never_holds_one(client: httpx.AsyncClient, db: Database):
    admin = {"x-api-key": await _key(db, "admin")}
    made = (await client.post("/api/keys", json={"name": "crm", "scope": "read"}, headers=admin)).json()
    listed = await client.get("/api/keys", headers=admin)
    assert made["key"] not in listed.text
    assert [item["name"] for item in listed.json()["items"]] == ["crm", "admin"]


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"x-csrf-token": ""},
        {"x-csrf-token": "0" * 64},
        {"sec-fetch-site": "cross-site"},
        {"content-type": "text/plain"},
    ],
)
async def test_a_change_with_a_cookie_needs_the_token_of_our_own_form(
    client: httpx.AsyncClient, db: Database, headers: dict[str, str]
):
    token = await _session(db)
    sent = {"cookie": f"{COOKIE}={token}", **headers}
    if "sec-fetch-site" in headers:
        sent["x-csrf-token"] = access.form_token(token)
    answer = await client.post("/api/invitations", json=BODIES["/api/invitations"], headers=sent)
    assert (answer.status_code, answer.json()["code"]) == (403, "csrf")
    assert (await client.get("/api/invitations", headers=_with(token))).json()["items"] == []


async def test_the_form_token_of_another_session_is_refused(client: httpx.AsyncClient, db: Database):
    mine, hers = await _session(db), await _session(db, "eve@lumo.example")
    headers = {"cookie": f"{COOKIE}={mine}", "x-csrf-token": access.form_token(hers)}
    assert (await client.post("/api/invitations", json=BODIES["/api/invitations"], headers=headers)).status_code == 403


async def test_a_key_needs_no_form_token_but_goes_before_the_cookie(client: httpx.AsyncClient, db: Database):
    token = await _session(db)
    headers = {"cookie": f"{COOKIE}={token}", "x-api-key": await _key(db, "read")}
    assert (await client.get("/api/members/me", headers=headers)).json()["kind"] == "key"
    assert (await client.post("/api/keys", json=BODIES["/api/keys"], headers=headers)).status_code == 403


async def test_a_session_token_is_no_key_and_a_key_is_no_session(client: httpx.AsyncClient, db: Database):
    token, key = await _session(db), await _key(db, "admin")
    assert (await client.get("/api/members/me", headers={"x-api-key": token})).status_code == 401
    assert (await client.get("/api/members/me", headers={"cookie": f"{COOKIE}={key}"})).status_code == 401


async def test_an_invitation_gives_a_link_to_be_handed_over(client: httpx.AsyncClient, db: Database):
    headers = _with(await _session(db))
    made = await client.post("/api/invitations", json=BODIES["/api/invitations"], headers=headers)
    assert made.status_code == 201
    address, _, token = made.json()["link"].rpartition("/")
    assert address == "https://fadeno.example/invitation"
    async with db.transaction() as tx:
        assert (await access.invitation(tx, token)).email == "eve@lumo.example"
    [listed] = (await client.get("/api/invitations", headers=headers)).json()["items"]
    assert token not in str(listed)
    assert (await client.delete(f"/api/invitations/{listed['id']}", headers=headers)).status_code == 204
    async with db.transaction() as tx:
        assert await access.invitation(tx, token) is None


async def test_one_ends_only_ones_own_sessions(client: httpx.AsyncClient, db: Database):
    mine, hers = await _session(db), await _session(db, "eve@lumo.example", "agent")
    [item] = (await client.get("/api/sessions", headers=_with(mine))).json()["items"]
    assert item["here"]
    assert (await client.delete(f"/api/sessions/{item['id']}", headers=_with(hers))).status_code == 404
    assert (await client.delete(f"/api/sessions/{item['id']}", headers=_with(mine))).status_code == 204
    assert (await client.get("/api/sessions", headers=_with(mine))).status_code == 401


async def test_a_machine_has_no_sessions(client: httpx.AsyncClient, db: Database):
    assert (await client.get("/api/sessions", headers={"x-api-key": await _key(db, "admin")})).status_code == 403


async def test_members_are_added_changed_and_removed(client: httpx.AsyncClient, db: Database):
    headers = _with(await _session(db))
    made = (await client.post("/api/members", json=BODIES["/api/members"] | {"role": "shop"}, headers=headers)).json()
    assert "password" not in str(made)
    changed = await client.patch(f"/api/members/{made['id']}", json={"role": "agent"}, headers=headers)
    assert changed.json()["role"] == "agent"
    assert (await client.delete(f"/api/members/{made['id']}", headers=headers)).status_code == 204
    assert len((await client.get("/api/members", headers=headers)).json()["items"]) == 1


async def test_lists_come_in_pages(client: httpx.AsyncClient, db: Database):
    headers = {"x-api-key": await _key(db, "admin")}
    for n in range(3):
        await client.post("/api/keys", json={"name": f"k{n}", "scope": "read"}, headers=headers)
    names, after = [], ""
    for _ in range(2):
        page = (await client.get("/api/keys", params={"limit": 2, **({"after": after} if after else {})},
                                 headers=headers)).json()  # fmt: skip
        names += [item["name"] for item in page["items"]]
        after = page["next"]
    assert (names, after) == (["k2", "k1", "k0", "admin"], None)


async def test_the_audit_trail_is_searched(client: httpx.AsyncClient, db: Database):
    headers = {"x-api-key": await _key(db, "admin")}
    await client.post("/api/keys", json={"name": "Webshop", "scope": "read"}, headers=headers)
    found = (await client.get("/api/audit", params={"q": "websh", "verb": "create"}, headers=headers)).json()
    assert [(item["actor_name"], item["object_kind"]) for item in found["items"]] == [("admin", "key")]
    assert found["next"] is None
    naive = await client.get("/api/audit", params={"since": "2026-01-01T00:00:00"}, headers=headers)
    assert (naive.status_code, naive.json()["code"]) == (400, "invalid")
    for hostile in ({"actor": "x"}, {"before": "'"}, {"limit": "0"}, {"limit": "201"}):
        assert (await client.get("/api/audit", params=hostile, headers=headers)).status_code == 400


@pytest.mark.parametrize("since", ["0001-01-01T00:00:00%2B23:59", "9999-12-31T23:59:59-12:00", "2026-11-23T09:00:00"])
async def test_an_audit_search_from_outside_every_calendar_is_refused(
    http: httpx.AsyncClient, keys: dict[str, str], since: str
) -> None:
    answer = await http.get(f"/api/audit?since={since}", headers={"X-Api-Key": keys["admin"]})
    assert (answer.status_code, answer.json()["field"]) == (400, "since")
