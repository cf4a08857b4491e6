"""One question once a case is solved: how content the customer was. Kept with the case and on their thread."""

from uuid import UUID

from fadeno import conversations
from fadeno.chats import store
from fadeno.chats.model import NotYours, Viewer
from fadeno.db import Tx


async def rate(tx: Tx, viewer: Viewer, case_id: UUID, stars: int, channel: str) -> None:
    """Keep how content a customer was with a case of theirs, 1 to 5; said again, the last word counts.

    Raises:
        Invalid: it is no such number.
        NotYours: they see nothing of that case.
    """
    if not await store.may_rate(tx, case_id, viewer.address_ids):
        raise NotYours
    await conversations.rate(tx, case_id, stars, channel)
