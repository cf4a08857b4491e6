"""What is said of who is who, and by which event alone."""

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from fadeno.customers.store.statements import Q, array, fetched
from fadeno.db import Tx

MOST_TELLING = 50_000


async def links_said_by(tx: Tx, address_ids: Collection[UUID], event_ids: Collection[UUID]) -> list[UUID]:
    rows = await fetched(tx, Q.links_said_by, address_ids=array(address_ids), event_ids=array(event_ids))
    return [row.id for row in rows]


async def links_said_elsewhere(tx: Tx, ids: Collection[UUID]) -> list[Any]:
    return await tx.all(Q.links_said_elsewhere, ids=array(ids))


async def set_links_said(tx: Tx, rows: Sequence[Any]) -> None:
    if rows:
        await tx.run(
            Q.set_links_said,
            ids=array([row.id for row in rows]),
            event_ids=array([row.event_id for row in rows]),
            occurred_at=array([row.occurred_at for row in rows]),
            source_ids=array([row.source_id for row in rows]),
        )


async def drop_links(tx: Tx, ids: Collection[UUID]) -> None:
    await tx.run(Q.drop_links, ids=array(ids))


async def drop_said_by(tx: Tx, address_ids: Collection[UUID], event_ids: Collection[UUID]) -> list[Any]:
    """Forget traits and consents that are known by these events; which traits, as (address, name, source)."""
    said = {"address_ids": array(address_ids), "event_ids": array(event_ids)}
    await tx.run(Q.drop_consents_said_by, **said)
    return await tx.all(Q.drop_traits_said_by, **said)


async def events_telling(tx: Tx, address_ids: Collection[UUID], source_ids: Collection[int]) -> list[Any]:
    return await tx.all(
        Q.events_telling, address_ids=array(address_ids), source_ids=array(source_ids), most=MOST_TELLING
    )


async def unspoken(tx: Tx, address_ids: Collection[UUID]) -> list[Any]:
    return await fetched(tx, Q.unspoken, address_ids=array(address_ids))


async def address_counts(tx: Tx, customer_ids: Collection[UUID]) -> dict[UUID, int]:
    return {row.customer_id: row.addresses for row in await fetched(tx, Q.address_counts, ids=array(customer_ids))}


async def drop_addresses(tx: Tx, ids: Collection[UUID]) -> None:
    await tx.run(Q.drop_addresses, ids=array(ids))


async def make_silent(tx: Tx, ids: Collection[UUID]) -> None:
    if ids:
        await tx.run(Q.make_silent, ids=array(ids))


async def addresses_spelled(tx: Tx, ids: Collection[UUID]) -> dict[UUID, Any]:
    return {row.id: row for row in await fetched(tx, Q.addresses_spelled, ids=array(ids))}
