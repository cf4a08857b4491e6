"""Which customers fit what a list is narrowed to."""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from fadeno.customers.store.statements import Q, array, fetched
from fadeno.db import Tx


async def fitting(
    tx: Tx,
    ids: Sequence[UUID],
    *,
    kinds: Collection[str] | None,
    channel: str | None,
    source_id: int | None,
    since: datetime | None,
    purpose: str | None,
    limit: int,
) -> list[UUID]:
    """The first of some customers that fit, in the order given."""
    await tx.use_indexes()
    rows = await fetched(
        tx,
        Q.fitting,
        ids=array(ids),
        kinds=sorted(kinds) if kinds else None,
        is_heard=channel is None and source_id is None and since is None,
        channel=channel,
        source_id=source_id,
        since=since,
        purpose=purpose,
        limit=limit,
    )
    return [row.id for row in rows]


async def recent_channels(tx: Tx, among: int) -> list[str]:
    return [row.channel for row in await tx.all(Q.recent_channels, among=among)]


async def known_purposes(tx: Tx, among: int) -> list[str]:
    return [row.purpose for row in await tx.all(Q.known_purposes, among=among)]
