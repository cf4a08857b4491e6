"""What must hold of commerce."""

from fadeno.commerce import store
from fadeno.db import Tx


async def check(tx: Tx) -> tuple[str, list[str]]:
    """Do orders and lines, prices and products belong together? What was looked at, and each fault found.

    An order whose source can't add is no fault of ours: it is counted, and shown with the difference.
    """
    there = await store.count_all(tx)
    told = f"{there.orders} orders with {there.lines} lines, {there.products} products, {there.places} places"
    if there.uneven:
        told += f"; {there.uneven} orders have another total than their parts, as their sources say them"
    return told, await store.faults(tx)
