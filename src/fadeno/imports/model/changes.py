"""What rows of other people's files would change of goods and orders, told by the columns of sheets. Pure."""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from fadeno import commerce
from fadeno.commerce import NewLine, NewOrder, NewPlace, NewPrice, NewProduct, NewStock, Order
from fadeno.imports.model import lists
from fadeno.kit.money import Money

Changes = dict[str, tuple[str, str]]
_MOST_LINES = 3
# What commerce calls so, and the column in which it stands.
_FIELDS: dict[type, dict[str, str]] = {
    NewOrder: {
        "state": "status", "placed_at": "ordered_at", "place": "place", "channel": "channel", "country": "country",
        "currency": "currency", "total_minor": "order_total", "discount_minor": "discount",
        "shipping_minor": "shipping", "tax_minor": "tax",
    },
    NewProduct: {
        "sku": "product_no", "gtin": "gtin", "name": "product_name", "picture": "picture_url", "category": "category",
        "variant": "variant", "state": "active",
    },
    NewPlace: {
        "name": "place_name", "kind": "place_kind", "address": "address", "country": "country", "zone": "zone",
        "hours": "opening_hours",
    },
    NewPrice: {"amount": "unit_price", "valid_to": "valid_to"},
    NewStock: {"quantity": "on_hand"},
}  # fmt: skip


def told(word: Any, changes: Mapping[str, tuple[Any, Any]], zone: str, currency: str = "") -> Changes:
    """Field -> what is known now and what a word of commerce would make of it, as texts.

    Args:
        changes: as commerce found them. zone: in which times are told. currency: of amounts in minor units.
    """
    fields = _FIELDS[type(word)]
    return {
        fields[name]: (_text(name, was, zone, currency), _text(name, now, zone, currency))
        for name, (was, now) in changes.items()
        if name in fields
    }


def _text(name: str, value: Any, zone: str, currency: str) -> str:
    if name.endswith("_minor") and value is not None:
        return str(Money(value, currency))
    if name == "state" and value in ("current", "discontinued"):
        return lists.text_of(value == "current")
    if name == "gtin":
        return commerce.gtin_shown(value) if value else ""
    return lists.text_of(lists.typed(value, "text", zone) if isinstance(value, datetime | Decimal) else value)


def lines(order: Order, said: Iterable[NewLine]) -> tuple[str, str]:
    """The lines an order has and would have no more, and those it would have instead."""
    was = Counter(_line(line.product, line.said, line.quantity, line.unit_price) for line in order.lines)
    now = Counter(_line(line.product, line.text, line.quantity, line.unit_price) for line in said)
    return _listed(was - now), _listed(now - was)


def _line(product: str | None, text: str | None, quantity: Decimal, price: Decimal | None) -> str:
    at = f" ({lists.text_of(price)})" if price is not None else ""
    return f"{lists.text_of(quantity)} × {text or product or '–'}{at}"


def _listed(some: Counter[str]) -> str:
    found = list(some.elements())
    return "; ".join(found[:_MOST_LINES]) + ("; …" if len(found) > _MOST_LINES else "")
