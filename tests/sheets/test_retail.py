"""A real shop's workbook of 76,783 lines, read by us and by other means."""

import os
import re
import zipfile
from collections import defaultdict
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from xml.etree import ElementTree

import pytest

from fadeno import sheets
from tests.house.rules import ROOT

CORPORA = Path(os.environ.get("FADENO_CORPORA", ROOT.parent / "shared" / "corpora"))
RETAIL = CORPORA / "retail"
WORKBOOK = RETAIL / "online_retail_2009-12_2010-01.xlsx"

pytestmark = pytest.mark.skipif(
    not RETAIL.exists(),
    reason=f"needs {RETAIL}: the first two months of Online Retail II (https://archive.ics.uci.edu/dataset/502) and the"
    " tables of Northwind and AdventureWorks, in a folder FADENO_CORPORA names",
)

Totals = dict[tuple[str, str], Decimal]


def by_other_means() -> Totals:
    """Sums per month and country, straight from the XML with a reader that shares nothing with ours."""
    space = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
    totals: Totals = defaultdict(Decimal)
    with zipfile.ZipFile(WORKBOOK) as archive:
        shared = [
            "".join(t.text or "" for t in item.iter(f"{space}t"))
            for item in ElementTree.fromstring(archive.read("xl/sharedStrings.xml"))
        ]
        for name in sorted(n for n in archive.namelist() if re.fullmatch(r"xl/worksheets/sheet\d+\.xml", n)):
            for row in list(ElementTree.fromstring(archive.read(name)).iter(f"{space}row"))[1:]:
                cells = {}
                for cell in row:
                    text = cell.findtext(f"{space}v")
                    if text is not None:
                        cells[cell.get("r")[0]] = shared[int(text)] if cell.get("t") == "s" else text
                day = datetime(1899, 12, 30) + timedelta(days=float(cells["E"]))  # noqa: DTZ001
                price = Decimal(cells["F"]).quantize(Decimal("0.001"))
                totals[f"{day:%Y-%m}", cells["H"]] += Decimal(cells["D"]) * price
    return totals


def test_the_totals_of_months_and_countries_are_those_of_the_file():
    expected = by_other_means()
    spoken = {sheets.country_code(country) or country: country for _, country in expected}
    found: Totals = defaultdict(Decimal)
    count = 0
    with sheets.open_book(WORKBOOK) as book:
        for sheet in book.sheets:
            table = sheets.look(sheet)
            assert (table.target, table.header_row, table.missing) == ("orders", 1, ())
            for row in sheets.read(sheet, table):
                assert not [fault for fault in row.faults if not fault.kept]
                values = row.values
                month = f"{values['ordered_at']:%Y-%m}"
                found[month, spoken[values["country"]]] += values["quantity"] * values["unit_price"]
                count += 1
    assert count == 76_783
    assert found == expected
    assert len(found) > 30


def test_each_column_of_the_workbook_is_known():
    with sheets.open_book(WORKBOOK) as book:
        assert [sheet.name for sheet in book.sheets] == ["Dec 2009", "Jan 2010"]
        table = sheets.look(book.sheets[0])
    assert [column.field for column in table.columns] == [
        "order_no", "product_no", "product_name", "quantity", "ordered_at", "unit_price", "customer_id", "country",
    ]  # fmt: skip
    assert min(column.confidence for column in table.columns) > 0.9


def test_the_sheets_of_two_other_companies_are_known():
    wanted = {
        "northwind/customers.csv": (
            "customers",
            ["customer_id", "company", "name", "street", "city", "country", "phone"],
        ),
        "northwind/orders.csv": (
            "orders",
            ["order_no", "customer_id", "ordered_at", "shipped_at", "shipping", "country"],
        ),
        "northwind/products.csv": ("products", ["product_no", "product_name", "unit", "unit_price", "on_hand"]),
        "northwind/order_details.csv": ("orders", ["order_no", "product_no", "unit_price", "quantity", "discount"]),
    }
    for path, (target, fields) in wanted.items():
        with sheets.open_book(RETAIL / path) as book:
            table = sheets.look(book.sheet())
            assert (table.target, table.missing) == (target, ()), path
            assert set(fields) <= {column.field for column in table.columns}, path
            rows = list(sheets.read(book.sheet(), table))
        assert not [fault for row in rows for fault in row.faults if not fault.kept], path
        assert len(rows) == len((RETAIL / path).read_text("utf-8").splitlines()) - 1


def test_a_file_without_a_header_is_read_from_its_first_row_and_can_be_told_its_fields():
    with sheets.open_book(RETAIL / "adventureworks" / "ProductInventory.csv") as book:
        mapping = {"A": "product_no", "B": "place", "C": "shelf", "E": "on_hand", "G": "counted_at"}
        table = sheets.look(book.sheet(), target="stock", mapping=mapping)
        rows = list(sheets.read(book.sheet(), table))
    assert (table.header_row, len(rows)) == (0, 1_069)
    assert sum(row.values["on_hand"] for row in rows) == sum(
        int(line.split("\t")[4])
        for line in (RETAIL / "adventureworks" / "ProductInventory.csv").read_text("utf-8").splitlines()
    )


def test_products_without_a_header_are_known_and_a_day_makes_no_orders():
    found = {}
    for path in sorted((RETAIL / "adventureworks").glob("*.csv")):
        with sheets.open_book(path) as book:
            found[path.stem] = sheets.look(book.sheet())
    products = found.pop("Product")
    assert (products.target, products.missing) == ("products", ())
    fields = {column.field: column.letter for column in products.columns if column.field}
    assert fields == {"product_name": "B", "product_no": "C", "unit_price": "J"}
    assert [table.target for table in found.values()] == ["", ""]  # numbers alone are not taken for customers


def test_a_list_of_northwind_is_what_it_is_or_is_asked_for():
    found = {}
    for path in sorted((RETAIL / "northwind").glob("*.csv")):
        with sheets.open_book(path) as book:
            found[path.stem] = sheets.look(book.sheet()).target
    known = {"customers": "customers", "orders": "orders", "order_details": "orders", "products": "products"}
    assert found == dict.fromkeys(found, "") | known  # suppliers and staff are no customers


def test_the_countries_of_real_addresses_are_known():
    found = {}
    for path in sorted((CORPORA / "addresses" / "testcases" / "countries").glob("??.yaml")):
        for name in re.findall(r"^ +country: ([^\d\n,\"]+)$", path.read_text("utf-8"), re.MULTILINE):
            found[path.stem, name] = sheets.country_code(name)
    right = [code for (stem, _), code in found.items() if code == stem.upper()]
    assert len(found) > 100
    assert len(right) / len(found) > 0.92
