"""Cases."""

from collections.abc import Collection, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any
from uuid import UUID

from fadeno.conversations.model import Area, Case
from fadeno.conversations.model.listing import marks_of
from fadeno.conversations.store import signing
from fadeno.conversations.store.statements import Q, record
from fadeno.db import Tx, array


async def lock_cases(tx: Tx, ids: Collection[UUID]) -> list[UUID]:
    return [row.id for row in await tx.all(Q.lock_cases, ids=array(ids))]


async def cases_by_id(tx: Tx, ids: Sequence[UUID]) -> list[Case]:
    """In the order of the ids, as far as they are there."""
    found = {case.id: case for case in await tx.all(Q.cases_by_id, into=Case, ids=array(ids))} if ids else {}
    return [found[id_] for id_ in ids if id_ in found]


async def case_numbered(tx: Tx, number: int) -> UUID | None:
    return await tx.value(Q.case_numbered, number=number)


async def where_now(tx: Tx, id_: UUID) -> UUID | None:
    return await tx.value(Q.where_now, id=id_)


async def came_into(tx: Tx, id_: UUID) -> list[UUID]:
    return [row.id for row in await tx.all(Q.came_into, id=id_)]


async def referred(tx: Tx, provider_ids: Sequence[str], channel: str) -> list[UUID]:
    return [row.case_id for row in await tx.all(Q.referred, provider_ids=list(provider_ids), channel=channel)]


async def cases_of(tx: Tx, customer_id: UUID, before: tuple[datetime, UUID], limit: int) -> list[Any]:
    return await tx.all(Q.cases_of, customer_id=customer_id, before_at=before[0], before_id=before[1], limit=limit)


async def add_case(tx: Tx, **values: Any) -> None:
    await tx.run(Q.add_case, **values)


async def write_case(tx: Tx, case: Case) -> None:
    await tx.run(Q.write_case, row=record(asdict(case)), marks=marks_of(case))
    await signing.case(tx, case.id)


async def areas(tx: Tx) -> dict[str, Area]:
    return {area.key: area for area in await tx.all(Q.areas, into=Area)}
