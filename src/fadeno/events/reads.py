"""Questions to the log. A customer's thread is asked of `customers`, which knows who is who."""

from fadeno.db import Tx
from fadeno.events import store
from fadeno.events.model import StreamedEvent

MOST = 500


async def since(tx: Tx, position: int, limit: int = MOST) -> list[StreamedEvent]:
    """Events after `position` of the live stream, in its order, at most 500."""
    return await store.since(tx, position, min(limit, MOST))


async def last_position(tx: Tx) -> int:
    """Where the live stream ends now; 0 when nothing ever happened."""
    return await store.last_position(tx)
