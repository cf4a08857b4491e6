"""The customer's own view: opened by a link mailed to them, it shows their thread and lets them go on in it."""

import re
from datetime import timedelta

import httpx
import pytest

from fadeno import access, chats, conversations, customers, switchboard
from fadeno.app import App
from fadeno.chats import Token
from fadeno.entry.chat import talking
from fadeno.kit.ids import new_id
from tests.entry.test_chat import SITE, answers

MAIL = {"address": "help@shop.example", "smtp_host": "localhost:2525"}


@pytest.fixture
async def link(app: App) -> str:
    """Anna wrote in the chat, left her address, was answered, and has a link in her mailbox."""
    async with app.db.transaction() as tx:
        await switchboard.add(tx, access.SYSTEM, app.vault, channel="email", name="Help", credentials=MAIL)
        account = await switchboard.add(
            tx, access.SYSTEM, app.vault, channel="webchat", name="Chat", credentials={"sites": SITE}
        )
    token = Token(account.id, new_id())
    said = talking.Writing(str(new_id()), "Is it there?", email="anna@example.com", page=f"{SITE}/boots")
    written = await talking.take_in(app, account, token, said)
    await answers(app, written.id, "Yes <b>two</b> pairs.")
    async with app.db.transaction() as tx:
        mail_id = await customers.find_address(tx, "email", "anna@example.com")
        passed = await chats.make_pass(tx, mail_id, token.chat_id)
    return "/my/" + chats.signed_id(chats.key_of(app.settings.secret_key), chats.MAILED, passed)


def field(page: str, name: str) -> str:
    return re.search(rf'name="{name}" value="([^"]+)"', page)[1]


async def test_a_link_shows_the_thread_and_what_is_written_there_lands_in_the_same_case(
    app: App, http: httpx.AsyncClient, link: str
):
    came = await http.get(link)
    assert (came.status_code, came.headers["location"]) == (303, "/my")
    page = (await http.get("/my")).text
    assert "Is it there?" in page
    assert "Yes &lt;b&gt;two&lt;/b&gt; pairs." in page
    form = {"_csrf": field(page, "_csrf"), "id": field(page, "id"), "text": "I take them."}
    for _ in range(2):
        assert (await http.post("/my", data=form)).status_code == 303
    assert (await http.get("/my")).text.count("I take them.") == 1
    async with app.db.transaction() as tx:
        customer_id = await customers.find(tx, "email", "anna@example.com")
        (case,), _ = await conversations.cases_of(tx, customer_id)
        page, _ = await conversations.stream(tx, case.id)
        assert [one.text for one in reversed(page)] == ["Is it there?", "Yes <b>two</b> pairs.", "I take them."]
        assert page[1].state == "read"
        await conversations.set_state(tx, access.SYSTEM, case.id, "solved")
    asked = (await http.get("/my")).text
    rated = {"_csrf": field(asked, "_csrf"), "case": field(asked, "case"), "stars": "5"}
    assert (await http.post("/my/rating", data=rated)).status_code == 303
    assert 'name="stars"' not in (await http.get("/my")).text


async def test_another_site_can_not_write_and_a_revoked_link_opens_nothing(http: httpx.AsyncClient, link: str):
    await http.get(link)
    page = (await http.get("/my")).text
    forged = await http.post("/my", data={"text": "Cancel it"}, headers={"sec-fetch-site": "cross-site"})
    assert forged.status_code == 403
    await http.post("/my/leave", data={"_csrf": field(page, "_csrf")})
    assert (await http.get(link)).status_code == 410
    assert "Is it there?" not in (await http.get("/my")).text
    assert (await http.get("/my/" + "A" * 43)).status_code == 401


async def test_a_link_is_mailed_to_who_asks_and_nobody_learns_whom_we_know(
    app: App, http: httpx.AsyncClient, link: str
):
    told = [(await http.post("/my/link", data={"email": one})) for one in ("anna@example.com", "no@example.com", "")]
    assert {one.status_code for one in told} == {200}
    assert len({re.sub(r'value="[^"]*"', "", one.text) for one in told}) == 1
    for _ in range(5):
        await http.post("/my/link", data={"email": "anna@example.com"})
    async with app.db.transaction() as tx:
        customer_id = await customers.find(tx, "email", "anna@example.com")
        (case,), _ = await conversations.cases_of(tx, customer_id)
        page, _ = await conversations.stream(tx, case.id)
    mails = [one for one in page if one.channel == "email"]
    assert len(mails) == 3, "at most three an hour"
    assert all(chats.LINK in one.text for one in mails)
    assert timedelta(0) <= mails[0].undo_until - mails[0].said_at <= timedelta(seconds=1)
