"""Customers who may be one person by what is known of them."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from fadeno.customers import store
from fadeno.db import Tx
from fadeno.kit.errors import Invalid

_FIRST = (101, UUID(int=0))


@dataclass(frozen=True, slots=True)
class Likely:
    """Two customers who may be one person.

    Attributes:
        certainty: in per cent.
        reasons: codes of what speaks for it and against it.
    """

    id: UUID
    certainty: int
    reasons: list[str]
    found_at: datetime
    one: UUID
    one_label: str
    other: UUID
    other_label: str


async def likely(
    tx: Tx, *, least: int = 0, after: str | None = None, limit: int = 50
) -> tuple[list[Likely], str | None]:
    """Pairs that wait for somebody to look, the likeliest first, and where the next page begins."""
    below = _FIRST
    if after:
        certainty, _, id_ = after.partition("_")
        try:
            below = (int(certainty), UUID(id_))
            if not 0 <= below[0] <= _FIRST[0]:
                raise ValueError
        except ValueError:
            raise Invalid("`after` is the `next` of the page before.", field="after") from None
    rows = await store.likenesses(tx, least, below, limit + 1)
    page = [Likely(*row) for row in rows[:limit]]
    return page, f"{page[-1].certainty}_{page[-1].id}" if len(rows) > limit else None
