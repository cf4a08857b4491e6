"""Taking imports back, forgetting customers, checking."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from fadeno.commerce.store.statements import Q
from fadeno.db import Query, Tx, array

# Prices and stock before what they are of.
WITHDRAWING: tuple[Query, ...] = (
    Q.withdraw_orders, Q.withdraw_stock, Q.withdraw_prices, Q.withdraw_products, Q.withdraw_places,
)  # fmt: skip


async def withdraw(tx: Tx, query: Query, said_in: UUID, limit: int) -> list[Any]:
    return await tx.all(query, said_in=said_in, limit=limit)


async def restore_lines(tx: Tx, said_in: UUID, order_ids: Collection[UUID]) -> None:
    await tx.run(Q.restore_lines, said_in=said_in, ids=array(order_ids))


async def hand_before_on(tx: Tx, said_in: UUID) -> None:
    await tx.run(Q.hand_before_on, said_in=said_in)


async def forget_before(tx: Tx, said_in: UUID) -> None:
    await tx.run(Q.forget_before, said_in=said_in)


async def erase_orders(tx: Tx, customer_id: UUID) -> int:
    return await tx.value(Q.erase_orders, customer_id=customer_id, now=tx.now)


async def count_all(tx: Tx) -> Any:
    return await tx.one(Q.count_all)


async def faults(tx: Tx) -> list[str]:
    return [row.fault for row in await tx.all(Q.faults)]
