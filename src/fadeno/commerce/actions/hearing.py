"""Recording the orders events tell of, in the transaction that keeps them."""

from collections import defaultdict
from collections.abc import Sequence

from fadeno.commerce.actions.ordering import keep_orders
from fadeno.commerce.model import NewOrder
from fadeno.commerce.model.heard import order_of
from fadeno.db import Tx
from fadeno.events import NewEvent


async def hear(tx: Tx, events: Sequence[NewEvent]) -> None:
    """Record the orders these events tell of; one that can't be recorded stays an event on the thread."""
    told: defaultdict[int, list[NewOrder]] = defaultdict(list)
    for event in sorted(events, key=lambda e: (e.occurred_at, e.id)):
        order = order_of(event)
        if order is not None:
            told[event.source_id].append(order)
    for source_id, orders in sorted(told.items()):
        await keep_orders(tx, source_id, orders, said_in=orders[-1].said_in or events[-1].id)
