"""Everything about one customer: to hand out, and to forget."""

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from fadeno.customers.store.statements import Q, array
from fadeno.db import Tx


async def all_addresses(tx: Tx, id_: UUID) -> list[Any]:
    return await tx.all(Q.all_addresses, id=id_)


async def all_traits(tx: Tx, id_: UUID) -> list[Any]:
    return await tx.all(Q.all_traits, id=id_)


async def all_links(tx: Tx, id_: UUID) -> list[Any]:
    return await tx.all(Q.all_links, id=id_)


async def erase_addresses(tx: Tx, ids: Sequence[UUID], markers: Sequence[str]) -> None:
    await tx.run(Q.erase_addresses, ids=array(ids), markers=array(markers))


async def erase_said(tx: Tx, ids: Collection[UUID]) -> None:
    """Forget traits, proofs of consent and links of some addresses."""
    for query in (Q.erase_traits, Q.erase_consents, Q.erase_links):
        await tx.run(query, ids=array(ids))


async def share_customer(tx: Tx, id_: UUID) -> bool:
    return await tx.value(Q.share_customer, id=id_) is not None


async def lock_addresses(tx: Tx, customer_id: UUID) -> None:
    await tx.run(Q.lock_addresses, customer_id=customer_id)


async def erase_customer(tx: Tx, id_: UUID) -> None:
    await tx.run(Q.erase_customer, id=id_, now=tx.now)


async def erased_among(tx: Tx, event_ids: Collection[UUID]) -> set[UUID]:
    return {row.id for row in await tx.all(Q.erased_among, event_ids=array(event_ids))}


async def add_consent(
    tx: Tx, id_: UUID, address_id: UUID, purpose: str, granted: bool, said_by: str, proof: str
) -> None:
    await tx.run(
        Q.add_consent, id=id_, address_id=address_id, purpose=purpose, granted=granted, said_by=said_by,
        proof=proof, now=tx.now,
    )  # fmt: skip
