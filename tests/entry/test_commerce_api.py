"""Orders, products and places over the API."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from fadeno import commerce, customers
from fadeno.commerce import NewLine, NewOrder, NewPlace, NewPrice, NewProduct, NewStock
from fadeno.kit.ids import new_id
from tests.customers.test_placing import said

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def bearer(key: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {key}"}


@pytest.fixture
async def shop(app, keys):
    """A source "shop" with a product, a place and an order of Anna's."""
    async with app.db.transaction() as tx:
        (anna,) = await customers.place(tx, [said(("email", "anna@example.com", 3))])
        word = {"said_in": new_id()}
        await commerce.keep_products(
            tx,
            1,
            [NewProduct(sku="L-1", name="Lamp", gtin="4006381333931"), NewProduct(key="L-red", variant_of="L-1")],
            **word,
        )
        await commerce.keep_places(tx, 1, [NewPlace("buda", name="Buda", hours="Mo-Fr 9-18", country="HU")], **word)
        await commerce.keep_prices(tx, 1, [NewPrice("L-1", Decimal("7990.5"), "HUF", place="buda")], **word)
        await commerce.keep_stock(tx, 1, [NewStock("L-1", Decimal("2.50"), place="buda", said_at=NOON)], **word)
        lines = [
            NewLine("L-1", None, Decimal(2), Decimal("7990")),
            NewLine("x", "Gift wrap", Decimal(-1), Decimal(500)),
        ]
        order = NewOrder(
            "A-1", "HUF", address_id=anna.address_id, placed_at=NOON, place="buda", lines=lines, total_minor=1_600_000,
            shipping_minor=0, tax_minor=0, discount_minor=0,
        )  # fmt: skip
        await commerce.keep_orders(tx, 1, [order, NewOrder("B-2", "EUR", total_minor=100, placed_at=NOON)], **word)
    return anna


async def test_an_order_is_found_by_number_or_customer_and_shows_its_lines(http, keys, shop):
    for asked in ("number=a1", "customer=email:Anna@Example.com", f"customer={shop.customer_id}"):
        page = (await http.get(f"/api/orders?{asked}", headers=bearer(keys["read"]))).json()
        (found,) = page["items"]
        assert (found["number"], found["source"], found["place"], page["next"]) == ("A-1", "shop", "Buda", None)
        assert "lines" not in found
    order = (await http.get(f"/api/orders/{found['id']}", headers=bearer(keys["read"]))).json()
    assert order["total"] == {"amount": "16000.00", "currency": "HUF", "minor": 1_600_000}
    assert order["off_by"]["minor"] == 1_600_000 - 1_598_000 + 50_000
    assert [(line["text"], line["quantity"], line["total"]["minor"]) for line in order["lines"]] == [
        ("Lamp", "2", 1_598_000),
        ("Gift wrap", "-1", -50_000),
    ]


async def test_orders_are_given_page_by_page(http, keys, shop):
    first = (await http.get("/api/orders?limit=1", headers=bearer(keys["read"]))).json()
    rest = await http.get("/api/orders", params={"limit": 1, "before": first["next"]}, headers=bearer(keys["read"]))
    assert {one["number"] for one in (*first["items"], *rest.json()["items"])} == {"A-1", "B-2"}
    assert rest.json()["next"] is None


async def test_a_product_shows_variants_prices_and_stock_with_its_age(http, keys, shop):
    page = (await http.get("/api/products?q=4006381333931", headers=bearer(keys["read"]))).json()
    (found,) = page["items"]
    product = (await http.get(f"/api/products/{found['id']}", headers=bearer(keys["read"]))).json()
    assert [one["key"] for one in product["variants"]] == ["L-red"]
    assert (product["prices"][0]["amount"], product["prices"][0]["place"]) == ("7990.5", "Buda")
    assert (product["stock"][0]["quantity"], product["stock"][0]["said_at"]) == ("2.5", "2026-03-01T12:00:00Z")


async def test_a_place_shows_its_hours_as_given(http, keys, shop):
    (found,) = (await http.get("/api/places", headers=bearer(keys["read"]))).json()["items"]
    assert (await http.get(f"/api/places/{found['id']}", headers=bearer(keys["read"]))).json()["hours"] == "Mo-Fr 9-18"


@pytest.mark.parametrize("what", ["orders", "products", "places"])
async def test_what_is_not_there_and_who_may_not_see_it_are_told_apart(http, keys, what):
    for path, key, status in (
        (f"/api/{what}/{new_id()}", keys["read"], 404),
        (f"/api/{what}", keys["collect"], 403),
        (f"/api/{what}?limit=0", keys["read"], 400),
        (f"/api/{what}?after=x&before=x", keys["read"], 400),
    ):
        answer = await http.get(path, headers=bearer(key))
        assert (answer.status_code, set(answer.json())) == (status, {"code", "message", "field", "hint"}), path


async def test_an_unknown_customer_has_no_orders_but_an_answer_that_says_so(http, keys):
    answer = await http.get("/api/orders?customer=email:nobody@example.com", headers=bearer(keys["read"]))
    assert (answer.status_code, answer.json()["field"]) == (404, "customer")


async def test_erasing_and_exporting_a_customer_reach_their_orders(app, http, keys, shop):
    exported = await http.get(f"/api/customers/{shop.customer_id}/export", headers=bearer(keys["admin"]))
    assert [one["number"] for one in exported.json()["orders"]] == ["A-1"]
    erased = await http.post(f"/api/customers/{shop.customer_id}/erase", headers=bearer(keys["admin"]))
    assert erased.is_success
    async with app.db.transaction() as tx:
        ((order, *_), _) = await commerce.orders(tx, number="A-1")
        (_, wrap) = (await commerce.order(tx, order.id)).lines
        assert (wrap.text, order.erased_at is not None) == ("x", True)
        assert (await commerce.check(tx))[1] == []


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("a-1", [("orders", "A-1")]), ("lapm", [("products", "Lamp")]), ("lxpq", []), ("lam", [("products", "Lamp")]),
        ("4006381333931", [("products", "Lamp")]),
        ("anna@", [("customers", "anna@example.com")]), ("l-1", [("products", "Lamp")]),
    ],
)  # fmt: skip
async def test_one_search_finds_customers_orders_and_products(http, keys, shop, typed, expected):
    answer = await http.get("/api/search", params={"q": typed}, headers=bearer(keys["read"]))
    found = [(g["kind"], item.get("label") or item["number"]) for g in answer.json()["groups"] for item in g["items"]]
    assert found == expected
