"""What stands last in threads."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from fadeno.customers.store.statements import Q, array, fetched
from fadeno.db import Tx


async def latest(tx: Tx, ids: Collection[UUID], most: int) -> list[Any]:
    """For each customer the last few events, newest first; only the very last with its body."""
    return await fetched(tx, Q.latest, ids=array(ids), most=most) if ids else []
