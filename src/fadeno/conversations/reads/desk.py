"""What a member of the desk has: a draft, what they should hear of, whom they follow."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from fadeno.conversations import store
from fadeno.conversations.model import Area, DeskMember, Draft
from fadeno.conversations.store import routing
from fadeno.db import Tx

MOST_NUDGES = 100


@dataclass(frozen=True, slots=True)
class Nudge:
    """What a member should hear of: mentioned, assigned, due (soon), failed, followed."""

    id: UUID
    case_id: UUID
    case_number: int
    title: str
    kind: str
    made_at: datetime
    seen_at: datetime | None


@dataclass(frozen=True, slots=True)
class Around:
    """What belongs to a case besides its messages.

    Attributes:
        followers: members who hear of it.
        orders, cases: what it has to do with; those of cases that went into it too.
        seen_upto: how far each member has read.
    """

    followers: list[UUID]
    orders: list[UUID]
    cases: list[UUID]
    seen_upto: dict[UUID, int]


async def draft(tx: Tx, case_id: UUID, member_id: UUID) -> Draft | None:
    """What a member began to write in a case."""
    return await store.draft(tx, case_id, member_id)


async def nudges(tx: Tx, member_id: UUID, *, limit: int = MOST_NUDGES) -> list[Nudge]:
    """What a member should hear of and has not, the latest first."""
    rows = await store.nudges(tx, member_id, max(1, min(limit, MOST_NUDGES)))
    return [Nudge(*row) for row in rows]


async def around(tx: Tx, case_id: UUID) -> Around:
    """What belongs to a case besides its messages."""
    rows = await store.around(tx, case_id)
    found: dict[str, list[UUID]] = {"follower": [], "order": [], "case": []}
    for row in rows:
        if row.kind in found:
            found[row.kind].append(row.id)
    seen = {row.id: row.seen_upto for row in rows if row.kind == "reading"}
    return Around(found["follower"], found["order"], found["case"], seen)


async def areas(tx: Tx) -> list[Area]:
    """Every area with its targets, by key."""
    return list((await store.areas(tx)).values())


async def desk_members(tx: Tx) -> list[DeskMember]:
    """Every member of the desk, with when they were seen there last."""
    return await routing.desk_members(tx)
