"""Due times: nearly due, too late, put off until now, counted anew."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from fadeno.conversations.store import signing
from fadeno.conversations.store.statements import Q
from fadeno.db import Tx, array

NewTimes = tuple[UUID, int, datetime | None, datetime | None, datetime | None, datetime | None]


async def nearly_due(tx: Tx, until: datetime, limit: int) -> list[UUID]:
    return [row.id for row in await tx.all(Q.nearly_due, until=until, limit=limit)]


async def overdue(tx: Tx, limit: int) -> list[UUID]:
    return [row.id for row in await tx.all(Q.overdue, until=tx.now, limit=limit)]


async def note_warned(tx: Tx, ids: Sequence[UUID]) -> None:
    await tx.run(Q.note_warned, ids=array(ids), now=tx.now)


async def note_broken(tx: Tx, ids: Sequence[UUID]) -> None:
    await tx.run(Q.note_broken, ids=array(ids), now=tx.now)


async def awake(tx: Tx, limit: int) -> list[UUID]:
    return [row.id for row in await tx.all(Q.awake, now=tx.now, limit=limit)]


async def walks(tx: Tx) -> dict[str, Any]:
    """By the area's key."""
    return {row.key: row for row in await tx.all(Q.timed_by)}


async def note_timed(tx: Tx, key: str, timed_by: str, walking_by: str, walked_to: UUID | None) -> None:
    await tx.run(Q.note_timed, key=key, timed_by=timed_by, walking_by=walking_by, walked_to=walked_to)


async def to_time(tx: Tx, area: str, after: UUID, limit: int) -> list[Any]:
    return await tx.all(Q.to_time, area=area, after=after, limit=limit)


async def write_times(tx: Tx, rows: Sequence[NewTimes]) -> int:
    """Each an id and its version, with when a first answer, the next one, its solution and the soonest of all is due.

    Returns:
        How many were written: those that changed since they were read are not.
    """
    ids, versions, first, next_, resolve, due = (list(column) for column in zip(*rows, strict=True))
    await signing.case(tx, *ids)
    return await tx.run(
        Q.write_times, ids=array(ids), versions=versions, first=first, next=next_, resolve=resolve, due=due
    )  # fmt: skip
