"""What was done to cases."""

from collections.abc import Collection, Mapping
from typing import Any
from uuid import UUID

from fadeno.access import Actor
from fadeno.conversations.model import Act
from fadeno.conversations.store.statements import Q, record
from fadeno.db import Tx, array
from fadeno.kit import ids


async def add_act(
    tx: Tx,
    actor: Actor,
    case_id: UUID,
    verb: str,
    before: Mapping[str, Any],
    after: Mapping[str, Any],
    other_id: UUID | None = None,
) -> UUID:
    id_ = ids.new_id()
    await tx.run(
        Q.add_act, id=id_, case_id=case_id, other_id=other_id, now=tx.now, actor_kind=actor.kind, actor_id=actor.id,
        actor_name=actor.name, verb=verb, before=record(before), after=record(after),
    )  # fmt: skip
    return id_


async def act_of_answer(tx: Tx, case_id: UUID, message_id: UUID) -> Act | None:
    return await tx.maybe(Q.act_of_answer, into=Act, case_id=case_id, message_id=str(message_id))


async def answered_by_key(tx: Tx, case_id: UUID, actor_id: UUID | None, key: str) -> UUID | None:
    return await tx.value(Q.answered_by_key, case_id=case_id, actor_id=actor_id, key=key)


async def bind_acts(tx: Tx, together_id: UUID, case_ids: Collection[UUID]) -> None:
    """Those of these cases that were made since `together_id` was."""
    await tx.run(Q.bind_acts, together_id=together_id, case_ids=array(case_ids))


async def acts_together(tx: Tx, together_id: UUID) -> list[Act]:
    return await tx.all(Q.acts_together, into=Act, together_id=together_id)


async def undo_act(tx: Tx, id_: UUID) -> bool:
    return await tx.run(Q.undo_act, id=id_, now=tx.now) == 1


async def link(tx: Tx, case_id: UUID, kind: str, other_id: UUID) -> bool:
    return await tx.run(Q.link, case_id=case_id, kind=kind, other_id=other_id) == 1


async def unlink(tx: Tx, case_id: UUID, kind: str, other_id: UUID) -> bool:
    return await tx.run(Q.unlink, case_id=case_id, kind=kind, other_id=other_id) == 1


async def act(tx: Tx, id_: UUID) -> Act | None:
    return await tx.maybe(Q.act, into=Act, id=id_)


async def acts(tx: Tx, case_id: UUID, before: UUID, limit: int) -> list[Act]:
    return await tx.all(Q.acts, into=Act, case_id=case_id, before=before, limit=limit)


async def move(tx: Tx, act_id: UUID, from_case: UUID, to_case: UUID, message_ids: Collection[UUID] | None) -> int:
    wanted = None if message_ids is None else array(message_ids)
    return await tx.run(Q.move, act_id=act_id, from_case=from_case, to_case=to_case, message_ids=wanted)


async def move_back(tx: Tx, act_id: UUID) -> int:
    return await tx.run(Q.move_back, act_id=act_id)


async def count_moves(tx: Tx, act_id: UUID) -> int:
    return await tx.value(Q.count_moves, act_id=act_id)
