"""Recording the orders events tell of, in the transaction that keeps them."""

from collections import defaultdict
from collections.abc import Sequence
from uuid import UUID

from msgspec.structs import replace

from fadeno.commerce.actions.ordering import keep_orders
from fadeno.commerce.model import NewOrder
from fadeno.commerce.model.heard import order_of
from fadeno.db import Tx
from fadeno.events import NewEvent


async def hear(tx: Tx, events: Sequence[NewEvent], said_in: UUID | None = None) -> None:
    """Record the orders these events tell of; one that can't be recorded stays an event on the thread.

    Args:
        said_in: the import these events came in: what they tell of orders can be taken back with it.
    """
    told: defaultdict[int, list[NewOrder]] = defaultdict(list)
    for event in sorted(events, key=lambda e: (e.occurred_at, e.id)):
        order = order_of(event)
        if order is not None:
            told[event.source_id].append(order)
    for source_id, orders in sorted(told.items()):
        if said_in is not None:
            orders = [replace(order, said_in=None) for order in orders]
        about = said_in or orders[-1].said_in or events[-1].id
        await keep_orders(tx, source_id, orders, said_in=about, is_import=said_in is not None)
