"""Products, places, prices, stock and orders, recorded as sources say them and shown to whoever asks.

Each thing keeps the name its source gives it (an order's number, a product's SKU), so the same said again changes
nothing, a corrected one changes just that, and an import can be taken back whole. An order names one customer address
and is never re-owned: whose it is follows the address through every merge and split. What a line or an order calls a
product or a place is matched when it is read, so lists may come in any order. Nothing here promises anything on stock.
"""

from fadeno.commerce.actions.ordering import keep_orders
from fadeno.commerce.model import (
    MOST_LINES,
    STATES,
    Kept,
    Line,
    NewLine,
    NewOrder,
    NoOrder,
    Order,
    Spent,
    Unusable,
    state_of,
)
from fadeno.commerce.reads.orders import known_kinds, order, orders, spent

__all__ = [
    "MOST_LINES",
    "STATES",
    "Kept",
    "Line",
    "NewLine",
    "NewOrder",
    "NoOrder",
    "Order",
    "Spent",
    "Unusable",
    "keep_orders",
    "known_kinds",
    "order",
    "orders",
    "spent",
    "state_of",
]
