"""Areas and members of the desk, and the cases that wait for an owner."""

from dataclasses import asdict
from datetime import datetime
from uuid import UUID

from fadeno.conversations.model import Area, DeskMember
from fadeno.conversations.store.statements import Q
from fadeno.db import Tx, array


async def set_area(tx: Tx, area: Area) -> None:
    await tx.run(Q.set_area, **asdict(area))


async def desk_members(tx: Tx) -> list[DeskMember]:
    return await tx.all(Q.desk_members, into=DeskMember)


async def set_desk_member(tx: Tx, member: DeskMember) -> None:
    values = asdict(member)
    del values["seen_at"]
    await tx.run(Q.set_desk_member, **values)


async def note_seen(tx: Tx, member_id: UUID) -> None:
    await tx.run(Q.note_seen, member_id=member_id, now=tx.now)


async def hold_routing(tx: Tx) -> bool:
    """Let nobody else give cases to members at the same time."""
    return await tx.value(Q.hold_routing)


async def loads(tx: Tx) -> dict[UUID, int]:
    return {row.owner_id: row.n for row in await tx.all(Q.loads)}


async def to_route(tx: Tx, limit: int) -> list[UUID]:
    return [row.id for row in await tx.all(Q.to_route, limit=limit)]


async def to_hand_over(tx: Tx, seen_before: datetime, due_until: datetime, limit: int) -> list[UUID]:
    return [
        row.id for row in await tx.all(Q.to_hand_over, seen_before=seen_before, due_until=due_until, limit=limit)
    ]  # fmt: skip


async def last_owners(tx: Tx, case_ids: list[UUID]) -> dict[UUID, UUID]:
    """Who owned the customer's case before, by case."""
    return {row.case_id: row.owner_id for row in await tx.all(Q.last_owners, ids=array(case_ids))}
