"""Whatever is dropped on it: a clear answer, in bounded memory, and never a crash of another kind."""

import contextlib
import io
import re
import time
import tracemalloc
import zipfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fadeno import sheets
from fadeno.sheets.model import letter
from tests.sheets import make

PAGE = Path(__file__).parents[2] / "docs" / "sheets.md"
HEADER = make.row(1, "E-Mail", "Name")
GOOD = make.xlsx(HEADER + make.row(2, "anna@example.com", "Anna"))


def all_rows(data: bytes, name: str = "x", limits: sheets.Limits = sheets.LIMITS) -> list[sheets.Row]:
    with sheets.open_book(data, name=name, limits=limits) as book:
        return [row for sheet in book.sheets for row in sheets.read(sheet, sheets.look(sheet))]


def refused(data: bytes, **more) -> sheets.Unreadable:
    with pytest.raises(sheets.Unreadable) as caught:
        all_rows(data, **more)
    assert caught.value.hint
    return caught.value


def _circular(data: bytes) -> bytes:
    """An old workbook whose first sector of sheets is followed by itself."""
    return data[: 512 + 8] + (2).to_bytes(4, "little") + data[512 + 12 :]


_LAUGHS = '<!ENTITY l0 "ha">' + "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
_REPEATED = (
    '<table:table-row table:number-rows-repeated="1000"><table:table-cell table:number-columns-repeated="900" '
    'office:value-type="float" office:value="1"/></table:table-row>'
)
BAD = {
    "empty": (b"", "empty_file"),
    "blank": (b"\xef\xbb\xbf \r\n\r\n", "empty_file"),
    "jpeg named csv": (b"\xff\xd8\xff\xe0\x00\x10JFIF" + bytes(range(256)) * 20, "picture"),
    "png": (b"\x89PNG\r\n\x1a\n" + bytes(100), "picture"),
    "pdf": (b"%PDF-1.7\n...", "pdf"),
    "page named xls": (b"<html><body><table><tr><td>Name</td></tr></table>", "web_page"),
    "json": (b'{"name": "Anna"}', "not_a_sheet"),
    "program": (b"\x7fELF" + bytes(range(32)) * 200, "not_a_sheet"),
    "another archive": (make.archive({"readme.txt": "x"}), "not_a_sheet"),
    "cut archive": (GOOD[: len(GOOD) // 2], "broken"),
    "protected workbook": (make.compound({"EncryptedPackage": b"x" * 600, "EncryptionInfo": b"y"}), "password"),
    "protected ods": (make.ods("", manifest="<m><encryption-data/></m>"), "password"),
    "cells at both far corners": (make.xls([["Name"], ["Anna"]], far=(65_535, 255)), "too_big"),
    "more rows than a sheet has": (make.xls([["Name"], ["Anna"]], size=(0xFFFFFFF0, 0xFFFF)), "broken"),
    "sectors in a circle": (_circular(make.xls([["Name"], ["Anna"]])), "broken"),
    "another compound file": (make.compound({"WordDocument": b"x"}), "broken"),
    "only a header": (b"Name;E-Mail\r\n", "no_rows"),
    "quotes never closed": (b"Name;E-Mail\r\n" + b'"Anna;a@example.com\r\n' * 50, "quote_not_closed"),
    "document type": (make.xlsx("", more={"xl/w1.xml": '<!DOCTYPE x [<!ENTITY a "aaaa">]><worksheet/>'}), "broken"),
    "cell beyond the sheet": (make.xlsx('<row r="1"><c r="ZZZZ1"><v>1</v></c></row>'), "broken"),
    "entities in entities": (
        make.xlsx("", more={"xl/strings.xml": f"<!DOCTYPE x [{_LAUGHS}]><sst><si><t>&l9;</t></si></sst>"}),
        "broken",
    ),
    "entities in a sheet of LibreOffice": (
        make.archive({"content.xml": f"<!DOCTYPE x [{_LAUGHS}]><a>&l9;</a>"}),
        "broken",
    ),
    "a thousand rows, a hundred times": (
        make.ods(f'<table:table table:name="A">{_REPEATED * 100}</table:table>'),
        "broken",
    ),
    "columns repeated": (
        make.ods(
            '<table:table table:name="A"><table:table-row><table:table-cell '
            'table:number-columns-repeated="16384" office:value-type="float" office:value="1"/>'
            "</table:table-row></table:table>"
        ),
        "too_many_columns",
    ),
    "string that is not there": (make.xlsx('<row r="1"><c r="A1" t="s"><v>7</v></c></row>'), "broken"),
    "million rows repeated": (
        make.ods(
            '<table:table table:name="A"><table:table-row table:number-rows-repeated="1048576">'
            '<table:table-cell table:number-columns-repeated="900" office:value-type="float" office:value="1"/>'
            "</table:table-row></table:table>"
        ),
        "broken",
    ),
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_file_is_refused_with_a_reason_and_a_hint(name: str):
    data, reason = BAD[name]
    assert refused(data, name="list.csv").code == f"sheet_{reason}"


def test_an_archive_that_would_grow_too_large_is_not_unpacked():
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("[Content_Types].xml", "")
        with packed.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as part:
            for _ in range(128):
                part.write(bytes(1 << 20))
    tracemalloc.start()
    assert refused(file.getvalue()).reason == "too_big"
    assert tracemalloc.get_traced_memory()[1] < 4 << 20
    tracemalloc.stop()


def test_a_line_without_end_is_refused_in_little_memory(tmp_path):
    path = tmp_path / "endless.csv"
    with path.open("wb") as file:
        file.write(b"Name;E-Mail\n")
        file.truncate(0)
        for _ in range(64):
            file.write(b"abc;def\xc3\xa9 " * 100_000)
    tracemalloc.start()
    with pytest.raises(sheets.Unreadable) as caught, sheets.open_book(path) as book:
        list(book.sheet().rows())
    assert caught.value.reason in ("line_too_long", "too_many_columns")
    assert tracemalloc.get_traced_memory()[1] < 200 << 20
    tracemalloc.stop()


def test_a_gigabyte_of_one_line_is_refused_in_little_memory(tmp_path):
    path = tmp_path / "sparse.csv"
    with path.open("wb") as file:
        file.write(b"Name;E-Mail\nAnna;a@example.com\n" + b"x" * 300_000)
        file.truncate(1 << 30)  # zeros that take no room on the disk
    tracemalloc.start()
    with pytest.raises(sheets.Unreadable) as caught, sheets.open_book(path) as book:
        list(book.sheet().rows())
    assert caught.value.reason == "line_too_long"
    assert tracemalloc.get_traced_memory()[1] < 120 << 20
    tracemalloc.stop()


def test_rows_repeated_by_number_take_no_memory_before_they_are_refused():
    tracemalloc.start()
    assert refused(make.ods(f'<table:table table:name="A">{_REPEATED * 3_000}</table:table>')).reason == "broken"
    assert tracemalloc.get_traced_memory()[1] < 40 << 20
    tracemalloc.stop()


def test_of_two_directories_the_last_one_counts():
    other = make.xlsx(make.row(1, "E-Mail", "Name") + make.row(2, "bela@example.com", "Béla"))
    assert [row.values["email"] for row in all_rows(GOOD + other)] == ["bela@example.com"]
    assert all_rows(GOOD + b"\0" * 100)[0].values["email"] == "anna@example.com"
    assert refused(GOOD + other[:-10]).reason == "broken"


def test_zeros_in_a_text_are_no_letters():
    text = "Name;E-Mail\nAn\0na;a@example.com\n\0\0\nBela;b@example.com\n"
    assert [row.values["name"] for row in all_rows(text.encode())] == ["Anna", "Bela"]


@pytest.mark.parametrize("columns", [1_025, 16_384])
def test_too_many_columns_are_refused_and_empty_ones_are_not_counted(columns: int):
    names = ";".join(f"c{n}" for n in range(columns))
    assert refused(f"{names}\r\n{names}\r\n".encode()).reason == "too_many_columns"
    wide = "Name;E-Mail" + ";" * columns
    assert len(all_rows(f"{wide}\r\nAnna;a@example.com{';' * columns}\r\n".encode())) == 1
    cells = "".join(f'<c r="{letter(at)}1"><v>1</v></c>' for at in range(columns))
    assert refused(make.xlsx(f'<row r="1">{cells}</row>')).reason == "too_many_columns"


NEIGHBOURS = 'Anna;a@example.com;1\n{}\nCili;"c@example.com";3\n{}"Dora";"d@example.com";4\n'


@pytest.mark.parametrize("rest", ["", "\n".join(f"E{n};e{n}@example.com;5" for n in range(9_000)) + "\n"])
@pytest.mark.parametrize("opened", ['"Bela;b@example.com;2', 'Bela;"b@example.com;2', 'Bela;b@example.com;"2'])
def test_a_quote_never_closed_spoils_its_own_row_only(opened: str, rest: str):
    text = "Name;E-Mail;Pieces\n" + NEIGHBOURS.format(opened, rest)
    with sheets.open_book(text.encode(), name="x.csv") as book:
        rows = list(sheets.read(book.sheet(), sheets.look(book.sheet(), target="customers")))
    assert [row.values.get("name") for row in (*rows[:3], rows[-1])] == ["Anna", None, "Cili", "Dora"]
    assert {(fault.code, fault.row, fault.kept) for row in rows for fault in row.faults} == {
        ("quote_not_closed", 3, False)
    }


def test_quotes_within_a_cell_and_cells_of_several_lines_are_read_as_they_are():
    text = 'Name;E-Mail;Note\n"Anna" Maria;a@example.com;x\nBela;b@example.com;5" pipe\n'
    text += 'Cili;"c@example.com";"say ""yes"""\nDora;d@example.com;"one\n\ntwo; ""three"""\nEva;"e@example.com";\n'
    with sheets.open_book(text.encode(), name="x.csv") as book:
        rows = list(book.sheet().rows())
    assert [row.cells for row in rows[1:]] == [
        ["Anna Maria", "a@example.com", "x"],
        ["Bela", "b@example.com", '5" pipe'],
        ["Cili", "c@example.com", 'say "yes"'],
        ["Dora", "d@example.com", 'one\n\ntwo; "three"'],
        ["Eva", "e@example.com", ""],
    ]
    assert not any(row.is_broken for row in rows)


def test_a_missing_sheet_column_or_field_is_named():
    with sheets.open_book(GOOD) as book:
        with pytest.raises(sheets.Unreadable, match="no sheet"):
            book.sheet("Two")
        with pytest.raises(sheets.Unreadable, match="Fax"):
            sheets.look(book.sheet(), mapping={"Fax": "phone"})
        with pytest.raises(sheets.Unreadable, match="customers, orders"):
            sheets.look(book.sheet(), target="shoes")
        with pytest.raises(sheets.Unreadable, match="shoe"):
            sheets.look(book.sheet(), target="customers", mapping={"Name": "shoe"})
        with pytest.raises(sheets.Unreadable, match="Places have place, place_name, place_kind, "):
            sheets.look(book.sheet(), target="places", mapping={"Name": "place_no"})
        with pytest.raises(sheets.Unreadable, match="Did you mean product_no"):
            sheets.look(book.sheet(), mapping={"Name": "product-no"})


@pytest.mark.parametrize("target", sheets.TARGETS)
def test_the_page_about_sheets_lists_the_fields_of_each_kind(target: str):
    listed = next(line for line in PAGE.read_text("utf-8").splitlines() if line.startswith(f"| {target} | "))
    assert re.findall("`([a-z_]+)`", listed) == [one.name for one in sheets.FIELDS[target] if one.telling]


SLOW = {
    "one long word and one odd letter": "a" * 250_000 + "\n\xe9;b\n",
    "nothing but line ends": "a;b\n" + "\n" * 250_000 + "c;d\n",
    "an address of dots": "Name;E-Mail\nAnna;x@" + "." * 120_000 + " x\n",
    "a page of dots": "Name;Web\nAnna;www." + "." * 120_000 + " x\n",
    "digits": "Name;Telefon\nAnna;" + "1 " * 60_000 + "\n",
    "open quotes": "'a;" * 80_000 + "\n",
    "spaces": "a;b\n" + " " * 250_000 + "\n",
}


@pytest.mark.parametrize("name", SLOW)
def test_no_text_takes_long(name: str):
    data = SLOW[name].encode("cp1252")
    began = time.process_time()
    with contextlib.suppress(sheets.Unreadable):
        all_rows(data)
    assert time.process_time() - began < 5


STARTS = [b"", b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"\xff\xfe", b"\xfe\xff", b"sep=;\n"]


@settings(max_examples=250, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.sampled_from(STARTS), st.binary(max_size=600))
def test_random_bytes_raise_nothing_but_our_own(start: bytes, rest: bytes):
    with contextlib.suppress(sheets.Unreadable):
        all_rows(start + rest)


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.sampled_from(["xlsx", "ods", "xls"]), st.lists(st.tuples(st.floats(0, 1), st.integers(0, 255)), max_size=12))
def test_a_damaged_workbook_raises_nothing_but_our_own(kind: str, flips: list[tuple[float, int]]):
    data = bytearray(WHOLE[kind])
    for place, value in flips:
        data[int(place * (len(data) - 1))] = value
    with contextlib.suppress(sheets.Unreadable):
        all_rows(bytes(data))


@settings(max_examples=200, deadline=None)
@given(st.text("<>/abcrstv=\"'1 xmlnsrowcvfil&;:A", max_size=200))
def test_damaged_xml_raises_nothing_but_our_own(text: str):
    with contextlib.suppress(sheets.Unreadable):
        all_rows(make.xlsx(HEADER + text))


WHOLE = {
    "xlsx": GOOD,
    "ods": make.ods(
        '<table:table table:name="A"><table:table-row><table:table-cell office:value-type="string">'
        "<text:p>Name</text:p></table:table-cell></table:table-row><table:table-row>"
        '<table:table-cell office:value-type="float" office:value="1"/></table:table-row></table:table>'
    ),
    "xls": make.xls([["Name", "Menge"], ["Ärmel", 2.0]]),
}
