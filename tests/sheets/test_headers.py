"""Header rows of ten languages for every kind of file, with their abbreviations: the columns below are known."""

import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest

from fadeno import sheets
from fadeno.sheets.fields import LANGUAGES, cyrillic

ROWS = 24
_ROWS_BY_LANGUAGE = tomllib.loads(Path(__file__).with_name("headers.toml").read_text("utf-8"))
_GTIN = ("4006381333931", "9780306406157", "5901234123457")
VALUES: dict[str, Callable[[int], str]] = {
    "customer_id": lambda n: f"K-{1000 + n}",
    "name": lambda n: ("Anna Kovač", "Béla Nagy", "Jürgen Groß", "Ольга Иванова", "محمد الأحمد")[n % 5],
    "given_name": lambda n: ("Anna", "Béla", "Jürgen", "Ольга", "محمد")[n % 5],
    "family_name": lambda n: ("Kovač", "Nagy", "Groß", "Иванова", "الأحمد")[n % 5],
    "company": lambda n: ("", "Kovač d.o.o.", "Nagy Kft.", "Groß GmbH", "")[n % 5],
    "email": lambda n: f"anna{n}@example.com",
    "phone": lambda n: f"+381 11 {2000000 + n}",
    "mobile": lambda n: f"+36 20 {2000000 + n}",
    "street": lambda n: f"Glavna {n + 1}",
    "city": lambda n: ("Novi Sad", "Köln", "Győr")[n % 3],
    "postcode": lambda n: f"1{n:04}",
    "region": lambda n: ("Bavaria", "Pest", "Vojvodina")[n % 3],
    "country": lambda n: ("Germany", "Hungary", "Serbia")[n % 3],
    "birth_date": lambda n: f"{n + 1}.12.1980",
    "gender": lambda n: "mf"[n % 2],
    "salutation": lambda n: ("Mr", "Mrs", "Dr.")[n % 3],
    "language": lambda n: ("de", "hu", "sr")[n % 3],
    "vat_id": lambda n: f"DE{123456789 + n}",
    "loyalty_no": lambda n: f"99{n:06}",
    "newsletter": lambda n: ("yes", "no")[n % 2],
    "note": lambda n: ("", "", "calls back on Monday")[n % 3],
    "created_at": lambda n: f"{n + 1}.01.2023",
    "order_no": lambda n: f"2024-{n // 2 + 1:04}",
    "ordered_at": lambda n: f"{n + 1}.03.2024",
    "product_no": lambda n: f"AB-{n % 9 + 100}",
    "product_name": lambda n: f"Blue shirt, size {n % 9}",
    "gtin": lambda n: _GTIN[n % 3],
    "quantity": lambda n: str(n % 4 + 1),
    "unit_price": lambda n: f"{n % 9 + 10},50",
    "line_total": lambda n: f"{n % 9 + 20},00",
    "order_total": lambda n: f"{n % 9 + 120},00",
    "discount": lambda n: str(n % 3 * 5),
    "tax": lambda n: f"{n % 9 + 3},20",
    "shipping": lambda n: ("4,90", "0,00")[n % 2],
    "currency": lambda _: "EUR",
    "status": lambda n: ("open", "paid", "sent")[n % 3],
    "payment": lambda n: ("card", "cash")[n % 2],
    "channel": lambda n: ("web", "shop", "phone")[n % 3],
    "place": lambda n: ("Centar", "Mall West")[n % 2],
    "shipped_at": lambda n: f"{n + 2}.03.2024",
    "description": lambda n: f"A shirt of soft cotton, washes at 40 degrees {n}",
    "category": lambda n: ("Shirts", "Shoes")[n % 2],
    "brand": lambda n: ("Adria", "Zlatibor")[n % 2],
    "old_price": lambda n: f"{n % 9 + 15},50",
    "tax_rate": lambda n: ("20", "10")[n % 2],
    "weight": lambda n: f"0,{n % 9 + 1}",
    "colour": lambda n: ("blue", "red")[n % 2],
    "size": lambda n: ("S", "M", "XL")[n % 3],
    "picture_url": lambda n: f"https://shop.example/{n}.jpg",
    "url": lambda n: f"https://shop.example/page/{n}",
    "active": lambda n: ("yes", "no")[n % 2],
    "valid_from": lambda n: f"{n + 1}.01.2024",
    "valid_to": lambda n: f"{n + 1}.12.2024",
    "unit": lambda _: "pcs",
    "on_hand": lambda n: str(n * 3 % 50),
    "reserved": lambda n: str(n % 3),
    "incoming": lambda n: str(n % 4 * 10),
    "reorder_level": lambda n: str(n % 3 * 5),
    "shelf": lambda n: f"{'ABC'[n % 3]}{n % 7}",
    "counted_at": lambda n: f"{n + 1}.05.2024",
    "event": lambda n: ("Product Viewed", "Cart Left", "Shop Visited")[n % 3],
    "happened_at": lambda n: f"{n + 1}.05.2024 10:3{n % 10}",
    "amount": lambda n: f"{n * 3},50",
    "subject": lambda n: ("Where is my order", "Return", "Opening hours")[n % 3],
    "text": lambda n: f"Hello, my parcel {n} has not come yet. Where is it?",
    "sender": lambda n: f"anna{n}@example.com",
    "recipient": lambda _: "shop@example.org",
    "direction": lambda n: ("in", "out")[n % 2],
    "agent": lambda n: ("Mira Petrović", "Tom Weber")[n % 2],
    "tags": lambda n: ("vip", "b2b", "")[n % 3],
    "-": lambda n: ("aa-x", "bb-y", "cc-z")[n % 3],
}


def _cases() -> list:
    found = []
    for language in LANGUAGES:
        for target, rows in _ROWS_BY_LANGUAGE[language].items():
            for at, row in enumerate(rows, 1):
                found.append(pytest.param(target, row, id=f"{language}-{target}-{at}"))
                if language == "sr":
                    found.append(pytest.param(target, _in_cyrillic(row), id=f"sr-Cyrl-{target}-{at}"))
    return found


def _in_cyrillic(row: str) -> str:
    pairs = (pair.split("=") for pair in row.split("; "))
    return "; ".join(f"{cyrillic(header).capitalize()}={field}" for header, field in pairs)


@pytest.mark.parametrize(("target", "row"), _cases())
def test_a_sheet_is_known_by_its_headers(target: str, row: str):
    pairs = [pair.strip().rpartition("=")[::2] for pair in row.split(";")]
    lines = [";".join(header for header, _ in pairs)]
    lines += [";".join(f'"{VALUES[field](n)}"' for _, field in pairs) for n in range(ROWS)]
    with sheets.open_book("\n".join(lines).encode(), name="x.csv") as book:
        table = sheets.look(book.sheet())
    found = {column.header: column.field for column in table.columns}
    wanted = {header: None if field == "-" else field for header, field in pairs}
    wrong = {header: found[header] for header in wanted if found[header] != wanted[header]}
    assert table.target == target
    assert not wrong
