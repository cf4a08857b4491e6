"""What jobs call: bringing the log's cached customers up to date after merges and splits."""

from fadeno import events
from fadeno.customers import store
from fadeno.db import Tx

CHUNK = 1_000
MOST_REWRITES = 200


async def rewrite_events(tx: Tx) -> bool:
    """Rewrite a thousand events at most; whether there is more to do at once.

    A transaction that read the address map before a merge may commit its events after it. So a rewrite is begun
    only when every transaction that was running at its first sight has ended, and then no event can be missed.
    """
    await store.set_horizons(tx)
    left = CHUNK
    done = []
    for row in await store.due_rewrites(tx, MOST_REWRITES):
        seen = await store.events_to_rewrite(tx, row.from_customer, (row.reached_at, row.reached_id), left)
        stale = [e for e in seen if e.customer_id != e.stamped]
        if stale:
            await events.restamp(tx, [e.id for e in stale], [e.customer_id for e in stale])
        if len(seen) == left:
            await store.set_reached(tx, row.id, seen[-1].occurred_at, seen[-1].id)
            await store.drop_rewrites(tx, done)
            return True
        left -= len(seen)
        done.append(row.id)
    if done:
        await store.drop_rewrites(tx, done)
    return len(done) == MOST_REWRITES
