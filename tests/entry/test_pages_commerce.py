"""Pages of orders, products and places, by role and text."""

import httpx
import pytest

from fadeno import commerce
from fadeno.app import App
from fadeno.commerce import NewOrder, NewPlace
from fadeno.kit.ids import new_id
from tests.entry.test_commerce_api import shop
from tests.entry.test_orders_heard import DONE, send, track
from tests.entry.test_pages_customers import _signed_in, _words, manager, marketing

__all__ = ["manager", "marketing", "shop"]


@pytest.fixture
async def order_id(app: App, shop) -> str:
    async with app.db.transaction() as tx:
        return str((await commerce.orders(tx, number="A-1"))[0][0].id)


async def test_what_is_not_used_is_in_nobodys_way(app: App, manager: httpx.AsyncClient):
    page = await manager.get("/customers")
    assert 'href="/orders"' not in page.text
    assert 'href="/products"' not in page.text


async def test_where_there_is_an_order_and_a_place_the_rail_leads_to_both(app: App, http: httpx.AsyncClient):
    async with app.db.transaction() as tx:
        await commerce.keep_orders(tx, 1, [NewOrder("1", "EUR")], said_in=new_id())
        await commerce.keep_places(tx, 1, [NewPlace("buda")], said_in=new_id())
    browser = await _signed_in(app, http, "agent")
    page = await browser.get("/customers")
    await browser.aclose()
    assert 'href="/orders"' in page.text
    assert 'href="/products"' in page.text


async def test_the_list_shows_what_who_where_and_how_much(manager: httpx.AsyncClient, shop):
    said = _words(await manager.get("/orders"))
    assert "A-1 1 Mar Lamp , Gift wrap anna@example.com placed Buda" in said
    assert "HUF 16,000" in said
    assert "€1.00" in said


async def test_one_order_shows_its_lines_whose_it_is_and_that_its_source_can_not_add(
    manager: httpx.AsyncClient, order_id: str
):
    page = await manager.get(f"/orders/{order_id}")
    said = _words(page)
    assert "Lamp L-1 2 7,990 HUF 15,980" in said
    assert "Gift wrap x -1 500" in said
    assert "The total is HUF 520 away from what its parts come to." in said
    assert "anna@example.com" in said
    assert page.text.count('href="/products/') == 1


async def test_a_number_typed_whole_leads_to_the_order(manager: httpx.AsyncClient, order_id: str):
    assert (await manager.get("/orders?number=%23a%201")).url.path == f"/orders/{order_id}"
    assert "No order has that number" in _words(await manager.get("/orders?number=zzz"))


async def test_who_may_not_contact_anybody_reads_orders_and_no_addresses(marketing: httpx.AsyncClient, order_id: str):
    for path in ("/orders", f"/orders/{order_id}"):
        page = await marketing.get(path)
        assert page.status_code == 200
        assert "anna@example.com" not in page.text


async def test_a_customers_page_tells_of_their_orders_and_leads_to_all(manager: httpx.AsyncClient, shop):
    part = await manager.get(f"/customers/{shop.customer_id}/orders", headers={"hx-request": "true"})
    assert "HUF 16,000 in 1 order" in _words(part)
    said = _words(await manager.get(f"/orders?customer={shop.customer_id}"))
    assert "Orders of anna@example.com" in said
    assert "B-2" not in said


async def test_a_product_shows_prices_by_place_and_stock_with_its_age(manager: httpx.AsyncClient, shop):
    found = await manager.get("/products?q=lam")
    assert "Lamp L-1 4006381333931" in _words(found)
    product = await manager.get("/products/" + found.text.partition("/products/")[2][:36])
    assert "Buda always always HUF 7,990.50" in _words(product)
    assert "ago 2.5" in _words(product)
    assert "Variants L-red" in _words(product)


async def test_places_show_their_hours_in_days_of_the_reader(manager: httpx.AsyncClient, shop):
    assert "Mon-Fri 9-18" in _words(await manager.get("/places"))


@pytest.mark.parametrize("path", ["/orders", "/products", "/places"])
async def test_an_empty_page_says_how_things_come_here(manager: httpx.AsyncClient, path: str):
    page = await manager.get(path)
    assert "They come" in _words(page)
    assert "/export/" not in page.text, "there is nothing to export"


async def test_where_there_are_orders_products_and_places_they_can_be_exported(manager: httpx.AsyncClient, shop):
    for name in ("orders", "products", "places"):
        assert f"/export/{name}.xlsx" in (await manager.get(f"/{name}")).text
    assert "/export/orders.xlsx" in (await manager.get("/orders?number=zzz")).text, "what is typed may find some"


@pytest.mark.parametrize("path", ["/orders?before=x", "/orders?customer=x", "/products?after=x", "/places?after=~"])
async def test_a_crooked_address_is_answered(manager: httpx.AsyncClient, path: str):
    assert (await manager.get(path)).status_code in (200, 400)


async def test_a_role_without_a_right_is_sent_away(app: App, http: httpx.AsyncClient, order_id: str):
    browser = await _signed_in(app, http, "shop")
    assert (await browser.get(f"/orders/{order_id}")).status_code == 200
    await browser.aclose()
    assert (await http.get(f"/orders/{order_id}", headers={"accept": "text/html"})).status_code == 303


async def test_the_thread_names_the_order_its_things_and_state_and_leads_to_it(
    app: App, http: httpx.AsyncClient, keys: dict[str, str], manager: httpx.AsyncClient
):
    await send(http, keys, track("Order Completed", **DONE))
    await send(http, keys, track("Order Shipped", "2026-03-02T12:00:00Z", order_id="A-1"))
    async with app.db.transaction() as tx:
        ((order,), _) = await commerce.orders(tx)
    page = await manager.get(f"/customers/{order.customer_id}")
    assert f'<a href="/orders/{order.id}"><bdi>A-1</bdi></a>' in page.text
    said = _words(page)
    assert "Order A-1 Lamp shipped" in said
    assert "Ordered A-1 2 lines Lamp, Gift wrap €44.80 Buda" in said
    assert "Lamp × 2 €19.90" in said
