"""Emptying what is kept of a customer, and handing it out."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from fadeno.conversations.store import signing
from fadeno.conversations.store.statements import Q
from fadeno.db import Tx, array


async def held_cases(tx: Tx, customer_id: UUID) -> list[UUID]:
    return [row.id for row in await tx.all(Q.held_cases, customer_id=customer_id)]


async def messages_of_customer(tx: Tx, customer_id: UUID, case_ids: Sequence[UUID]) -> list[Any]:
    return await tx.all(Q.messages_of_customer, customer_id=customer_id, case_ids=array(case_ids))


async def empty_messages(tx: Tx, ids: Sequence[UUID], positions: Sequence[int]) -> None:
    await tx.run(Q.drop_originals, ids=array(ids))
    await tx.run(Q.drop_findings, positions=list(positions))
    await tx.run(Q.empty_messages, ids=array(ids), now=tx.now)
    await signing.message(tx, ids)


async def empty_cases(tx: Tx, ids: Sequence[UUID]) -> None:
    await tx.run(Q.drop_drafts, ids=array(ids))
    await tx.run(Q.empty_acts, ids=array(ids))
    await tx.run(Q.empty_cases, ids=array(ids), now=tx.now)
    await signing.case(tx, *ids)


async def exported_cases(tx: Tx, customer_id: UUID) -> list[Any]:
    return await tx.all(Q.exported_cases, customer_id=customer_id)


async def exported_messages(tx: Tx, ids: Sequence[UUID]) -> list[Any]:
    return await tx.all(Q.exported_messages, ids=array(ids))


async def exported_drafts(tx: Tx, case_ids: Sequence[UUID]) -> list[Any]:
    return await tx.all(Q.exported_drafts, ids=array(case_ids))
