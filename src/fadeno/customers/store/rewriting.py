"""Rewrites of the log still to be done."""

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from fadeno.customers.store.statements import Q, array, fetched
from fadeno.db import Tx


async def set_horizons(tx: Tx) -> None:
    await tx.run(Q.set_horizons)


async def due_rewrites(tx: Tx, limit: int) -> list[Any]:
    return await tx.all(Q.due_rewrites, limit=limit)


async def events_to_rewrite(
    tx: Tx, from_customer: UUID, reached: tuple[datetime | str, UUID | str], limit: int
) -> list[Any]:
    return await fetched(
        tx,
        Q.events_to_rewrite,
        from_customer=from_customer,
        reached_at=reached[0],
        reached_id=reached[1],
        limit=limit,
    )


async def set_reached(tx: Tx, id_: int, at: datetime, event_id: UUID) -> None:
    await tx.run(Q.set_reached, id=id_, reached_at=at, reached_id=event_id)


async def drop_rewrites(tx: Tx, ids: Collection[int]) -> int:
    return await tx.run(Q.drop_rewrites, ids=array(ids))


async def reach(tx: Tx, id_: UUID) -> list[UUID]:
    return [r.id for r in await fetched(tx, Q.reach, id=id_)]
