"""The page of customers who may be one person: side by side, decided by key or many at once, undone."""

import asyncio
import re
from collections.abc import AsyncIterator
from uuid import UUID

import httpx
import pytest

from fadeno import access, customers, events
from fadeno.access import SYSTEM, Actor
from fadeno.app import App
from tests.entry.test_pages_customers import _signed_in, _token, _words

BORN = {"birthday": "1980-01-02"}
PEOPLE = (
    ("u1", {"name": "Јелица Петровић", "email": "jelica.petrovic@posta.example", **BORN}),
    ("u2", {"name": "Jelica Petrović", "email": "jelica.petrovci@posta.example", **BORN}),
    ("u3", {"name": "Anna Szűcs", "city": "Pécs", **BORN}),
    ("u4", {"name": "Szucs Anna", "city": "Pécs", **BORN}),
    ("u5", {"name": "Béla Berg"}),
    ("u6", {"name": "Cili Berg"}),
)
HTMX = {"HX-Request": "true"}


@pytest.fixture
async def manager(app: App, http: httpx.AsyncClient) -> AsyncIterator[httpx.AsyncClient]:
    browser = await _signed_in(app, http, "manager")
    yield browser
    await browser.aclose()


@pytest.fixture
async def people(app: App, http: httpx.AsyncClient, keys: dict[str, str]) -> None:
    """Two who are there twice, and two accounts with one mailbox."""
    batch = [{"type": "identify", "userId": user, "traits": traits} for user, traits in PEOPLE]
    batch += [{"type": "identify", "userId": user, "traits": {"email": "berg@posta.example"}} for user in ("u5", "u6")]
    answer = await http.post("/v1/batch", json={"batch": batch}, auth=(keys["collect"], ""))
    assert answer.status_code == 200
    async with app.db.transaction() as tx:
        while await customers.find_likely(tx):
            pass


def _pairs(page: httpx.Response) -> list[UUID]:
    return [UUID(found) for found in re.findall(r'<li class="card pairing" id="pair-([0-9a-f-]{36})"', page.text)]


async def _owner(app: App, user: str) -> UUID | None:
    async with app.db.transaction() as tx:
        return await customers.find(tx, "user", user)


@pytest.mark.usefixtures("people")
async def test_pairs_stand_side_by_side_with_what_speaks_for_and_against(manager: httpx.AsyncClient):
    page = await manager.get("/suggestions")
    said = _words(page)
    assert len(_pairs(page)) == 3
    assert "very likely, 99" in said
    assert "Same name in another script" in said
    assert "E-mail one slip apart +45" in said
    assert "Another name: perhaps one household −45" in said
    assert "jelica.petrov<mark>ic</mark>@posta.example" in page.text
    assert said.index("very likely") < said.index("hardly, ")
    assert "Another name: perhaps one household" in said
    assert "they would have more of one kind (User) than one person has" in said


@pytest.mark.usefixtures("people")
async def test_lists_are_narrowed_by_certainty_and_reason(manager: httpx.AsyncClient):
    assert len(_pairs(await manager.get("/suggestions?sure=very"))) == 2
    assert len(_pairs(await manager.get("/suggestions?sure=hardly"))) == 1
    assert len(_pairs(await manager.get("/suggestions?reason=email_a_slip_away"))) == 1
    nothing = await manager.get("/suggestions?sure=very&reason=same_number")
    assert "No such pair waits" in _words(nothing)
    assert len(_pairs(await manager.get("/suggestions?sure=x&reason=%27&after="))) == 3


@pytest.mark.usefixtures("people")
async def test_a_decided_pair_stays_as_a_line_that_undoes_it(app: App, manager: httpx.AsyncClient):
    page = await manager.get("/suggestions?reason=email_a_slip_away")
    (pair,) = _pairs(page)
    form = {"_csrf": _token(page)}
    line = await manager.post(f"/suggestions/{pair}/confirm", data=form, headers=HTMX)
    assert f'<li class="row wrap told" id="pair-{pair}"' in line.text
    assert "Merged. Both threads are one now." in line.text
    assert await _owner(app, "u1") == await _owner(app, "u2")
    assert {"merge", "split"} <= set(re.findall('symbol id="i-([a-z]+)"', page.text)), "what comes in brings no icons"
    undo = re.search(r'hx-post="(/suggestions/[^"]+/undo/[^"]+)"', line.text)[1]
    card = await manager.post(undo, data=form, headers=HTMX)
    assert _pairs(card) == [pair]
    assert await _owner(app, "u1") != await _owner(app, "u2")
    refused = await manager.post(f"/suggestions/{pair}/refuse", data=form)  # and without a script
    assert "Kept apart from now on." in refused.text
    assert pair not in _pairs(refused)


@pytest.mark.usefixtures("people")
async def test_many_are_looked_through_merged_in_one_round_and_taken_back_whole(
    app: App, manager: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("fadeno.entry.web.pages.rounds._PAGE", 1)
    assert "Merge 2 pairs at 90 or more" in _words(await manager.get("/suggestions"))
    page = await manager.get("/suggestions/merge?least=90")
    assert "Merge 2 pairs?" in _words(page)
    assert "1 to 1 of 2 · All will be merged" in _words(page)
    assert "Same name in another script +50" in _words(page)
    form = {"_csrf": _token(page), "least": "90", "shown": _listed(page)}  # its tick taken away
    (more,) = re.findall(r'name="after" value="([^"]+)"', page.text)
    page = await manager.post("/suggestions/merge/look", data={**form, "after": more})
    assert "2 to 2 of 2 · 1 left out" in _words(page)
    left_out = re.findall(r'name="left_out" value="([^"]+)"', page.text)
    assert left_out == form["shown"]
    form = {"_csrf": _token(page), "least": "90", "shown": _listed(page), "pair": _listed(page), "left_out": left_out}
    begun = await manager.post("/suggestions/merge", data=form)
    assert "Merging: 0 of 1" in _words(begun)
    assert 'hx-trigger="every 1s"' in begun.text
    await _worked(app)
    done = await manager.get(begun.url)
    assert "1 pair merged" in _words(done)
    assert "every 1s" not in done.text
    assert await _same(app) == [False, True]
    assert str(begun.url.path) in (await manager.get("/suggestions/decided")).text
    undoing = await manager.post(f"{begun.url.path}/undo", data={"_csrf": _token(done)})
    assert "Taking back: 1 is still merged" in _words(undoing)
    await _worked(app)
    assert "All of it is taken back" in _words(await manager.get(begun.url))
    assert await _same(app) == [False, False]
    assert len(_pairs(await manager.get("/suggestions?sure=very"))) == 2


@pytest.mark.usefixtures("people")
async def test_a_round_says_that_it_ended_as_its_member_went(app: App, manager: httpx.AsyncClient):
    async with app.db.transaction() as tx:
        ida = await access.add_member(tx, SYSTEM, "ida@lumo.example", "Ida", "manager", "nine tall cranes over the bay")
        id_ = await customers.merge_all_likely(tx, Actor("member", ida, "Ida", "manager"), 90)
        await access.remove_member(tx, SYSTEM, ida)
    await _worked(app)
    page = await manager.get(f"/suggestions/rounds/{id_}")
    assert "It ended there, as Ida may no longer merge customers" in _words(page)
    assert "every 1s" not in page.text
    assert await _same(app) == [False, False]


def _listed(page: httpx.Response) -> list[str]:
    return re.findall(r'name="shown" value="([0-9a-f-]{36})"', page.text)


async def _same(app: App) -> list[bool]:
    return sorted([await _owner(app, one) == await _owner(app, other) for one, other in (("u1", "u2"), ("u3", "u4"))])


async def _worked(app: App) -> None:
    async with app.db.transaction() as tx:
        while await customers.go_on_rounds(tx):
            pass


@pytest.mark.usefixtures("people")
async def test_who_may_not_merge_looks_only_and_who_may_not_contact_reads_no_addresses(
    app: App, http: httpx.AsyncClient
):
    browser = await _signed_in(app, http, "analyst")
    page = await browser.get("/suggestions")
    (pair, *_) = _pairs(page)
    assert "jelica.petrov" not in page.text
    assert 'data-press="y"' not in page.text
    form = {"_csrf": _token(await browser.get("/account"))}
    assert (await browser.post(f"/suggestions/{pair}/confirm", data=form)).status_code == 403
    assert (await browser.post("/suggestions/merge", data={**form, "least": "90"})).status_code == 403
    await browser.aclose()


async def test_nobody_there_twice_is_said(manager: httpx.AsyncClient):
    assert "/export/" not in (await manager.get("/suggestions")).text
    assert "Nobody seems to be there twice" in _words(await manager.get("/suggestions"))
    assert "Nothing decided yet" in _words(await manager.get("/suggestions/decided"))


@pytest.mark.usefixtures("people")
async def test_the_page_of_a_customer_says_who_else_they_may_be(app: App, manager: httpx.AsyncClient):
    said = _words(await manager.get(f"/customers/{await _owner(app, 'u1')}"))
    assert "Perhaps the same: Jelica Petrović very likely, 99" in said


@pytest.mark.usefixtures("people")
async def test_what_was_just_said_of_somebody_is_weighed_at_once(
    app: App, http: httpx.AsyncClient, keys: dict[str, str], manager: httpx.AsyncClient
):
    await _hear(app)
    assert len(_pairs(await manager.get("/suggestions"))) == 3
    traits = {"name": "Anna Szűcs", "city": "Pécs", **BORN}
    await http.post("/v1/identify", json={"userId": "u7", "traits": traits}, auth=(keys["collect"], ""))
    await _hear(app)
    now = await manager.get("/suggestions")
    assert len(_pairs(now)) == 5, "she is like either of two"
    one, other = await _owner(app, "u3"), await _owner(app, "u4")
    await manager.post(f"/customers/{one}/merge", data={"_csrf": _token(now), "with": str(other)})
    await _hear(app)
    assert len(_pairs(await manager.get("/suggestions"))) == 3, "the two are one, and she is like that one"


async def _hear(app: App) -> None:
    """Wait for the live stream, as the worker does, and look."""
    last = -1
    async with asyncio.timeout(40):
        while True:
            async with app.db.transaction() as tx:
                now = await events.last_position(tx)
                cursor = await tx.connection.execute("SELECT EXISTS (SELECT FROM events.arrival)")
                (is_waiting,) = await cursor.fetchone()
                if not is_waiting and now == last:
                    await customers.weigh_news(tx)
                    return
                last = now
            await asyncio.sleep(0.05)
