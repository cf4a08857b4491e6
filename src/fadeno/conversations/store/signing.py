"""Telling the live stream of what changes cases or what was said in them: each statement that writes either does."""

from collections.abc import Collection
from uuid import UUID

from fadeno import events
from fadeno.db import Tx


async def case(tx: Tx, *ids: UUID) -> None:
    """These cases stand otherwise."""
    await events.sign(tx, "case", "changed", ids)


async def message(tx: Tx, ids: Collection[UUID]) -> None:
    """These messages are new, elsewhere, or fare otherwise."""
    await events.sign(tx, "message", "changed", ids)


async def mine(tx: Tx, case_id: UUID, member_id: UUID) -> None:
    """What one member alone has of a case: how far it was read, what they should hear of."""
    await events.sign(tx, "mine", "changed", [case_id], member_id=member_id)
