"""What commerce says no to."""

from fadeno.kit.errors import Invalid, NotFound


class NoOrder(NotFound):
    """There is no such order."""

    code = "no_order"
    hint = "Search by its number; spaces and signs in it do not matter."


class NoProduct(NotFound):
    """There is no such product."""

    code = "no_product"
    hint = "Search by name, SKU or GTIN."


class NoPlace(NotFound):
    """There is no such place."""

    code = "no_place"


class Unusable(Invalid):
    """This can't be kept as it is said."""

    code = "unusable"
