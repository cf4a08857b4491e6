"""How content customers were with their cases."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from fadeno.conversations.store import signing
from fadeno.conversations.store.statements import Q
from fadeno.db import Tx


async def rate(tx: Tx, case_id: UUID, stars: int, words: str) -> None:
    await tx.run(Q.rate, case_id=case_id, stars=stars, words=words, now=tx.now)
    await signing.case(tx, case_id)


async def to_ask(
    tx: Tx, since: datetime, until: datetime, chats_until: datetime, chats: Sequence[str], limit: int
) -> list[UUID]:
    rows = await tx.all(
        Q.to_ask, since=since, until=until, chats_until=chats_until, chats=list(chats), limit=limit
    )  # fmt: skip
    return [row.id for row in rows]


async def was_asked_since(tx: Tx, case_id: UUID, since: datetime) -> bool:
    return await tx.value(Q.was_asked_since, case_id=case_id, since=since)


async def note_asked(tx: Tx, case_id: UUID, held: str) -> None:
    await tx.run(Q.note_asked, case_id=case_id, held=held, now=tx.now)
