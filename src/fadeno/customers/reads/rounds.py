"""Likely pairs that were merged many at once."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from fadeno.customers.model import NoRound
from fadeno.customers.store import rounds as store
from fadeno.db import Tx


@dataclass(frozen=True, slots=True)
class Round:
    """Many pairs merged on one word.

    Attributes:
        least: certainty of its pairs at least, in per cent.
        total: how many pairs it began with.
        state: `merging`, `done`, `undoing` or `undone`; `ended` before that, as who began it may no longer merge.
        merged: how many are merged now.
        waiting: how many it has still to merge.
    """

    id: UUID
    least: int
    total: int
    state: str
    made_by: str
    made_at: datetime
    merged: int
    waiting: int

    @property
    def is_open(self) -> bool:
        """Whether something is still being done."""
        return self.state in ("merging", "undoing")

    @property
    def left(self) -> int:
        """How many were one customer by then, or could not be merged."""
        return self.total - self.merged - self.waiting


async def round_of(tx: Tx, id_: UUID) -> Round:
    """One round, as far as it has come.

    Raises:
        NoRound: there is no such id.
    """
    rows = await store.rounds(tx, id_, 1)
    if not rows:
        raise NoRound(field="id")
    return Round(*rows[0])


async def rounds(tx: Tx, *, limit: int = 5) -> list[Round]:
    """The latest rounds."""
    return [Round(*row) for row in await store.rounds(tx, None, limit)]
