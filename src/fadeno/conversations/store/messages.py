"""Messages of cases."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from fadeno.conversations.model import Message, Saying
from fadeno.conversations.store import signing
from fadeno.conversations.store.statements import Q, record
from fadeno.db import Tx, array


async def hold_key(tx: Tx, key: str) -> None:
    await tx.run(Q.hold_key, key=key)


async def is_known(tx: Tx, account_id: UUID, provider_id: str) -> Any | None:
    return await tx.maybe(Q.is_known, account_id=account_id, provider_id=provider_id)


async def add_message(tx: Tx, row: dict[str, Any]) -> int:
    position = await tx.value(Q.add_message, row=record(row))
    await signing.message(tx, [row["id"]])
    return position


async def add_original(tx: Tx, message_id: UUID, quoted: str, html: str) -> None:
    await tx.run(Q.add_original, message_id=message_id, quoted=quoted, html=html)


async def add_finding(tx: Tx, position: int, case_id: UUID, words: Sequence[str]) -> None:
    await tx.run(Q.add_finding, position=position, case_id=case_id, words=list(words))


async def messages_by_id(tx: Tx, ids: Collection[UUID]) -> list[Message]:
    return await tx.all(Q.messages_by_id, into=Message, ids=array(ids)) if ids else []


async def stream(tx: Tx, case_id: UUID, before: tuple[datetime, int], limit: int) -> list[Message]:
    return await tx.all(
        Q.stream, into=Message, case_id=case_id, before_at=before[0], before_position=before[1], limit=limit
    )


async def stream_after(tx: Tx, case_id: UUID, after: tuple[datetime, int], limit: int) -> list[Message]:
    return await tx.all(
        Q.stream_after, into=Message, case_id=case_id, after_at=after[0], after_position=after[1], limit=limit
    )


async def newer(tx: Tx, case_id: UUID, position: int, author_id: UUID | None) -> Any:
    return await tx.one(Q.newer, case_id=case_id, position=position, author_id=author_id)


async def last_heard(tx: Tx, case_id: UUID, limit: int) -> list[Any]:
    return await tx.all(Q.last_heard, case_id=case_id, limit=limit)


async def set_state(
    tx: Tx, id_: UUID, state: str, from_states: Collection[str], *, words: str, provider_id: str, at: datetime
) -> UUID | None:
    case_id = await tx.value(
        Q.set_state, id=id_, state=state, from_states=list(from_states), words=words, provider_id=provider_id, at=at
    )
    if case_id is not None:
        await signing.message(tx, [id_])
    return case_id


async def queue_again(tx: Tx, id_: UUID) -> bool:
    is_queued = bool(await tx.all(Q.queue_again, id=id_, now=tx.now))
    if is_queued:
        await signing.message(tx, [id_])
    return is_queued


async def not_left(tx: Tx, before: int, limit: int) -> list[Any]:
    return await tx.all(Q.not_left, before=before, limit=limit)


async def cancel(tx: Tx, id_: UUID) -> None:
    await tx.run(Q.cancel, id=id_)
    await signing.message(tx, [id_])


async def sayings(tx: Tx, case_id: UUID) -> list[Saying]:
    return await tx.all(Q.sayings, into=Saying, case_id=case_id)


async def count_messages(tx: Tx, case_id: UUID) -> int:
    return await tx.value(Q.count_messages, case_id=case_id)


async def original(tx: Tx, message_id: UUID) -> Any | None:
    return await tx.maybe(Q.original, message_id=message_id)


async def outgoing(tx: Tx, message_id: UUID) -> Any | None:
    return await tx.maybe(Q.outgoing, id=message_id)


async def references(tx: Tx, case_id: UUID, channel: str, position: int, limit: int) -> list[Any]:
    return await tx.all(Q.references, case_id=case_id, channel=channel, position=position, limit=limit)


async def sent_as(tx: Tx, channel: str, provider_ids: Sequence[str]) -> list[UUID]:
    return [row.id for row in await tx.all(Q.sent_as, channel=channel, provider_ids=list(provider_ids))]
