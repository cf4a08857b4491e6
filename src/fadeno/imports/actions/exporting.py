"""Pages of lists as rows of a sheet; customers carry an id and a version, so that they can come back edited."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from fadeno import commerce, customers
from fadeno.db import Tx
from fadeno.imports import model
from fadeno.sheets import ROW_ID, ROW_VERSION, Out, Value, field_of

LISTS = ("customers", "orders", "products")
PAGE = 200

_CUSTOMERS = tuple(
    Out(
        field.replace("_", " ").capitalize(),
        field_of("customers", field).kind if field_of("customers", field) else "text",
    )
    for field in model.RETURNING_FIELDS
)
_ORDERS = (
    Out("Order number", "id"), Out("Ordered at", "datetime"), Out("Status"), Out("Channel"), Out("Place"),
    Out("Country"), Out("Product number", "id"), Out("Product name"), Out("Quantity", "number"),
    Out("Unit price", "number"), Out("Line total", "money"), Out("Order total", "money"), Out("Currency", "currency"),
)  # fmt: skip
_PRODUCTS = (
    Out("Product number", "id"), Out("Product name"), Out("Variant"), Out("GTIN", "gtin"), Out("Category"),
    Out("Picture", "url"),
)  # fmt: skip

Page = tuple[list[Sequence[Value]], str | None]


def columns_of(what: str) -> tuple[Out, ...]:
    """The columns of a list."""
    return {"customers": (ROW_ID, ROW_VERSION, *_CUSTOMERS), "orders": _ORDERS, "products": _PRODUCTS}[what]


async def page_of(tx: Tx, what: str, after: str | None, zone: str) -> Page:
    """The next rows of a list, and what to ask for the ones after them; None at its end."""
    match what:
        case "customers":
            return await _customers(tx, after)
        case "orders":
            return await _orders(tx, after, ZoneInfo(zone))
        case _:
            return await _products(tx, after)


async def _customers(tx: Tx, after: str | None) -> Page:
    found, following = await customers.search(tx, "", limit=PAGE, after=after)
    known = await customers.profiles(tx, [one.id for one in found], model.RETURNING_NAMES)
    rows: list[Sequence[Value]] = []
    for one in found:
        if one.id in known:
            cells = model.cells_of(known[one.id])
            rows.append(
                (str(one.id), model.version_of(cells), *(cells[field] or None for field in model.RETURNING_FIELDS))
            )
    return rows, following


async def _orders(tx: Tx, after: str | None, zone: ZoneInfo) -> Page:
    found, following = await commerce.orders(tx, before=after, limit=PAGE)
    rows: list[Sequence[Value]] = []
    for order in await commerce.with_lines(tx, found):
        head = (order.number, _local(order.placed_at, zone), order.state, order.channel, order.place, order.country)
        for line in order.lines or (None,):
            told: tuple[Value, ...] = (None, None, None, None, None)
            if line is not None:
                price: Decimal | None = line.unit_price
                told = (line.product, line.text, line.quantity, price, line.total)
            rows.append((*head, *told, order.total, order.currency))
    return rows, following


def _local(at: datetime, zone: ZoneInfo) -> datetime:
    return at.astimezone(zone).replace(tzinfo=None)


async def _products(tx: Tx, after: str | None) -> Page:
    found, following = await commerce.products(tx, after=after, limit=PAGE)
    rows = [(one.sku, one.name, one.variant, one.gtin, one.category, one.picture) for one in found]
    return rows, following
