"""Lists of orders and of goods: rows put together to orders, on the threads of their customers, and taken back."""

import os
from decimal import Decimal
from pathlib import Path

import pytest

from fadeno import commerce, customers, intake
from fadeno.db import Database
from tests.imports.conftest import Bring, Take

CORPORA = Path(os.environ.get("FADENO_CORPORA") or Path(__file__).parents[3] / "shared" / "corpora")
HEAD = ["Order", "Date", "Customer ID", "E-mail", "Product", "Quantity", "Unit price", "Currency"]
ONE = ["A-1", "2026-03-01 10:00", "1001", "anna@posta.example", "Tea", "2", "3.50", "EUR"]
TWO = ["A-1", "2026-03-01 10:00", "1001", "anna@posta.example", "Cup", "1", "12.00", "EUR"]
OTHER = ["A-2", "2026-03-02 11:30", "1001", "anna@posta.example", "Tea", "1", "3.50", "EUR"]


async def found(db: Database, number: str) -> list[commerce.Order]:
    async with db.transaction() as tx:
        return (await commerce.orders(tx, number=number))[0]


async def faults(db: Database) -> list[str]:
    async with db.transaction() as tx:
        return [f for check in (intake.check, customers.check, commerce.check) for f in (await check(tx))[1]]


async def test_rows_of_one_order_are_one_order_wherever_they_stand(bring: Bring, db: Database):
    made = await bring([HEAD, ONE, OTHER, TWO], "orders", zone="Europe/Berlin")
    assert (made.rows_new, made.rows_refused) == (3, 0)
    (order,) = await found(db, "A-1")
    assert str(order.total) == "19.00 EUR"
    assert order.placed_at.isoformat() == "2026-03-01T09:00:00+00:00"
    async with db.transaction() as tx:
        anna = await customers.find(tx, "crm:crm", "1001")
        thread, _ = await customers.thread(tx, anna)
    assert order.customer_id == anna
    assert [item.name for item in thread] == ["Order Completed", "Order Completed"]
    assert not await faults(db)


async def test_a_corrected_order_is_one_change_and_can_be_taken_back(bring: Bring, take_back: Take, db: Database):
    await bring([HEAD, ONE, OTHER, TWO], "orders")
    second = await bring([HEAD, ONE, OTHER, [*TWO[:5], "3", *TWO[6:]]], "orders")
    assert (second.rows_new, second.rows_changed, second.rows_unchanged) == (0, 2, 1)
    assert str((await found(db, "A-1"))[0].total) == "43.00 EUR"
    await take_back(second.id)
    assert str((await found(db, "A-1"))[0].total) == "19.00 EUR"
    assert not await faults(db)


async def test_half_an_order_is_none(bring: Bring, db: Database):
    made = await bring([HEAD, ONE, OTHER, [*TWO[:5], "many", *TWO[6:]]], "orders")
    assert (made.rows_new, made.rows_refused) == (1, 2)
    assert await found(db, "A-1") == []


async def test_products_with_places_prices_and_stock(bring: Bring, take_back: Take, db: Database):
    head = ["SKU", "Product name", "Price", "Currency", "Store", "In stock"]
    rows = [head, ["T-1", "Tea", "3.50", "EUR", "Mitte", "12"], ["C-1", "Cup", "12.00", "EUR", "Mitte", "0"]]
    made = await bring(rows, "products")
    assert (made.rows_new, made.rows_refused) == (2, 0)
    async with db.transaction() as tx:
        (tea,) = [one for one in (await commerce.products(tx))[0] if one.sku == "T-1"]
        assert [(s.quantity, s.place) for s in await commerce.stock(tx, tea.id)] == [(Decimal(12), "Mitte")]
    assert (await bring(rows, "products")).rows_unchanged == 2
    await take_back(made.id)
    async with db.transaction() as tx:
        assert (await commerce.products(tx))[0] == []


@pytest.mark.slow
async def test_totals_of_a_real_workbook_are_those_computed_by_other_means(bring: Bring, db: Database):
    path = CORPORA / "retail" / "online_retail_2009-12_2010-01.xlsx"
    if not path.exists():
        pytest.skip("../shared/corpora/retail is not here")
    made = await bring(path, "orders", currency="GBP")
    assert made.rows_refused == 0
    assert (await bring(path, "orders", currency="GBP")).rows_unchanged == made.rows_new == 76_783
    assert not await faults(db)
