"""Forgetting a customer, and handing out all that is kept of one, in every room."""

from typing import Any
from uuid import UUID

from fadeno import access, chats, commerce, conversations, customers, imports, intake, promises, switchboard
from fadeno.app.joining import App
from fadeno.db import Tx

# How many addresses of a customer are read at a time.
ADDRESSES_AT_ONCE = 1_000


async def erase_customer(app: App, tx: Tx, actor: access.Actor, customer_id: UUID) -> int:
    """Forget a customer in every room that may hold something of them; how many events were emptied."""
    id_ = await customers.customer_of(tx, customer_id)
    await customers.hold(tx, id_)
    known = await _values(tx, id_)
    await commerce.erase(tx, actor, id_)
    await conversations.erase(tx, actor, id_)
    await promises.erase(tx, actor, id_)
    await chats.erase(tx, id_)
    emptied = await customers.erase(tx, actor, id_)
    await intake.forget(tx, app.vault, known)
    await switchboard.forget(tx, app.journal, known)
    await imports.forget(tx, app.vault, known)
    return emptied


async def _values(tx: Tx, customer_id: UUID) -> list[str]:
    """What all addresses of a customer say, of which there may be many thousands; nothing else of them is held."""
    values: list[str] = []
    after = None
    while True:
        some, after = await customers.addresses_with(tx, customer_id, after=after, limit=ADDRESSES_AT_ONCE)
        values += [address.value for address in some]
        if after is None:
            return values


async def export_customer(tx: Tx, actor: access.Actor, customer_id: UUID) -> dict[str, Any]:
    """Everything that is kept about a customer in any room, ready for JSON."""
    found = await customers.export(tx, actor, customer_id)
    orders, promised = await commerce.export(tx, customer_id), await promises.export(tx, customer_id)
    said = await conversations.export(tx, customer_id)
    talked = await chats.export(tx, customer_id)
    return {**found, "orders": orders, "promises": promised, **talked, **said}
