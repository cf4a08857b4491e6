"""Lists of orders and of goods: rows put together to orders, on the threads of their customers, and taken back."""

import csv
import os
from collections import defaultdict
from decimal import ROUND_HALF_EVEN, Decimal
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from fadeno import access, commerce, customers, imports, intake, sheets
from fadeno.db import Database
from fadeno.kit.seal import Seal
from tests.imports.conftest import Bring, Look, Receive, Take

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


async def test_lines_without_a_date_leave_the_day_of_a_known_order_alone(bring: Bring, db: Database):
    await bring(
        [["Order", "Date", "E-mail", "Order total", "Currency"], ["A-1", "2026-03-01", ONE[3], "7.00", "EUR"]], "orders"
    )
    lines = [["Order", "Product", "Quantity", "Unit price"], ["A-1", "Tea", "2", "3.50"], ["A-9", "Cup", "1", "12.00"]]
    made = await bring(lines, "orders", currency="EUR")
    assert (made.rows_changed, made.rows_new, made.told["no_order_date"]) == (0, 2, 2)
    (known,), (new,) = await found(db, "A-1"), await found(db, "A-9")
    assert known.placed_at.date().isoformat() == "2026-03-01"
    assert new.placed_at == made.made_at


async def test_an_order_that_can_not_be_kept_is_told_by_the_column_of_the_file(preview: Look, bring: Bring):
    head = ["Bestellnummer", "Datum", "E-Mail", "Artikel", "Menge", "Einzelpreis", "Währung"]
    rows = [head, ["A-1", "2026-03-01", ONE[3], "Tea", "2", "3,50", "EUR"]]
    rows.append(["A-2", "2026-03-01", ONE[3], "Tea", "99999999999999999", "3,50", "EUR"])
    seen = await preview(rows, "orders")
    (row,) = seen.refused
    assert [(one.code, one.column) for one in row.reasons] == [("unusable_number", "Menge")]
    assert (row.cells["quantity"], seen.new, (await bring(rows, "orders")).rows_refused) == ("99999999999999999", 1, 1)


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


@pytest.mark.parametrize(
    ("header", "sold", "not_sold"),
    [("discontinued", "0", "1"), ("Inaktiv", "nein", "ja"), ("Снят с продажи", "нет", "да"), ("Active", "yes", "no")],
)
async def test_what_is_no_longer_sold_is_known_whichever_way_round_it_is_said(
    bring: Bring, db: Database, header: str, sold: str, not_sold: str
):
    rows = [["SKU", "Product name", header], ["T-1", "Tea", sold], ["C-1", "Cup", not_sold], ["P-1", "Pot", sold]]
    await bring(rows, "products")
    async with db.transaction() as tx:
        assert {one.sku: one.state for one in (await commerce.products(tx))[0]} == {
            "T-1": "current", "C-1": "discontinued", "P-1": "current",
        }  # fmt: skip


async def test_what_kind_a_place_is_is_no_guess(bring: Bring, db: Database):
    head = ["Place", "Kind", "Street", "Zip code", "City"]
    rows = [
        ["South", "warehouse", "Quai 1", "1010", "Wien"],
        ["North", "kiosk", "", "", "Graz"],
        ["East", "", "", "", ""],
    ]
    made = await bring([head, *rows], "places")
    assert (made.rows_new, made.told) == (3, {"unknown_place_kind": 1})
    async with db.transaction() as tx:
        found = {one.key: (one.kind, one.address) for one in (await commerce.places(tx))[0]}
    assert found == {"South": ("warehouse", "Quai 1, 1010 Wien"), "North": (None, "Graz"), "East": (None, None)}


@pytest.mark.parametrize(
    ("target", "named", "rows"),
    [
        ("stock", "Product number", [["SKU", "Store", "On hand"], ["S1", "Mitte", "4"], ["S2", "Mitte", "5"],
                                     ["S3", "", "6"]]),
        ("products", "Product number", [["GTIN", "SKU", "Product name", "Variant", "Price", "Store"],
                                        ["4006381333931", "S1", "Tea", "big", "3.50", "Mitte"],
                                        ["", "S2", "Tea", "", "3.50", ""], ["", "S3", "Cup", "", "12", "Mitte"]]),
        ("places", "Place", [["Place", "City"], ["S1", "Ulm"], ["S2", "Bonn"], ["S3", ""]]),
        ("customers", "Customer number", [["Customer ID", "E-mail"], ["S1", "anna@posta.example"], ["S2", ""],
                                          ["S3", "bela@posta.example"]]),
    ],
)  # fmt: skip
async def test_what_a_whole_list_no_longer_names_is_marked_in_the_list_handed_out(
    bring: Bring, take_back: Take, db: Database, tmp_path: Path, target: str, named: str, rows: list[list[str]]
):
    async def marked() -> dict[str, str]:
        out = tmp_path / "out.csv"
        await imports.export(db, access.SYSTEM, target, out)
        said = csv.DictReader(out.read_text("utf-8-sig").splitlines(), delimiter=";")
        return {row[named]: row["fadeno gone"] for row in said}

    options = {"is_whole": True, "currency": "EUR"}
    await bring(rows, target, **options)
    assert set((await marked()).values()) == {""}
    made = await bring(rows[:2], target, **options)
    found = await marked()
    assert (made.rows_gone, found["S1"], bool(found["S2"]), bool(found["S3"])) == (2, "", True, True)
    again = await bring(rows[:3], target, **options)
    assert (again.rows_changed, (await marked())["S2"], bool((await marked())["S3"])) == (1, "", True)
    await take_back(again.id)
    await take_back(made.id)
    assert set((await marked()).values()) == {""}


async def test_a_product_is_gone_when_no_row_names_it_and_so_is_a_customer(bring: Bring, db: Database):
    head = ["SKU", "Product name", "Price", "Currency", "Store"]
    goods = [["T-1", "Tea", "3.50", "EUR", "Mitte"], ["T-1", "Tea", "4.50", "EUR", "Süd"]]
    await bring([head, *goods], "products", is_whole=True)
    for left, is_gone in ((goods[:1], False), ([["C-1", "Cup", "1", "EUR", ""]], True)):
        await bring([head, *left], "products", is_whole=True)
        async with db.transaction() as tx:
            ids = {one.sku: one.id for one in (await commerce.products(tx))[0]}
            assert (ids["T-1"] in await imports.gone(tx, list(ids.values()))) is is_gone
    people = [
        ["E-mail", "Name"],
        ["anna@posta.example", "Anna"],
        ["anna@posta.example", "Anna B."],
        ["c@d.example", ""],
    ]
    for left, is_gone in ((people, False), (people[:2], False), ([people[0], people[3]], True)):
        await bring(left, "customers", is_whole=True)
        async with db.transaction() as tx:
            anna = await customers.find(tx, "email", "anna@posta.example")
            assert bool(await imports.gone_customers(tx, [anna])) is is_gone


def totals_by_hand(path: Path) -> dict[tuple[str, str], Decimal]:
    """Month and country as the file writes it -> what its rows come to, read with a library of others."""
    totals: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    book = CalamineWorkbook.from_path(str(path))
    for name in book.sheet_names:
        for row in book.get_sheet_by_name(name).to_python()[1:]:
            amount = Decimal(str(row[3])) * Decimal(str(row[5]))
            month = row[4].strftime("%Y-%m")
            totals[month, row[7]] += amount.quantize(Decimal("0.01"), ROUND_HALF_EVEN)
    return {key: total for key, total in totals.items() if total}


async def totals_kept(db: Database) -> dict[tuple[str, str], Decimal]:
    async with db.transaction() as tx:
        cursor = await tx.connection.execute(
            "SELECT to_char(o.placed_at AT TIME ZONE 'Europe/London', 'YYYY-MM'), o.country, sum(o.lines_minor)"
            " FROM commerce.order o GROUP BY 1, 2"
        )
        return {(month, land): Decimal(minor) / 100 for month, land, minor in await cursor.fetchall() if minor}


@pytest.mark.slow
async def test_totals_of_a_real_workbook_are_those_computed_by_other_means(bring: Bring, db: Database, tmp_path: Path):
    path = CORPORA / "retail" / "online_retail_2009-12_2010-01.xlsx"
    if not path.exists():
        pytest.skip(
            f"needs {path}: the sheet of December 2009 and that of January 2010 of Online Retail II"
            " (https://archive.ics.uci.edu/dataset/502), in a folder FADENO_CORPORA names"
        )
    made = await bring(path, "orders", currency="GBP", zone="Europe/London")
    assert (made.rows_new, made.rows_refused) == (76_783, 0)
    by_hand: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    for (month, country), total in totals_by_hand(path).items():
        by_hand[month, sheets.country_code(country) or country] += total
    assert len(by_hand) > 40
    assert await totals_kept(db) == by_hand
    again = await bring(path, "orders", currency="GBP", zone="Europe/London")
    assert (again.rows_new, again.rows_changed, again.rows_unchanged) == (0, 0, 76_783)
    assert await imports.export(db, access.SYSTEM, "orders", tmp_path / "orders.xlsx") == 76_783
    back = await bring(tmp_path / "orders.xlsx", None)
    assert (back.target, back.rows_new, back.rows_changed, back.rows_unchanged) == ("orders", 0, 0, 76_783)
    assert not await faults(db)


HEADS = [["orderID", "customerID", "orderDate", "freight"], ["10248", "VINET", "1996-07-04", "32.38"]]
LINES = [
    ["orderID", "productID", "unitPrice", "quantity", "discount"],
    ["10248", "11", "14.00", "12", "0"],
    ["10248", "42", "9.80", "10", "0.15"],
]


@pytest.mark.parametrize("is_heads_first", [True, False])
async def test_orders_and_their_lines_in_two_files_are_the_same_orders_in_either_order(
    bring: Bring, receive: Receive, take_back: Take, vault: Seal, db: Database, is_heads_first: bool
):
    files = [HEADS, LINES] if is_heads_first else [LINES, HEADS]
    first = await receive(files[0], "orders", currency="EUR")
    second = await receive(files[1], "orders", currency="EUR")
    for made in (second, first):  # handed in together, and begun in whatever order
        done = await imports.bring_in(db, vault, access.SYSTEM, made.id)
        assert (done.rows_refused, done.rows_changed) == (0, 0)
    (order,) = await found(db, "10248")
    assert (order.placed_at.date().isoformat(), order.line_count, order.discount) == ("1996-07-04", 2, None)
    assert str(order.total) == "251.30 EUR"
    async with db.transaction() as tx:
        assert order.customer_id == await customers.find(tx, "crm:crm", "VINET")
        (whole,) = await commerce.with_lines(tx, [order])
        assert [str(line.total) for line in whole.lines] == ["168.00 EUR", "83.30 EUR"]  # 0.15 is a share
    for file in files:
        again = await bring(file, "orders", currency="EUR")
        assert (again.rows_new, again.rows_changed) == (0, 0)
    assert (await found(db, "10248"))[0] == order
    await take_back(second.id)
    await take_back(first.id)
    assert await found(db, "10248") == []
    assert not await faults(db)
