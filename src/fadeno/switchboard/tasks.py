"""What timers do for the switchboard."""

from datetime import timedelta

from fadeno.db import Tx
from fadeno.switchboard import store

_AT_ONCE = 500


async def empty_parcels(tx: Tx, *, journal_days: int) -> bool:
    """Empty bodies whose day's key was destroyed; True if there is more. What they are known by stays for ever."""
    return await store.empty_parcels(tx, tx.now.date() - timedelta(days=journal_days), _AT_ONCE) == _AT_ONCE
