"""One thin function per query of the switchboard."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from psycopg.types.json import Jsonb

from fadeno.db import Queries, Tx
from fadeno.switchboard.model import Account, Parcel, Traffic

Q = Queries(__package__)
NOTED_EVERY = timedelta(minutes=10)  # one row for all that passes over an account: not written at each


async def add_account(tx: Tx, *, options: Mapping[str, str], **values: Any) -> bool:
    return bool(await tx.all(Q.add_account, options=Jsonb(dict(options)), now=tx.now, **values))


async def accounts(tx: Tx) -> list[Account]:
    return await tx.all(Q.accounts, into=Account)


async def account(tx: Tx, id: UUID) -> Account | None:
    return await tx.maybe(Q.account, into=Account, id=id)


async def account_named(tx: Tx, name: str) -> Account | None:
    return await tx.maybe(Q.account_named, into=Account, name=name)


async def hold_account(tx: Tx, id: UUID) -> None:
    await tx.all(Q.hold_account, id=id)


async def sealed(tx: Tx, id: UUID) -> bytes | None:
    return await tx.value(Q.sealed, id=id)


async def change_account(tx: Tx, account: Account, secrets: bytes) -> None:
    await tx.run(
        Q.change_account, id=account.id, address=account.address, is_on=account.is_on, is_test=account.is_test,
        area=account.area, language=account.language, options=Jsonb(account.options), secrets=secrets,
    )  # fmt: skip


async def set_cursor(tx: Tx, id: UUID, cursor: Mapping[str, Any]) -> None:
    await tx.run(Q.set_cursor, id=id, cursor=Jsonb(dict(cursor)))


async def set_health(tx: Tx, id: UUID, way: str, fault: str) -> bool:
    query = Q.set_health_in if way == "in" else Q.set_health_out
    return bool(await tx.run(query, id=id, fault=fault, now=tx.now, before=tx.now - NOTED_EVERY))


async def mailboxes(tx: Tx) -> list[Any]:
    return await tx.all(Q.mailboxes)


async def take_reading(tx: Tx, id: UUID) -> bool:
    return await tx.value(Q.take_reading, id=id)


async def leave_reading(tx: Tx, id: UUID) -> None:
    await tx.value(Q.leave_reading, id=id)


async def set_secrets(tx: Tx, id: UUID, secrets: bytes) -> None:
    await tx.run(Q.set_secrets, id=id, secrets=secrets)


async def put_failed_parcel(tx: Tx, *, reason: str, detail: str, **values: Any) -> bool:
    return bool(await tx.all(Q.put_failed_parcel, reason=reason, detail=detail[:500], now=tx.now, **values))


async def put_parcel(tx: Tx, id: UUID, account_id: UUID, key: bytes, day: date, sealed: bytes) -> bool:
    return bool(await tx.all(Q.put_parcel, id=id, account_id=account_id, key=key, day=day, sealed=sealed, now=tx.now))


async def put_read_parcel(tx: Tx, id: UUID, account_id: UUID, key: bytes, day: date, sealed: bytes) -> bool:
    put = await tx.all(Q.put_read_parcel, id=id, account_id=account_id, key=key, day=day, sealed=sealed, now=tx.now)
    return bool(put)


async def content(tx: Tx, id: UUID) -> Any | None:
    return await tx.maybe(Q.content, id=id)


async def settle(tx: Tx, id: UUID, state: str, reason: str = "", detail: str = "", letters: int = 0) -> None:
    await tx.run(Q.settle, id=id, state=state, reason=reason, detail=detail[:500], letters=letters, now=tx.now)


async def parcels(tx: Tx, account_id: UUID, state: str, before: UUID, limit: int) -> list[Parcel]:
    return await tx.all(Q.parcels, into=Parcel, account_id=account_id, state=state, before=before, limit=limit)


async def traffic(tx: Tx, ids: Sequence[UUID], lanes: Sequence[str]) -> dict[UUID, Traffic]:
    rows = await tx.all(Q.traffic, ids=list(ids), lanes=list(lanes))
    return {row[0]: Traffic(*row[1:]) for row in rows}


async def fail_to_wait(tx: Tx, ids: Sequence[UUID]) -> list[Any]:
    return await tx.all(Q.fail_to_wait, ids=list(ids))


async def dismiss(tx: Tx, ids: Sequence[UUID]) -> int:
    return len(await tx.all(Q.dismiss, ids=list(ids), now=tx.now))


async def failed_after(tx: Tx, after: UUID, limit: int) -> list[UUID]:
    return [row.id for row in await tx.all(Q.failed_after, after=after, limit=limit)]


async def empty_failed(tx: Tx, ids: Sequence[UUID]) -> int:
    return await tx.run(Q.empty_failed, ids=list(ids), now=tx.now)


async def empty_parcels(tx: Tx, before: date, limit: int) -> int:
    return await tx.run(Q.empty_parcels, before=before, limit=limit)


async def begin_leaving(tx: Tx, message_id: UUID, account_id: UUID) -> bool:
    return bool(await tx.all(Q.begin_leaving, message_id=message_id, account_id=account_id, now=tx.now))


async def end_leaving(tx: Tx, message_id: UUID) -> None:
    await tx.run(Q.end_leaving, message_id=message_id)


async def count_parcels(tx: Tx) -> int:
    return await tx.value(Q.count_parcels)


async def stuck(tx: Tx, limit: int) -> list[UUID]:
    return [row.id for row in await tx.all(Q.stuck, limit=limit)]
