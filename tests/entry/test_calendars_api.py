"""Calendars over the API and on the command line."""

import json

import httpx
import pytest

from fadeno.entry.cli import main


def bearer(key: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {key}"}


async def test_a_calendar_is_made_looked_at_changed_and_removed(http: httpx.AsyncClient, keys: dict[str, str]) -> None:
    admin = bearer(keys["admin"])
    said = {"name": "Service", "hours": "Mo-Fr 09:00-17:00", "zone": "Europe/Belgrade", "country": "RS"}
    made = await http.post("/api/calendars", json=said, headers=admin)
    assert made.status_code == 201
    one = f"/api/calendars/{made.json()['id']}"
    closed = {"from_on": "2026-12-28", "to_on": "2026-12-30", "name": "Stocktaking"}
    changed = await http.patch(one, json={"special_days": [closed]}, headers=admin)
    assert changed.json()["special_days"] == [{**closed, "hours": "off"}]

    shown = (await http.get(one, headers=bearer(keys["read"]))).json()
    assert (shown["is_main"], len(shown["days"])) == (True, 14)
    asked = {"at": "2026-11-10T15:30:00Z", "minutes": 60}  # half an hour before it closes, on the eve of a holiday
    moment = (await http.get(f"{one}/at", params=asked, headers=bearer(keys["read"]))).json()
    assert (moment["is_open"], moment["due_at"]) == (True, "2026-11-12T08:30:00Z")

    assert (await http.delete(one, headers=admin)).json()["code"] == "main_calendar"
    other = (await http.post("/api/calendars", json={**said, "name": "Night", "is_main": True}, headers=admin)).json()
    assert (await http.delete(one, headers=admin)).status_code == 204
    assert [row["id"] for row in (await http.get("/api/calendars", headers=admin)).json()["items"]] == [other["id"]]


async def test_a_calendar_is_for_all_to_see_and_for_managers_to_change(
    http: httpx.AsyncClient, keys: dict[str, str]
) -> None:
    refused = await http.post("/api/calendars", json={"name": "Mine", "hours": "24/7"}, headers=bearer(keys["write"]))
    assert refused.status_code == 403


async def test_hours_that_cant_be_understood_say_where(http: httpx.AsyncClient, keys: dict[str, str]) -> None:
    said = {"name": "Service", "hours": "Mo-Fr 9 to 5"}
    refused = (await http.post("/api/calendars", json=said, headers=bearer(keys["admin"]))).json()
    assert (refused["code"], refused["field"]) == ("invalid", "hours")
    assert "9 to 5" in refused["message"]


def test_hours_are_checked_on_the_command_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["calendars", "check", "Mo-Su 18:00-02:00", "--days", "3", "--json"]) == 0
    assert len(json.loads(capsys.readouterr().out)["days"]) == 3
    assert main(["calendars", "check", "every day"]) == 1
    assert "every day" in capsys.readouterr().err
