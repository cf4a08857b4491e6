"""Questions to jobs."""

from fadeno.db import Tx
from fadeno.jobs import store
from fadeno.jobs.model import Backlog, LaneState, Standing, Stock
from fadeno.kit import lists
from fadeno.kit.errors import Invalid

MOST = 200
_LAST = 2**62


async def lane_state(tx: Tx, lane: str) -> LaneState | None:
    """The lane's record, or None when nothing was ever put there."""
    return await store.lane_state(tx, lane)


async def backlog(tx: Tx, lane: str) -> Backlog:
    """What waits in a lane, and what was given up."""
    return await store.backlog(tx, lane)


async def listed(
    tx: Tx, *, state: str = "open", kind: str = "", lane: str = "", before: int | None = None, limit: int = 50
) -> tuple[list[Standing], int | None]:
    """Jobs that wait (open) or were given up (failed), the latest first, and before which the next page begins.

    Raises:
        Invalid: there is no such state.
    """
    if state not in ("open", "failed"):
        raise Invalid("Choose a state: open, failed.", field="state", word="bad_choice")
    limit = max(1, min(limit, MOST))
    start = _LAST if before is None else min(before, _LAST)
    found = await store.listed(tx, state=state, kind=kind, lane=lane, before=start, limit=limit + 1)
    page, last = lists.cut(found, limit)
    return page, last.id if last else None


async def stock(tx: Tx) -> list[Stock]:
    """How many jobs there are, by kind."""
    return await store.stock(tx)


async def check(tx: Tx) -> tuple[str, list[str]]:
    """Does every open job have its place in the order? What was looked at, and each fault found."""
    faults = [
        f"lane {row.lane}, order {row.order_key}: {row.jobs} open, {row.counted} counted"
        for row in await store.strands_wrong(tx)
    ]
    return f"the order of {await store.count_open(tx)} jobs", faults
