"""Promises, texts and saved answers over the API and on the command line."""

import json
from datetime import timedelta
from urllib.parse import urlencode

import httpx
import pytest
from psycopg.conninfo import conninfo_to_dict

from fadeno.app import App
from fadeno.entry.cli import main
from fadeno.kit import clock
from fadeno.kit.ids import new_id
from tests.conversations.playing import writes


def as_url(url: str) -> str:
    parts = conninfo_to_dict(url)
    return f"postgresql:///{parts.pop('dbname')}?{urlencode(parts)}"


def bearer(key: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {key}"}


async def test_a_promise_is_made_moved_kept_and_listed(app: App, http: httpx.AsyncClient, keys: dict[str, str]) -> None:
    async with app.db.transaction() as tx:
        heard = await writes(tx, "email:jelena@example.org", "My knee brace broke")
    write = bearer(keys["write"])
    due = clock.now() + timedelta(hours=2)
    said = {
        "case_id": str(heard.case_id),
        "kind": "call_back",
        "due_at": due.isoformat(),
        "said": "I'll call you at two",
    }
    made = (await http.post("/api/promises", json=said, headers=write)).json()
    assert (made["state"], made["area"], made["case_number"]) == ("open", "service", 1)
    later = (due + timedelta(hours=1)).isoformat()
    then = (await http.post(f"/api/promises/{made['id']}/move", json={"due_at": later}, headers=write)).json()
    kept = (await http.post(f"/api/promises/{then['id']}/keep", json={"outcome": "Spoke"}, headers=write)).json()
    assert (kept["state"], kept["outcome"], kept["moved_from"]) == ("kept", "Spoke", made["id"])
    again = await http.post(f"/api/promises/{then['id']}/keep", json={}, headers=write)
    assert (again.status_code, again.json()["code"]) == (409, "promise_over")

    read = bearer(keys["read"])
    listed = (await http.get("/api/promises", params={"state": "moved"}, headers=read)).json()
    assert [one["id"] for one in listed["items"]] == [made["id"]]
    in_case = (await http.get(f"/api/cases/{heard.case_id}/promises", headers=read)).json()
    assert {one["id"] for one in in_case["items"]} == {made["id"], then["id"]}
    assert (await http.post("/api/promises", json=said, headers=read)).status_code == 403
    assert (await http.get(f"/api/promises/{new_id()}", headers=read)).json()["code"] == "no_promise"
    elsewhere = {**said, "message_id": str(new_id())}
    assert (await http.post("/api/promises", json=elsewhere, headers=write)).json()["code"] == "no_message"
    stranger = {**said, "owner_id": str(new_id())}
    assert (await http.post("/api/promises", json=stranger, headers=write)).status_code == 400


async def test_what_somebody_writes_is_looked_through_for_promises(
    http: httpx.AsyncClient, keys: dict[str, str]
) -> None:
    written = {"text": "Sure. I'll call you tomorrow at ten.", "language": "en", "zone": "Europe/Belgrade"}
    found = (await http.post("/api/promises/proposed", json=written, headers=bearer(keys["read"]))).json()
    assert [(one["kind"], one["said"]) for one in found["items"]] == [("call_back", "I'll call you tomorrow at ten.")]
    bad = await http.post("/api/promises/proposed", json={**written, "zone": "Nowhere"}, headers=bearer(keys["read"]))
    assert bad.json()["field"] == "zone"


async def test_texts_and_saved_answers_are_said_used_and_kept(http: httpx.AsyncClient, keys: dict[str, str]) -> None:
    admin, write, read = bearer(keys["admin"]), bearer(keys["write"]), bearer(keys["read"])
    assert "de" in (await http.get("/api/texts", headers=read)).json()["own_words"]["away"]
    greeting = {"kind": "greeting", "texts": {"en": "Hi!"}}
    assert (await http.put("/api/texts", json=greeting, headers=write)).status_code == 403
    (text,) = (await http.put("/api/texts", json=greeting, headers=admin)).json()["items"]
    now = (await http.get("/api/texts/now", params={"kind": "greeting"}, headers=read)).json()
    assert (now["text"], now["version"]) == ("Hi!", 1)
    assert len((await http.get(f"/api/texts/{text['id']}/versions", headers=read)).json()["items"]) == 1

    answer = {"shortcut": "/return", "texts": {"en": "Dear {{customer.first_name}}, send it back."}}
    made = (await http.post("/api/saved-answers", json=answer, headers=admin)).json()
    one = f"/api/saved-answers/{made['id']}"
    filled = (await http.post(f"{one}/use", json={"values": {"customer.first_name": "Ana"}}, headers=write)).json()
    assert filled == {"text": "Dear Ana, send it back.", "missing": []}
    found = (await http.get("/api/saved-answers", params={"q": "ret"}, headers=read)).json()["items"]
    assert [(row["shortcut"], row["use_count"]) for row in found] == [("return", 1)]
    await http.patch(one, json={"name": "Returns"}, headers=admin)
    assert [said["version"] for said in (await http.get(one, headers=read)).json()["versions"]] == [2, 1]
    assert (await http.post("/api/saved-answers", json=answer, headers=admin)).json()["code"] == "shortcut_taken"
    assert (await http.delete(one, headers=write)).status_code == 403
    assert (await http.delete(one, headers=admin)).status_code == 204


def test_promises_are_listed_on_the_command_line(url: str, capsys: pytest.CaptureFixture[str], monkeypatch) -> None:
    monkeypatch.setenv("FADENO_DATABASE_URL", as_url(url))
    assert main(["promises", "list", "--state", "broken", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"items": [], "next": None}
    assert main(["promises", "list"]) == 0


async def test_a_time_without_its_offset_is_refused_wherever_one_is_said(
    app: App, http: httpx.AsyncClient, keys: dict[str, str]
) -> None:
    async with app.db.transaction() as tx:
        heard = await writes(tx, "email:jelena@example.org", "My knee brace broke")
    for method, path, said in (
        (
            "POST",
            "/api/promises",
            {"case_id": str(heard.case_id), "kind": "call_back", "due_at": "2100-01-01T10:00:00"},
        ),
        ("PATCH", f"/api/cases/{heard.case_id}", {"state": "waiting_until", "until": "2100-01-01T10:00:00"}),
        ("POST", f"/api/promises/{new_id()}/keep", {"at": "2000-01-01T10:00:00"}),
    ):
        answer = await http.request(method, path, json=said, headers=bearer(keys["write"]))
        assert (answer.status_code, answer.json()["code"]) == (400, "invalid"), path
