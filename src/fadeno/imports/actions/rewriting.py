"""What edited cells say of products, prices, places, stock and orders, written in the name of the source it is of."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

import msgspec

from fadeno import commerce
from fadeno.commerce import Line, NewLine, NewOrder, NewPlace, NewPrice, NewProduct, NewStock, Order, Price, Product
from fadeno.db import Tx
from fadeno.imports import model
from fadeno.imports.actions.listing import Shown
from fadeno.imports.model import NEW, OF_PART, Context, Import, Item, Reason, Refused, lists
from fadeno.kit import money
from fadeno.kit.money import Money, NoAmount
from fadeno.sheets import Row, Value

_Changes = Mapping[str, Value]
_PRODUCT = {
    "product_name": "name", "variant": "variant", "gtin": "gtin", "category": "category", "picture_url": "picture",
}  # fmt: skip
_PLACE = {
    "place_name": "name", "place_kind": "kind", "address": "address", "country": "country", "zone": "zone",
    "opening_hours": "hours",
}  # fmt: skip
_HEAD = {"status": "state", "channel": "channel", "place": "place", "country": "country"}
_SUMS = {"order_total": "total", "discount": "discount", "shipping": "shipping", "tax": "tax"}


class Edit(NamedTuple):
    """A row with what is to be written of it.

    Attributes:
        words: the source it is of, with what that source says now. head and line: of an order's row.
        changes: field -> what stood here and what stands in the sheet, as texts.
    """

    item: Item
    words: tuple[tuple[int, Any], ...]
    about: tuple[Any, ...]
    head: dict[str, Any]
    line: dict[str, Value]
    changes: dict[str, tuple[str, str]]


class Corrected(NamedTuple):
    """An order some rows of a sheet changed, and those rows; `order` as it stood before."""

    order: Order
    edits: list[Edit]


def edit_of(target: str, item: Item, changes: _Changes, now: Shown, context: Context) -> Edit:
    """What the edited cells of a row say.

    Raises:
        Refused: what stands there can't be taken.
    """
    words: tuple[tuple[int, Any], ...] = ()
    head: dict[str, Any] = {}
    line: dict[str, Value] = {}
    match now.about:
        case (Order() as order, *_):
            if order.erased_at:
                raise Refused(Reason("customer_erased"))
            head = _head(item, changes, order, context)
            line = {field: value for field, value in changes.items() if field in OF_PART["orders"]}
            _line(line, None, order.currency)
        case (Product() as product, commerce.Stock() as stock):
            counted = model.moment(changes.get("counted_at"), item.said.zone)
            quantity = changes.get("on_hand", stock.quantity)
            word = NewStock(
                product.key, quantity, said_at=counted, product_id=product.id, place_id=stock.place_id
            )  # fmt: skip
            words = ((stock.source_id, word),)
        case (Product() as product, price):
            words = (*_product(product, changes), *_price(product, price, changes, context))
        case (place,):
            said = {_PLACE[field]: lists.text_of(value) for field, value in changes.items()}
            words = ((place.source_id, NewPlace(place.key, **said)),)
    here = now.texts(target, item.said.zone)
    return Edit(item, words, now.about, head, line, {field: (here[field], item.said.cells[field]) for field in changes})


def _product(product: Product, changes: _Changes) -> tuple[tuple[int, NewProduct], ...]:
    said: dict[str, Any] = {_PRODUCT[field]: lists.text_of(changes[field]) for field in changes if field in _PRODUCT}
    if isinstance(changes.get("active"), bool):
        said["state"] = "current" if changes["active"] else "discontinued"
    return ((product.source_id, NewProduct(key=product.key, **said)),) if said else ()


def _price(
    product: Product, price: Price | None, changes: _Changes, context: Context
) -> tuple[tuple[int, NewPrice | NewPlace], ...]:
    said = {field: value for field, value in changes.items() if field in OF_PART["products"]}
    if not said:
        return ()
    amount = said.get("unit_price", price.amount if price else None)
    currency = price.currency if price else said.get("currency") or context.options.currency
    if isinstance(amount, Money):
        if price and amount.currency != price.currency:
            raise Refused(Reason("other_currency", "Price", str(amount)))
        currency, amount = currency or amount.currency, amount.amount
    if not isinstance(amount, Decimal):
        raise Refused(Reason("bad_amount", "Price", lists.text_of(amount)))
    if not isinstance(currency, str) or currency not in money.EXPONENTS:
        raise Refused(Reason("no_currency", "Currency", str(currency or "")))
    last = said.get("valid_to", price.valid_to if price else None)
    until = last if isinstance(last, date) else None
    if price:
        word = NewPrice(product.key, amount, currency, None, price.valid_from, until, product.id, price.place_id)
        return ((price.source_id, word),)
    first, place = said.get("valid_from"), lists.text_of(said.get("place")) or None
    word = NewPrice(product.key, amount, currency, place, first if isinstance(first, date) else None, until)
    where = ((product.source_id, NewPlace(place)),) if place else ()
    return (*where, (product.source_id, word))


# Orders --------------------------------------------------------------------------------------------------------------


def _head(item: Item, changes: _Changes, order: Order, context: Context) -> dict[str, Any]:
    """What edited cells say of an order itself, as `NewOrder` has it."""
    said: dict[str, Any] = {_HEAD[field]: lists.text_of(changes[field]) for field in changes if field in _HEAD}
    for field, name in _SUMS.items():
        if field in changes:
            said[f"{name}_minor"] = _minor(changes[field], order.currency, field)
    if "ordered_at" in changes:
        options = msgspec.structs.replace(context.options, zone=item.said.zone)
        row = Row(item.number, {"ordered_at": changes["ordered_at"]})
        said["placed_at"] = model.happened(row, "ordered_at", _with(context, options))
    return said


def _with(context: Context, options: model.Options) -> Context:
    return Context(
        context.source_id, context.crm, context.region, options, context.said_at, context.file_name, context.headers
    )  # fmt: skip


def _amount(value: Value, currency: str, field: str) -> Decimal | None:
    if isinstance(value, Money) and value.currency != currency:
        raise Refused(Reason("other_currency", lists.header_of("orders", field), str(value)))
    if isinstance(value, Money):
        return value.amount
    return value if isinstance(value, Decimal) else None


def _minor(value: Value, currency: str, field: str) -> int | None:
    amount = _amount(value, currency, field)
    try:
        return None if amount is None else money.rounded(amount, currency).minor
    except NoAmount as fault:
        raise Refused(Reason("bad_amount", lists.header_of("orders", field), lists.text_of(value))) from fault


def _line(changes: _Changes, line: Line | None, currency: str) -> NewLine:
    """A line as it is once edited; what follows from quantity and price follows from the new ones.

    Raises:
        Refused: an amount can't be kept.
    """
    quantity = changes.get("quantity", line.quantity if line else Decimal(1))
    price = line.unit_price if line else None
    if "unit_price" in changes:
        price = _amount(changes["unit_price"], currency, "unit_price")
    total = line.total.minor if line and line.total else None
    if "line_total" in changes:
        total = _minor(changes["line_total"], currency, "line_total")
    elif price is not None and changes.keys() & {"quantity", "unit_price"}:
        total = None
    return NewLine(
        _text(changes, "product_no", line.product if line else None),
        _text(changes, "product_name", line.said if line else None),
        quantity if isinstance(quantity, Decimal) else Decimal(1),
        price,
        total,
    )


def _text(changes: _Changes, field: str, known: str | None) -> str | None:
    return lists.text_of(changes[field]) or None if field in changes else known


def _orders(edits: Sequence[Edit]) -> list[tuple[list[Edit], int, NewOrder]]:
    """One word an order, whatever number of its rows were edited."""
    together: defaultdict[Any, list[Edit]] = defaultdict(list)
    for edit in edits:
        together[edit.item.said.id].append(edit)
    found = []
    for rows in together.values():
        order: Order = rows[0].about[0]
        said = {name: value for edit in rows for name, value in edit.head.items()}
        changed = {edit.about[1].ordinal: edit.line for edit in rows if edit.line and len(edit.about) > 1}
        added = [edit.line for edit in rows if edit.line and edit.item.said.part in ("", NEW)]
        if changed or added:
            lines = [_line(changed.get(line.ordinal, {}), line, order.currency) for line in order.lines]
            said["lines"] = [*lines, *(_line(line, None, order.currency) for line in added)]
        found.append((rows, order.source_id, NewOrder(order.number, order.currency, **said)))
    return found


# Writing -------------------------------------------------------------------------------------------------------------

_KEEPING: tuple[tuple[type, Callable[..., Any]], ...] = (
    (NewPlace, commerce.keep_places),
    (NewProduct, commerce.keep_products),
    (NewPrice, commerce.keep_prices),
    (NewStock, commerce.keep_stock),
    (NewOrder, commerce.keep_orders),
)


def _headers(target: str) -> dict[str, str]:
    return {column.field: column.header for column in lists.COLUMNS[target]}


async def write(tx: Tx, made: Import, edits: Sequence[Edit]) -> tuple[list[tuple[Edit, Reason]], list[Corrected]]:
    """Write what edits say; those that can't be kept, with why, and the orders that are otherwise now."""
    said = [([edit], source_id, word) for edit in edits for source_id, word in edit.words]
    said += _orders([edit for edit in edits if edit.head or edit.line])
    refused: list[tuple[Edit, Reason]] = []
    corrected: list[Corrected] = []
    for kind, keep in _KEEPING:
        by_source: defaultdict[int, list[tuple[list[Edit], Any]]] = defaultdict(list)
        for rows, source_id, word in said:
            if isinstance(word, kind):
                by_source[source_id].append((rows, word))
        for source_id, words in sorted(by_source.items()):
            about = {"said_in": made.id, "said_at": made.made_at, "is_import": True}
            kept = await keep(tx, source_id, [word for _, word in words], **about)
            for (rows, _), one in zip(words, kept, strict=True):
                if one.outcome in ("refused", "older"):
                    reason = model.reason_of(one.field or "", _headers(made.target), {})
                    reason = Reason("changed_meanwhile") if one.outcome == "older" else reason
                    refused += [(edit, reason) for edit in rows]
                elif kind is NewOrder and one.outcome == "changed":
                    corrected.append(Corrected(rows[0].about[0], rows))
    return refused, corrected
