"""Customers are asked by mail how content they were: once a solving; looking at the page says nothing."""

from datetime import timedelta
from uuid import UUID

import httpx
import pytest

from fadeno import app as house
from fadeno import chats, content, conversations, customers, switchboard
from fadeno.access import SYSTEM
from fadeno.app import App, leaving
from fadeno.app.leaving import RATE_LINK
from fadeno.conversations import Area, Incoming
from fadeno.customers import Evidence, Mention
from fadeno.db import Tx
from fadeno.kit.ids import new_id
from tests.conversations.playing import ADA, answers

MAIL = {"address": "help@shop.example", "smtp_host": "localhost:2525"}
HOUR = timedelta(hours=1)


@pytest.fixture
async def case_id(app: App) -> UUID:
    """Anna wrote in Hungarian, was answered, and her case is solved; the area asks everywhere."""
    async with app.db.transaction() as tx:
        await conversations.set_area(tx, SYSTEM, Area("service", asks_rating="everywhere"))
        account = await switchboard.add(tx, SYSTEM, app.vault, channel="email", name="Help", credentials=MAIL)
        case_id = await _solved(tx, account, "anna@example.com", "Lámpa")
    return case_id


async def _solved(tx: Tx, account: switchboard.Account, who: str, subject: str, **more: object) -> UUID:
    id = new_id()
    (placed,) = await customers.place(
        tx, [Evidence(id, account.source_id, tx.now, (Mention("email", who, 1),), "letter")]
    )
    letter = Incoming(
        id, account.id, "email", placed.address_id, placed.customer_id, text="Hol van?", subject=subject, language="hu"
    )  # fmt: skip
    heard = await conversations.hear(tx, letter)
    answer = await answers(tx, ADA, heard.case_id, "Úton van.", then="solved", undo_s=0)
    await conversations.fared(tx, answer.id, "sent")
    return heard.case_id


async def _asks(app: App, later: timedelta) -> None:
    async with app.db.transaction() as tx:
        await tx.connection.execute("UPDATE conversations.case SET solved_at = solved_at - %s", [later])
        await house.ask_ratings(tx, app)


async def _questions(app: App, case_id: UUID) -> list[conversations.Message]:
    async with app.db.transaction() as tx:
        page, _ = await conversations.stream(tx, case_id)
    return [one for one in page if RATE_LINK in one.text]


async def _link(app: App, case_id: UUID) -> str:
    """The address in the mail as it leaves."""
    (question,) = await _questions(app, case_id)
    async with app.db.transaction() as tx:
        account = next(one for one in await switchboard.accounts(tx) if one.channel == "email")
        carried = await leaving._composed(app, tx, account, question.id)
    assert (question.state, question.is_automatic, carried.draft.automatic) == ("queued", True, "replied")
    return carried.draft.text[carried.draft.text.index("/rate/") :]


async def test_who_was_answered_is_asked_once_a_solving_and_says_it_with_one_click(
    app: App, http: httpx.AsyncClient, case_id: UUID
):
    await _asks(app, timedelta(minutes=20))
    assert await _questions(app, case_id) == [], "solving may still be taken back"
    for _ in range(2):
        await _asks(app, HOUR)
    link = await _link(app, case_id)
    shown = await http.get(link, headers={"accept-language": "ar"})
    assert (shown.status_code, shown.headers["referrer-policy"]) == (200, "no-referrer")
    assert "Mennyire elégedett" in shown.text
    assert (await http.head(link)).status_code in (200, 405)
    async with app.db.transaction() as tx:
        assert (await conversations.case(tx, case_id)).rating is None, "looking at it says nothing"
    assert (await http.post(link, data={"stars": "4"})).status_code == 303
    assert (await http.post(link, data={"stars": "5", "words": "Gyors <b>volt</b>"})).status_code == 303
    assert "Gyors &lt;b&gt;volt&lt;/b&gt;" in (await http.get(link)).text
    async with app.db.transaction() as tx:
        case = await conversations.case(tx, case_id)
        assert (case.rating, case.rating_words, case.state) == (5, "Gyors <b>volt</b>", "solved")
        thread, _ = await customers.thread(tx, case.customer_id)
        assert [one.body["properties"]["rating"] for one in thread if one.kind == "rating"] == [5, 4]
        await conversations.set_state(tx, SYSTEM, case_id, "open")
        await conversations.set_state(tx, SYSTEM, case_id, "solved")
        await tx.connection.execute(
            "UPDATE conversations.case SET (rated_at, rating_asked_at) = ('2026-01-01', '2026-01-01')"
        )
    await _asks(app, HOUR)
    assert len(await _questions(app, case_id)) == 2


@pytest.mark.parametrize("stars", ["0", "6", "5.0", "", "\0", "5 OR 1"])
async def test_nothing_but_one_to_five_is_taken(app: App, http: httpx.AsyncClient, case_id: UUID, stars: str):
    await _asks(app, HOUR)
    link = await _link(app, case_id)
    assert (await http.post(link, data={"stars": stars})).status_code == 400
    assert (await http.post(link, data={"stars": "5", "words": "x" * 2001})).status_code == 400


async def test_a_link_is_over_after_a_month_and_another_opens_nothing(app: App, http: httpx.AsyncClient, case_id: UUID):
    await _asks(app, HOUR)
    link = await _link(app, case_id)
    async with app.db.transaction() as tx:
        wrong = chats.signed_id(
            chats.key_of(app.settings.secret_key), chats.MAILED, (await _questions(app, case_id))[0].id
        )
        for other in (f"/rate/{wrong}", link[:-1], "/rate/…", "/rate/%00"):
            assert (await http.get(other)).status_code in (401, 404)
        await tx.connection.execute("UPDATE conversations.message SET said_at = said_at - interval '31 days'")
    over = await http.post(link, data={"stars": "5"})
    assert (over.status_code, over.json()["code"]) == (410, "rating_over")


@pytest.mark.parametrize(
    "why", ["only chat", "closed", "nobody answered", "merged", "rated", "asked lately", "no mailbox"]
)
async def test_who_is_not_asked_and_why(app: App, case_id: UUID, why: str):
    held = ""
    async with app.db.transaction() as tx:
        account = next(one for one in await switchboard.accounts(tx) if one.channel == "email")
        match why:
            case "only chat":
                await conversations.set_area(tx, SYSTEM, Area("service"))
            case "closed":
                await content.create_calendar(tx, SYSTEM, name="Shop", hours="Mo-Su off", zone="UTC", is_main=True)
            case "nobody answered":
                await tx.connection.execute(
                    "UPDATE conversations.message SET is_automatic = true WHERE direction = 'out'"
                )
            case "merged":
                other = await _solved(tx, account, "anna@example.com", "Szék")
                await conversations.merge(tx, ADA, case_id, other)
                await conversations.set_state(tx, ADA, other, "open")
            case "rated":
                await conversations.rate(tx, case_id, 3, "webchat")
            case "asked lately":
                other, held = await _solved(tx, account, "anna@example.com", "Szék"), "asked_lately"
                await conversations.note_asked(tx, other)
            case "no mailbox":
                held = "no_way"
                await switchboard.change(tx, SYSTEM, app.vault, account.id, is_on=False)
    await _asks(app, HOUR)
    assert await _questions(app, case_id) == []
    async with app.db.transaction() as tx:
        assert (await conversations.case(tx, case_id)).rating_held == held
