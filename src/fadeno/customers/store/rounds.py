"""Many likely pairs merged on one word."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from fadeno.customers.store.statements import Q, array
from fadeno.db import Tx


async def add_round(
    tx: Tx, id_: UUID, least: int, left_out: Collection[UUID], made_by: str, who: tuple[str, UUID | None]
) -> int:
    """Write a round down with the pairs it is to merge; how many they are."""
    kind, actor_id = who
    await tx.run(
        Q.add_round, id=id_, least=least, made_by=made_by, actor_kind=kind, actor_id=actor_id, now=tx.now
    )  # fmt: skip
    return await tx.value(Q.fill_round, id=id_, least=least, left_out=array(left_out))


async def open_round(tx: Tx) -> Any | None:
    return await tx.maybe(Q.open_round)


async def lock_round(tx: Tx, id_: UUID) -> Any | None:
    return await tx.maybe(Q.lock_round, id=id_)


async def round_waiting(tx: Tx, id_: UUID, most: int) -> list[UUID]:
    return [row.id for row in await tx.all(Q.round_waiting, id=id_, most=most)]


async def round_merged(tx: Tx, id_: UUID, most: int) -> list[Any]:
    """(pair, action) the round has merged, the latest first."""
    return await tx.all(Q.round_merged, id=id_, most=most)


async def leave_round(tx: Tx, ids: Collection[UUID]) -> None:
    if ids:
        await tx.run(Q.leave_round, ids=array(ids))


async def set_round(tx: Tx, id_: UUID, state: str) -> None:
    await tx.run(Q.set_round, id=id_, state=state)


async def end_round(tx: Tx, id_: UUID) -> None:
    await tx.run(Q.end_round, id=id_)


async def rounds(tx: Tx, id_: UUID | None, limit: int) -> list[Any]:
    return await tx.all(Q.rounds, id=id_, limit=limit)


async def set_round_undoing(tx: Tx, id_: UUID, made_by: str, who: tuple[str, UUID | None]) -> None:
    kind, actor_id = who
    await tx.run(Q.set_round_undoing, id=id_, made_by=made_by, actor_kind=kind, actor_id=actor_id)
