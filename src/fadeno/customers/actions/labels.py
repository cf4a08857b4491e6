"""Keeping what customers are called and found by in step with what is known of them."""

from collections import defaultdict
from collections.abc import Collection
from uuid import UUID

from fadeno.customers import store
from fadeno.customers.model import NAME_TRAITS, Label, Said, label, limit_of, traits
from fadeno.db import Tx


async def relabel(tx: Tx, customer_ids: Collection[UUID]) -> None:
    """Compute names and search keys of customers anew."""
    if not customer_ids:
        return
    found = await labels(tx, customer_ids)
    rows = [(id_, one.name, one.label, one.search_keys, one.sort_key) for id_, one in found.items()]
    await store.set_labels(tx, sorted(rows))


async def labels(tx: Tx, customer_ids: Collection[UUID]) -> dict[UUID, Label]:
    """What customers are called by all that is known of them."""
    addresses: dict[UUID, list[tuple[str, str]]] = defaultdict(list)
    for row in await store.telling_addresses(tx, customer_ids):
        if not row.blocked and limit_of(row.kind) is not None:
            addresses[row.customer_id].append((row.kind, row.value))
    said: dict[UUID, list[Said]] = defaultdict(list)
    for row in await store.name_traits(tx, customer_ids, NAME_TRAITS):
        said[row.customer_id].append(
            Said(row.address_id, row.name, row.value, row.source_id, row.proven, row.said_at, row.event_id)
        )
    return {id_: label(addresses[id_], traits(said[id_])) for id_ in customer_ids}
