"""The statements of this room, one thin function each. Private."""

from fadeno.commerce.store.orders import (
    add_lines,
    add_orders,
    change_orders,
    drop_lines,
    is_anything,
    keep_before_orders,
    known_addresses,
    known_orders,
    lines,
    order,
    orders,
    orders_by_number,
    orders_of,
    spent_by,
    take_orders,
)

__all__ = [
    "add_lines",
    "add_orders",
    "change_orders",
    "drop_lines",
    "is_anything",
    "keep_before_orders",
    "known_addresses",
    "known_orders",
    "lines",
    "order",
    "orders",
    "orders_by_number",
    "orders_of",
    "spent_by",
    "take_orders",
]
