"""Orders that events tell of are recorded with the event, and a bad one harms nothing."""

from datetime import UTC, datetime
from decimal import Decimal

import httpx
import pytest

from fadeno import app as house
from fadeno import commerce, intake
from fadeno.app import App
from fadeno.kit.money import Money

DONE = {
    "order_id": "A-1",
    "currency": "EUR",
    "total": 44.8,
    "shipping": "5.00",
    "tax": 0,
    "discount": 0,
    "shop": "Buda",
    "products": [
        {"sku": "L-1", "name": "Lamp", "price": 19.9, "quantity": 2},
        {"product_id": 7, "name": "Gift wrap", "price": 0, "quantity": 1},
    ],
}


def track(event: str, at: str = "2026-03-01T12:00:00Z", user: str = "anna", **properties) -> dict:
    return {"type": "track", "event": event, "userId": user, "timestamp": at, "properties": properties}


async def send(http: httpx.AsyncClient, keys: dict[str, str], *events: dict) -> None:
    answer = await http.post("/v1/batch", json={"batch": list(events)}, auth=(keys["collect"], ""))
    assert answer.status_code == 200, answer.text


async def orders(app: App) -> list[commerce.Order]:
    async with app.db.transaction() as tx:
        found, _ = await commerce.orders(tx)
        return await commerce.with_lines(tx, found)


async def test_an_order_completed_is_recorded_with_lines_and_belongs_to_who_bought(app, http, keys):
    await send(http, keys, track("Order Completed", **DONE))
    (order,) = await orders(app)
    assert (order.number, order.state, order.total, order.place) == ("A-1", "placed", Money(4480, "EUR"), "Buda")
    assert [(line.product, line.text, line.quantity) for line in order.lines] == [
        ("L-1", "Lamp", 2),
        ("7", "Gift wrap", 1),
    ]
    assert (order.off_by, order.placed_at) == (Money(0, "EUR"), datetime(2026, 3, 1, 12, tzinfo=UTC))
    async with app.db.transaction() as tx:
        found, _ = await commerce.orders(tx, customer_id=order.customer_id)
        assert [one.id for one in found] == [order.id]
        assert (await commerce.check(tx))[1] == []


async def test_an_order_goes_through_its_states_in_the_order_things_happened(app, http, keys):
    await send(
        http,
        keys,
        track("Order Delivered", "2026-03-03T12:00:00Z", order_id="A-1"),
        track("Order Shipped", "2026-03-02T12:00:00Z", order_id="A-1"),
        track("Order Completed", **DONE),
    )
    await send(http, keys, track("order shipped", "2026-03-02T13:00:00Z", order_id="A-1"))
    assert [one.state for one in await orders(app)] == ["delivered"]
    await send(http, keys, track("Order Refunded", "2026-03-04T12:00:00Z", order_id="A-1", products=[{"sku": "L-1"}]))
    (order,) = await orders(app)
    assert (order.state, order.line_count) == ("partly refunded", 2)
    await send(http, keys, track("Order Cancelled", "2026-03-05T12:00:00Z", order_id="A-1"))
    assert [one.state for one in await orders(app)] == ["cancelled"]


async def test_an_order_updated_changes_its_lines(app, http, keys):
    await send(http, keys, track("Order Completed", **DONE))
    await send(http, keys, track("Order Updated", "2026-03-02T12:00:00Z", **{**DONE, "products": DONE["products"][:1]}))
    (order,) = await orders(app)
    assert (order.line_count, order.state, order.placed_at.day) == (1, "placed", 1)


@pytest.mark.parametrize(
    "properties",
    [
        {},
        {"order_id": "B"},
        {"order_id": "B", "currency": "€", "products": "lamp"},
        {"order_id": "B" * 119, "currency": "EUR"},
        {"order_id": "B", "currency": "EUR", "total": 1e300},
        {"order_id": "B", "currency": "EUR", "products": [{"price": "1e999999", "quantity": {}}, 7, None]},
        {"order_id": "B", "currency": "EUR", "products": [{"name": "x" * 9999, "price": True, "quantity": "NaN"}]},
    ],
)
async def test_what_is_no_good_order_is_still_an_event_and_harms_no_other_order(app, http, keys, properties):
    await send(http, keys, track("Order Completed", **properties), track("Order Completed", **DONE))
    assert "A-1" in {one.number for one in await orders(app)}
    async with app.db.transaction() as tx:
        assert (await intake.check(tx))[1] == (await commerce.check(tx))[1] == []
        (books,) = (await intake.accounts_by_source(tx)).values()
        assert books.accepted == 2


async def test_a_listener_that_fails_harms_no_event_and_is_left_out_alone(app, http, keys):
    async def hear(tx, events):
        await commerce.hear(tx, events)
        if any(event.body.find(b'"BAD"') >= 0 for event in events):
            raise RuntimeError

    intake.listen(dict.fromkeys(commerce.ORDER_EVENTS, hear))
    try:
        batch = [track("Order Completed", **{**DONE, "order_id": n}) for n in ("1", "2", "BAD", "4", "5")]
        await send(http, keys, *batch)
    finally:
        intake.listen(house.WITH)
    assert {one.number for one in await orders(app)} == {"1", "2", "4", "5"}
    async with app.db.transaction() as tx:
        (books,) = (await intake.accounts_by_source(tx)).values()
        assert books.accepted == 5
        assert (await intake.check(tx))[1] == []


async def test_the_same_event_twice_and_another_copy_of_it_make_one_order(app, http, keys):
    once = {**track("Order Completed", **DONE), "messageId": "m-1"}
    await send(http, keys, once, once)
    await send(http, keys, {**once, "messageId": "m-2"})
    (order,) = await orders(app)
    assert order.total == Money(4480, "EUR")
    assert order.lines[0].unit_price == Decimal("19.9")
