"""What jobs call: forgetting what sign-in no longer needs. Idempotent."""

from datetime import timedelta

from fadeno.access.limits import FORGET_AFTER
from fadeno.access.model import DEVICE_LIFE
from fadeno.access.store import Q
from fadeno.db import Tx

KEEP_ENDED_SESSIONS = timedelta(days=30)


async def trim(tx: Tx) -> int:
    """Forget quiet counts of tries, sessions long ended and old browsers; how many rows went."""
    gone = await tx.run(Q.trim_attempts, before=tx.now - FORGET_AFTER)
    gone += await tx.run(Q.trim_sessions, before=tx.now - KEEP_ENDED_SESSIONS)
    return gone + await tx.run(Q.trim_devices, before=tx.now - DEVICE_LIFE)
