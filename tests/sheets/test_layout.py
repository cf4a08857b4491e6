"""Sheets as people make them: titles above, totals below, merged cells, hidden sheets, and numbers that are none."""

import io
from datetime import date, datetime, time
from decimal import Decimal

import pytest
import xlsxwriter

from fadeno import sheets
from fadeno.kit.money import Money
from tests.sheets import make


def read(data: bytes | str, name: str = "x.csv", **more) -> tuple[sheets.Table, list[sheets.Row]]:
    with sheets.open_book(data.encode() if isinstance(data, str) else data, name=name) as book:
        table = sheets.look(book.sheet(), **more)
        return table, list(sheets.read(book.sheet(), table))


def workbook(fill, **options) -> bytes:
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, options) as book:
        fill(book, book.add_worksheet("One"))
    return file.getvalue()


def codes(rows: list[sheets.Row]) -> list[tuple[str, str, int]]:
    return [(fault.code, fault.column, fault.row) for row in rows for fault in row.faults]


def test_titles_above_and_totals_below_are_no_rows():
    text = """Sales report\n\nPeriod:;January 2024\nprinted by;Anna\n
Order no;Date;Item;Qty;Line total
B-1;2024-01-02;Blue shirt;2;20,00
B-2;2024-01-03;Red shirt;1;12,50

B-3;2024-01-04;Green shirt;1;7,00
Order no;Date;Item;Qty;Line total
B-4;2024-01-05;Totally white shirt;1;8,00
Grand total;;;5;47,50
;;;5;47,50
* all prices include taxes
"""
    table, rows = read(text, target="orders")
    assert (table.header_row, table.first_row) == (6, 7)
    assert [(row.number, row.left_out) for row in rows] == [
        (7, None), (8, None), (10, None), (11, "header"), (12, None), (13, "total"), (14, "total"), (15, "note"),
    ]  # fmt: skip
    assert [row.values["order_no"] for row in rows if not row.left_out] == ["B-1", "B-2", "B-3", "B-4"]


def test_a_total_in_the_middle_is_kept_for_it_may_be_a_name():
    _, rows = read("Name;E-Mail;Ort\nTotal Energies;;Paris\nAnna;a@example.com;Köln\nBéla;b@example.com;Pécs")
    assert [row.left_out for row in rows] == [None, None, None]


def test_merged_cells_hold_their_value_in_every_row():
    def fill(book, sheet):
        sheet.merge_range("B1:C1", "Billing")
        sheet.write_row("A2", ["Order no", "City", "Zip code", "SKU", "Qty"])
        sheet.merge_range("A3:A5", "B-1")
        for at in range(3):
            sheet.write_row(2 + at, 1, ["Köln", "50667", f"X-{at}", at + 1])
        sheet.write_row("A6", ["B-2", "Bonn", "53111", "X-9", 1])

    table, rows = read(workbook(fill), target="orders")
    assert [column.header for column in table.columns] == ["Order no", "Billing City", "Billing Zip code", "SKU", "Qty"]
    assert [(row.values["order_no"], row.values["product_no"]) for row in rows] == [
        ("B-1", "X-0"), ("B-1", "X-1"), ("B-1", "X-2"), ("B-2", "X-9"),
    ]  # fmt: skip


def test_hidden_sheets_and_wrong_endings_are_told_and_the_first_shown_sheet_is_taken():
    def fill(book, sheet):
        sheet.hide()
        sheet.write_row("A1", ["secret"])
        other = book.add_worksheet("Two")
        other.activate()
        other.set_first_sheet()
        other.write_row("A1", ["Name"])

    with sheets.open_book(workbook(fill), name="x.csv") as book:
        assert [(notice.code, notice.data) for notice in book.notices] == [
            ("hidden_sheets", {"names": "One", "count": 1}),
            ("wrong_ending", {"ending": "csv", "kind": "xlsx"}),
        ]
        assert [(sheet.name, sheet.hidden) for sheet in book.sheets] == [("One", True), ("Two", False)]
        assert book.sheet().name == "Two"


@pytest.mark.parametrize("since_1904", [False, True])
def test_days_are_counted_from_1900_or_1904(since_1904: bool):
    moments = [date(1904, 3, 1), date(2000, 2, 29), datetime(2024, 5, 6, 7, 8, 9)]  # noqa: DTZ001

    def fill(book, sheet):
        sheet.write_row("A1", ["Order no", "Date"])
        for at, moment in enumerate(moments, 1):
            sheet.write_string(at, 0, f"B-{at}")
            sheet.write_datetime(at, 1, moment, book.add_format({"num_format": "dd/mm/yy hh:mm"}))

    _, rows = read(workbook(fill, date_1904=since_1904), target="orders")
    assert [row.values["ordered_at"] for row in rows] == moments


def test_early_days_are_right_and_the_day_that_never_was_is_a_fault():
    style = '<styleSheet><cellXfs><xf/><xf numFmtId="14"/><xf numFmtId="20"/></cellXfs></styleSheet>'
    days = "".join(make.row(n + 2, f"B-{n}", f'< s="1"><v>{day}</v>') for n, day in enumerate([1, 59, 60, 61, -3]))
    data = make.xlsx(make.row(1, "Order no", "Date") + days, more={"xl/styles.xml": style})
    _, rows = read(data, target="orders")
    found = [row.values.get("ordered_at") for row in rows]
    assert found == [date(1900, 1, 1), date(1900, 2, 28), None, date(1900, 3, 1), None]
    assert codes(rows) == [("bad_date", "B", 4), ("bad_date", "B", 6)]


def test_formats_tell_currencies_and_leading_zeros():
    def fill(book, sheet):
        sheet.write_row("A1", ["SKU", "Product name", "Price"])
        formats = ['#,##0.00 "€"', "[$€-407] #,##0.00", "#,##0.00 [$EUR]", "#,##0\\ [$Ft-40E]", "[$$-409]#,##0.00"]
        for at, shape in enumerate(formats, 1):
            sheet.write_number(at, 0, 42 + at, book.add_format({"num_format": "00000"}))
            sheet.write_string(at, 1, "Shirt")
            sheet.write_number(at, 2, 12.5, book.add_format({"num_format": shape}))

    table, rows = read(workbook(fill), target="products")
    assert table.column("unit_price").format.currency == "EUR"
    assert [row.values["product_no"] for row in rows] == ["00043", "00044", "00045", "00046", "00047"]
    euros, forints, dollars = Money(1250, "EUR"), Money(1250, "HUF"), Money(1250, "USD")
    assert [row.values["unit_price"] for row in rows] == [euros, euros, euros, forints, dollars]


def test_what_a_formula_last_gave_is_kept_and_what_it_never_gave_is_told():
    data = make.xlsx(
        make.row(1, "Order no", "Qty", "Line total")
        + make.row(2, "B-1", 2, "<><f>B2*2</f><v>4</v>")
        + make.row(3, "B-2", 2, "<><f>B3*2</f>")
        + make.row(4, "B-3", 2, '< t="e"><f>1/0</f><v>#DIV/0!</v>')
        + make.row(5, "B-4", 2, '< t="str"><f>"5"&amp;"0"</f><v>50</v>')
    )
    _, rows = read(data, target="orders")
    assert [row.values.get("line_total") for row in rows] == [Decimal(4), None, None, Decimal(50)]
    assert codes(rows) == [("formula_not_computed", "C", 3), ("formula_error", "C", 4)]


def test_numbers_that_lost_digits_or_zeros_are_told():
    data = make.xlsx(
        make.row(1, "Customer no", "Zip code", "Phone", "GTIN", "Name")
        + make.row(2, "1", 1067, 301234567, 4006381333931, "Anna")
        + make.row(3, 4006381333931111, 50667, 301234568, 12345678905, "Béla")
        + make.row(4, "3", 50668, 301234569, 4006381333932, "Cili")
    )
    mapping = {"GTIN": "loyalty_no"}
    table, rows = read(data, target="customers", mapping=mapping)
    assert ("digits_lost", "A", 3) in codes(rows)
    told = {(notice.code, notice.column): notice.rows for notice in table.notices}
    assert told["zeros_may_be_lost", "B"] == (2,)
    assert told["zeros_may_be_lost", "C"] == (2, 3, 4)
    products = "GTIN;Product name\n" + "\n".join(f"{code};x" for code in ("4006381333931", "4006381333932"))
    _, rows = read(products, target="products")
    assert codes(rows) == [("bad_gtin", "A", 3)]


def short_postcodes(rows: list[tuple[str, str]]) -> tuple[int, ...]:
    text = "Kundennr;PLZ;Land\n" + "\n".join(f"K{n};{code};{country}" for n, (code, country) in enumerate(rows))
    table, _ = read(text, target="customers")
    return next((notice.rows for notice in table.notices if notice.code == "zeros_may_be_lost"), ())


def test_postcodes_that_lost_their_zero_are_told_by_their_country():
    assert short_postcodes([("10115", "DE"), ("1067", "DE")] * 3) == (3, 5, 7)
    assert short_postcodes([("1067", "DE"), ("1069", "DE"), ("10115", "DE")]) == (2, 3)
    assert short_postcodes([("10115", ""), ("1067", "")] * 3) == (3, 5, 7)
    assert short_postcodes([("10115", "DE"), ("1010", "AT"), ("80331", "DE")]) == ()
    assert short_postcodes([("10115", "DE"), ("01067", "DE"), ("1067", "DE")]) == ()


def test_a_prefix_makes_no_difference():
    rows = make.row(1, "Name", "E-Mail") + make.row(2, "Anna", "a@example.com")
    prefixed = rows
    for tag in ("row", "c", "v", "is", "t", "f"):
        prefixed = prefixed.replace(f"<{tag} ", f"<x:{tag} ").replace(f"<{tag}>", f"<x:{tag}>")
        prefixed = prefixed.replace(f"</{tag}>", f"</x:{tag}>")
    assert read(make.xlsx(prefixed, prefix="x:"))[1] == read(make.xlsx(rows))[1]


def test_old_excel_is_read():
    table, rows = read(make.xls([["Artikelnr", "Bezeichnung", "Bestand"], ["A-1", "Blaue Ärmel", 5.0]]), name="x.xls")
    assert table.target == "stock"
    assert rows[0].values == {"product_no": "A-1", "product_name": "Blaue Ärmel", "on_hand": Decimal(5)}


def test_libreoffice_is_read_with_dates_money_and_repeated_cells():
    def cell(kind: str, **more: str) -> str:
        attributes = "".join(f' {key.replace("_", ":", 1).replace("_", "-")}="{value}"' for key, value in more.items())
        return f'<table:table-cell office:value-type="{kind}"{attributes}'

    def text(value: str) -> str:
        return f"{cell('string')}><text:p>{value}</text:p></table:table-cell>"

    table = (
        '<table:table table:name="Blatt"><table:table-row table:number-rows-repeated="3"><table:table-cell/>'
        f"</table:table-row><table:table-row>{text('Bestellnr')}{text('Datum')}{text('Preis')}{text('Menge')}"
        f"</table:table-row><table:table-row>{text('B-1')}{cell('date', office_date_value='2024-05-06T07:08:09')}/>"
        f"{cell('currency', office_value='12.5', office_currency='EUR')}/>{cell('float', office_value='3')}/>"
        '</table:table-row><table:table-row table:number-rows-repeated="1048000"><table:table-cell '
        'table:number-columns-repeated="16384"/></table:table-row></table:table>'
    )
    found, rows = read(make.ods(table), name="x.ods", target="orders")
    assert found.header_row == 4
    assert [row.number for row in rows] == [5]
    assert rows[0].values == {
        "order_no": "B-1",
        "ordered_at": datetime(2024, 5, 6, 7, 8, 9),  # noqa: DTZ001
        "unit_price": Money(1250, "EUR"),
        "quantity": Decimal(3),
    }


@pytest.mark.parametrize("delimiter", list(",;\t|^~"))
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_any_delimiter_and_line_end(delimiter: str, end: str):
    lines = [["Name", "E-Mail", "Ort"], ["Anna, geb. Weiß", "a@example.com", 'die "Stadt"']]
    lines += [[f"Béla {n}", f"b{n}@example.com", "Pécs; Baranya"] for n in range(5)]
    text = end.join(delimiter.join('"' + cell.replace('"', '""') + '"' for cell in line) for line in lines)
    with sheets.open_book(text.encode(), name="x.csv") as book:
        assert [row.cells for row in book.sheet().rows()] == lines


def test_other_ways_of_quoting_and_excels_own_first_line():
    for text in (
        "sep=|\nName|Ort\nAnna|Köln, am Rhein",
        "'Name','Ort'\n'Anna','Köln, am Rhein'\n" * 3,
        '"Name","Ort"\n"Anna","Köln, \\"am\\" Rhein"\n"Bela","x"\n',
    ):
        with sheets.open_book(text.encode(), name="x.csv") as book:
            rows = [row.cells for row in book.sheet().rows()]
        assert rows[0] == ["Name", "Ort"]
        assert rows[1][1].replace('"', "") == "Köln, am Rhein"


def test_rows_are_counted_as_excel_shows_them():
    text = 'Name;Note\nAnna;"two\nlines"\n\n\nBéla;one\n'
    _, rows = read(text, target="customers")
    assert [row.number for row in rows] == [2, 5]
    assert rows[0].values["note"] == "two\nlines"


def test_a_time_of_day_is_no_day():
    assert time(7, 30).isoformat() == "07:30:00"
    style = '<styleSheet><cellXfs><xf/><xf numFmtId="20"/></cellXfs></styleSheet>'
    data = make.xlsx(
        make.row(1, "Order no", "Date") + make.row(2, "B-1", '< s="1"><v>0.3125</v>'), more={"xl/styles.xml": style}
    )
    _, rows = read(data, target="orders")
    assert [(fault.code, fault.raw) for fault in rows[0].faults] == [("bad_date", "07:30:00")]
