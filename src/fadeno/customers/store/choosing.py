"""Some of a customer's addresses."""

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from fadeno.customers.store.statements import Q, array, fetched
from fadeno.db import Tx


async def address_kinds(tx: Tx, id_: UUID) -> list[Any]:
    return await tx.all(Q.address_kinds, id=id_)


async def addresses_with(tx: Tx, id_: UUID, letters: str, after: UUID, limit: int) -> list[Any]:
    return await fetched(tx, Q.addresses_with, id=id_, letters=letters, after=after, limit=limit)


async def chosen(tx: Tx, id_: UUID, kinds: Sequence[str], values: list[str], ids: Collection[UUID]) -> list[Any]:
    return await fetched(tx, Q.chosen, id=id_, kinds=list(kinds), values=values, ids=array(ids))
