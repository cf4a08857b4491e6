"""What the questions of this room read."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from fadeno.customers.model import Consent
from fadeno.customers.store.statements import Q, array, fetched
from fadeno.db import Tx


async def customer(tx: Tx, id_: UUID) -> Any | None:
    """The customer row a birth id leads to."""
    return await tx.maybe(Q.customer, id=id_)


async def find(tx: Tx, kind: str, value: str) -> UUID | None:
    return await tx.value(Q.find, kind=kind, value=value)


async def find_address(tx: Tx, kind: str, value: str) -> UUID | None:
    return await tx.value(Q.find_address, kind=kind, value=value)


async def telling_page(tx: Tx, id_: UUID, limit: int) -> list[Any]:
    return await fetched(tx, Q.telling_page, id=id_, limit=limit)


async def silent_page(tx: Tx, id_: UUID, after: UUID, limit: int) -> list[Any]:
    return await fetched(tx, Q.silent_page, id=id_, after=after, limit=limit)


async def person(tx: Tx, id_: UUID, limit: int, most_telling: int, most_said: int) -> Any | None:
    """All that is known of the customer a birth id leads to, at one moment; what is many of it as JSON."""
    rows = await fetched(tx, Q.person, id=id_, limit=limit, most_telling=most_telling, most_said=most_said)
    return rows[0] if rows else None


async def consents(tx: Tx, id_: UUID, limit: int) -> list[Consent]:
    return await tx.all(Q.consents, Consent, id=id_, limit=limit)


async def links_page(tx: Tx, id_: UUID, after: tuple[UUID, UUID], limit: int) -> list[Any]:
    return await fetched(tx, Q.links_page, id=id_, after_a=after[0], after_id=after[1], limit=limit)


async def thread(
    tx: Tx,
    id_: UUID,
    before: tuple[datetime, UUID],
    limit: int,
    kinds: Sequence[str] | None,
    channels: Sequence[str] | None,
) -> list[Any] | None:
    """Events before a place in the thread, newest first; None where there is no such customer."""
    asked = {
        "id": id_,
        "before_at": before[0],
        "before_id": before[1],
        "limit": limit,
        "kinds": list(kinds) if kinds else None,
        "channels": list(channels) if channels else None,
    }
    rows = await fetched(tx, Q.thread, **asked)
    if not rows:
        return None
    if rows[0].customer_id is None:
        return await fetched(tx, Q.thread_rewritten, **asked)
    return [row[1:] for row in rows if row.id]


async def addresses(tx: Tx, ids: Collection[UUID]) -> dict[UUID, Any]:
    return {row.id: row for row in await fetched(tx, Q.addresses, ids=array(ids))}


async def told_apart(tx: Tx, ids: Collection[UUID], kinds: Sequence[str], names: Sequence[str], most: int) -> list[Any]:
    """What some addresses of these customers are, one row for each with each trait of these names said of it."""
    await tx.use_indexes()
    return await tx.all(Q.told_apart, ids=array(ids), kinds=array(kinds), names=array(names), most=most)


async def suggestions(tx: Tx, after: tuple[datetime, UUID], limit: int) -> list[Any]:
    return await tx.all(Q.suggestions, after_at=after[0], after_id=after[1], limit=limit)


async def suggestions_of(tx: Tx, id_: UUID, limit: int) -> list[Any]:
    return await tx.all(Q.suggestions_of, id=id_, limit=limit)


async def links_within(tx: Tx, id_: UUID) -> list[Any]:
    return await fetched(tx, Q.links_within, id=id_)


async def actions_of(tx: Tx, ids: Collection[UUID], limit: int) -> list[Any]:
    return await tx.all(Q.actions_of, ids=array(ids), limit=limit)


async def thread_counts(tx: Tx, id_: UUID) -> list[Any]:
    """How many events of each kind, name and channel a thread has, most first."""
    return await tx.all(Q.thread_counts, id=id_)
