"""Cases written to files and read from them."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from fadeno.conversations.store.statements import Q
from fadeno.db import Tx, array


async def ids_after(tx: Tx, after: UUID, limit: int) -> list[UUID]:
    return [row.id for row in await tx.all(Q.recorded_ids, after=after, limit=limit)]


async def address(tx: Tx, case_id: UUID) -> str:
    return await tx.value(Q.recorded_address, case_id=case_id)


async def messages(tx: Tx, case_id: UUID) -> list[Any]:
    return await tx.all(Q.recorded_messages, case_id=case_id)


async def known_messages(tx: Tx, ids: Sequence[UUID]) -> set[UUID]:
    return {row.id for row in await tx.all(Q.known_messages, ids=array(ids))} if ids else set()
