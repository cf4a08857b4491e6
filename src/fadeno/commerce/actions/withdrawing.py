"""Taking back whole what an import said."""

from dataclasses import dataclass
from uuid import UUID

from fadeno import access
from fadeno.access import Actor
from fadeno.commerce import store
from fadeno.db import Tx

MOST = 2_000


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """What one step took back.

    Attributes:
        restored: rows that stand again as before the import, or stay as others need them; `dropped` are those it had
            brought.
        is_done: nothing of the import is left.
    """

    restored: int
    dropped: int
    is_done: bool


async def withdraw(tx: Tx, actor: Actor, said_in: UUID, *, limit: int = MOST) -> Withdrawn:
    """Take back a part of what an import said; call it again, each time in a new transaction, until `is_done`.

    What somebody else said since stays, and stands as if the import had never been. A product or place that prices
    or stock of others need stays too.

    Args:
        limit: rows a step takes back at most.
    """
    for query in store.WITHDRAWING:
        rows = await store.withdraw(tx, query, said_in, limit)
        if not rows:
            continue
        if query is store.WITHDRAWING[0]:
            await store.drop_lines(tx, [row.id for row in rows])
            await store.restore_lines(tx, said_in, [row.id for row in rows if row.is_restored])
        restored = sum(row.is_restored for row in rows)
        return Withdrawn(restored, len(rows) - restored, False)
    await store.hand_before_on(tx, said_in)
    await store.forget_before(tx, said_in)
    await access.note(tx, actor, "withdraw", "import", said_in)
    return Withdrawn(0, 0, True)
