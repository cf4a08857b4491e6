"""The laws of cases on the data at hand."""

from datetime import timedelta

from fadeno.conversations.store import checking
from fadeno.db import Tx

_MOST_FAULTS = 20
_LATE = timedelta(days=1)


async def check(tx: Tx) -> tuple[str, list[str]]:
    """Is every message in one case that stands, and every case in short what its messages say? Each fault found."""
    cases, messages = await checking.counted(tx)
    return f"{cases} cases with {messages} messages", await checking.faults(tx, tx.now - _LATE, _MOST_FAULTS)
