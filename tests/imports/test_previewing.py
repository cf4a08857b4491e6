"""What a preview shows: the first rows, the first that change something, and examples of what is told."""

import csv
from pathlib import Path

import pytest

from fadeno import access, customers, imports
from fadeno.db import Database
from tests.imports.conftest import Bring, Look
from tests.imports.test_customers import HEAD

PEOPLE = [[str(n), f"Person {n}", f"p{n}@posta.example", "", "Ulm", "ja"] for n in range(2_100)]
GOODS = [["SKU", "Bezeichnung", "Preis", "Währung"], *([f"T-{n}", f"Tasse {n}", "14,00", "EUR"] for n in range(40))]
MOST_SHOWN = 20


async def test_what_changes_is_shown_however_far_down_it_stands(bring: Bring, preview: Look):
    await bring([HEAD, *PEOPLE])
    now = [[*row[:4], "Bonn" if row[0] in ("1", "50", "2050") else "Ulm", "ja"] for row in PEOPLE]
    seen = await preview([HEAD, *now])
    assert seen.changed == 3
    assert [(row.number, row.changes) for row in seen.changing] == [
        (3, {"city": ("Ulm", "Bonn")}),
        (52, {"city": ("Ulm", "Bonn")}),
        (2_052, {"city": ("Ulm", "Bonn")}),
    ]
    assert [row.number for row in seen.rows] == list(range(2, 2 + MOST_SHOWN))
    assert [row.fate for row in seen.rows].count("changed") == 1


async def test_only_the_first_changes_are_kept(bring: Bring, preview: Look):
    await bring([HEAD, *PEOPLE])
    seen = await preview([HEAD, *([*row[:4], "Bonn", "ja"] for row in PEOPLE)])
    assert seen.changed == len(PEOPLE)
    assert [row.number for row in seen.changing] == list(range(2, 2 + MOST_SHOWN))


@pytest.mark.parametrize(
    ("column", "said", "changes"),
    [
        ("Price", "15,5", {"unit_price": ("14", "15.5")}),
        ("Product name", "Glas", {"product_name": ("Tasse 36", "Glas")}),
    ],
)
async def test_what_is_edited_in_a_sheet_of_goods_stands_beside_what_was(
    bring: Bring, preview: Look, db: Database, tmp_path: Path, column: str, said: str, changes: dict
):
    await bring(GOODS, "products")
    out = tmp_path / "export.csv"
    await imports.export(db, access.SYSTEM, "products", out)
    with out.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file, delimiter=";"))
    rows[30][column] = said
    with out.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), delimiter=";")
        writer.writeheader()
        writer.writerows(rows)
    seen = await preview(out, None)
    assert [(row.number, row.changes) for row in seen.changing] == [(32, changes)]


async def test_what_an_ordinary_file_changes_of_goods_stands_beside_what_was(bring: Bring, preview: Look):
    head = ["SKU", "Product name", "Price", "Currency", "Store", "In stock", "GTIN"]
    row = ["T-1", "Tea", "3.50", "EUR", "Mitte", "12", "4006381333931"]
    await bring([head, row, ["T-2", *row[1:-1], ""]], "products")
    seen = await preview(
        [head, ["T-1", "Green tea", "3.75", *row[3:5], "10", "96385074"], ["T-2", *row[1:-1], ""]], "products"
    )
    assert [(row.number, row.changes) for row in seen.changing] == [
        (2, {"product_name": ("Tea", "Green tea"), "gtin": ("4006381333931", "96385074"), "unit_price": ("3.5", "3.75"),
             "on_hand": ("12", "10")}),
    ]  # fmt: skip


async def test_what_an_ordinary_file_changes_of_orders_stands_beside_what_was(
    bring: Bring, preview: Look, db: Database
):
    head = ["Order", "Date", "E-mail", "Product", "Quantity", "Unit price", "Currency", "Status"]
    tea = ["A-1", "2026-03-01 10:00", "anna@posta.example", "Tea", "2", "3.50", "EUR", "paid"]
    cup = [*tea[:3], "Cup", "1", "12.00", "EUR", "paid"]
    now = [head, [*tea[:4], "3", *tea[5:7], "delivered"], [*cup[:7], "delivered"]]
    await bring([head, tea, cup], "orders", zone="Europe/Berlin")
    seen = await preview(now, "orders", zone="Europe/Berlin")
    changes = {"status": ("paid", "delivered"), "lines": ("2 × Tea (3.5)", "3 × Tea (3.5)")}
    assert [(row.number, row.changes) for row in seen.changing] == [(2, changes)]
    await bring(now, "orders", zone="Europe/Berlin")
    async with db.transaction() as tx:
        (told, _), _ = await customers.thread(tx, await customers.find(tx, "email", "anna@posta.example"))
    status = {"what": "status", "was": "paid", "now": "delivered"}
    assert (told.name, told.body["properties"]["changes"]) == ("Order Updated", [status])


async def test_what_is_told_names_the_first_values_and_their_rows(preview: Look):
    said = ["Atlantis", "Atlantis", "DE", "Narnia", "Lemuria", "Thule"]
    people = [[f"p{n}@posta.example", country] for n, country in enumerate(said)]
    seen = await preview([["E-Mail", "Land"], *people], mapping={"Land": "country"})
    assert seen.told["unknown_country"] == 5
    assert seen.examples["unknown_country"] == {"Atlantis": 2, "Narnia": 5, "Lemuria": 6}


async def test_a_row_of_totals_is_left_out_and_told(preview: Look):
    goods = [[f"T-{n}", "Tea", str(n)] for n in range(1, 9)]
    seen = await preview([["SKU", "Product name", "On hand"], *goods, ["Total", "", "36"]], "stock")
    assert (seen.new, seen.told) == (8, {"total_left_out": 1})
    assert seen.examples["total_left_out"] == {"Total | 36": 10}
