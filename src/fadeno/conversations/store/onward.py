"""Answers that did not arrive in time, and what became of them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from fadeno.conversations.model.composer import Onward
from fadeno.conversations.store.statements import Q
from fadeno.db import Tx, array


async def hold_onward(tx: Tx) -> None:
    await tx.run(Q.hold_onward)


async def undelivered(tx: Tx, since: datetime, telling: Sequence[str], limit: int) -> list[Any]:
    """Args: telling = channels that always say of what arrived that it did."""
    return await tx.all(Q.undelivered, since=since, telling=list(telling), now=tx.now, limit=limit)


async def note_onward(
    tx: Tx, case_id: UUID, states: Sequence[tuple[UUID, str]], became: str, *, held: str = "",
    address_id: UUID | None = None, as_id: UUID | None = None,
) -> None:  # fmt: skip
    """Args: states = ids of answers, each with the state it was in."""
    await tx.run(
        Q.note_onward, ids=array([id_ for id_, _ in states]), because=[state for _, state in states], case_id=case_id,
        became=became, held=held, address_id=address_id, as_id=as_id, now=tx.now,
    )  # fmt: skip


async def onward(tx: Tx, case_id: UUID) -> list[Onward]:
    return await tx.all(Q.onward, into=Onward, case_id=case_id)
