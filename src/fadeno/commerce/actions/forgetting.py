"""Handing out what is known of a customer's orders, and forgetting it."""

from typing import Any
from uuid import UUID

import msgspec

from fadeno import access
from fadeno.access import Actor
from fadeno.commerce import store
from fadeno.commerce.reads.orders import MOST, orders, with_lines
from fadeno.db import Tx


async def erase(tx: Tx, actor: Actor, customer_id: UUID) -> int:
    """Forget what is written on a customer's orders; numbers, amounts and counts stay. How many orders there were.

    No later word of a source, nor taking an import back, brings anything of it again.
    """
    emptied = await store.erase_orders(tx, customer_id)
    if emptied:
        await access.note(tx, actor, "erase", "orders", customer_id, {"orders": emptied})
    return emptied


async def export(tx: Tx, customer_id: UUID) -> list[dict[str, Any]]:
    """Every order of a customer with its lines, ready for JSON; who hands it out notes it."""
    found: list[dict[str, Any]] = []
    before = None
    while True:
        page, before = await orders(tx, customer_id=customer_id, before=before, limit=MOST)
        found += msgspec.to_builtins(await with_lines(tx, page))
        if before is None:
            return found
