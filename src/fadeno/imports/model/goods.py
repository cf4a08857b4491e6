"""Rows of lists of products and of stock. Pure."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from fadeno import commerce
from fadeno.commerce import NewPlace, NewPrice, NewProduct, NewStock
from fadeno.imports.model.naming import reason_of
from fadeno.imports.model.saying import NAME_CHARS, Context, Reason, Refused, moment
from fadeno.kit.errors import FadenoError
from fadeno.kit.money import EXPONENTS, Money
from fadeno.sheets import Row, Value


class SaidGoods(NamedTuple):
    """What one row says of a product, where it is, what it costs and how much there is."""

    product: NewProduct | None
    place: NewPlace | None = None
    price: NewPrice | None = None
    stock: NewStock | None = None


def product(row: Row, context: Context, told: Callable[[str], None]) -> SaidGoods:
    """A row of a list of products.

    Raises:
        Refused: it says not which product, or a price without a currency.
    """
    values = row.values
    key = _key(row, context)
    made = NewProduct(
        key=key,
        sku=_text(values.get("product_no")),
        gtin=_gtin(row, told),
        name=_text(values.get("product_name"), 500),
        picture=_text(values.get("picture_url"), 2_000),
        category=_text(values.get("category"), 500),
        variant=_variant(values),
        state=_state(values),
    )
    place = _text(values.get("place"))
    on_hand = values.get("on_hand")
    said = SaidGoods(
        made,
        NewPlace(key=place) if place else None,
        _price(row, key, place, context),
        NewStock(key, on_hand, place) if isinstance(on_hand, Decimal) else None,
    )
    return _usable(said, row, context)


def stock(row: Row, context: Context, told: Callable[[str], None]) -> SaidGoods:
    """A row of a list of stock.

    Raises:
        Refused: it says not of which product, or not how much.
    """
    values = row.values
    key = _key(row, context)
    on_hand = values.get("on_hand")
    if not isinstance(on_hand, Decimal):
        raise Refused(Reason("no_quantity", context.headers.get("on_hand", "on_hand")))
    place = _text(values.get("place"))
    hours = _text(values.get("opening_hours"), 2_000)
    name = _text(values.get("product_name"), 500)
    gtin = _gtin(row, told)
    said = SaidGoods(
        NewProduct(key=key, sku=_text(values.get("product_no")), gtin=gtin, name=name, variant=_variant(values)),
        NewPlace(key=place, hours=hours) if place else None,
        None,
        NewStock(key, on_hand, place, moment(values.get("counted_at"), context.options.zone)),
    )
    return _usable(said, row, context)


def place(row: Row, context: Context, told: Callable[[str], None]) -> SaidGoods:
    """A row of a list of places.

    Raises:
        Refused: it says not which place.
    """
    values = row.values
    key = _text(values.get("place"))
    if not key:
        raise Refused(Reason("no_place", context.headers.get("place", "place")))
    made = NewPlace(
        key=key,
        name=_text(values.get("place_name"), 500),
        kind=_text(values.get("place_kind")),
        address=_address(values),
        country=_text(values.get("country")),
        zone=_text(values.get("zone")),
        hours=_text(values.get("opening_hours"), 2_000),
    )
    return _usable(SaidGoods(None, made), row, context)


def _usable(said: SaidGoods, row: Row, context: Context) -> SaidGoods:
    """The same, seen to be fit to be kept before it comes to writing, while the cells of the row are at hand."""
    for word in filter(None, said):
        try:
            commerce.see_that_it_can_be_kept(word)
        except FadenoError as no:
            raise Refused(reason_of(no.field or "", context.headers, row.values)) from no
    return said


def _address(values: dict[str, Value]) -> str | None:
    """The address in one, also where its parts have columns of their own."""
    town = " ".join(part for name in ("postcode", "city") if (part := _text(values.get(name))))
    street = _text(values.get("address"), 2_000) or _text(values.get("street"), 2_000) or ""
    return ", ".join(part for part in (street, "" if town in street else town) if part) or None


def _key(row: Row, context: Context) -> str:
    key = _text(row.values.get("product_no")) or _text(row.values.get("gtin"))
    if not key:
        raise Refused(Reason("no_product", context.headers.get("product_no", "product_no")))
    return key


def _text(value: Value, most: int = NAME_CHARS) -> str | None:
    return str(value).strip()[:most] or None if value is not None else None


def _state(values: dict[str, Value]) -> str | None:
    """Whether it is sold still, said either way round; what says that it is not counts before what says that it is."""
    told = [value for name in ("active", "discontinued") if isinstance(value := values.get(name), bool)]
    if not told:
        return None
    return "discontinued" if values.get("discontinued") is True or values.get("active") is False else "current"


def _gtin(row: Row, told: Callable[[str], None]) -> str | None:
    """The GTIN, unless its check digit is wrong; that is told."""
    if any(fault.code == "bad_gtin" for fault in row.faults):
        return None
    return _text(row.values.get("gtin"))


def _variant(values: dict[str, Value]) -> str | None:
    parts = [_text(values.get(name)) for name in ("variant", "size", "colour")]
    return ", ".join(part for part in parts if part)[:NAME_CHARS] or None


def _price(row: Row, key: str, place: str | None, context: Context) -> NewPrice | None:
    value = row.values.get("unit_price")
    if value is None:
        return None
    currency = value.currency if isinstance(value, Money) else row.values.get("currency") or context.options.currency
    amount = value.amount if isinstance(value, Money) else value
    if not isinstance(currency, str) or currency.upper() not in EXPONENTS or not isinstance(amount, Decimal):
        raise Refused(Reason("no_currency", context.headers.get("unit_price", "unit_price"), str(value)))
    first, last = row.values.get("valid_from"), row.values.get("valid_to")
    return NewPrice(
        key,
        amount,
        currency.upper(),
        place,
        first if isinstance(first, date) else None,
        last if isinstance(last, date) else None,
    )
