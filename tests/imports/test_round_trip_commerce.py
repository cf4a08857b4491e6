"""Orders, products, prices, stock and places exported, edited and brought in again: exactly the edited cells change."""

import csv
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from fadeno import access, commerce, customers, imports, sources
from fadeno.commerce import NewLine, NewOrder, NewPlace, NewPrice, NewProduct, NewStock
from fadeno.db import Database
from fadeno.imports import Asked
from fadeno.kit.ids import new_id
from tests.imports.conftest import Bring, Look, Take
from tests.imports.test_customers import counts
from tests.imports.test_orders import faults
from tests.imports.test_round_trip import write

NOON = datetime(2026, 3, 1, 12, 0, 7, tzinfo=UTC)
LISTS = ("orders", "products", "stock", "places")
Rows = list[dict[str, str]]
Export = Callable[[str], Any]


@pytest.fixture
async def shop(bring: Bring, db: Database) -> int:
    """What the source `till` says: two products and a variant, three prices, two counts, two places, three orders."""
    async with db.transaction() as tx:
        till = (await sources.create(tx, access.SYSTEM, "till", region="HU")).id
        word = {"said_in": new_id(), "said_at": NOON}
        lamp = NewProduct(
            sku="L-1", name="Lamp; “big”", gtin="4006381333931", picture="https://lumo.example/l.jpg", category="Light"
        )  # fmt: skip
        red = NewProduct(key="L-red", variant_of="L-1", variant="red", name="Lamp")
        await commerce.keep_products(tx, till, [lamp, red, NewProduct(sku="0012", name="=1+1")], **word)
        places = [NewPlace("buda", name="Buda", hours="Mo-Fr 9-18\nSa 9-13", country="HU", zone="Europe/Budapest")]
        await commerce.keep_places(tx, till, [*places, NewPlace("depot", kind="warehouse")], **word)
        prices = [
            NewPrice("L-1", Decimal("7990.5"), "HUF", "buda", date(2026, 1, 1), date(2026, 6, 30)),
            NewPrice("L-1", Decimal("8990"), "HUF", None, date(2026, 7, 1)), NewPrice("0012", Decimal("1.234"), "EUR"),
        ]  # fmt: skip
        await commerce.keep_prices(tx, till, prices, **word)
        stock = [NewStock("L-1", Decimal("2.50"), "buda", NOON), NewStock("L-1", Decimal(-1), None, NOON)]
        await commerce.keep_stock(tx, till, stock, **word)
        lines = (NewLine("L-1", None, Decimal(2), Decimal(7990)), NewLine("x", "Wrap", Decimal(-1), Decimal("0.125")))
        orders = [
            NewOrder("A-1", "HUF", placed_at=NOON, place="buda", channel="web", country="HU", state="paid",
                     lines=lines, total_minor=1_600_000, shipping_minor=0, discount_minor=500),
            NewOrder("0002", "EUR", placed_at=NOON, total_minor=100),
            NewOrder("3", "EUR", placed_at=NOON, state="Eingepackt", country="Mordor", lines=lines[1:]),
        ]  # fmt: skip
        await commerce.keep_orders(tx, till, orders, **word)
    return till


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "export.csv"


@pytest.fixture
def export(db: Database, out: Path) -> Export:
    async def export(what: str, zone: str = "Europe/Budapest") -> Rows:
        await imports.export(db, access.SYSTEM, what, out, Asked(zone=zone))
        return read(out)

    return export


def read(path: Path) -> Rows:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file, delimiter=";"))


def differing(before: Rows, after: Rows) -> set[tuple[str, str, str]]:
    """What is different between two exports but versions: id, column, value now."""
    old = {row["fadeno id"]: row for row in before}
    return {
        (row["fadeno id"], name, value)
        for row in after
        for name, value in row.items()
        if name != "fadeno version" and old[row["fadeno id"]][name] != value
    }


async def test_nothing_edited_changes_nothing(shop: int, export: Export, bring: Bring, db: Database, out: Path):
    for what in LISTS:
        before = await export(what)
        for path in (out, out.with_suffix(".xlsx")):
            await imports.export(db, access.SYSTEM, what, path, Asked(zone="Europe/Budapest"))
            made = await bring(path, None)
            assert (made.target, counts(made)) == (what, (0, 0, len(before), 0))
        assert await export(what) == before
    assert not await faults(db)


async def test_prices_stand_with_as_many_places_as_the_amounts_beside_them(shop: int, export: Export):
    assert {row["Unit price"] for row in await export("orders") if row["Unit price"]} == {"7990,00", "0,1250"}
    assert {row["Price"] for row in await export("products")} >= {"8990,00", "1,2340"}


async def test_a_list_with_headers_of_another_language_comes_back_edited_and_its_conflicts_are_told_by_them(
    shop: int, bring: Bring, preview: Look, db: Database, out: Path
):
    said = Asked(headers={"order_no": "Rendelésszám", "status": "Állapot", "order_total": "Rendelés végösszege"})
    await imports.export(db, access.SYSTEM, "orders", out, said)
    rows = read(out)
    assert "Állapot" in rows[0]
    rows[0]["Állapot"] = "delivered"
    assert counts(await bring(write(out, rows), None))[1] == 1
    rows[0]["Állapot"] = "returned"
    seen = await preview(write(out, rows), None)
    assert (seen.conflicted, seen.refused_rows) == (1, 1)
    assert [(one.column, one.here, one.there) for one in seen.conflicts] == [("Állapot", "delivered", "returned")]


@pytest.mark.parametrize(
    ("what", "edits", "follows"),
    [
        ("orders",
         [("Status", "delivered"), ("Quantity", "3"), ("Place", "depot"), ("Ordered at", "2026-02-01 10:00:00")],
         {"Line total"}),
        ("products",
         [("Product name", "Lámpa"), ("Price", "6990,25"), ("GTIN", ""), ("Valid to", "2026-05-31")],
         set()),
        ("stock", [("On hand", "12,5")], {"Counted at"}),
        ("places", [("Opening hours", "Mo-Su 10-20"), ("Kind", "web"), ("Time zone", "")], set()),
    ],
)  # fmt: skip
async def test_exactly_the_edited_cells_change_and_it_can_be_taken_back(
    what: str, edits: list[tuple[str, str]], follows: set[str], shop: int, export: Export, bring: Bring,
    take_back: Take, db: Database, out: Path,
):  # fmt: skip
    before = await export(what)
    rows = [dict(row) for row in before]
    row = next(one for one in rows if "buda" in one.values())
    for column, value in edits:
        row[column] = value
    made = await bring(write(out, rows), None)
    assert counts(made) == (0, 1, len(rows) - 1, 0)
    now = differing(before, await export(what))
    of_thing = {(column, value) for id_, column, value in now if id_ == row["fadeno id"] and column not in follows}
    assert of_thing == set(edits)
    assert {id_.partition("/")[0] for id_, _, _ in now} == {row["fadeno id"].partition("/")[0]}
    assert counts(await bring(write(out, rows), None)) == (0, 0, len(rows), 0)
    await take_back(made.id)
    assert await export(what) == before
    assert not await faults(db)


async def test_two_people_may_edit_two_cells_of_a_row_and_not_one_cell(
    shop: int, export: Export, bring: Bring, db: Database, out: Path
):
    mine, theirs = await export("places"), await export("places")
    mine[0] |= {"Name": "Buda I", "Kind": "web"}
    theirs[0] |= {"Name": "Buda II", "Address": "Fő utca 1"}
    assert counts(await bring(write(out, theirs), None)) == (0, 1, 1, 0)
    made = await bring(write(out, mine), None)
    assert (made.rows_changed, made.rows_refused) == (0, 1)  # a row counts once, though its other cell is taken
    now = (await export("places"))[0]
    assert (now["Name"], now["Kind"], now["Address"]) == ("Buda II", "web", "Fő utca 1")


async def test_what_can_not_be_edited_is_refused_and_told(shop: int, export: Export, bring: Bring, out: Path):
    before = await export("orders")
    rows = [dict(row) for row in before]
    rows[0]["Order number"], rows[1]["Quantity"] = "Z-9", "many"
    rows[2]["Status"] = ""
    made = await bring(write(out, rows), None)
    assert counts(made) == (0, 0, len(rows) - 3, 3)
    assert await export("orders") == before


async def test_a_row_left_out_stays_and_a_row_without_an_id_is_new(
    shop: int, export: Export, bring: Bring, db: Database, out: Path
):
    rows = await export("orders")
    line = next(row for row in rows if row["Order number"] == "A-1")
    blank = dict.fromkeys(line, "")
    more = blank | {"Order number": "A-1", "Product name": "Bulb", "Quantity": "4", "Unit price": "500"}
    new = blank | {"Order number": "N-1", "Currency": "HUF", "Product name": "Bulb", "Quantity": "1", "Unit price": "5"}
    path = write(out, [line, more, new])
    for expected in ((1, 1, 1, 0), (0, 0, 3, 0)):
        made = await bring(path, None, is_whole=True)
        assert (counts(made), made.rows_gone) == (expected, 0)
    async with db.transaction() as tx:
        (order,) = (await commerce.orders(tx, number="A-1"))[0]
        (order,) = await commerce.with_lines(tx, [order])
        assert [(one.text, one.quantity) for one in order.lines][2:] == [("Bulb", Decimal(4))]
        assert len((await commerce.orders(tx))[0]) == 4
    assert not await faults(db)


async def test_two_rows_of_one_thing_can_not_say_two_things(shop: int, export: Export, bring: Bring, out: Path):
    rows = [row for row in await export("products") if row["Product number"] == "L-1"]
    rows[0]["Product name"], rows[1]["Product name"] = "Lamp A", "Lamp B"
    made = await bring(write(out, rows), None)
    assert counts(made) == (0, 1, 0, 1)
    assert {row["Product name"] for row in await export("products") if row["Product number"] == "L-1"} == {"Lamp A"}


async def test_a_list_of_ours_asks_nothing(shop: int, export: Export, bring: Bring, out: Path):
    for what in LISTS:
        await export(what)
        made = await bring(out, None)
        assert [notice.code for table in made.tables for notice in table.notices] == []
        assert {column.confidence for column in made.tables[0].columns if column.field} == {1.0}


async def test_an_order_edited_in_a_sheet_says_so_on_its_thread_once_and_is_taken_back(
    bring: Bring, take_back: Take, export: Export, db: Database, out: Path
):
    head = ["Order", "Date", "E-mail", "Product", "Quantity", "Unit price", "Currency", "Status"]
    row = ["A-1", "2026-03-01", "anna@posta.example", "Tea", "2", "3.50", "EUR", "paid"]
    await bring([head, row, ["A-1", *row[1:3], "Cup", "1", "12.00", "EUR", "paid"]], "orders")
    rows = await export("orders")
    rows[0] |= {"Status": "delivered", "Quantity": "3"}
    rows[1]["Status"] = "delivered"
    made = await bring(write(out, rows), None)
    async with db.transaction() as tx:
        anna = await customers.find(tx, "email", "anna@posta.example")
        (told, _), _ = await customers.thread(tx, anna)
    assert (told.name, told.channel, told.body["import"]) == ("Order Updated", "sheet", str(made.id))
    assert told.body["properties"] == {
        "order_id": "A-1",
        "changes": [
            {"what": "status", "was": "paid", "now": "delivered"},
            {"what": "quantity", "was": "2", "now": "3", "of": "Tea"},
        ],
    }
    assert counts(await bring(write(out, rows), None)) == (0, 0, 2, 0)
    async with db.transaction() as tx:
        assert len((await customers.thread(tx, anna))[0]) == 2
    assert not await faults(db)
    await take_back(made.id)
    async with db.transaction() as tx:
        assert [one.name for one in (await customers.thread(tx, anna))[0] if one.kind == "track"] == ["Order Completed"]
    assert not await faults(db)
