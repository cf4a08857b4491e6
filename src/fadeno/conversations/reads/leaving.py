"""A message as whoever carries it needs it."""

from collections.abc import Sequence
from uuid import UUID

from fadeno.conversations import store
from fadeno.conversations.model import Outgoing
from fadeno.db import Tx

MOST_REFERENCES = 20


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


async def sent_as(tx: Tx, channel: str, provider_ids: Sequence[str]) -> list[UUID]:
    """Which of our messages a channel means by these names; at most the first 50 are looked for."""
    wanted = [name for name in provider_ids[:50] if name]
    return await store.sent_as(tx, channel, wanted) if wanted else []
