"""What members of the desk have: drafts, cases they follow, how far they read, what they should hear of."""

from collections.abc import Collection
from dataclasses import asdict
from typing import Any
from uuid import UUID

from fadeno.conversations.model import Draft
from fadeno.conversations.store import signing
from fadeno.conversations.store.statements import Q
from fadeno.db import Tx, array
from fadeno.kit.ids import new_id


async def save_draft(tx: Tx, draft: Draft) -> None:
    await tx.run(Q.save_draft, **asdict(draft))


async def forget_draft(tx: Tx, case_id: UUID, member_id: UUID) -> None:
    await tx.run(Q.forget_draft, case_id=case_id, member_id=member_id)


async def draft(tx: Tx, case_id: UUID, member_id: UUID) -> Draft | None:
    return await tx.maybe(Q.draft, into=Draft, case_id=case_id, member_id=member_id)


async def follow(tx: Tx, case_id: UUID, member_id: UUID) -> None:
    await tx.run(Q.follow, case_id=case_id, member_id=member_id)


async def unfollow(tx: Tx, case_id: UUID, member_id: UUID) -> None:
    await tx.run(Q.unfollow, case_id=case_id, member_id=member_id)


async def mark_read(tx: Tx, case_id: UUID, member_id: UUID, seen_upto: int) -> None:
    await tx.run(Q.mark_read, case_id=case_id, member_id=member_id, seen_upto=seen_upto)
    await signing.mine(tx, case_id, member_id)


async def nudge(tx: Tx, case_id: UUID, member_ids: Collection[UUID], kind: str) -> None:
    if member_ids:
        ids = array([new_id() for _ in member_ids])
        await tx.run(Q.nudge, ids=ids, members=array(member_ids), case_id=case_id, kind=kind, now=tx.now)
        for member_id in member_ids:
            await signing.mine(tx, case_id, member_id)


async def hear_nudges(tx: Tx, member_id: UUID, upto: UUID) -> None:
    await tx.run(Q.hear_nudges, member_id=member_id, upto=upto, now=tx.now)


async def nudges(tx: Tx, member_id: UUID, limit: int) -> list[Any]:
    return await tx.all(Q.nudges, member_id=member_id, limit=limit)


async def around(tx: Tx, case_id: UUID) -> list[Any]:
    return await tx.all(Q.around, case_id=case_id)
