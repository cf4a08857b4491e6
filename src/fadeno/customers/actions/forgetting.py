"""Handing out all that is kept about a customer, and forgetting it."""

import secrets
from typing import Any
from uuid import UUID

import msgspec

from fadeno import access, events
from fadeno.access import Actor
from fadeno.customers import store
from fadeno.customers.model import Erased, NoCustomer
from fadeno.customers.reads.person import resolve
from fadeno.customers.reads.thread import MOST, thread
from fadeno.db import Tx


async def stays(tx: Tx, id_: UUID) -> bool:
    """Let nobody forget a customer until the end of the transaction; False where that was done a moment ago."""
    return await store.share_customer(tx, id_)


async def hold(tx: Tx, id_: UUID) -> None:
    """Take a customer before anything of theirs: what comes in takes them first too, so neither waits in a ring.

    Raises:
        NoCustomer: there is no such id.
    """
    row = await resolve(tx, id_)
    await store.lock_customers(tx, [row.id])
    await store.lock_addresses(tx, row.id)


async def erase(tx: Tx, actor: Actor, id_: UUID) -> int:
    """Forget a customer: bodies are emptied, addresses become marks nobody can look up; ids and counts stay.

    It can't be undone. If the same address is seen again, it is a new customer.

    Returns:
        How many events were emptied.

    Raises:
        NoCustomer: there is no such id.
        Erased: it was done already.
    """
    row = await resolve(tx, id_)
    rows = await store.lock_customers(tx, [row.id])
    if row.id not in rows:
        raise NoCustomer(field="id")
    if rows[row.id].erased_at:
        raise Erased
    ids = [a.id for a in await store.all_addresses(tx, row.id)]
    emptied = await events.blank(tx, await store.reach(tx, row.id), ids)
    await store.erase_said(tx, ids)
    await store.erase_addresses(tx, ids, [secrets.token_hex(12) for _ in ids])
    await store.erase_customer(tx, row.id)
    await access.note(tx, actor, "erase", "customer", row.id, {"addresses": len(ids), "events": emptied})
    return emptied


async def export(tx: Tx, actor: Actor, id_: UUID) -> dict[str, Any]:
    """Everything that is kept about a customer, ready for JSON.

    Raises:
        NoCustomer: there is no such id.
    """
    row = await resolve(tx, id_)
    log = []
    before = None
    while True:
        items, before = await thread(tx, row.id, before=before, limit=MOST)
        log.extend(items)
        if before is None:
            break
    addresses = await store.all_addresses(tx, row.id)
    found = {
        "customer": {"id": row.id, "name": row.name, "label": row.label, "erased_at": row.erased_at},
        "addresses": [a._asdict() for a in addresses],
        "links": [li._asdict() for li in await store.all_links(tx, row.id)],
        "traits": [t._asdict() for t in await store.all_traits(tx, row.id)],
        "consents": await store.consents(tx, row.id, 1_000_000),
        "actions": [a._asdict() for a in await store.actions_of(tx, [a.id for a in addresses], 1_000)],
        "events": log,
    }
    await access.note(tx, actor, "export", "customer", row.id, {"addresses": len(addresses), "events": len(log)})
    return msgspec.to_builtins(found)
