"""Rows of a list of orders, put together to orders with lines. Pure."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple

from fadeno import commerce
from fadeno.commerce import NewLine, NewOrder
from fadeno.imports.model.happenings import channel_of, name_said, with_traits
from fadeno.imports.model.naming import reason_of
from fadeno.imports.model.saying import (
    NAME_CHARS,
    WHO,
    Context,
    Reason,
    Refused,
    Saying,
    happened,
    mentions,
)
from fadeno.kit import money
from fadeno.kit.errors import FadenoError
from fadeno.kit.money import Money, NoAmount
from fadeno.sheets import Row, Value

MOST_SHOWN = 20
# Columns that say something of an order as a whole, and of one of its lines.
_OF_ORDER = WHO | {"ordered_at", "name", "order_total", "tax", "shipping", "status", "payment", "channel", "shipped_at",
                   "place", "street", "city", "postcode", "country"}  # fmt: skip
_OF_LINE = frozenset({"product_no", "product_name", "gtin", "unit_price", "line_total"})
_NAMES = {"cancelled": "Order Cancelled", "refunded": "Order Refunded", "returned": "Order Refunded"}


class SaidOrder(NamedTuple):
    """An order, and what it says of its customer; None where it names nobody."""

    order: NewOrder
    saying: Saying | None


class OrderRow(NamedTuple):
    """One row of an order, before all its rows are together.

    Attributes:
        head: what it says of the order itself: field -> value.
    """

    number: str
    head: dict[str, Value]
    line: NewLine | None
    row: Row


def are_lines(fields: Iterable[str]) -> bool:
    """Whether a list with these columns is of lines alone, whose orders stand in a list of their own."""
    named = frozenset(fields)
    return bool(named & _OF_LINE) and not named & _OF_ORDER


def order_row(row: Row, context: Context) -> OrderRow:
    """One row of a list of orders.

    Raises:
        Refused: it has no number, or an amount can't be kept.
    """
    values = row.values
    number = str(values.get("order_no") or "").strip()[:NAME_CHARS]
    if not number:
        raise Refused(Reason("no_number", context.headers.get("order_no", "order_no")))
    happened(row, "ordered_at", context)
    return OrderRow(number, values, _line(values, context), row)


def _line(values: dict[str, Value], context: Context) -> NewLine | None:
    product = values.get("product_no") or values.get("gtin")
    text = " ".join(str(values[name]) for name in ("product_name", "variant") if values.get(name))
    quantity, price, total = values.get("quantity"), values.get("unit_price"), values.get("line_total")
    is_sum = values.get("order_total") is not None and quantity is None  # what all lines come to, beside tax and such
    if product is None and not text and price is None and (total is None or is_sum):
        return None
    currency = _currency(values, context)
    many = quantity if isinstance(quantity, Decimal) else Decimal(1)
    total = _less(values.get("discount"), many, _amount(price), context) if total is None else total
    try:
        return NewLine(
            product=str(product)[:NAME_CHARS] if product is not None else None,
            text=text[:500] or None,
            quantity=many,
            unit_price=_amount(price),
            total_minor=_minor(total, currency),
        )
    except NoAmount as fault:
        raise Refused(Reason("bad_amount", context.headers.get("line_total", "line_total"), str(total))) from fault


def _less(discount: Value, quantity: Decimal, price: Decimal | None, context: Context) -> Decimal | None:
    """What a line comes to whose discount is a share, or an amount in a list of lines; None without."""
    if not isinstance(discount, Decimal) or not discount or price is None:
        return None
    if context.discounts_are_shares:
        return quantity * price * (1 - abs(discount))
    return quantity * price - abs(discount) if are_lines(context.headers) else None


def _currency(values: dict[str, Value], context: Context) -> str | None:
    said = values.get("currency")
    if isinstance(said, str) and said:
        return said.upper()[:3]
    for value in values.values():
        if isinstance(value, Money):
            return value.currency
    return context.options.currency


def _amount(value: Value) -> Decimal | None:
    if isinstance(value, Money):
        return value.amount
    return value if isinstance(value, Decimal) else None


def _minor(value: Value, currency: str | None) -> int | None:
    if isinstance(value, Money):
        return value.minor
    if isinstance(value, Decimal) and currency:
        return money.rounded(value, currency).minor
    return None


def order(rows: Sequence[OrderRow], context: Context, told: Callable[[str], None]) -> SaidOrder:
    """All rows of one order.

    Raises:
        Refused: it says no currency, or one that is none, or what can't be kept.
    """
    head: dict[str, Value] = {}
    for one in rows:
        for name, value in one.head.items():
            head.setdefault(name, value)
    first = Row(rows[0].row.number, head)
    currency = _currency(head, context)
    if currency is None or currency not in money.EXPONENTS:
        raise Refused(Reason("no_currency", context.headers.get("currency", "currency"), str(currency or "")))
    if not head.get("ordered_at"):
        told("no_order_date")
    if context.discounts_are_shares and any(one.head.get("discount") for one in rows):
        told("discount_is_share")
    lines = [one.line for one in rows if one.line is not None]
    try:
        minor = {
            name: _minor(head.get(field), currency)
            for name, field in (("total", "order_total"), ("shipping", "shipping"), ("tax", "tax"))
        }
        is_of_lines = context.discounts_are_shares or are_lines(context.headers)
        discount = None if is_of_lines else _minor(head.get("discount"), currency)
    except NoAmount as fault:
        raise Refused(Reason("bad_amount", context.headers.get("order_total", "order_total"))) from fault
    made = NewOrder(
        number=rows[0].number,
        currency=currency,
        state=str(head["status"])[:60] if head.get("status") else None,
        placed_at=happened(first, "ordered_at", context) if head.get("ordered_at") else None,
        place=str(head["place"])[:NAME_CHARS] if head.get("place") else None,
        channel=str(head["channel"])[:NAME_CHARS] if head.get("channel") else None,
        country=str(head["country"])[:NAME_CHARS] if head.get("country") else None,
        total_minor=minor["total"],
        shipping_minor=minor["shipping"],
        tax_minor=minor["tax"],
        discount_minor=abs(discount) if discount is not None else None,
        lines=tuple(lines) or None,
    )
    try:
        commerce.see_that_it_can_be_kept(made)
    except FadenoError as no:
        raise Refused(reason_of(no.field or "", context.headers, head)) from no
    return SaidOrder(made, _saying(made, first, context, told))


def total_of(order: NewOrder) -> Money | None:
    """What an order comes to, as said, else as its lines come to."""
    if order.currency is None:
        return None
    if order.total_minor is not None:
        return Money(order.total_minor, order.currency)
    minor = 0
    for line in order.lines or ():
        if line.total_minor is not None:
            minor += line.total_minor
        elif line.unit_price is not None:
            minor += money.rounded(line.quantity * line.unit_price, order.currency).minor
        else:
            return None
    return Money(minor, order.currency)


def _saying(made: NewOrder, head: Row, context: Context, told: Callable[[str], None]) -> Saying | None:
    """The event an order is on its customer's thread."""
    if WHO.isdisjoint(head.values):
        return None
    named = mentions(head, context, told)
    total = total_of(made)
    properties: dict[str, Any] = {"order_id": made.number, "currency": made.currency}
    if total is not None:
        properties["total"] = float(total.amount)
    properties["products"] = [_shown(line) for line in (made.lines or ())[:MOST_SHOWN]]
    properties["lines"] = len(made.lines or ())
    properties |= {k: v for k, v in (("status", made.state), ("place", made.place)) if v}
    is_return = total is not None and total.minor < 0
    name = _NAMES.get((made.state or "").casefold(), "Order Refunded" if is_return else "Order Completed")
    traits = name_said(head)
    at = made.placed_at if isinstance(made.placed_at, datetime) else context.said_at
    body = with_traits({"properties": properties}, traits)
    return Saying("track", name, channel_of(head), named, "same_event", at, traits, (), body)


def _shown(line: NewLine) -> dict[str, Any]:
    shown: dict[str, Any] = {"quantity": float(line.quantity)}
    if line.product:
        shown["product_id"] = line.product
    if line.text:
        shown["name"] = line.text
    if line.unit_price is not None:
        shown["price"] = float(line.unit_price)
    return shown
