"""What breaks a law of cases."""

from datetime import datetime

from fadeno.conversations.store.statements import Q
from fadeno.db import Tx


async def faults(tx: Tx, late: datetime, most: int) -> list[str]:
    return [row.fault for row in await tx.all(Q.faults, late=late, most=most)]


async def counted(tx: Tx) -> tuple[int, int]:
    """Cases, and messages."""
    row = await tx.one(Q.counted)
    return row.cases, row.messages
