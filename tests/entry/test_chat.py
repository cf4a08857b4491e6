"""A customer talks with us from a page: kept before it is answered, read only by whom it belongs to."""

import base64
import gzip
import hashlib
import hmac
import json
import re
import time

import httpx
import pytest

from fadeno import access, conversations, switchboard
from fadeno.access import Actor
from fadeno.app import App
from fadeno.conversations import Answer
from fadeno.entry.chat.widget import widget
from fadeno.kit.ids import new_id
from fadeno.switchboard import Account

SITE = "https://shop.example.com"
SECRET = "a secret of at least thirty-two characters"
ADA = Actor("member", new_id(), "Ada", role="agent")


@pytest.fixture
async def account(app: App) -> Account:
    async with app.db.transaction() as tx:
        return await switchboard.add(
            tx, access.SYSTEM, app.vault, channel="webchat", name="Shop chat",
            credentials={"sites": SITE, "identity_secret": SECRET},
        )  # fmt: skip


class Browser:
    """A browser with a page of the shop open: what its widget sends."""

    def __init__(self, http: httpx.AsyncClient, account: Account, site: str = SITE) -> None:
        self.http, self.at, self.site, self.token = http, f"/chat/{account.id}", site, ""

    @property
    def headers(self) -> dict[str, str]:
        return {"origin": self.site} | ({"authorization": f"Bearer {self.token}"} if self.token else {})

    async def begins(self, **said) -> httpx.Response:
        answer = await self.http.post(
            f"{self.at}/begin", json={"token": self.token, **said}, headers={"origin": self.site}
        )
        if answer.status_code == 200:
            self.token = answer.json()["token"]
        return answer

    async def writes(self, text: str, **said) -> httpx.Response:
        if not self.token:
            await self.begins()
        body = {"id": str(new_id()), "text": text, **said}
        return await self.http.post(f"{self.at}/messages", json=body, headers=self.headers)

    async def reads(self) -> list[str]:
        answer = await self.http.get(f"{self.at}/messages", headers=self.headers)
        assert answer.status_code == 200, answer.text
        return [one["text"] for one in answer.json()["messages"]]


def identity(user: str, secret: str = SECRET, **claims) -> str:
    """Who is signed in, as the shop's server signs it."""
    head = {"alg": "HS256", "typ": "JWT"}
    body = {"sub": user, "exp": time.time() + 3600, **claims}
    parts = [base64.urlsafe_b64encode(json.dumps(p).encode()).decode().rstrip("=") for p in (head, body)]
    made = hmac.new(secret.encode(), ".".join(parts).encode(), hashlib.sha256).digest()
    return ".".join([*parts, base64.urlsafe_b64encode(made).decode().rstrip("=")])


async def answers(app: App, message_id: str, text: str, **more) -> conversations.Message:
    """An agent answers what was written."""
    async with app.db.transaction() as tx:
        heard = await conversations.message(tx, message_id)
        case = await conversations.case(tx, heard.case_id)
        said = Answer(text, case.last_said, undo_s=more.pop("undo_s", 0), **more)
        return await conversations.answer(tx, ADA, case.id, said)


async def test_what_a_customer_writes_is_in_a_case_and_the_answer_is_read_in_the_widget(
    app: App, http: httpx.AsyncClient, account: Account
):
    anna = Browser(http, account)
    written = await anna.writes("Is the boot there in 38?")
    assert written.status_code == 200
    sent = await answers(app, written.json()["id"], "Yes, two pairs.")
    assert await anna.reads() == ["Is the boot there in 38?", "Yes, two pairs."]
    for is_read, state in ((False, "delivered"), (True, "read"), (False, "read")):
        await http.post(f"{anna.at}/seen", json={"ids": [str(sent.id)], "is_read": is_read}, headers=anna.headers)
        async with app.db.transaction() as tx:
            assert (await conversations.message(tx, sent.id)).state == state


async def test_the_same_message_sent_twice_is_one(http: httpx.AsyncClient, account: Account):
    anna, id = Browser(http, account), str(new_id())
    first, second = await anna.writes("Hello", id=id), await anna.writes("Hello", id=id)
    assert first.json() == second.json()
    assert await anna.reads() == ["Hello"]


async def test_nobody_reads_what_another_wrote(http: httpx.AsyncClient, account: Account):
    anna, bela = Browser(http, account), Browser(http, account)
    await anna.writes("My order is late")
    await bela.writes("Hello")
    assert await bela.reads() == ["Hello"]
    bela.token = anna.token[:-1] + ("A" if anna.token[-1] != "A" else "B")
    assert (await http.get(f"{bela.at}/messages", headers=bela.headers)).status_code == 401


async def test_only_the_sites_it_names_show_the_chat(http: httpx.AsyncClient, account: Account):
    elsewhere = await Browser(http, account, "https://evil.example").begins()
    assert elsewhere.status_code == 403
    assert "access-control-allow-origin" not in elsewhere.headers
    asked = await http.options(
        f"/chat/{account.id}/messages", headers={"origin": SITE, "access-control-request-method": "POST"}
    )
    assert asked.status_code == 204
    assert asked.headers["access-control-allow-origin"] == SITE
    assert "authorization" in asked.headers["access-control-allow-headers"]
    refused = await http.get(f"/chat/{account.id}/messages", headers={"origin": SITE})
    assert (refused.status_code, refused.headers["access-control-allow-origin"]) == (401, SITE)


async def test_an_answer_that_can_be_held_back_is_not_shown_yet(app: App, http: httpx.AsyncClient, account: Account):
    anna = Browser(http, account)
    written = await anna.writes("Hello")
    sent = await answers(app, written.json()["id"], "Wrong!", undo_s=10)
    assert await anna.reads() == ["Hello"]
    async with app.db.transaction() as tx:
        await conversations.hold_back(tx, ADA, sent.id)
    assert await anna.reads() == ["Hello"]


def test_the_widget_is_small_and_leaves_no_name_behind():
    script, _ = widget()
    assert len(gzip.compress(script, 6)) < 20_000
    assert not re.search(rb"\bwindow\.\w+ ?=|\bglobalThis|\beval\b|document\.write", script)
    assert not re.search(rb"innerHTML|insertAdjacentHTML", script)
