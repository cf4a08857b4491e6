"""Orders and their lines."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from fadeno.commerce.store.statements import Q, recordset
from fadeno.db import Tx, array

LINE_COLUMNS = ("order_id", "ordinal", "product", "text", "quantity", "unit_price", "total_minor")


async def add_orders(tx: Tx, rows: Sequence[dict[str, Any]]) -> set[UUID]:
    """Add those that are not known yet; their ids."""
    return {row.id for row in await tx.all(Q.add_orders, rows=recordset(rows))}


async def known_orders(tx: Tx, source_id: int, numbers: Collection[str]) -> list[Any]:
    return await tx.all(Q.known_orders, source_id=source_id, numbers=array(numbers))


async def take_orders(tx: Tx, source_id: int, numbers: Collection[str]) -> list[Any]:
    return await tx.all(Q.take_orders, source_id=source_id, numbers=array(numbers))


async def known_addresses(tx: Tx, ids: Collection[UUID]) -> set[UUID]:
    return {row.address_id for row in await tx.all(Q.known_addresses, ids=array(ids))}


async def keep_before_orders(tx: Tx, said_in: UUID, ids: Collection[UUID]) -> None:
    await tx.run(Q.keep_before_orders, said_in=said_in, ids=array(ids))


async def change_orders(tx: Tx, rows: Sequence[dict[str, Any]]) -> None:
    await tx.run(Q.change_orders, rows=recordset(rows))


async def drop_lines(tx: Tx, order_ids: Collection[UUID]) -> None:
    await tx.run(Q.drop_lines, ids=array(order_ids))


async def add_lines(tx: Tx, orders: Iterable[tuple[UUID, list[str]]]) -> None:
    """Write the lines of orders; each line is its row of COPY without the order."""
    block = "".join([f"{id_}\t{line}" for id_, lines in orders for line in lines])
    if block:
        await tx.copy_text("commerce.line", LINE_COLUMNS, block.encode())


async def orders_by_id(tx: Tx, ids: Collection[UUID]) -> list[Any]:
    return await tx.all(Q.orders_by_id, ids=array(ids))


async def lines(tx: Tx, order_ids: Collection[UUID]) -> list[Any]:
    return await tx.all(Q.lines, ids=array(order_ids))


async def orders(tx: Tx, before: tuple[datetime, UUID], limit: int) -> list[Any]:
    return await tx.all(Q.orders, before_at=before[0], before_id=before[1], limit=limit)


async def orders_by_number(tx: Tx, first: str, beyond: str, before: tuple[datetime, UUID], limit: int) -> list[Any]:
    return await tx.all(
        Q.orders_by_number, first=first, beyond=beyond, before_at=before[0], before_id=before[1], limit=limit
    )


async def orders_found(tx: Tx, begins: tuple[str, str], ends: tuple[str, str], most: int, limit: int) -> list[Any]:
    """Orders whose number lies between two, or read from its end between two."""
    (first, beyond), (end_first, end_beyond) = begins, ends
    asked = {"first": first, "beyond": beyond, "end_first": end_first, "end_beyond": end_beyond}
    return await tx.all(Q.orders_found, **asked, most=most, limit=limit)


async def orders_of(
    tx: Tx, customer_id: UUID, first: str, beyond: str, before: tuple[datetime, UUID], limit: int
) -> list[Any]:
    about = {"customer_id": customer_id, "first": first, "beyond": beyond, "limit": limit}
    return await tx.all(Q.orders_of, before_at=before[0], before_id=before[1], **about)


async def orders_numbered(tx: Tx, customer_id: UUID, numbers: Collection[str]) -> list[Any]:
    return await tx.all(Q.orders_numbered, customer_id=customer_id, numbers=array(numbers))


async def spent_by(tx: Tx, customer_id: UUID) -> list[Any]:
    return await tx.all(Q.spent_by, customer_id=customer_id)


async def is_anything(tx: Tx) -> Any:
    return await tx.one(Q.is_anything)
