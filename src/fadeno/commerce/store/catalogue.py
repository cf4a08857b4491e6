"""Products, places, prices and stock."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from fadeno.commerce.store.statements import Q, recordset
from fadeno.db import Query, Tx, array


@dataclass(frozen=True, slots=True)
class Shelf:
    """The statements that keep one kind of thing."""

    adding: Query
    knowing: Query
    taking: Query
    changing: Query

    async def add(self, tx: Tx, rows: Sequence[dict[str, Any]]) -> set[UUID]:
        """Add those that are not known yet; their ids."""
        return {row.id for row in await tx.all(self.adding, rows=recordset(rows))}

    async def known(self, tx: Tx, rows: Sequence[dict[str, Any]]) -> list[Any]:
        """What is known of them."""
        return await tx.all(self.knowing, rows=recordset(rows))

    async def take(self, tx: Tx, ids: Collection[UUID]) -> None:
        """Let nobody else change these until the end of the transaction."""
        await tx.run(self.taking, ids=array(ids))

    async def change(self, tx: Tx, rows: Sequence[dict[str, Any]], *, is_import: bool) -> None:
        """Write them as they are said now."""
        await tx.run(self.changing, rows=recordset(rows), is_import=is_import)


PRODUCTS = Shelf(Q.add_products, Q.known_products, Q.take_products, Q.change_products)
PLACES = Shelf(Q.add_places, Q.known_places, Q.take_places, Q.change_places)
PRICES = Shelf(Q.add_prices, Q.known_prices, Q.take_prices, Q.change_prices)
STOCK = Shelf(Q.add_stock, Q.known_stock, Q.take_stock, Q.change_stock)


async def products_named(tx: Tx, source_id: int, names: Collection[str]) -> dict[str, UUID]:
    return {r.name: r.id for r in await tx.all(Q.products_named, source_id=source_id, names=array(names)) if r.id}


async def places_named(tx: Tx, source_id: int, names: Collection[str]) -> dict[str, UUID]:
    return {r.name: r.id for r in await tx.all(Q.places_named, source_id=source_id, names=array(names)) if r.id}


async def product(tx: Tx, id_: UUID) -> Any | None:
    return await tx.maybe(Q.product, id=id_)


async def products_by_id(tx: Tx, ids: Collection[UUID]) -> list[Any]:
    return await tx.all(Q.products_by_id, ids=array(ids))


async def places_by_id(tx: Tx, ids: Collection[UUID]) -> list[Any]:
    return await tx.all(Q.places_by_id, ids=array(ids))


async def variants(tx: Tx, id_: UUID, limit: int) -> list[Any]:
    return await tx.all(Q.variants, id=id_, limit=limit)


async def products(tx: Tx, after: tuple[str, UUID], limit: int) -> list[Any]:
    return await tx.all(Q.products, after_key=after[0], after_id=after[1], limit=limit)


async def products_sought(tx: Tx, sought: str, after: tuple[str, UUID], limit: int) -> list[Any]:
    await tx.use_indexes()
    return await tx.all(Q.products_sought, sought=sought, after_key=after[0], after_id=after[1], limit=limit)


async def products_by_code(tx: Tx, code: str, gtin: str | None, limit: int) -> list[Any]:
    return await tx.all(Q.products_by_code, code=code, gtin=gtin, limit=limit)


async def prices(tx: Tx, product_ids: Collection[UUID], limit: int | None) -> list[Any]:
    return await tx.all(Q.prices, ids=array(product_ids), limit=limit)


async def prices_on(tx: Tx, product_ids: Collection[UUID], day: date, limit: int) -> list[Any]:
    return await tx.all(Q.prices_on, ids=array(product_ids), day=day, limit=limit)


async def stock_of(tx: Tx, product_ids: Collection[UUID], limit: int | None) -> list[Any]:
    return await tx.all(Q.stock_of, ids=array(product_ids), limit=limit)


async def place(tx: Tx, id_: UUID) -> Any | None:
    return await tx.maybe(Q.place, id=id_)


async def places(tx: Tx, after: tuple[str, UUID], limit: int) -> list[Any]:
    return await tx.all(Q.places, after_key=after[0], after_id=after[1], limit=limit)
