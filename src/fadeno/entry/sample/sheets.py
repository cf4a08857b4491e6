"""Sheets as companies have them, to try importing with: untidy, and in the languages and encodings of their time.

About the same people and things as the rest of Lumo, so that an import finds most of them known already.
"""

import csv
import io
import zipfile
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import xlsxwriter

from fadeno.entry.sample import shelf, world
from fadeno.entry.sample.people import Person, dice, person

_KNOWN = 150
_UNKNOWN_FROM = 3000  # people of whom only the sheet knows, unless the company is made that large
_CUSTOMERS = "vevok-regi-penztar.xlsx"
_PRODUCTS = "termekek.csv"
_ORDERS = "porudzbine-prosle-godine.ods"
_ODS = "application/vnd.oasis.opendocument.spreadsheet"
_NAMES = (
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"'
)


def write_all(folder: Path, seed: int, made: date) -> list[Path]:
    """Write a list of customers, of products and of orders, where they are not there yet; all three.

    Args:
        made: the day the company was made up.
    """
    folder.mkdir(parents=True, exist_ok=True)
    found = []
    for name, write in ((_CUSTOMERS, _customers), (_PRODUCTS, _products), (_ORDERS, _orders)):
        path = folder / name
        if not path.exists():
            making = path.with_suffix(".new")
            making.write_bytes(write(seed, made))
            making.replace(path)
        found.append(path)
    return found


def _people(seed: int, country: str, known: int, unknown: int) -> list[Person]:
    """People of a country: some the other systems know, and some they do not."""
    found: list[Person] = []
    for first, last, many in ((0, _KNOWN, known), (_UNKNOWN_FROM, _UNKNOWN_FROM + 1000, unknown)):
        fits = (one for index in range(first, last) if (one := person(seed, index)).country.code == country)
        found += [one for one, _ in zip(fits, range(many), strict=False)]
    return found


# Customers of the old till: an Excel workbook in Hungarian -----------------------------------------------------------

_HEAD = (
    "Vevőkód", "Név", "E-mail cím", "Telefonszám", "Irsz.", "Város", "Utca, házszám", "Születési dátum", "Hírlevél",
    "Vásárlások (Ft)",
)  # fmt: skip


def _customers(seed: int, made: date) -> bytes:
    """A title over the table, a total under it, one row twice, and what people type into a till."""
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as book:
        book.set_properties({"created": datetime.combine(made, time.min)})
        sheet = book.add_worksheet("Vevők")
        bold, day = book.add_format({"bold": True}), book.add_format({"num_format": "yyyy.mm.dd"})
        ft = book.add_format({"num_format": '#,##0\\ "Ft"'})
        sheet.merge_range(0, 0, 0, 5, "Lumo Szeged – vevőlista a régi pénztárgépből", bold)
        sheet.write(1, 0, f"Készült: {made - timedelta(days=120):%Y. %m. %d.}")
        sheet.write_row(3, 0, _HEAD, bold)
        at = 4
        for row in _till_rows(seed):
            for place, value in enumerate(row):
                if isinstance(value, date):
                    sheet.write_datetime(at, place, value, day)
                elif value is not None:
                    sheet.write(at, place, value, ft if place == len(row) - 1 else None)
            at += 1
        sheet.write(at, 0, "Összesen", bold)
        sheet.write_formula(at, len(_HEAD) - 1, f"=SUM(J5:J{at})", ft, sum(row[-1] for row in _till_rows(seed)))
        sheet.set_column(0, len(_HEAD) - 1, 17)
        notes = book.add_worksheet("Megjegyzés")
        notes.write(0, 0, "A hírlevél oszlopban i = igen, n = nem.")
    return file.getvalue()


def _till_rows(seed: int) -> Iterator[list[Any]]:
    rng = dice(seed, "old till")
    for nth, one in enumerate(_people(seed, "HU", 22, 38)):
        born: Any = date.fromisoformat(one.birthday)
        name, email, phone = one.name, one.mistyped or one.email, one.national or one.landline
        if nth % 5 == 1:
            born = f"{born:%Y. %m. %d.}"
        if nth % 7 == 2:
            name = f" {name.upper()}"
        if nth % 6 == 3:
            phone = phone.replace("06 20 ", "+36-20/")
        if nth == 9:
            born, email = "1971. 02. 31.", email.replace("@", " kukac ")
        row = [
            f"{7000 + nth * 3:06}", name, email if nth % 8 else None, phone, one.city.postcode,
            one.city.name("hu"), one.street, born, "i" if rng.random() < 0.6 else "n",
            one.country.price(rng.randint(20, 400)) + 10,
        ]  # fmt: skip
        if nth == 17:
            row[0], row[2:4] = None, [None, "nincs"]  # nobody could say who that was
        yield row
        if nth == 14:
            yield row


# Products: a csv from a program of the nineties, in windows-1250 -----------------------------------------------------


def _products(seed: int, made: date) -> bytes:
    """Semicolons, decimal commas, and ő and ű as they were before UTF-8."""
    text = io.StringIO(newline="")
    write = csv.writer(text, delimiter=";", lineterminator="\r\n").writerow
    write(["Cikkszám", "Megnevezés", "Vonalkód", "Kategória", "Bruttó ár (HUF)", "Készlet"])
    hungary = world.COUNTRIES["HU"]
    for thing in world.GOODS:
        costs = f"{shelf.price(thing, hungary, made, made):.2f}".replace(".", ",")
        there = shelf.count(seed, thing, "Lumo Szeged")
        write([thing.sku, thing.label("hu"), thing.gtin, world.CATEGORIES[thing.category]["hu"], costs, there])
    return text.getvalue().encode("cp1250")


# Orders of last year: an OpenDocument sheet in Serbian ---------------------------------------------------------------

_ORDERS_HEAD = (
    "Број поруџбине", "Датум", "Име и презиме", "Е-пошта", "Телефон", "Шифра артикла", "Назив артикла", "Количина",
    "Цена", "Износ", "Валута",
)  # fmt: skip


def _orders(seed: int, made: date) -> bytes:
    """One row a line of an order, a heading above and the sum below."""
    rows: list[Sequence[Any]] = [["Поруџбине на телефон, прошла година"], [], _ORDERS_HEAD]
    sold = list(_order_lines(seed, made))
    rows += sold
    rows.append(["УКУПНО", *[None] * 8, round(sum(row[9] for row in sold), 2)])
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(zipfile.ZipInfo("mimetype"), _ODS)  # first, and not packed: so the format wants it
        archive.writestr(zipfile.ZipInfo("META-INF/manifest.xml"), _MANIFEST)
        archive.writestr(zipfile.ZipInfo("content.xml"), _content("Поруџбине", rows), zipfile.ZIP_DEFLATED)
    return file.getvalue()


def _order_lines(seed: int, made: date) -> Iterator[list[Any]]:
    rng = dice(seed, "last year")
    serbia = world.COUNTRIES["RS"]
    people = _people(seed, "RS", 25, 20)
    for nth in range(70):
        who = rng.choice(people)
        day = made - timedelta(days=365 + 300 - nth * 4)
        for thing in rng.sample(world.GOODS, rng.choice((1, 1, 2, 3))):
            many = rng.choice((1, 1, 1, 2, 4))
            price = shelf.price(thing, serbia, day, made)
            yield [
                f"ТЕЛ-{nth + 1:04}", day, who.name, who.email, who.national or None, thing.sku, thing.label("sr-Cyrl"),
                many, price, round(many * price, 2), "RSD",
            ]  # fmt: skip


_MANIFEST = (
    '<?xml version="1.0" encoding="UTF-8"?>'
    '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0" manifest:version="1.2">'
    f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{_ODS}"/>'
    '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/></manifest:manifest>'
)


def _content(name: str, rows: Sequence[Sequence[Any]]) -> str:
    drawn = "".join(f"<table:table-row>{''.join(map(_cell, row)) or _cell(None)}</table:table-row>" for row in rows)
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {_NAMES} office:version="1.2"><office:body>'
        f'<office:spreadsheet><table:table table:name="{escape(name)}">{drawn}</table:table></office:spreadsheet>'
        "</office:body></office:document-content>"
    )


def _cell(value: Any) -> str:
    match value:
        case None:
            return "<table:table-cell/>"
        case date():
            kind = f'date" office:date-value="{value.isoformat()}'
            shown = f"{value:%d.%m.%Y.}"
        case int() | float():
            kind = f'float" office:value="{value}'
            shown = str(value)
        case _:
            kind, shown = "string", escape(value)
    return f'<table:table-cell office:value-type="{kind}"><text:p>{shown}</text:p></table:table-cell>'
