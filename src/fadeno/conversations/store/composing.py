"""Ways to a customer, and what was said to them lately."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from fadeno.conversations.model.composer import Reached
from fadeno.conversations.store.statements import Q
from fadeno.db import Tx


async def reached(tx: Tx, customer_id: UUID, case_id: UUID, kinds: Sequence[str], limit: int) -> list[Reached]:
    return await tx.all(
        Q.reached, into=Reached, customer_id=customer_id, case_id=case_id, kinds=list(kinds), limit=limit
    )


async def lately_sent(tx: Tx, customer_id: UUID, since: datetime, limit: int, into: type) -> list[Any]:
    return await tx.all(Q.lately_sent, into=into, customer_id=customer_id, since=since, limit=limit)
