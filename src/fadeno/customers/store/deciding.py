"""What members did, and the rulings that follow from it."""

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from fadeno.customers.store.statements import Q, array, fetched
from fadeno.db import Tx


async def add_action(
    tx: Tx,
    id_: UUID,
    verb: str,
    made_by: str,
    customers: Collection[UUID],
    detail: dict[str, Any],
    *,
    of_action: UUID | None = None,
    link_id: UUID | None = None,
) -> None:
    await tx.run(
        Q.add_action,
        id=id_,
        verb=verb,
        made_by=made_by,
        now=tx.now,
        of_action=of_action,
        link_id=link_id,
        customers=sorted(customers),
        detail=msgspec.json.encode(detail).decode(),
    )


async def lock_action(tx: Tx, id_: UUID) -> Any | None:
    return await tx.maybe(Q.lock_action, id=id_)


async def set_undone(tx: Tx, id_: UUID, by: UUID | None) -> None:
    await tx.run(Q.set_undone, id=id_, by=by)


async def add_ruling(
    tx: Tx, id_: UUID, action_id: UUID, verb: str, one: Collection[UUID], other: Collection[UUID] = ()
) -> None:
    """Add a `together`, or an `apart` that does not hold its sides."""
    await tx.run(
        Q.add_ruling,
        id=id_,
        action_id=action_id,
        verb=verb,
        one=array(one),
        other=array(other),
        is_held=False,
        now=tx.now,
    )


async def add_split(tx: Tx, id_: UUID, action_id: UUID, customer_id: UUID, chosen: Collection[UUID]) -> Any:
    """Add an `apart` of the chosen addresses and all others of a customer, both sides held; what the sides are."""
    return await tx.one(
        Q.add_split, id=id_, action_id=action_id, customer_id=customer_id, chosen=array(chosen), now=tx.now
    )


async def set_versions(tx: Tx, action_id: UUID, ids: Collection[UUID]) -> None:
    await tx.run(Q.set_versions, id=action_id, ids=array(ids))


async def keep_before(tx: Tx, action_id: UUID, ids: Collection[UUID], losing: Collection[UUID]) -> None:
    await tx.run(Q.keep_before, action_id=action_id, ids=array(ids), losing=array(losing))


async def before(tx: Tx, action_id: UUID) -> list[Any]:
    return await tx.all(Q.before, action_id=action_id)


async def set_rulings_retracted(tx: Tx, action_id: UUID, at: datetime | None) -> None:
    await tx.run(Q.set_rulings_retracted, action_id=action_id, at=at)


async def rulings_of_action(tx: Tx, action_id: UUID) -> list[UUID]:
    return [r.id for r in await fetched(tx, Q.rulings_of_action, action_id=action_id)]


async def customers_ruled(tx: Tx, action_id: UUID) -> list[UUID]:
    return [r.customer_id for r in await fetched(tx, Q.customers_ruled, action_id=action_id)]


async def set_link_retracted(tx: Tx, id_: UUID, by: UUID | None) -> None:
    await tx.run(Q.set_link_retracted, id=id_, by=by)


async def link(tx: Tx, id_: UUID) -> Any | None:
    return await tx.maybe(Q.link, id=id_)


async def count_links(tx: Tx, id_: UUID, most: int) -> int:
    return await tx.value(Q.count_links, id=id_, most=most)


async def other_addresses(tx: Tx, customer_id: UUID, chosen: Collection[UUID]) -> list[UUID]:
    return [r.address_id for r in await fetched(tx, Q.other_addresses, customer_id=customer_id, chosen=array(chosen))]


async def some_address(tx: Tx, id_: UUID) -> UUID | None:
    return await tx.value(Q.some_address, id=id_)


async def summaries(tx: Tx, ids: Collection[UUID]) -> list[Any]:
    return await tx.all(Q.summaries, ids=array(ids))


async def set_shared(tx: Tx, id_: UUID, shared: bool | None) -> None:
    await tx.run(Q.set_shared, id=id_, shared=shared)


async def sharing_said(tx: Tx, id_: UUID) -> bool | None:
    return await tx.value(Q.sharing_said, id=id_)


async def set_blocked(tx: Tx, id_: UUID, blocked: str | None) -> None:
    await tx.run(Q.set_blocked, id=id_, blocked=blocked)
