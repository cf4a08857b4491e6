"""What is written reads back as the same values, and nothing in it runs."""

import csv
import io
import zipfile
from datetime import date, datetime
from decimal import Decimal

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from fadeno import sheets
from fadeno.kit.money import EXPONENTS, Money
from fadeno.sheets import Out

COLUMNS = (
    Out("Fadeno ID", "id"),
    Out("What", "text"),
    Out("Who", "name"),
    Out("Pieces", "number"),
    Out("Cost", "money", "EUR"),
    Out("Day", "date"),
    Out("When", "datetime"),
    Out("Wants", "bool"),
)
FIELDS = ("customer_id", "product_name", "name", "quantity", "unit_price", "shipped_at", "ordered_at", "note")

NOTHING = {"-", "–", "—", "?", "NULL", "N/A", "n/a", "#N/A", "NaN", "\\N", "(null)"}
texts = (
    st.text(st.characters(exclude_categories=("Cs", "Cc", "Cn", "Co")), min_size=1, max_size=40)
    .map(lambda text: text.strip())
    .filter(lambda text: text and text not in NOTHING)
)
dangerous = st.builds(lambda mark, text: mark + text, st.sampled_from(["=", "+", "-", "@", "'=", "''@", "=-"]), texts)
ids = st.from_regex(r"[A-Z]{1,3}-[0-9]{1,9}|0[0-9]{3,12}", fullmatch=True)
numbers = st.decimals(-(10**9), 10**9, places=4).map(lambda number: number.normalize() + 0)
amounts = st.builds(Money, st.integers(-(10**14), 10**14), st.sampled_from(sorted(EXPONENTS)) | st.just("EUR"))
days = st.dates(date(1850, 1, 1), date(2200, 1, 1))
moments = st.datetimes(datetime(1850, 1, 1), datetime(2200, 1, 1)).map(  # noqa: DTZ001
    lambda at: at.replace(microsecond=0, hour=at.hour or 1)
)
rows = st.lists(
    st.tuples(ids, texts | dangerous, texts, numbers, amounts, days, moments, texts).flatmap(
        lambda row: st.tuples(st.just(row[0]), *(st.just(value) | st.none() for value in row[1:]))
    ),
    min_size=1,
    max_size=12,
)


def read_back(data: bytes, name: str) -> list[tuple]:
    with sheets.open_book(data, name=name) as book:
        mapping = {letter: field for letter, field in zip("ABCDEFGH", FIELDS, strict=True)}
        table = sheets.look(book.sheet(), target="orders", mapping=mapping, header_row=1)
        found = []
        for row in sheets.read(book.sheet(), table):
            assert not row.faults
            assert row.left_out is None
            found.append(tuple(row.values.get(field) for field in FIELDS))
    return found


def xlsx(rows: list[tuple]) -> bytes:
    file = io.BytesIO()
    sheets.write_xlsx(file, COLUMNS, rows, right_to_left=True)
    return file.getvalue()


def as_csv(rows: list[tuple], delimiter: str = ";") -> bytes:
    file = io.BytesIO()
    sheets.write_csv(file, COLUMNS, rows, delimiter=delimiter)
    return file.getvalue()


@settings(max_examples=25, deadline=None)
@given(rows)
def test_a_written_workbook_reads_back_the_same(rows: list[tuple]):
    assert read_back(xlsx(rows), "x.xlsx") == rows


@settings(max_examples=50, deadline=None)
@given(rows, st.sampled_from(";,\t"))
@example([("A-1", "=1+1", None, None, None, None, None, None)], ";")
def test_a_written_csv_reads_back_the_same(rows: list[tuple], delimiter: str):
    assert read_back(as_csv(rows, delimiter), "x.csv") == rows


@settings(max_examples=200, deadline=None)
@given(dangerous)
def test_no_text_of_a_csv_begins_as_a_formula(text: str):
    data = as_csv([(text,) * 3]).decode("utf-8-sig")
    for cells in list(csv.reader(io.StringIO(data), delimiter=";"))[1:]:
        assert not any(cell.lstrip().startswith(("=", "+", "-", "@", "\t", "\r")) for cell in cells)


def test_numbers_stay_numbers_where_they_are_below_zero():
    data = as_csv([("A-1", None, None, Decimal("-5.5"), Money(-1250, "EUR"))]).decode("utf-8-sig")
    assert data.splitlines() == ["Fadeno ID;What;Who;Pieces;Cost (EUR);Day;When;Wants", "A-1;;;-5,5;-12,50"]


def test_a_full_sheet_goes_on_in_the_next(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("fadeno.sheets.writing.MAX_SHEET_ROWS", 4)
    file = io.BytesIO()
    done = sheets.write_xlsx(file, COLUMNS[:1], [(f"A-{n}",) for n in range(7)])
    assert (done.rows, done.sheets) == (7, 3)
    with sheets.open_book(file.getvalue()) as book:
        assert [len(list(sheet.rows())) for sheet in book.sheets] == [4, 4, 2]


def test_a_workbook_filters_its_rows_and_its_headers_run_nothing():
    file = io.BytesIO()
    columns = (Out("=1+1", "id"), Out("Phone", "phone"), Out("GTIN", "gtin"))
    sheets.write_xlsx(file, columns, [("A-1", "+4930123456", "0012345678905")], right_to_left=True)
    with zipfile.ZipFile(file) as archive:
        xml = archive.read("xl/worksheets/sheet1.xml").decode()
    assert '<autoFilter ref="A1:C2"/>' in xml
    assert 'rightToLeft="1"' in xml
    assert 'state="frozen"' in xml
    assert "<f>" not in xml
    with sheets.open_book(file.getvalue()) as book:
        assert [row.cells for row in book.sheet().rows()] == [
            ["=1+1", "Phone", "GTIN"],
            ["A-1", "+4930123456", "0012345678905"],
        ]
    data = io.BytesIO()
    sheets.write_csv(data, (Out("=1+1"), Out("@x", "money", "EUR"), Out("\tTab")), [])
    assert data.getvalue().decode("utf-8-sig").splitlines() == ["'=1+1;'@x (EUR);'\tTab"]


def test_a_text_longer_than_a_cell_is_cut_and_told():
    file = io.BytesIO()
    assert sheets.write_xlsx(file, COLUMNS[1:2], [("x" * 40_000,)]).cut == 1
