"""Orders, products and places over the API: as sources say them, to read."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID

import msgspec
from litestar import Request, get
from litestar.params import FromPath, QueryParameter

from fadeno import access, commerce, customers, sources
from fadeno.access import Actor
from fadeno.commerce import Order, Place, Product
from fadeno.customers import NoCustomer
from fadeno.db import Tx
from fadeno.entry.door import opened
from fadeno.kit import addresses
from fadeno.kit.money import Money

Limit = Annotated[int, QueryParameter(ge=1, le=200)]
Next = Annotated[str | None, QueryParameter(max_length=400)]


class Amount(msgspec.Struct, frozen=True):
    """An amount as people write it, and in whole minor units (cents, para, fillér)."""

    amount: Decimal
    currency: str
    minor: int


class ShownLine(msgspec.Struct, frozen=True):
    """One line of an order; `product` as the source names it, `product_id` the product we know by that name."""

    ordinal: int
    product: str | None
    product_id: UUID | None
    text: str
    quantity: Decimal
    unit_price: Decimal | None
    total: Amount | None


class ShownOrder(msgspec.Struct, frozen=True):
    """An order as its source says it.

    `total` is what the lines come to where the source says none; `off_by` how far its total is from its parts.
    """

    id: UUID
    source: str | None
    number: str
    customer_id: UUID | None
    state: str
    placed_at: datetime
    place: str | None
    place_id: UUID | None
    channel: str | None
    country: str | None
    total: Amount | None
    discount: Amount | None
    shipping: Amount | None
    tax: Amount | None
    tax_included: bool
    off_by: Amount | None
    line_count: int
    said_at: datetime
    erased_at: datetime | None
    lines: list[ShownLine] | msgspec.UnsetType = msgspec.UNSET


class ShownPrice(msgspec.Struct, frozen=True):
    """What one costs at a place, or everywhere where there is none; a unit price may have more decimals than money."""

    place_id: UUID | None
    place: str | None
    amount: Decimal
    currency: str
    valid_from: date | None
    valid_to: date | None


class ShownStock(msgspec.Struct, frozen=True):
    """How much a source said there is, and when that was so."""

    place_id: UUID | None
    place: str | None
    source: str | None
    quantity: Decimal
    said_at: datetime


class ShownProduct(msgspec.Struct, frozen=True):
    """A product as one source says it."""

    id: UUID
    source: str | None
    key: str
    sku: str | None
    gtin: str | None
    name: str
    names: dict[str, str]
    picture: str | None
    category: str | None
    variant_of: str | None
    variant: str | None
    state: str
    variants: list["ShownProduct"] | msgspec.UnsetType = msgspec.UNSET
    prices: list[ShownPrice] | msgspec.UnsetType = msgspec.UNSET
    stock: list[ShownStock] | msgspec.UnsetType = msgspec.UNSET


class ShownPlace(msgspec.Struct, frozen=True):
    """A shop, warehouse or web shop; `hours` word for word."""

    id: UUID
    source: str | None
    key: str
    name: str
    kind: str | None
    address: str | None
    country: str | None
    zone: str | None
    hours: str | None


def _amount(money: Money | None) -> Amount | None:
    return None if money is None else Amount(money.amount, money.currency, money.minor)


def _order(order: Order, names: dict[int, str]) -> ShownOrder:
    return ShownOrder(
        order.id, names.get(order.source_id), order.number, order.customer_id, order.state, order.placed_at,
        order.place_name or order.place, order.place_id, order.channel, order.country, _amount(order.total),
        _amount(order.discount), _amount(order.shipping), _amount(order.tax), order.tax_included,
        _amount(order.off_by), order.line_count, order.said_at, order.erased_at,
    )  # fmt: skip


def _product(product: Product, names: dict[int, str]) -> ShownProduct:
    return ShownProduct(
        product.id, names.get(product.source_id), product.key, product.sku, product.gtin, product.name, product.names,
        product.picture, product.category, product.variant_of, product.variant, product.state,
    )  # fmt: skip


def _place(place: Place, names: dict[int, str]) -> ShownPlace:
    return ShownPlace(
        place.id, names.get(place.source_id), place.key, place.name, place.kind, place.address, place.country,
        place.zone, place.hours,
    )  # fmt: skip


async def _source_names(tx: Tx) -> dict[int, str]:
    return {source.id: source.name for source in await sources.all_sources(tx)}


async def _customer(tx: Tx, actor: Actor, said: str) -> UUID:
    """The customer meant by an id or by `kind:value`."""
    try:
        return await customers.customer_of(tx, UUID(said))
    except ValueError:
        access.require(actor, "see", "contacts")
        found = await customers.find(tx, *addresses.split(said))
    if found is None:
        raise NoCustomer(f"Nobody has the address {said[:80]}.", field="customer")
    return found


@get("/api/orders", summary="Orders")
async def list_orders(
    request: Request,
    number: Annotated[str, QueryParameter(max_length=100)] = "",
    customer: Annotated[str | None, QueryParameter(max_length=400)] = None,
    before: Next = None,
    limit: Limit = 50,
) -> dict[str, Any]:
    """Newest first: all, those of a customer (an id, or an address as `email:anna@example.com`), or by number.

    A number is found in any source by its beginning; spaces and signs in it do not matter.
    """
    async with opened(request, "see", "orders") as (tx, actor):
        id_ = None
        if customer is not None:
            access.require(actor, "see", "customers")
            id_ = await _customer(tx, actor, customer)
        items, more = await commerce.orders(tx, number=number, customer_id=id_, before=before, limit=limit)
        names = await _source_names(tx)
        return {"items": [_order(one, names) for one in items], "next": more}


@get("/api/orders/{order_id:uuid}", summary="One order")
async def show_order(request: Request, order_id: FromPath[UUID]) -> ShownOrder:
    """One order with its lines."""
    async with opened(request, "see", "orders") as (tx, actor):
        order = await commerce.order(tx, order_id)
        await access.note(tx, actor, "see", "order", order.id)
        lines = [
            ShownLine(
                line.ordinal, line.product, line.product_id, line.text, line.quantity, line.unit_price,
                _amount(line.total),
            )
            for line in order.lines
        ]  # fmt: skip
        return msgspec.structs.replace(_order(order, await _source_names(tx)), lines=lines)


@get("/api/products", summary="Products")
async def list_products(
    request: Request,
    q: Annotated[str, QueryParameter(max_length=256)] = "",
    after: Next = None,
    limit: Limit = 50,
) -> dict[str, Any]:
    """By name: all, those of exactly this id, SKU or GTIN, or those whose name or category holds such words."""
    async with opened(request, "see", "products") as (tx, _):
        items, more = await commerce.products(tx, q=q, after=after, limit=limit)
        names = await _source_names(tx)
        return {"items": [_product(one, names) for one in items], "next": more}


@get("/api/products/{product_id:uuid}", summary="One product")
async def show_product(request: Request, product_id: FromPath[UUID]) -> ShownProduct:
    """One product with its variants, prices and what sources said of stock."""
    async with opened(request, "see", "products") as (tx, _):
        product = await commerce.product(tx, product_id)
        names = await _source_names(tx)
        return msgspec.structs.replace(
            _product(product, names),
            variants=[_product(one, names) for one in await commerce.variants(tx, product.id)],
            prices=[
                ShownPrice(p.place_id, p.place, p.amount, p.currency, p.valid_from, p.valid_to)
                for p in await commerce.prices(tx, product.id)
            ],
            stock=[
                ShownStock(s.place_id, s.place, names.get(s.source_id), s.quantity, s.said_at)
                for s in await commerce.stock(tx, product.id)
            ],
        )


@get("/api/places", summary="Places")
async def list_places(request: Request, after: Next = None, limit: Limit = 50) -> dict[str, Any]:
    """Shops, warehouses and web shops, by name."""
    async with opened(request, "see", "products") as (tx, _):
        items, more = await commerce.places(tx, after=after, limit=limit)
        names = await _source_names(tx)
        return {"items": [_place(one, names) for one in items], "next": more}


@get("/api/places/{place_id:uuid}", summary="One place")
async def show_place(request: Request, place_id: FromPath[UUID]) -> ShownPlace:
    """One place with its opening hours as given."""
    async with opened(request, "see", "products") as (tx, _):
        return _place(await commerce.place(tx, place_id), await _source_names(tx))


routes = [list_orders, show_order, list_products, show_product, list_places, show_place]
