"""One thin function per query of the intake."""

from collections.abc import Sequence
from datetime import date, datetime
from itertools import accumulate
from typing import Any
from uuid import UUID

from psycopg.types.json import Jsonb

from fadeno.db import Queries, Tx, array
from fadeno.intake.model import Accounts, Bad, Parcel, QuarantinedEvent

Q = Queries(__package__)


async def add_keys(tx: Tx, keys: list[str], day: date) -> set[str]:
    """Those of the keys that were known before."""
    return {row.key for row in await tx.all(Q.add_keys, keys=array(keys), day=day)}


async def add_parcels(tx: Tx, parcels: Sequence[Parcel], sealed: list[bytes], day: date) -> None:
    ends = list(accumulate(map(len, sealed)))
    await tx.run(
        Q.add_parcels,
        ids=array([p.id for p in parcels]),
        source_ids=array([p.source_id for p in parcels]),
        received=array([p.received_at for p in parcels]),
        starts=array([1, *(end + 1 for end in ends[:-1])]),
        sizes=array(list(map(len, sealed))),
        sealed=b"".join(sealed),
        day=day,
    )


async def add_account(tx: Tx, source_id: int, day: date, **counts: int) -> None:
    every: dict[str, Any] = {name: counts.get(name, 0) for name in Accounts.__dataclass_fields__}
    every["last_at"] = tx.now if counts.get("received") else None
    await tx.run(Q.add_account, source_id=source_id, day=day, **every)


async def add_quarantined(tx: Tx, id_: UUID, bad: Bad, sealed: bytes) -> None:
    await tx.run(
        Q.add_quarantined,
        id=id_,
        source_id=bad.source_id,
        received_at=bad.received_at,
        key=bad.key,
        reason=bad.reason,
        detail=bad.detail,
        raw=sealed,
        envelope=Jsonb(bad.envelope),
    )


async def accounts_by_source(tx: Tx, source_id: int | None) -> dict[int, Accounts]:
    rows = await tx.all(Q.accounts_by_source, source_id=source_id)
    return {row.source_id: Accounts(*row[1:]) for row in rows}


async def quarantine(
    tx: Tx, source_id: int | None, state: str | None, reason: str | None, before: UUID | None, limit: int
) -> list[QuarantinedEvent]:
    return await tx.all(
        Q.quarantine,
        into=QuarantinedEvent,
        source_id=source_id,
        state=state,
        reason=reason,
        before=before,
        limit=limit,
    )


async def quarantine_counts(tx: Tx) -> list[Any]:
    return await tx.all(Q.quarantine_counts)


async def quarantined(tx: Tx, id_: UUID) -> Any | None:
    return await tx.maybe(Q.quarantined, id=id_)


async def waiting_for_update(tx: Tx, ids: list[UUID]) -> list[Any]:
    return await tx.all(Q.waiting_for_update, ids=ids)


async def waiting_ids(tx: Tx, source_id: int | None, reason: str | None, after: UUID | None, limit: int) -> list[UUID]:
    rows = await tx.all(Q.waiting_ids, source_id=source_id, reason=reason, after=after, limit=limit)
    return [row.id for row in rows]


async def settle(tx: Tx, ids: list[UUID], state: str, event_id: UUID | None) -> int:
    return await tx.run(Q.settle, ids=ids, state=state, event_id=event_id, now=tx.now)


async def wait_again(tx: Tx, dismissed_at: datetime) -> int:
    return await tx.run(Q.wait_again, dismissed_at=dismissed_at)


async def readable_after(tx: Tx, after: UUID | None, limit: int) -> list[Any]:
    return await tx.all(Q.readable_after, after=after, limit=limit)


async def empty(tx: Tx, sealed: dict[UUID, bytes]) -> int:
    return await tx.run(Q.empty, ids=array(sealed), raws=list(sealed.values()))


async def still_bad(tx: Tx, id_: UUID, reason: str, detail: str) -> None:
    await tx.run(Q.still_bad, id=id_, reason=reason, detail=detail)


async def add_day_key(tx: Tx, day: date, sealed: bytes) -> None:
    await tx.run(Q.add_day_key, day=day, sealed=sealed)


async def day_key(tx: Tx, day: date) -> bytes | None:
    return await tx.value(Q.day_key, day=day)


async def parcel(tx: Tx, parcel_id: UUID) -> Any | None:
    return await tx.maybe(Q.parcel, id=parcel_id)


async def destroy_keys(tx: Tx, before: date) -> int:
    return await tx.run(Q.destroy_keys, before=before)


async def drop_parcels(tx: Tx, before: UUID, limit: int) -> int:
    return await tx.run(Q.drop_parcels, before=before, limit=limit)


async def forget_keys(tx: Tx, before: date, limit: int) -> int:
    return await tx.run(Q.forget_keys, before=before, limit=limit)


async def fold_accounts(tx: Tx, before: date) -> int:
    return await tx.run(Q.fold_accounts, before=before)


async def count_events(tx: Tx) -> dict[int, int]:
    return {row.source_id: row.events for row in await tx.all(Q.count_events)}


async def count_waiting(tx: Tx) -> dict[int, int]:
    return {row.source_id: row.held for row in await tx.all(Q.count_waiting)}
