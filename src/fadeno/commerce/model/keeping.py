"""Whether what is said can be kept at all. Pure."""

from fadeno.commerce.model.catalogue import place_row, price_row, product_row, stock_row
from fadeno.commerce.model.orders import order_row
from fadeno.commerce.model.said import NewOrder, NewPlace, NewPrice, NewProduct, NewStock

_READING = {
    NewProduct: product_row, NewPlace: place_row, NewPrice: price_row, NewStock: stock_row, NewOrder: order_row,
}  # fmt: skip


def see_that_it_can_be_kept(said: NewProduct | NewPlace | NewPrice | NewStock | NewOrder) -> None:
    """See that what is said can be kept as far as it alone tells.

    Raises:
        Unusable, Invalid: it can't; `field` names what of it.
    """
    _READING[type(said)](said)
