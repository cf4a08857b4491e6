"""One thin function per query of promises."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from fadeno.db import Queries, Tx, array
from fadeno.promises.model.promise import Promise

Q = Queries(__package__)


async def promises(tx: Tx, ids: Sequence[UUID]) -> list[Promise]:
    """In the order of the ids, as far as they are there."""
    found = {one.id: one for one in await tx.all(Q.promises, into=Promise, ids=array(ids))} if ids else {}
    return [found[id_] for id_ in ids if id_ in found]


async def held(tx: Tx, ids: Collection[UUID]) -> list[Promise]:
    return await promises(tx, _ids(await tx.all(Q.hold, ids=array(ids))))


async def add(tx: Tx, **values: Any) -> None:
    await tx.run(Q.add, now=tx.now, **values)


async def settle(tx: Tx, id_: UUID, state: str, *, by: str, outcome: str, done_at: datetime | None) -> None:
    await tx.run(Q.settle, id=id_, state=state, settled_name=by, outcome=outcome, done_at=done_at, now=tx.now)


async def put_back(tx: Tx, id_: UUID, before_id: UUID) -> None:
    await tx.run(Q.stand_alone, id=id_)
    await tx.run(Q.put_back, id=before_id)


async def note_done(tx: Tx, id_: UUID, at: datetime) -> int:
    return await tx.run(Q.note_done, id=id_, at=at)


async def give(tx: Tx, id_: UUID, owner_id: UUID | None) -> None:
    await tx.run(Q.give, id=id_, owner_id=owner_id)


async def answerable(tx: Tx, case_ids: Collection[UUID]) -> list[Promise]:
    return await promises(tx, _ids(await tx.all(Q.answerable, case_ids=array(case_ids))))


async def said_in(tx: Tx, message_id: UUID) -> list[Promise]:
    return await promises(tx, _ids(await tx.all(Q.said_in, message_id=message_id)))


async def overdue(tx: Tx, limit: int) -> list[Promise]:
    return await promises(tx, _ids(await tx.all(Q.overdue, now=tx.now, limit=limit)))


async def nearly_due(tx: Tx, limit: int) -> list[Promise]:
    return await promises(tx, _ids(await tx.all(Q.nearly_due, now=tx.now, limit=limit)))


async def note_warned(tx: Tx, ids: Collection[UUID]) -> None:
    await tx.run(Q.note_warned, ids=array(ids), now=tx.now)


async def of_cases(tx: Tx, case_ids: Collection[UUID], *, only_open: bool, limit: int) -> list[Promise]:
    rows = await tx.all(Q.of_cases, case_ids=array(case_ids), only_open=only_open, limit=limit)
    return await promises(tx, _ids(rows))


async def of_customer(tx: Tx, customer_id: UUID, *, only_open: bool, limit: int) -> list[Promise]:
    rows = await tx.all(Q.of_customer, customer_id=customer_id, only_open=only_open, limit=limit)
    return await promises(tx, _ids(rows))


async def due(tx: Tx, after: tuple[datetime, UUID], limit: int, **which: Any) -> list[Any]:
    return await tx.all(Q.due, after_at=after[0], after_id=after[1], limit=limit, **which)


async def latest(tx: Tx, before: tuple[datetime, UUID], limit: int, **which: Any) -> list[Any]:
    return await tx.all(Q.latest, before_at=before[0], before_id=before[1], limit=limit, **which)


async def counts(tx: Tx) -> dict[str, int]:
    return {row.state: row.n for row in await tx.all(Q.counts)}


async def erase(tx: Tx, customer_id: UUID) -> int:
    return await tx.value(Q.erase, customer_id=customer_id, now=tx.now)


async def faults(tx: Tx) -> list[str]:
    return [row.fault for row in await tx.all(Q.faults)]


def _ids(rows: Sequence[Any]) -> list[UUID]:
    return [row.id for row in rows]
