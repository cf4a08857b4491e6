"""By which ways (channel and source) customers came, where few came so."""

from datetime import datetime
from typing import Any
from uuid import UUID

from fadeno.customers.store.statements import Q
from fadeno.db import Tx


async def learn_ways(tx: Tx, after: int, most: int) -> tuple[list[tuple[str, int]], int | None]:
    """Note the ways of the events after a place in the live stream; the ways somebody new came, and the new place."""
    rows = await tx.all(Q.learn_ways, after=after, most=most)
    return [(row.channel, row.source_id) for row in rows[:-1]], rows[-1].position


async def count_rare(tx: Tx, channel: str, source_id: int, most: int) -> int:
    return await tx.value(Q.count_rare, channel=channel, source_id=source_id, most=most)


async def make_common(tx: Tx, channel: str, source_id: int) -> None:
    await tx.run(Q.make_common, channel=channel, source_id=source_id)


async def is_common(tx: Tx, channel: str | None, source_id: int | None) -> bool:
    return await tx.value(Q.is_common, channel=channel, source_id=source_id)


async def known_ways(tx: Tx) -> int | None:
    """Up to which place of the live stream ways are noted; None before the first time."""
    return await tx.value(Q.known_ways)


async def count_heard(tx: Tx, since_id: UUID, most: int) -> int:
    """How many events came since one, of very many only `most`."""
    return await tx.value(Q.count_heard, since_id=since_id, most=most)


async def heard_page(tx: Tx, since: datetime, since_id: UUID, after: tuple[str, UUID], limit: int) -> list[Any]:
    """Customers something came of since a moment, looked for among the events since one."""
    await tx.use_indexes()
    asked = {"since": since, "since_id": since_id, "after_key": after[0], "after_id": after[1], "limit": limit}
    return await tx.all(Q.heard_page, **asked)


async def rare_page(
    tx: Tx, channel: str | None, source_id: int | None, known: int, after: tuple[str, UUID], limit: int
) -> list[Any]:
    return await tx.all(
        Q.rare_page,
        channel=channel,
        source_id=source_id,
        known=known,
        after_key=after[0],
        after_id=after[1],
        limit=limit,
    )
