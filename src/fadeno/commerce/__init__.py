"""Products, places, prices, stock and orders, recorded as sources say them and shown to whoever asks.

Each thing keeps the name its source gives it (an order's number, a product's SKU), so the same said again changes
nothing, a corrected one changes just that, and an import can be taken back whole. An order names one customer address
and is never re-owned: whose it is follows the address through every merge and split. What a line or an order calls a
product or a place is matched when it is read, so lists may come in any order. Nothing here promises anything on stock.
"""

from fadeno.commerce.actions.forgetting import erase, export
from fadeno.commerce.actions.hearing import hear
from fadeno.commerce.actions.ordering import keep_orders
from fadeno.commerce.actions.stocking import keep_places, keep_prices, keep_products, keep_stock
from fadeno.commerce.actions.withdrawing import Withdrawn, withdraw
from fadeno.commerce.model import (
    MOST_LINES,
    PLACE_KINDS,
    PRODUCT_STATES,
    STATES,
    Kept,
    Line,
    NewLine,
    NewOrder,
    NewPlace,
    NewPrice,
    NewProduct,
    NewStock,
    NoOrder,
    NoPlace,
    NoProduct,
    Order,
    Place,
    Price,
    Product,
    Spent,
    Stock,
    Unusable,
    gtin,
    number_key,
    see_that_it_can_be_kept,
    state_of,
)
from fadeno.commerce.model.heard import NAMES as ORDER_EVENTS
from fadeno.commerce.reads.catalogue import (
    place,
    places,
    places_by_id,
    prices,
    prices_on,
    product,
    products,
    products_by_id,
    products_found,
    stock,
    variants,
)
from fadeno.commerce.reads.checking import check
from fadeno.commerce.reads.orders import (
    known_kinds,
    named,
    order,
    orders,
    orders_by_id,
    orders_found,
    spent,
    with_lines,
)
from fadeno.commerce.tasks import keep_order

__all__ = [
    "MOST_LINES",
    "ORDER_EVENTS",
    "PLACE_KINDS",
    "PRODUCT_STATES",
    "STATES",
    "Kept",
    "Line",
    "NewLine",
    "NewOrder",
    "NewPlace",
    "NewPrice",
    "NewProduct",
    "NewStock",
    "NoOrder",
    "NoPlace",
    "NoProduct",
    "Order",
    "Place",
    "Price",
    "Product",
    "Spent",
    "Stock",
    "Unusable",
    "Withdrawn",
    "check",
    "erase",
    "export",
    "gtin",
    "hear",
    "keep_order",
    "keep_orders",
    "keep_places",
    "keep_prices",
    "keep_products",
    "keep_stock",
    "known_kinds",
    "named",
    "number_key",
    "order",
    "orders",
    "orders_by_id",
    "orders_found",
    "place",
    "places",
    "places_by_id",
    "prices",
    "prices_on",
    "product",
    "products",
    "products_by_id",
    "products_found",
    "see_that_it_can_be_kept",
    "spent",
    "state_of",
    "stock",
    "variants",
    "with_lines",
    "withdraw",
]
