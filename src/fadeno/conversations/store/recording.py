"""Cases written to files and read from them."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from fadeno.conversations.store.statements import Q, record
from fadeno.db import Tx, array


async def ids_after(tx: Tx, after: UUID, limit: int) -> list[UUID]:
    return [row.id for row in await tx.all(Q.recorded_ids, after=after, limit=limit)]


async def about(tx: Tx, case_id: UUID) -> Any:
    return await tx.one(Q.recorded_about, case_id=case_id)


async def messages(tx: Tx, case_id: UUID) -> list[Any]:
    return await tx.all(Q.recorded_messages, case_id=case_id)


async def acts(tx: Tx, case_id: UUID) -> list[Any]:
    return await tx.all(Q.recorded_acts, case_id=case_id)


async def keep_acts(tx: Tx, case_id: UUID, rows: Sequence[Mapping[str, Any]]) -> int:
    """Those that are not here yet."""
    return await tx.run(Q.keep_acts, case_id=case_id, rows=record(list(rows))) if rows else 0


async def keep_number(tx: Tx, case_id: UUID, number: int) -> None:
    """Call a case so, where no other is; numbers that are given later go on after it."""
    if await tx.run(Q.keep_number, case_id=case_id, number=number):
        await tx.run(Q.number_on, number=number)


async def keep_rating(tx: Tx, case_id: UUID, stars: int, words: str, at: datetime) -> None:
    await tx.run(Q.keep_rating, case_id=case_id, stars=stars, words=words, at=at)


async def keep_owner_was(tx: Tx, case_id: UUID, email: str) -> None:
    await tx.run(Q.keep_owner_was, case_id=case_id, email=email)


async def known_messages(tx: Tx, ids: Sequence[UUID]) -> set[UUID]:
    return {row.id for row in await tx.all(Q.known_messages, ids=array(ids))} if ids else set()
