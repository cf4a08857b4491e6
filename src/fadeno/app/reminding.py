"""Who hears that a promise is nearly due."""

from fadeno import conversations
from fadeno.db import Tx
from fadeno.promises import Promise


async def remind(tx: Tx, promise: Promise) -> None:
    """Tell who keeps a promise, and who works the case it was made in."""
    await conversations.remind(tx, promise.case_id, promise.owner_id)
