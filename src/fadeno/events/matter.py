"""What an event is about: the thing it names, else its topic. Pure.

Two events are about the same matter when they name the same thing; or, where neither names one, the same topic
within fourteen days.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

SAME_TOPIC_WITHIN = timedelta(days=14)

# The first that is named is what it is about: an order's invoice is still about the order. The names are those
# of the Segment e-commerce spec and the camel case its clients' users write.
_THINGS = (
    ("order", ("order_id", "orderId", "order_number", "orderNumber")),
    ("invoice", ("invoice_id", "invoiceId", "invoice_number")),
    ("booking", ("booking_id", "bookingId", "reservation_id", "reservationId")),
    ("case", ("case_id", "caseId", "ticket_id", "ticketId")),
    ("checkout", ("checkout_id", "checkoutId")),
    ("cart", ("cart_id", "cartId")),
    ("product", ("product_id", "productId", "sku")),
)
_TOPICS = ("topic", "subject")
_REPLY = re.compile(r"^(\s*(re|aw|fw|fwd|vá|sv|odg|ref|res|رد)\s*(\[\d+\])?:\s*)+", re.IGNORECASE)
_MOST_CHARS = 120


@dataclass(frozen=True, slots=True)
class Matter:
    """What an event is about: `order` 10-4471, or `topic` "warranty"."""

    kind: str
    id: str


def matter_of(body: Mapping[str, Any]) -> Matter | None:
    """What an event is about, as far as it says."""
    said = body.get("properties")
    if not isinstance(said, Mapping):
        return None
    for kind, names in _THINGS:
        for name in names:
            if id_ := _text(said.get(name)):
                return Matter(kind, id_)
    for name in _TOPICS:
        if topic := _text(said.get(name)):
            return Matter("topic", _REPLY.sub("", topic) or topic)
    return None


def is_same(one: Matter, at: datetime, other: Matter, other_at: datetime) -> bool:
    """Whether two events, each with its time, are about the same matter."""
    if one.kind != other.kind or one.id.casefold() != other.id.casefold():
        return False
    return one.kind != "topic" or abs(at - other_at) <= SAME_TOPIC_WITHIN


def _text(value: Any) -> str | None:
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    if not isinstance(value, str):
        return None
    return value.strip()[:_MOST_CHARS] or None
