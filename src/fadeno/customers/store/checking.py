"""What `fadeno check` reads of this room."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from fadeno.customers.store.statements import Q, array
from fadeno.db import Tx


async def count_all(tx: Tx) -> Any:
    return await tx.one(Q.count_all)


async def faults_of_map(tx: Tx) -> list[str]:
    return [r.fault for r in await tx.all(Q.faults_of_map)]


async def stale_events(tx: Tx) -> list[Any]:
    return await tx.all(Q.stale_events)


async def disputed_customers(tx: Tx, limit: int) -> list[UUID]:
    return [r.id for r in await tx.all(Q.disputed_customers, limit=limit)]


async def some_customers(tx: Tx, limit: int) -> list[UUID]:
    return [r.id for r in await tx.all(Q.some_customers, limit=limit)]


async def labels(tx: Tx, ids: Collection[UUID]) -> list[Any]:
    return await tx.all(Q.labels, ids=array(ids))
