"""Accounts of channels over the API and at the terminal, and what providers bring to their door."""

import asyncio
import io
import json
from dataclasses import replace
from pathlib import Path

import pytest
from httpx import AsyncClient as Client

from fadeno import switchboard
from fadeno.app import App, understanding
from fadeno.entry.cli import main
from tests.entry.test_letters import written
from tests.entry.test_promises_api import as_url
from tests.switchboard.conftest import Drain, drain  # noqa: F401 -- a fixture
from tests.switchboard.name_server import name_server

Keys = dict[str, str]
MAILBOX = {"address": "service@shop.example", "smtp_host": "127.0.0.1:9", "password": "s3cret"}


@pytest.fixture
def db(app: App):
    return app.db


@pytest.fixture
def as_admin(keys: Keys) -> dict[str, str]:
    return {"authorization": f"Bearer {keys['admin']}"}


@pytest.fixture
async def account(http: Client, as_admin: dict[str, str]) -> dict:
    new = {"channel": "email", "name": "Service", "credentials": MAILBOX}
    made = await http.post("/api/channels", json=new, headers=as_admin)
    assert made.status_code == 201, made.text
    return made.json()


async def test_an_account_is_made_changed_and_tried_and_its_secrets_are_shown_to_nobody(
    http: Client, as_admin: dict[str, str], keys: Keys, account: dict
):
    at = f"/api/channels/{account['id']}"
    turned = await http.patch(at, json={"is_test": True, "credentials": {"login": "ada"}}, headers=as_admin)
    assert (turned.json()["is_test"], turned.json()["options"]["login"]) == (True, "ada")
    tried = await http.post(f"{at}/test", headers=as_admin)
    assert (tried.json()["works"], "private network" in tried.json()["words"]) == (False, True)
    shown = await http.get("/api/channels", headers={"authorization": f"Bearer {keys['read']}"})
    assert [(one["name"], one["health"]) for one in shown.json()["items"]] == [("Service", "fails")]
    assert {one["name"] for one in shown.json()["channels"]} >= {"email", "webchat"}
    assert "s3cret" not in shown.text + turned.text + tried.text
    refused = await http.post(
        "/api/channels", json={"channel": "email", "name": "Two"}, headers={"authorization": f"Bearer {keys['write']}"}
    )
    assert refused.status_code == 403
    lacking = await http.post("/api/channels", json={"channel": "email", "name": "Two"}, headers=as_admin)
    assert (lacking.status_code, lacking.json()["field"]) == (400, "address")


async def test_of_an_account_nobody_can_sign_in_to_beforehand_nothing_is_said_to_work(
    http: Client, as_admin: dict[str, str]
):
    new = {"channel": "webchat", "name": "Shop", "credentials": {"sites": "https://shop.example"}}
    made = (await http.post("/api/channels", json=new, headers=as_admin)).json()
    assert (await http.post(f"/api/channels/{made['id']}/test", headers=as_admin)).json()["steps"] == []
    assert (await http.get(f"/api/channels/{made['id']}", headers=as_admin)).json()["health"] == "unknown"


async def test_a_raw_mail_is_kept_before_it_is_answered_and_understood_afterwards(
    app: App, http: Client, keys: Keys, account: dict, as_admin: dict[str, str], drain: Drain  # noqa: F811
):  # fmt: skip
    at, mail = f"/hooks/email/{account['id']}", written("It does not light up.")
    as_writer = {"authorization": f"Bearer {keys['write']}", "content-type": "message/rfc822"}
    assert (await http.post(at, content=mail)).status_code == 401
    assert (await http.post(at, content=mail, headers=as_writer)).json() == {"is_new": True}
    assert (await http.post(at, content=mail, headers=as_writer)).json() == {"is_new": False}
    assert (await http.post(at.replace("email", "webchat"), content=mail, headers=as_writer)).status_code == 404
    assert (await http.post(at, content=b"\0", headers=as_writer)).status_code == 200
    await drain({switchboard.UNDERSTAND: understanding(app)})
    found = (await http.get("/api/cases?list=all", headers=as_writer)).json()["items"]
    assert [one["title"] for one in found] == ["My lamp"]
    failed = (await http.get(f"/api/channels/{account['id']}/parcels", headers=as_admin)).json()["items"]
    assert [one["reason"] for one in failed] == ["channel_unreadable"]
    done = await http.post("/api/channels/parcels/dismiss", json={"ids": [failed[0]["id"]]}, headers=as_admin)
    assert done.json() == {"parcels": 1}
    await http.patch(f"/api/channels/{account['id']}", json={"is_on": False}, headers=as_admin)
    assert (await http.post(at, content=written("Hello?"), headers=as_writer)).status_code == 409


def test_at_the_terminal_secrets_come_by_standard_input(
    url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.setenv("FADENO_DATABASE_URL", as_url(url))

    def fadeno(*words: str, given: str = "") -> tuple[int, str]:
        monkeypatch.setattr("sys.stdin", io.StringIO(given))
        status = main(["channels", *words, "--data-dir", str(tmp_path)])
        said = capsys.readouterr()
        return status, said.out + said.err

    settings = [f"--set={name}={MAILBOX[name]}" for name in ("address", "smtp_host")]
    status, said = fadeno("add", "email", "Service", *settings, given="password=s3cret\n")
    assert status == 0, said
    status, said = fadeno("add", "email", "Two", *settings, "--set=password=x")
    assert (status != 0, "is secret" in said) == (True, True)
    assert "Service" in fadeno("change", "Service", "--off")[1]
    (listed,) = json.loads(fadeno("list", "--json")[1])["items"]
    assert (listed["name"], listed["is_on"], "s3cret" in str(listed)) == ("Service", False, False)
    assert fadeno("check")[0] == 0


async def test_what_the_dns_says_of_a_domain_is_told_with_the_record_to_add(
    app: App, http: Client, account: dict, keys: Keys
):
    async with name_server() as dns:
        dns.says("shop.example", "MX", "10 mx.shop.example.")
        app.settings = replace(app.settings, dns=(dns.address,))
        at = f"/api/channels/{account['id']}/domain"
        told = (await http.get(at, headers={"authorization": f"Bearer {keys['read']}"})).json()
    assert (told["domain"], told["is_ready"]) == ("shop.example", False)
    verdicts = {one["about"]: one["verdict"] for one in told["findings"]}
    assert verdicts == {"spf": "missing", "dkim": "missing", "dmarc": "missing", "mx": "good"}
    assert told["findings"][0]["record"]["value"] == "v=spf1 mx ~all"


async def test_at_the_terminal_one_account_is_checked_with_its_domain(
    url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    async with name_server() as dns:
        monkeypatch.setenv("FADENO_DATABASE_URL", as_url(url))
        monkeypatch.setenv("FADENO_DNS", dns.address)
        monkeypatch.setattr("sys.stdin", io.StringIO("password=s3cret\n"))
        where = ["--data-dir", str(tmp_path)]
        said = ["--set=address=a@shop.example", "--set=smtp_host=smtp.gmail.com:465"]
        assert await asyncio.to_thread(main, ["channels", "add", "email", "Service", *said, *where]) == 0
        assert await asyncio.to_thread(main, ["channels", "check", "Service", *where]) == 1
    assert "add  shop.example  TXT  v=spf1 include:_spf.google.com ~all" in capsys.readouterr().out
