"""Products with their variants, prices and stock; places."""

from collections.abc import Collection
from datetime import date
from typing import Any
from uuid import UUID

from fadeno.commerce import store
from fadeno.commerce.model import NoPlace, NoProduct, gtin, gtin_shown
from fadeno.commerce.model.catalogue import Place, Price, Product, Stock, rank, sought, sought_with_slips
from fadeno.commerce.model.errors import Unusable
from fadeno.db import Tx
from fadeno.kit import lists

MOST = 200
MOST_VARIANTS = 200
MOST_PRICES = 1_000


async def product(tx: Tx, id_: UUID) -> Product:
    """One product.

    Raises:
        NoProduct: there is no such id.
    """
    row = await store.product(tx, id_)
    if row is None:
        raise NoProduct(field="id")
    return _product(row)


async def products_by_id(tx: Tx, ids: Collection[UUID]) -> list[Product]:
    """These products, as far as they are there; nothing is said of what they are variants of."""
    return [_product(row) for row in await store.products_by_id(tx, ids)] if ids else []


async def places_by_id(tx: Tx, ids: Collection[UUID]) -> list[Place]:
    """These places, as far as they are there."""
    return [_place(row) for row in await store.places_by_id(tx, ids)] if ids else []


async def variants(tx: Tx, product_id: UUID) -> list[Product]:
    """The sizes, colours … of a product, 200 at most."""
    return [_product(row) for row in await store.variants(tx, product_id, MOST_VARIANTS)]


async def products(
    tx: Tx, *, q: str = "", after: str | None = None, limit: int = 50
) -> tuple[list[Product], str | None]:
    """Products in order of name, and where the next page begins.

    Args:
        q: what somebody types: an id, SKU or GTIN that is exactly right is all there is to show; else words of names
            and categories in any script, or parts of codes; where there are none, words a slip away, a page of them.
    """
    limit = max(1, min(limit, MOST))
    place, typed = lists.after_key(after), lists.typed(q)
    if not typed:
        rows = await store.products(tx, place, limit + 1)
    elif place == lists.FIRST and (exact := await store.products_by_code(tx, typed, _as_gtin(typed), limit)):
        return [_product(row) for row in exact], None
    else:
        wanted = sought(typed)
        rows = await store.products_sought(tx, wanted, place, limit + 1) if wanted else []
        if wanted and not rows and place == lists.FIRST:
            rows = await store.products_sought(tx, sought_with_slips(typed), place, limit)
    rows, last = lists.cut(rows, limit)
    return [_product(row) for row in rows], lists.by_key(last.sort_key, last.id) if last else None


async def products_found(tx: Tx, q: str, *, limit: int = 20) -> list[Product]:
    """Products as somebody types for them, the best match first: the very code, same words, beginnings, then sounds.

    Of very many that match the first by name are looked at; who types on finds the others.
    """
    found, _ = await products(tx, q=q, limit=MOST)
    typed = lists.typed(q)
    return sorted(found, key=lambda one: rank(typed, one))[: max(1, min(limit, MOST))]


async def prices(tx: Tx, *product_ids: UUID, most: int | None = MOST_PRICES) -> list[Price]:
    """Prices of products, those of a place first; of one place the latest first.

    Args:
        most: of each product; those of everywhere are always among them.
    """
    return [_price(row) for row in await store.prices(tx, product_ids, most)]


async def prices_on(tx: Tx, day: date, *product_ids: UUID, most: int = MOST_PRICES) -> list[Price]:
    """What products cost on a day: of each place and currency the price that began last, those of everywhere first.

    Args:
        most: of each product.
    """
    return [_price(row) for row in await store.prices_on(tx, product_ids, day, most)] if product_ids else []


async def stock(tx: Tx, *product_ids: UUID, most: int | None = MOST_PRICES) -> list[Stock]:
    """What sources said there is of products, and when; at `most` so many of each product."""
    return [
        Stock(
            row.id, row.product_id, row.place_id, row.place_name or row.place_key, row.place_key, row.source_id,
            row.quantity, row.said_at,
        )
        for row in await store.stock_of(tx, product_ids, most)
    ]  # fmt: skip


async def place(tx: Tx, id_: UUID) -> Place:
    """One place.

    Raises:
        NoPlace: there is no such id.
    """
    row = await store.place(tx, id_)
    if row is None:
        raise NoPlace(field="id")
    return _place(row)


async def places(tx: Tx, *, after: str | None = None, limit: int = 50) -> tuple[list[Place], str | None]:
    """Places in order of name, and where the next page begins."""
    limit = max(1, min(limit, MOST))
    rows, last = lists.cut(await store.places(tx, lists.after_key(after), limit + 1), limit)
    return [_place(row) for row in rows], lists.by_key(last.sort_key, last.id) if last else None


def _product(row: Any) -> Product:
    return Product(
        row.id, row.source_id, row.key, row.sku, row.gtin and gtin_shown(row.gtin), row.name, row.names, row.picture,
        row.category, row.variant_of, row.whole_id, row.variant, row.state, row.said_at, row.said_in,
    )  # fmt: skip


def _price(row: Any) -> Price:
    return Price(
        row.id, row.product_id, row.place_id, row.place_name or row.place_key, row.place_key, row.source_id,
        row.amount, row.currency, row.valid_from, row.valid_to, row.said_at,
    )  # fmt: skip


def _place(row: Any) -> Place:
    return Place(
        row.id, row.source_id, row.key, row.name, row.kind, row.address, row.country, row.zone, row.hours,
        row.said_at, row.said_in,
    )  # fmt: skip


def _as_gtin(typed: str) -> str | None:
    try:
        return gtin(typed)
    except Unusable:
        return None
