"""Orders as events tell of them, in the words of Segment's e-commerce spec. Pure.

Source: Segment spec: V2 e-commerce events, https://segment.com/docs/connections/spec/ecommerce/v2/, 2026-11-23.
"""

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

import msgspec

from fadeno import events
from fadeno.commerce.model.said import NewLine, NewOrder
from fadeno.events import NewEvent
from fadeno.kit import money
from fadeno.kit.errors import FadenoError

# The event's name in small letters -> the state the order is in then; None = it says nothing of that.
NAMES: dict[str, str | None] = {
    "order completed": None,
    "order updated": None,
    "order ready for pickup": "ready",
    "order shipped": "shipped",
    "order delivered": "delivered",
    "order picked up": "delivered",
    "order refunded": "refunded",
    "order cancelled": "cancelled",
}
PARTLY_REFUNDED = "partly refunded"
# Those that tell the whole order; of the others, products are what was sent or refunded.
_WHOLE = frozenset({"order completed", "order updated"})
_PLACES = ("shop", "store", "location", "affiliation")
_decode = msgspec.json.Decoder(float_hook=Decimal).decode


def order_of(event: NewEvent) -> NewOrder | None:
    """The order an event tells of, as far as it does; None where it names none or can't be read."""
    name = (event.name or "").casefold()
    body = _decode(event.body)
    matter = events.matter_of(body) if isinstance(body, Mapping) else None
    if matter is None or matter.kind != "order" or name not in NAMES:
        return None
    said = body["properties"]
    is_whole = name in _WHOLE
    currency = _currency(said)
    products = said.get("products")
    state = NAMES[name]
    if state == "refunded" and products:
        state = PARTLY_REFUNDED
    return NewOrder(
        matter.id,
        currency=currency,
        address_id=event.address_id if is_whole else None,
        state=state,
        placed_at=event.occurred_at if name == "order completed" else None,
        place=next((text for field in _PLACES if (text := _text(said.get(field)))), None),
        channel=event.channel,
        **({} if currency is None or not is_whole else _amounts(said, currency)),
        lines=_lines(products) if is_whole and currency else None,
        said_at=event.occurred_at,
        said_in=event.id,
    )


def _amounts(said: Mapping[str, Any], currency: str) -> dict[str, int | None]:
    return {
        "total_minor": _minor(said.get("total"), currency),
        "discount_minor": _minor(said.get("discount"), currency),
        "shipping_minor": _minor(said.get("shipping"), currency),
        "tax_minor": _minor(said.get("tax"), currency),
    }


def _lines(products: Any) -> list[NewLine] | None:
    if not isinstance(products, list):
        return None
    return [_line(product) for product in products if isinstance(product, Mapping)]


def _line(product: Mapping[str, Any]) -> NewLine:
    price = _number(product.get("price"))
    quantity = _number(product.get("quantity"))
    return NewLine(
        _text(product.get("sku")) or _text(product.get("product_id")) or _text(product.get("id")),
        _text(product.get("name")),
        Decimal(1) if quantity is None else quantity,
        price,
    )


def _currency(said: Mapping[str, Any]) -> str | None:
    code = _text(said.get("currency"))
    return code.upper() if code and code.upper() in money.EXPONENTS else None


def _minor(value: Any, currency: str) -> int | None:
    number = _number(value)
    try:
        return None if number is None else money.rounded(number, currency).minor
    except (FadenoError, InvalidOperation):
        return None


def _number(value: Any) -> Decimal | None:
    if isinstance(value, bool) or not isinstance(value, int | Decimal | str):
        return None
    try:
        number = Decimal(value)
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def _text(value: Any) -> str | None:
    if isinstance(value, int | Decimal) and not isinstance(value, bool):
        value = str(value)
    return (value.strip()[:100] or None) if isinstance(value, str) else None
