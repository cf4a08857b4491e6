"""The lists that leave the house as sheets and come back: their columns, and the version a row carries. Pure."""

from base64 import b64encode
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from functools import cache, lru_cache
from hashlib import blake2b
from types import MappingProxyType
from typing import Any, NamedTuple, TypeVar
from zoneinfo import ZoneInfo, available_timezones

from fadeno.imports.model.saying import OURS
from fadeno.kit.money import Money
from fadeno.sheets import ROW_ID, ROW_VERSION, Format, Out, Table, Value, field_of, is_called, reader

_MARK_CHARS = 5
_SIGNS = b"-~"  # no underline: spreadsheets take `_x` and digits between two of them for one sign
_EMPTY = "."
_T = TypeVar("_T")
_SEPARATOR = " "


class Col(NamedTuple):
    """A column of a list.

    Attributes:
        field: as what it comes back. edits: whether an edited cell changes anything; else it names the row.
    """

    header: str
    field: str
    kind: str
    edits: bool


def _cols(target: str, edited: str, named: str) -> tuple[Col, ...]:
    """Columns from `Header=field` lines, in their order; those of `named` can't be edited."""
    names = {field.strip() for field in named.split(",")}
    found = []
    for part in edited.split(","):
        header, _, field = part.strip().partition("=")
        field = field or header.lower().replace(" ", "_")
        known = field_of(target, field)
        found.append(Col(header, field, known.kind if known else "text", field not in names))
    return tuple(found)


COLUMNS: dict[str, tuple[Col, ...]] = {
    "customers": _cols(
        "customers",
        "Customer number=customer_id, Name, Given name, Family name, Company, Email, Phone, Street, City, Postcode, "
        "Region, Country, Birth date, Gender, Salutation, Language, Tags, Note",
        "customer_id",
    ),
    "orders": _cols(
        "orders",
        "Order number=order_no, Ordered at, Status, Channel, Place, Country, Product number=product_no, Product name, "
        "Quantity, Unit price, Line total, Order total, Discount, Shipping, Tax, Currency",
        "order_no, currency",
    ),
    "products": _cols(
        "products",
        "Product number=product_no, Product name, Variant, GTIN=gtin, Category, Picture=picture_url, Active, Place, "
        "Price=unit_price, Currency, Valid from, Valid to",
        "product_no, place, currency, valid_from",
    ),
    "stock": _cols(
        "stock",
        "Product number=product_no, Product name, Variant, GTIN=gtin, Place, On hand, Counted at",
        "product_no, product_name, variant, gtin, place",
    ),
    "places": _cols(
        "places",
        "Place, Name=place_name, Kind=place_kind, Address, Country, Time zone=zone, Opening hours",
        "place",
    ),
}
# Columns that are only shown: their headers begin with our name, so that nothing is read of them.
SHOWN: dict[str, tuple[str, ...]] = {
    "customers": (f"{OURS}known as", f"{OURS}other addresses", f"{OURS}gone"),
    "orders": (f"{OURS}customer", f"{OURS}source"),
    "products": (f"{OURS}source", f"{OURS}variant of", f"{OURS}gone"),
    "stock": (f"{OURS}source", f"{OURS}gone"),
    "places": (f"{OURS}source", f"{OURS}gone"),
}
# How many of those stand right after the first column.
_BESIDE = {"orders": 1}


def in_order(what: str, cells: Sequence[_T], shown: Sequence[_T]) -> tuple[_T, ...]:
    """A row of a list: its cells and what is only shown, as its columns stand."""
    beside = _BESIDE.get(what, 0)
    return (*cells[:1], *shown[:beside], *cells[1:], *shown[beside:])


def outs(what: str, headers: Mapping[str, str] = MappingProxyType({})) -> tuple[Out, ...]:
    """The columns of a list as they are written.

    Args:
        headers: field, or header of a column that is only shown -> how another language calls it.
    """
    said = [Out(headers.get(column.field, column.header), column.kind) for column in COLUMNS[what]]
    shown = [Out(OURS + headers.get(header.removeprefix(OURS), header.removeprefix(OURS))) for header in SHOWN[what]]
    return (ROW_ID, ROW_VERSION, *in_order(what, said, shown))


def header_of(what: str, field: str) -> str:
    """What stands above a column of a list."""
    return next(column.header for column in COLUMNS[what] if column.field == field)


def list_of(table: Table) -> str | None:
    """Which list of ours a sheet is, by the versions in it; None where it is somebody else's."""
    column = next((c for c in table.columns if c.header == ROW_VERSION.header), None)
    names = {sample.partition(_SEPARATOR)[0] for sample in column.samples} if column else set()
    return next(iter(names)) if len(names) == 1 and names <= COLUMNS.keys() else None


def mapping_of(table: Table, what: str) -> dict[str, str | None]:
    """What the columns of our own list hold, whatever their values look like."""
    said: dict[str, str | None] = {column.header: column.field for column in COLUMNS[what]}
    said |= {ROW_ID.header: "row_id", ROW_VERSION.header: "row_version"}
    ours = {c.header: None for c in table.columns if c.header.startswith(OURS) and c.header not in said}
    found = {c.header: said[c.header] for c in table.columns if c.header in said}
    for header in [c.header for c in table.columns if c.header not in found and c.header not in ours]:
        fields = (column.field for column in COLUMNS[what] if is_called(header, column.field))
        field = next((one for one in fields if one not in found.values()), None)  # in whatever language it left
        if field:
            found[header] = field
    return found | ours


# Cells ---------------------------------------------------------------------------------------------------------------


@cache
def _read(kind: str) -> Any:
    return reader(Format(kind))


@lru_cache(maxsize=64)
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)


_zones = cache(available_timezones)  # looking through them takes longer than reading a row


def typed(value: Any, kind: str, zone: str) -> Value:
    """What is known as a cell holds it: a date as a date, a moment as the clocks of a zone show it."""
    match value:
        case None | bool() | Decimal() | Money():
            return value
        case datetime():
            return value.astimezone(_zone(zone)).replace(tzinfo=None, microsecond=0) if value.tzinfo else value
        case date():
            return value
        case list() | tuple():
            value = ", ".join(map(str, value))
    read = _read(kind)(str(value))
    return str(value) if read.value is None else read.value


def text_of(value: Value) -> str:
    """A cell's value as text, the same for whatever program wrote the sheet: what versions are made of."""
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case Money():
            return text_of(value.amount)
        case Decimal():
            return format(value.normalize() + 0, "f")
        case datetime():
            at = value.replace(microsecond=0)
            return at.date().isoformat() if at.time() == time.min else at.isoformat(" ")
        case date():
            return value.isoformat()
    return str(value).strip()


def as_read(value: Value, kind: str) -> str:
    """A cell's value as text, once it was written and is read again."""
    if not isinstance(value, str):
        return text_of(value)
    read = _read(kind)(value)
    return text_of(value if read.value is None and read.fault else read.value)


def mark(text: str) -> str:
    """A short sign of what a cell says."""
    if not text:
        return _EMPTY
    made = blake2b(text.encode("utf-8", "replace"), digest_size=4).digest()
    return b64encode(made, altchars=_SIGNS).decode()[:_MARK_CHARS]


def version_of(what: str, cells: Mapping[str, str], zone: str) -> str:
    """Which list a row is of, where its times are told, and a sign of each cell, by which an edited one is seen."""
    marks = "".join(mark(cells.get(column.field, "")) for column in COLUMNS[what])
    return _SEPARATOR.join((what, zone, marks))


def version_read(what: str, version: str) -> tuple[str, dict[str, str]]:
    """The zone and the signs of a version.

    Raises:
        ValueError: it is none of this list.
    """
    name, zone, marks = version.split(_SEPARATOR)
    found, rest = {}, marks
    for column in COLUMNS[what]:
        chars = 1 if rest[:1] == _EMPTY else _MARK_CHARS
        found[column.field], rest = rest[:chars], rest[chars:]
        if len(found[column.field]) != chars:
            raise ValueError
    if rest or name != what or zone not in _zones():
        raise ValueError
    return zone, found
