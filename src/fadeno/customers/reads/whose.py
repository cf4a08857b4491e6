"""Whom addresses belong to, many at once."""

from collections.abc import Collection, Sequence
from uuid import UUID

from fadeno.customers import store
from fadeno.customers.model import blocked_because
from fadeno.db import Tx


async def whose(tx: Tx, keys: Sequence[tuple[str, str]]) -> dict[tuple[str, str], UUID]:
    """The customers of these addresses, each a kind and a normalised value, as far as they join anybody."""
    wanted = [key for key in dict.fromkeys(keys) if not blocked_because(*key)]
    rows = await store.look_up(tx, wanted) if wanted else []
    return {wanted[row.n - 1]: row.customer_id for row in rows if not row.shared and row.blocked is None}


async def owners(tx: Tx, address_ids: Collection[UUID]) -> dict[UUID, UUID]:
    """The customers some addresses belong to now, by the ids of the addresses; those not there are left out."""
    return await store.customers_of(tx, address_ids) if address_ids else {}


async def sharing_said(tx: Tx, address_id: UUID) -> bool | None:
    """What a member said about an address: used by many, or by one; None where it follows from the evidence."""
    return await store.sharing_said(tx, address_id)


async def erased_among(tx: Tx, event_ids: Sequence[UUID]) -> set[UUID]:
    """Which of some events are of customers who were erased."""
    return await store.erased_among(tx, event_ids) if event_ids else set()
