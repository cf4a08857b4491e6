"""What the palette finds, and the keys of a page: only of what a member may see, and of what is there."""

import re
from decimal import Decimal

import httpx
import pytest

from fadeno import commerce
from fadeno.app import App
from fadeno.commerce import NewPrice, NewProduct
from fadeno.entry.web import rail, shortcuts, words
from fadeno.kit import clock
from fadeno.kit.ids import new_id
from tests.entry.test_pages_customers import Says, _id, _words, manager, marketing, says

_NO_MARKS = dict.fromkeys(map(ord, "\u2068\u2069"))
__all__ = ["manager", "marketing", "says"]


async def test_the_palette_finds_customers_and_orders_by_what_is_typed(manager: httpx.AsyncClient, says: Says):
    await says("identify", userId="u-1", traits={"name": "Јелица <b>Марковић</b>"})
    bought = {"order_id": "10-501", "total": 12, "currency": "EUR"}
    await says("track", userId="u-1", event="Order Completed", properties=bought)
    found = await manager.get("/find", params={"q": "jelica"})
    assert "Јелица &lt;b&gt;Марковић" in found.text
    assert f'href="/customers/{await _id(manager, "jelica")}"' in found.text
    assert "<html" not in found.text
    by_number = await manager.get("/find", params={"q": "10-501"})
    assert re.search(r'href="/orders/[0-9a-f-]{36}"', by_number.text)
    assert "€12.00" in _words(by_number)
    assert _words(await manager.get("/find", params={"q": "zzzz"})) == ""


async def test_a_number_that_means_one_thing_stands_first_and_a_product_says_what_it_costs(
    app: App, manager: httpx.AsyncClient, says: Says
):
    await says("identify", userId="4006381333931", traits={"name": "Anna"})
    lamp = NewProduct(key="L-1", sku="LAMP1", gtin="4006381333931", name="Lamp")
    word = {"said_in": new_id(), "said_at": clock.now()}
    async with app.db.transaction() as tx:
        await commerce.keep_products(tx, 1, [lamp], **word)
        await commerce.keep_prices(tx, 1, [NewPrice("L-1", Decimal("12.5"), "EUR")], **word)
    found = _words(await manager.get("/find", params={"q": "4006381333931"}))
    assert found.index("Lamp") < found.index("Anna")
    assert "€12.50" in found


async def test_what_no_text_holds_finds_nothing(manager: httpx.AsyncClient, says: Says):
    await says("identify", userId="u-1", traits={"name": "Anna"})
    for path in ("/find", "/customers", "/products", "/api/customers"):
        assert "Anna" not in (await manager.get(f"{path}?q=%00", headers={"HX-Request": "true"})).text


async def test_nothing_typed_gives_whom_one_looked_at_oneself_the_last_first(
    manager: httpx.AsyncClient, marketing: httpx.AsyncClient, says: Says
):
    for number, name in enumerate(("Anna", "Boris", "Cecil")):
        await says("identify", userId=f"u-{number}", traits={"name": name})
    for name in ("cecil", "anna"):
        await manager.get(f"/customers/{await _id(manager, name)}")
    lately = _words(await manager.get("/find"))
    assert lately.index("Anna") < lately.index("Cecil")
    assert "Boris" not in lately
    assert _words(await marketing.get("/find")) == ""


async def test_the_palette_tells_nobody_how_to_reach_people_who_may_not_know(marketing: httpx.AsyncClient, says: Says):
    await says("track", event="X", context={"traits": {"phone": "+36205550139"}})
    assert "555" not in _words(await marketing.get("/find", params={"q": "36205550139"}))


async def test_two_of_one_name_are_told_apart_by_their_town_and_an_address(
    manager: httpx.AsyncClient, marketing: httpx.AsyncClient, says: Says
):
    anna = {"name": "Anna Kovács"}
    home = {"city": "Szeged", "street": "Kárász u. 1"}
    await says("identify", userId="u-1", traits=anna | {"city": "Pécs", "email": "anna.k@posta.example"})
    await says("identify", userId="u-2", traits=anna | {"address": home, "phone": "+36205550139"})
    await says("track", userId="u-1", event="X", context={"traits": {"phone": "+36301112222"}})
    found = _words(await manager.get("/find", params={"q": "kovacs"})).translate(_NO_MARKS)
    assert "Pécs, anna.k@posta.example" in found
    assert "Szeged, +36 20 555 0139" in found
    assert "Pécs, +36 30 111 2222" in _words(await manager.get("/find", params={"q": "1112222"})).translate(_NO_MARKS)
    chosen = await manager.get(f"/customers/{await _id(manager, 'u-1')}/merge", params={"q": "anna"})
    assert "Szeged, +36 20 555 0139" in _words(chosen).translate(_NO_MARKS)
    hidden = _words(await marketing.get("/find", params={"q": "kovacs"})).translate(_NO_MARKS)
    assert "Pécs, a…@posta.example" in hidden
    assert not [said for said in ("Szeged", "anna.k", "555", "0139") if said in hidden]


async def test_who_has_no_name_is_not_called_the_same_twice(manager: httpx.AsyncClient, says: Says):
    await says("track", event="X", context={"traits": {"phone": "+36205550139"}})
    assert _words(await manager.get("/find", params={"q": "36205550139"})).count("0139") == 1


async def test_a_page_offers_only_acts_its_member_may_do(manager: httpx.AsyncClient, marketing: httpx.AsyncClient):
    assert 'href="/sources#new"' in (await manager.get("/customers")).text
    page = (await marketing.get("/customers")).text
    assert "/sources#new" not in page
    assert "/members" not in page


async def test_nobody_signed_in_finds_nothing(http: httpx.AsyncClient):
    answer = await http.get("/find", params={"q": "a"}, headers={"hx-request": "true"})
    assert answer.headers["hx-redirect"] == "/sign-in"


async def test_single_keys_can_be_turned_off(app: App, manager: httpx.AsyncClient):
    page = (await manager.get("/account")).text
    assert "data-single-keys" not in page
    token = page.partition('name="_csrf" value="')[2].partition('"')[0]
    await manager.post("/account/look", data={"_csrf": token, "look": "all"})
    page = (await manager.get("/account")).text
    assert 'data-single-keys="off"' in page
    assert "Single keys are off." in page
    assert 'data-where=".toast form' not in page


async def test_no_two_pages_have_the_same_letter_and_no_key_does_two_things():
    letters = [room.letter for room in (*rail.ROOMS, *rail.SETTINGS) if room.letter]
    assert len(letters) == len(set(letters))
    assert "g" not in {key.lower() for one in shortcuts.SHORTCUTS for key in one.keys}
    keys = [one.keys for one in shortcuts.SHORTCUTS if one.word != "note"]  # N of the desk; of a pair, it is "no"
    assert len(keys) == len(set(keys))


@pytest.mark.parametrize("lang", words.LANGUAGES)
def test_the_sheet_of_keys_calls_what_is_said_of_a_pair_as_its_buttons_do(lang: str):
    for word in ("same", "apart"):
        assert words.say(lang, f"frame.keys.{word}") == words.say(lang, f"suggestions.{word}")


def test_where_a_pair_can_be_decided_the_sheet_names_the_key_that_undoes_it_before_anything_was():
    (undo,) = (one for one in shortcuts.SHORTCUTS if one.word == "undo")
    (same,) = (one for one in shortcuts.SHORTCUTS if one.word == "same")
    assert same.where in undo.where


async def test_what_is_not_there_is_not_in_the_rail(app: App, manager: httpx.AsyncClient, says: Says):
    def rooms(page: httpx.Response) -> list[str]:
        return re.findall(r'<a href="/(\w+)"', page.text.partition('class="rail"')[2].partition("</nav>")[0])

    unused = {"suggestions", "orders", "products", "quarantine"}
    assert not unused & {*rooms(await manager.get("/customers"))}
    assert "quarantine" in rooms(await manager.get("/quarantine"))  # where one stands is shown
    bought = {"order_id": "1", "total": 12, "currency": "EUR"}
    await says("track", userId="u-1", event="Order Completed", properties=bought)
    app.remembered.clear()
    assert "orders" in rooms(await manager.get("/customers"))
