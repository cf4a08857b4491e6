"""A message as whoever carries it needs it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from fadeno.conversations import store
from fadeno.conversations.model import Outgoing
from fadeno.db import Tx
from fadeno.kit import lists

MOST_REFERENCES = 20
MOST = 200
_LAST = 2**62


@dataclass(frozen=True, slots=True)
class NotLeft:
    """An answer that failed, with the provider's words, or of which nobody knows whether it left (`unknown`)."""

    id: UUID
    position: int
    case_id: UUID
    case_number: int
    said_at: datetime
    channel: str
    account_id: UUID | None
    state: str
    state_words: str


async def outgoing(tx: Tx, message_id: UUID) -> Outgoing | None:
    """A message that is to leave; None for one that was held back, left already or can go nowhere any more."""
    row = await store.outgoing(tx, message_id)
    if row is None:
        return None
    ids = await store.references(tx, row.case_id, row.channel, row.position, MOST_REFERENCES)
    return Outgoing(
        row.id, row.case_id, row.number, row.account_id, row.channel, (row.kind, row.value), row.subject, row.text,
        next((one.provider_id for one in ids if one.direction == "in"), ""),
        tuple(one.provider_id for one in reversed(ids)),
        row.attachments, row.language, row.author_name, row.said_at, row.is_automatic,
    )  # fmt: skip


async def not_left(tx: Tx, *, before: int | None = None, limit: int = 50) -> tuple[list[NotLeft], int | None]:
    """Answers that failed or may not have left, the latest first, and before which position the next page begins."""
    limit = max(1, min(limit, MOST))
    rows = await store.not_left(tx, _LAST if before is None else min(before, _LAST), limit + 1)
    page, last = lists.cut([NotLeft(*row) for row in rows], limit)
    return page, last.position if last else None


async def sent_as(tx: Tx, channel: str, provider_ids: Sequence[str]) -> list[UUID]:
    """Which of our messages a channel means by these names; at most the first 50 are looked for."""
    wanted = [name for name in provider_ids[:50] if name]
    return await store.sent_as(tx, channel, wanted) if wanted else []
