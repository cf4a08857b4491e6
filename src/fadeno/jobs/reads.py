"""Questions to jobs."""

from fadeno.db import Tx
from fadeno.jobs import store
from fadeno.jobs.model import Backlog, LaneState, Stock


async def lane_state(tx: Tx, lane: str) -> LaneState | None:
    """The lane's record, or None when nothing was ever put there."""
    return await store.lane_state(tx, lane)


async def backlog(tx: Tx, lane: str) -> Backlog:
    """What waits in a lane, and what was given up."""
    return await store.backlog(tx, lane)


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
