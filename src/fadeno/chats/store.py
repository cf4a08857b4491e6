"""One thin function per query of chats."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from fadeno.chats.model import Chat, Said
from fadeno.db import Queries, Tx

Q = Queries(__package__)


async def note_chat(tx: Tx, **values: Any) -> None:
    await tx.run(Q.note_chat, now=tx.now, **values)


async def chat(tx: Tx, id: UUID) -> Chat | None:
    return await tx.maybe(Q.chat, into=Chat, id=id)


async def look(tx: Tx, id: UUID, before: datetime) -> None:
    await tx.run(Q.look, id=id, now=tx.now, before=before)


async def prove_mail(tx: Tx, id: UUID, mail_id: UUID) -> None:
    await tx.run(Q.prove_mail, id=id, mail_id=mail_id)


async def sees(tx: Tx, proven: Sequence[UUID]) -> list[UUID]:
    return [row.id for row in await tx.all(Q.sees, proven=list(proven))]


async def last_said(tx: Tx, address_ids: Sequence[UUID], before: int, limit: int) -> list[Said]:
    return await tx.all(Q.last_said, into=Said, address_ids=list(address_ids), before=before, now=tx.now, limit=limit)


async def next_said_at(tx: Tx, address_ids: Sequence[UUID]) -> datetime | None:
    return await tx.value(Q.next_said_at, address_ids=list(address_ids), now=tx.now)


async def waiting(tx: Tx, address_ids: Sequence[UUID], ids: Sequence[UUID]) -> list[UUID]:
    rows = await tx.all(Q.waiting, ids=list(ids), address_ids=list(address_ids), now=tx.now)
    return [row.id for row in rows]
