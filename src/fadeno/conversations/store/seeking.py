"""Looking for words in messages."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any
from uuid import UUID

from fadeno.conversations.model.sought import Filters
from fadeno.conversations.store.statements import Q
from fadeno.db import Tx


async def newest(tx: Tx, q: str, before: int, after: int) -> list[int]:
    """Read through the messages between two positions."""
    return [row.position for row in await tx.all(Q.seek_newest, q=q, before=before, after=after)]


async def by_words(tx: Tx, q: str, before: int, after: int, limit: int) -> list[int]:
    """Look words up among the messages between two positions."""
    await tx.use_indexes()
    rows = await tx.all(Q.seek_by_words, q=q, before=before, after=after, limit=limit)
    return [row.position for row in rows]


async def of_customer(tx: Tx, q: str, customer_id: UUID, before: int, limit: int) -> list[int]:
    """Read through the messages of one customer's cases."""
    rows = await tx.all(Q.seek_of_customer, q=q, customer_id=customer_id, before=before, limit=limit)
    return [row.position for row in rows]


async def fitting(tx: Tx, positions: Sequence[int], filters: Filters, limit: int) -> list[Any]:
    """Those of these messages that the filters let through, with their cases, the newest first."""
    wanted = asdict(filters)
    del wanted["customer_id"]
    return await tx.all(Q.seek_fitting, positions=list(positions), limit=limit, **wanted) if positions else []


async def last_position(tx: Tx) -> int:
    return await tx.value(Q.last_position) or 0


async def make_piece(tx: Tx, name: str, first: int, after: int) -> None:
    await tx.run(Q.make_finding, name=name, first=first, after=after)
