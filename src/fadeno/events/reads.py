"""Questions to the log. A customer's thread is asked of `customers`, which knows who is who."""

from datetime import timedelta

from fadeno.db import Tx
from fadeno.events import store
from fadeno.events.model import Sign, StreamedEvent

MOST = 500
SIGNS_SURE = timedelta(days=1)  # what is younger was never forgotten


async def since(tx: Tx, position: int, limit: int = MOST) -> list[StreamedEvent]:
    """Events after `position` of the live stream, in its order, at most 500."""
    return await store.since(tx, position, min(limit, MOST))


async def last_position(tx: Tx) -> int:
    """Where the live stream ends now; 0 when nothing ever happened."""
    return await store.last_position(tx)


async def signs_since(tx: Tx, position: int, limit: int = MOST) -> list[Sign] | None:
    """Signs after `position`, in order, at most 500; None where some may be forgotten: look at everything."""
    oldest = await store.oldest_sign(tx)
    if oldest is not None and oldest.position > position + 1 and oldest.made_at < tx.now - SIGNS_SURE:
        return None
    return await store.signs_since(tx, position, min(limit, MOST))
