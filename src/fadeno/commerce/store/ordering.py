"""The order of lists, and how far it was changed."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from fadeno.commerce.store.statements import Q
from fadeno.db import Tx, array


async def ordering(tx: Tx, kind: str) -> Any | None:
    """How far things of a kind are in the order of a language, taken until the end of the transaction."""
    return await tx.maybe(Q.ordering, kind=kind)


async def set_ordering(tx: Tx, kind: str, reached: UUID, language: str) -> None:
    await tx.run(Q.set_ordering, kind=kind, reached=reached, language=language)


async def products_after(tx: Tx, after: UUID, most: int) -> list[Any]:
    return await tx.all(Q.products_after, after=after, most=most)


async def set_product_order(tx: Tx, rows: Sequence[tuple[UUID, str]]) -> None:
    await tx.run(Q.set_product_order, ids=array([r[0] for r in rows]), sort_keys=array([r[1] for r in rows]))


async def places_after(tx: Tx, after: UUID, most: int) -> list[Any]:
    return await tx.all(Q.places_after, after=after, most=most)


async def set_place_order(tx: Tx, rows: Sequence[tuple[UUID, str]]) -> None:
    await tx.run(Q.set_place_order, ids=array([r[0] for r in rows]), sort_keys=array([r[1] for r in rows]))
