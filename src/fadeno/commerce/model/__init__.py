"""Shapes and rules of commerce. Pure."""

from fadeno.commerce.model.catalogue import Place, Price, Product, Stock
from fadeno.commerce.model.errors import NoOrder, NoPlace, NoProduct, Unusable
from fadeno.commerce.model.keeping import see_that_it_can_be_kept
from fadeno.commerce.model.orders import MOST_LINES, STATES, Line, Order, Spent, state_of
from fadeno.commerce.model.said import (
    PLACE_KINDS,
    PRODUCT_STATES,
    Kept,
    NewLine,
    NewOrder,
    NewPlace,
    NewPrice,
    NewProduct,
    NewStock,
    Word,
)
from fadeno.commerce.model.texts import gtin, gtin_shown, number_key

__all__ = [
    "MOST_LINES",
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
    "Word",
    "gtin",
    "gtin_shown",
    "number_key",
    "see_that_it_can_be_kept",
    "state_of",
]
