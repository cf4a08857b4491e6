"""The list of customers narrowed by what one may want of them, and that kept under a name."""

import asyncio
import re
from html import unescape

import httpx
import pytest

from fadeno import customers
from fadeno.access import SYSTEM
from fadeno.app import App
from fadeno.customers import tasks
from fadeno.customers.reads import narrowing
from fadeno.customers.store import ways
from tests.entry.test_pages_customers import Says, _token, _words, manager, marketing, says

__all__ = ["manager", "marketing", "says"]


@pytest.fixture
async def known(says: Says) -> None:
    """Anna wrote by WhatsApp and allows offers, Boris forbids them, Cecil was last heard of in May."""
    await says("identify", userId="u-1", traits={"name": "Anna", "email": "anna@posta.example"})
    wrote = {"text": "Hello"}
    await says("track", userId="u-1", event="Message Received", properties=wrote, context={"channel": "whatsapp"})
    for number, allowed in ((1, True), (2, False)):
        about = {"consent": {"categoryPreferences": {"offers_email": allowed}}}
        await says("track", userId=f"u-{number}", event="Consent Changed", context=about)
    await says("identify", userId="u-2", traits={"name": "Boris", "phone": "+36205550139"})
    await says("identify", userId="u-3", traits={"name": "Cecil"}, timestamp="2026-05-01T10:00:00Z")


async def _found(browser: httpx.AsyncClient, **asked: str) -> set[str]:
    page = await browser.get("/customers", params=asked, headers={"HX-Request": "true"})
    assert page.status_code == 200, page.text
    return {name for name in ("Anna", "Boris", "Cecil") if name in _words(page)}


async def test_each_condition_narrows_and_all_hold_together(manager: httpx.AsyncClient, known: None):
    assert await _found(manager) == {"Anna", "Boris", "Cecil"}
    assert await _found(manager, reached="email") == {"Anna"}
    assert await _found(manager, reached="phone") == {"Boris"}
    assert await _found(manager, channel="whatsapp") == {"Anna"}
    assert await _found(manager, days="30") == {"Anna", "Boris"}
    assert await _found(manager, source="1") == {"Anna", "Boris", "Cecil"}
    assert await _found(manager, source="2") == set()
    assert await _found(manager, allows="offers_email") == {"Anna"}
    assert await _found(manager, reached="phone", allows="offers_email") == set()
    assert await _found(manager, q="bor", days="30") == {"Boris"}
    assert await _found(manager, q="anna", reached="phone") == set()


async def _told(app: App) -> None:
    """The live stream has told of everything that was said."""
    for _ in range(250):
        async with app.db.transaction() as tx:
            cursor = await tx.connection.execute("SELECT FROM events.arrival")
            if not cursor.rowcount:
                return
        await asyncio.sleep(0.02)
    raise AssertionError("the live stream stands still")


async def _learned(app: App) -> None:
    """What a timer does: the ways by which few came are known."""
    await _told(app)
    async with app.db.transaction() as tx:
        while await customers.learn_ways(tx):
            pass


async def test_a_way_few_came_is_found_without_looking_through_everybody(
    app: App, manager: httpx.AsyncClient, known: None, says: Says, monkeypatch: pytest.MonkeyPatch
):
    async def everybody(*asked: object) -> None:
        raise AssertionError("all customers are looked through")

    await _learned(app)
    monkeypatch.setattr(narrowing, "named_page", everybody)
    assert await _found(manager, channel="whatsapp") == {"Anna"}
    assert await _found(manager, channel="fax") == await _found(manager, source="2") == set()
    assert await _found(manager, source="1", days="30") == {"Anna", "Boris"}
    wrote = {"text": "Good day"}
    await says("track", userId="u-3", event="Message Received", properties=wrote, context={"channel": "whatsapp"})
    await _told(app)
    assert await _found(manager, channel="whatsapp") == {"Anna", "Cecil"}, "also who came since"
    async with app.db.transaction() as tx:
        anna, boris = [await customers.find(tx, "user", user) for user in ("u-1", "u-2")]
        await customers.merge(tx, SYSTEM, [anna, boris])
    await _learned(app)
    assert len(await _found(manager, channel="whatsapp")) == 2, "whoever the address belongs to now"


async def test_a_way_many_came_is_not_noted_and_found_all_the_same(
    app: App, manager: httpx.AsyncClient, known: None, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(tasks, "MOST_RARE", 2)
    async with app.db.transaction() as tx:  # far on in a long stream
        await tx.connection.execute("UPDATE events.run SET position = position + 100000")
    await _learned(app)
    async with app.db.transaction() as tx:
        assert await ways.is_common(tx, "server", 1)
        assert await ways.count_rare(tx, "server", 1, 9) == 0
        assert await ways.count_rare(tx, "whatsapp", 1, 9) == 1
    assert await _found(manager, channel="server") == {"Anna", "Boris", "Cecil"}
    assert await _found(manager, channel="whatsapp") == {"Anna"}


async def test_what_no_form_offers_is_refused(manager: httpx.AsyncClient):
    for asked in ({"reached": "pigeon"}, {"days": "-1"}, {"source": "1;DROP"}):
        assert (await manager.get("/customers", params=asked)).status_code == 400
    assert (await manager.get("/customers", params={"channel": "a\0b", "source": "9" * 10})).status_code == 200


async def test_a_filter_offers_the_channels_there_are(app: App, manager: httpx.AsyncClient, known: None):
    page = await manager.get("/customers")
    offered = re.search(r'<select id="narrow-channel".*?</select>', page.text, re.DOTALL)[0]
    assert re.findall(r'value="(\w+)"', offered) == ["server", "whatsapp"]


async def test_a_filter_is_kept_shown_shared_and_forgotten(
    manager: httpx.AsyncClient, marketing: httpx.AsyncClient, known: None
):
    page = await manager.get("/customers", params={"reached": "email"})
    form = {"_csrf": _token(page), "reached": "email", "filter": "With <i>e-mail</i>", "shared": "on"}
    page = await manager.post("/customers/filters", data=form)
    assert "With &lt;i&gt;e-mail&lt;/i&gt;" in page.text
    assert "With <i>e-mail</i> Manager" in _words(await marketing.get("/customers"))
    [forget] = re.findall(r'action="(/customers/filters/[0-9a-f-]+/forget)"', page.text)

    theirs = await marketing.get("/customers", params={"days": "7"})
    own = {"_csrf": _token(theirs), "days": "7"}
    assert (
        await marketing.post("/customers/filters", data={**own, "filter": "Mine", "shared": "on"})
    ).status_code == 403
    assert "Mine" in _words(await marketing.post("/customers/filters", data={**own, "filter": "Mine"}))
    assert "Mine" not in _words(await manager.get("/customers"))
    assert (await marketing.post(forget, data=own)).status_code == 404
    assert (await marketing.post("/customers/filters", data={**own, "filter": " "})).status_code == 400

    sent = dict(re.findall(r'name="(filter|shared)" value="([^"]*)"', page.text.partition(forget)[2]))
    renaming = {"_csrf": _token(page), "reached": "email", "filter": "Can be written to"}
    assert (await marketing.post(forget.replace("forget", "rename"), data={**own, "filter": "x"})).status_code == 404
    page = await manager.post(forget.replace("forget", "rename"), data=renaming)
    assert "Can be written to" in _words(page)
    assert "Can be written to" not in _words(await marketing.get("/customers")), "it is shared no longer"

    left = await manager.post(forget, data={**form, **{name: unescape(value) for name, value in sent.items()}})
    assert "Can be written to" not in _words(left)
    toast = left.text.partition('class="toast"')[2].partition("</form>")[0]
    assert "The filter is gone." in toast
    again = {name: unescape(value) for name, value in re.findall(r'name="(\w+)" value="([^"]*)"', toast)}
    back = await manager.post(unescape(re.search(r'action="([^"]+)"', toast)[1]), data=again)
    assert "With <i>e-mail</i>" in _words(back)
    assert "With <i>e-mail</i> Manager" in _words(await marketing.get("/customers"))


async def test_what_was_typed_can_be_kept_at_once(manager: httpx.AsyncClient, known: None):
    typed = await manager.get("/customers", params={"q": "bor"}, headers={"HX-Request": "true"})
    assert 'id="kept" hx-swap-oob="true"' in typed.text
    assert 'action="/customers/filters"' in typed.text
    assert 'name="q" value="bor"' in typed.text


async def test_a_narrow_list_goes_on_where_it_stopped_and_misses_nobody(app: App, says: Says):
    for number in range(7):
        await says("identify", userId=f"u-{number}", traits={"name": f"Anna {number}", "email": f"a{number}@b.example"})
    narrow, names, after = customers.Narrow(reached_by="email"), [], None
    async with app.db.transaction() as tx:
        while True:
            found, after = await customers.narrowed(tx, narrow, limit=2, after=after)
            names += [one.name for one in found]
            if after is None:
                break
    assert names == [f"Anna {number}" for number in range(7)]
