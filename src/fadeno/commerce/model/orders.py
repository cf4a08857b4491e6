"""Orders: as they are kept, and as they are shown. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_HALF_EVEN, Decimal
from hashlib import blake2b
from typing import Any
from uuid import UUID

from fadeno.commerce.model import texts
from fadeno.commerce.model.errors import Unusable
from fadeno.commerce.model.said import NewLine, NewOrder
from fadeno.kit import money
from fadeno.kit.money import Money

STATES = ("placed", "paid", "ready", "shipped", "delivered", "returned", "refunded", "cancelled")
MOST_LINES = 5_000
COMPARED = (
    "address_id", "state", "placed_at", "place", "channel", "country", "currency",
    "total_minor", "discount_minor", "shipping_minor", "tax_minor", "tax_included", "lines_digest",
)  # fmt: skip
_OTHER_WORDS = {"canceled": "cancelled", "ordered": "placed", "sent": "shipped", "picked up": "delivered"}
_STATE_CHARS = 60
_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


@dataclass(frozen=True, slots=True)
class Line:
    """One line of an order.

    Attributes:
        product: as the source names it; `product_id` is the product we know by that name, if any.
        text: what the line says (`said`), else the product's name.
    """

    ordinal: int
    product: str | None
    product_id: UUID | None
    text: str
    picture: str | None
    quantity: Decimal
    unit_price: Decimal | None
    total: Money | None
    said: str | None = None


@dataclass(frozen=True, slots=True)
class Order:
    """One order as it is known now.

    Attributes:
        customer_id: whose thread it stands on, by the present address map.
        total: as said, else what the lines come to; None where neither is known.
        off_by: how far the source's total is from its parts, where all are said.
        lines: empty in lists.
    """

    id: UUID
    source_id: int
    number: str
    address_id: UUID | None
    customer_id: UUID | None
    state: str
    placed_at: datetime
    place: str | None
    place_id: UUID | None
    place_name: str | None
    channel: str | None
    country: str | None
    currency: str
    total: Money | None
    discount: Money | None
    shipping: Money | None
    tax: Money | None
    tax_included: bool
    off_by: Money | None
    line_count: int
    said_at: datetime
    said_in: UUID
    erased_at: datetime | None
    lines: tuple[Line, ...] = ()


@dataclass(frozen=True, slots=True)
class Spent:
    """What a set of orders comes to in one currency; cancelled ones are not counted."""

    total: Money
    orders: int
    last_at: datetime


def order_row(order: NewOrder) -> tuple[dict[str, Any], list[str] | None]:
    """What is said of an order as columns (None = nothing said), and its lines as rows of COPY without their order.

    Raises:
        Invalid: something in it can't be kept; `field` names it.
    """
    number = texts.named(order.number, "number")
    texts.moment(order.said_at, "said_at")
    currency = texts.currency(order.currency) if order.currency else None
    row: dict[str, Any] = {
        "number": number,
        "number_key": texts.number_key(number),
        "address_id": order.address_id,
        "state": state_of(order.state),
        "placed_at": texts.moment(order.placed_at, "placed_at"),
        "place": texts.tidy(order.place, texts.KEY_CHARS, "place") or None,
        "channel": texts.tidy(order.channel, texts.KEY_CHARS, "channel") or None,
        "country": texts.tidy(order.country, texts.KEY_CHARS, "country") or None,
        "currency": currency,
        "total_minor": texts.minor(order.total_minor, "total"),
        "discount_minor": texts.minor(order.discount_minor, "discount"),
        "shipping_minor": texts.minor(order.shipping_minor, "shipping"),
        "tax_minor": texts.minor(order.tax_minor, "tax"),
        "tax_included": order.tax_included,
        "lines_digest": None,
    }
    if order.lines is None:
        return row, None
    lines, lines_minor = _lines(order.lines, currency)
    row["lines_minor"] = lines_minor
    row["line_count"] = len(lines)
    row["lines_digest"] = UUID(bytes=blake2b("\n".join(lines).encode(), digest_size=16).digest())
    return row, lines


def state_of(word: str | None) -> str | None:
    """A state in our words where we know it, else as it is said."""
    word = " ".join((texts.tidy(word, _STATE_CHARS, "state") or "").split())
    folded = word.casefold()
    return folded if folded in STATES else _OTHER_WORDS.get(folded, word) or None


def first_state(row: Mapping[str, Any]) -> str:
    """The state of a new order of which nobody says one: what a till sells is handed over at once, or given back."""
    total = row["total_minor"] if row["total_minor"] is not None else row.get("lines_minor")
    if total is not None and total < 0:
        return "refunded"
    is_handed_over = (row["channel"] or "").casefold() == "till" and not row["shipping_minor"]
    return "delivered" if is_handed_over else "placed"


def _lines(lines: Sequence[NewLine], currency: str | None) -> tuple[list[str], int | None]:
    """Rows of COPY, numbered, and what they come to."""
    if len(lines) > MOST_LINES:
        raise Unusable(f"An order has at most {MOST_LINES} lines.", field="lines")
    if currency is None:
        raise Unusable("Lines need a currency.", field="currency")
    step = Decimal(1).scaleb(-money.exponent(currency))
    rows, whole = [], 0
    for ordinal, line in enumerate(lines, 1):
        quantity = texts.number(line.quantity, "quantity")
        price = None if line.unit_price is None else texts.number(line.unit_price, "unit_price")
        total = line.total_minor
        if total is None and price is not None:
            total = int((quantity * price).quantize(step, ROUND_HALF_EVEN) / step)
        texts.minor(total, "line_total")
        whole = None if whole is None or total is None else whole + total
        product = texts.tidy(line.product, texts.KEY_CHARS, "product")
        text = texts.tidy(line.text, texts.TEXT_CHARS, "text")
        price_text = "\\N" if price is None else texts.plain(price)
        total_text = "\\N" if total is None else str(total)
        rows.append(
            f"{ordinal}\t{_copied(product)}\t{_copied(text)}\t{texts.plain(quantity)}\t{price_text}\t{total_text}\n"
        )
    texts.minor(whole, "lines")
    return rows, whole


def _copied(text: str | None) -> str:
    if not text:
        return "\\N"
    if text.isprintable() and "\\" not in text:
        return text
    return text.translate(_ESCAPES)


def differences(known: Any, row: dict[str, Any]) -> dict[str, tuple[Any, Any]]:
    """What a source says now that is different from what is known; lines are counted."""
    found = {
        name: (getattr(known, name), row[name])
        for name in COMPARED
        if row[name] is not None and row[name] != getattr(known, name)
    }
    if "lines_digest" in found:
        del found["lines_digest"]
        found["lines"] = (known.line_count, row["line_count"])
    return found


def unsaid(known: Any, changes: dict[str, tuple[Any, Any]]) -> dict[str, tuple[Any, Any]]:
    """Those of the differences of which nobody said anything yet, so that an older word may say it."""
    is_dated = known.placed_at != known.said_at  # else it is only when the order was first heard of
    return {
        name: change
        for name, change in changes.items()
        if change[0] is None or (name == "lines" and not change[0]) or (name == "placed_at" and not is_dated)
    }
