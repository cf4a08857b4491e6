"""One thin function per query of chats."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from fadeno.chats.model import Chat, Pass, Said, Unread
from fadeno.db import Queries, Tx

Q = Queries(__package__)


async def note_chat(tx: Tx, **values: Any) -> None:
    await tx.run(Q.note_chat, now=tx.now, **values)


async def keep_chat(tx: Tx, **values: Any) -> None:
    await tx.run(Q.keep_chat, now=tx.now, **values)


async def chat(tx: Tx, id: UUID) -> Chat | None:
    return await tx.maybe(Q.chat, into=Chat, id=id)


async def look(tx: Tx, id: UUID, before: datetime) -> None:
    await tx.run(Q.look, id=id, now=tx.now, before=before)


async def sees(tx: Tx, proven: Sequence[UUID]) -> list[UUID]:
    return [row.id for row in await tx.all(Q.sees, proven=list(proven))]


async def last_said(tx: Tx, address_ids: Sequence[UUID], before: int, limit: int) -> list[Said]:
    return await tx.all(Q.last_said, into=Said, address_ids=list(address_ids), before=before, now=tx.now, limit=limit)


async def next_said_at(tx: Tx, address_ids: Sequence[UUID]) -> datetime | None:
    return await tx.value(Q.next_said_at, address_ids=list(address_ids), now=tx.now)


async def waiting(tx: Tx, address_ids: Sequence[UUID], ids: Sequence[UUID]) -> list[UUID]:
    rows = await tx.all(Q.waiting, ids=list(ids), address_ids=list(address_ids), now=tx.now)
    return [row.id for row in rows]


async def address(tx: Tx, id: UUID) -> Any | None:
    return await tx.maybe(Q.address, id=id)


async def add_pass(tx: Tx, id: UUID, address_id: UUID, chat_id: UUID | None, expires_at: datetime) -> None:
    await tx.run(Q.add_pass, id=id, address_id=address_id, chat_id=chat_id, now=tx.now, expires_at=expires_at)


async def mailed_pass(tx: Tx, id: UUID) -> Pass | None:
    return await tx.maybe(Q.mailed_pass, into=Pass, id=id)


async def count_asked(tx: Tx, address_id: UUID, since: datetime) -> int:
    return await tx.value(Q.count_asked, address_id=address_id, since=since)


async def note_asked(tx: Tx, address_id: UUID) -> None:
    await tx.run(Q.note_asked, address_id=address_id, now=tx.now)


async def drop_asked(tx: Tx, before: datetime) -> None:
    await tx.run(Q.drop_asked, before=before)


async def revoke_passes(tx: Tx, address_id: UUID) -> int:
    return await tx.run(Q.revoke_passes, address_id=address_id, now=tx.now)


async def drop_passes(tx: Tx, before: datetime, limit: int) -> int:
    return await tx.run(Q.drop_passes, before=before, limit=limit)


async def unread(tx: Tx, *, looked_before: datetime, before: datetime, since: datetime, limit: int) -> list[Unread]:
    return await tx.all(
        Q.unread, into=Unread, looked_before=looked_before, before=before, since=since, limit=limit
    )  # fmt: skip


async def note_sent_on(tx: Tx, message_ids: Sequence[UUID], as_id: UUID | None) -> None:
    await tx.run(Q.note_sent_on, message_ids=list(message_ids), as_id=as_id, now=tx.now)


async def add_reply(tx: Tx, message_id: UUID) -> None:
    await tx.run(Q.add_reply, message_id=message_id)


async def addresses_of(tx: Tx, customer_id: UUID) -> list[UUID]:
    return [row.id for row in await tx.all(Q.addresses_of, customer_id=customer_id)]


async def forget(tx: Tx, address_ids: Sequence[UUID]) -> None:
    await tx.run(Q.forget_passes, address_ids=list(address_ids))
    await tx.run(Q.forget_replies, address_ids=list(address_ids))
    await tx.run(Q.forget_chats, address_ids=list(address_ids))


async def chats_of(tx: Tx, customer_id: UUID) -> list[Any]:
    return await tx.all(Q.chats_of, customer_id=customer_id)


async def chats_in(tx: Tx, case_id: UUID) -> list[UUID]:
    return [row.id for row in await tx.all(Q.chats_in, case_id=case_id)]


async def were_sent_on(tx: Tx, message_ids: Sequence[UUID]) -> set[UUID]:
    return {row.id for row in await tx.all(Q.were_sent_on, message_ids=list(message_ids))}


async def to_rate(tx: Tx, case_id: UUID, since: datetime) -> UUID | None:
    return await tx.value(Q.to_rate, case_id=case_id, since=since)


async def may_rate(tx: Tx, case_id: UUID, address_ids: Sequence[UUID]) -> bool:
    return await tx.value(Q.may_rate, case_id=case_id, address_ids=list(address_ids))
