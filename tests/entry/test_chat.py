"""A customer talks with us from a page: kept before it is answered, read only by whom it belongs to."""

import asyncio
import base64
import gzip
import hashlib
import hmac
import json
import re
import time
from datetime import timedelta

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fadeno import access, channels, chats, content, conversations, switchboard
from fadeno.access import Actor
from fadeno.app import App
from fadeno.channels.adapters import webchat
from fadeno.conversations import Answer
from fadeno.entry.chat import streaming
from fadeno.entry.chat.widget import widget
from fadeno.kit import clock
from fadeno.kit.ids import new_id
from fadeno.switchboard import Account

JSON = st.none() | st.booleans() | st.floats() | st.text() | st.sampled_from(["id", "chat", "text", "at", "files"])
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
    bela.token = "Q" + anna.token[1:]
    assert (await http.get(f"{bela.at}/messages", headers=bela.headers)).status_code == 401


async def test_an_identity_counts_only_if_the_site_signed_it_lately(http: httpx.AsyncClient, account: Account):
    anna = Browser(http, account)
    assert (await anna.begins(identity=identity("u-17"))).json()["is_signed_in"]
    head, body, sign = identity("u-17").split(".")
    unsigned = base64.urlsafe_b64encode(b'{"alg":"none"}').decode()
    forged = [
        identity("u-17", secret="another secret of at least thirty-two"),
        f"{head}.{identity('u-18').split('.')[1]}.{sign}",
        f"{unsigned}.{body}.",
        f"{unsigned}.{body}.{sign}",
        identity("u-17", exp=time.time() - 120),
        identity("u-17", exp=time.time() + 30 * 86_400),
        identity(" "),
        "nothing",
        "..",
        "é.é.é",
    ]
    for one in forged:
        assert (await Browser(http, account).begins(identity=one)).status_code == 401, one


async def test_who_was_signed_in_on_a_browser_leaves_nothing_there(http: httpx.AsyncClient, account: Account):
    anna = Browser(http, account)
    await anna.begins(identity=identity("u-17"))
    await anna.writes("My order is late")
    assert await anna.reads() == ["My order is late"]
    assert not (await anna.begins()).json()["is_signed_in"]
    assert await anna.reads() == []


@given(raw=st.binary(max_size=300) | st.recursive(JSON, lambda x: st.lists(x) | st.dictionaries(st.text(), x)))
@settings(max_examples=60)
def test_whatever_is_sent_is_read_or_refused_with_reason(raw: object):
    body = raw if isinstance(raw, bytes) else json.dumps(raw).encode("utf-8", "surrogatepass")
    try:
        (letter,) = webchat.read(body, {}, None)
    except channels.Unreadable:
        return
    assert letter.visible or letter.attachments


async def test_a_flood_is_held_up_and_loses_nothing(http: httpx.AsyncClient, account: Account):
    anna = Browser(http, account)
    came = [await anna.writes(f"{n}") for n in range(20)]
    refused = [one for one in came if one.status_code == 429]
    assert refused
    assert int(refused[0].headers["retry-after"]) >= 1
    assert refused[0].headers["access-control-allow-origin"] == SITE
    assert await anna.reads() == [f"{n}" for n, one in enumerate(came) if one.status_code == 200]


async def test_a_file_is_brought_before_its_message_and_given_out_so_that_nothing_in_it_runs(
    app: App, http: httpx.AsyncClient, account: Account
):
    anna, bela = Browser(http, account), Browser(http, account)
    await anna.begins()
    await bela.begins()
    evil = b"<html><script>alert(1)</script>"
    named = {"x-file-name": "h%C3%A1z%0d%0a.html", "content-type": "image/png"}
    brought = await http.post(f"{anna.at}/files", content=evil, headers=anna.headers | named)
    assert brought.json()["type"] == "text/html"
    stolen = await bela.writes("mine", files=[brought.json()["id"]])
    assert stolen.status_code == 404
    assert (await anna.writes("", files=[brought.json()["id"]])).status_code == 200
    (shown,) = (await http.get(f"{anna.at}/messages", headers=anna.headers)).json()["messages"]
    (file,) = shown["attachments"]
    given = await http.get(f"{anna.at}/files/{file['key']}/x")
    assert given.content == evil
    assert given.headers["content-type"] == "application/octet-stream"
    assert given.headers["content-disposition"].startswith("attachment")
    assert "sandbox" in given.headers["content-security-policy"]
    assert (await http.get(f"{anna.at}/files/{'Q' + file['key'][1:]}/x")).status_code == 404
    too_large = await http.post(f"{anna.at}/files", content=b"x" * (26 * 1024 * 1024), headers=anna.headers)
    assert too_large.status_code == 413


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


async def test_the_stream_tells_that_there_is_more_and_that_somebody_writes(
    app: App, http: httpx.AsyncClient, account: Account, keys: dict[str, str]
):
    anna = Browser(http, account)
    written = await anna.writes("Hello")
    async with app.db.transaction() as tx:
        case_id = (await conversations.message(tx, written.json()["id"])).case_id
        (chat_id,) = await chats.chats_in(tx, case_id)
    token = chats.read_token(chats.key_of(app.settings.secret_key), anna.token)
    assert chat_id == token.chat_id
    stream = streaming.telling(app, token)
    async with asyncio.timeout(10):
        assert b"more" in await anext(stream)
        chats.tell_writing([chat_id])
        while b"writes" not in await anext(stream):
            pass
        await answers(app, written.json()["id"], "Yes.", undo_s=1)
        app.live.poke()
        while await anna.reads() != ["Hello", "Yes."]:
            await anext(stream)
    await stream.aclose()


async def test_who_turns_out_to_be_somebody_known_goes_on_hearing(app: App, http: httpx.AsyncClient, account: Account):
    earlier, anna = Browser(http, account), Browser(http, account)
    await earlier.writes("Hello", email="anna@example.com")
    written = await anna.writes("It is me again")
    stream = streaming.telling(app, chats.read_token(chats.key_of(app.settings.secret_key), anna.token))
    async with asyncio.timeout(10):
        assert b"more" in await anext(stream)
        await http.post(f"{anna.at}/address", json={"email": "anna@example.com"}, headers=anna.headers)
        await answers(app, written.json()["id"], "Welcome back.")
        app.live.poke()
        while b"more" not in await anext(stream) or await anna.reads() != ["It is me again", "Welcome back."]:
            pass
    await stream.aclose()


async def test_who_comes_while_nobody_is_there_is_told_so_and_by_when_they_are_answered(
    app: App, http: httpx.AsyncClient, account: Account
):
    assert (await Browser(http, account).begins()).json()["is_open"]
    day = (clock.now() + timedelta(days=2)).strftime("%a")[:2]
    async with app.db.transaction() as tx:
        await content.create_calendar(tx, access.SYSTEM, "Office", hours=f"{day} 10:00-12:00", zone="UTC")
    begun = (await Browser(http, account).begins()).json()
    assert not begun["is_open"]
    assert begun["answered_by"] > (clock.now() + timedelta(days=1)).isoformat()
