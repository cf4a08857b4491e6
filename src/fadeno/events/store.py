"""One thin function per query of the log."""

from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

import msgspec

from fadeno.db import NULL, Queries, Tx, array, copied
from fadeno.events.model import NewEvent, Sign, StreamedEvent

Q = Queries(__package__)

COLUMNS = (
    "id",
    "source_id",
    "channel",
    "kind",
    "name",
    "address_id",
    "other_address_ids",
    "customer_id",
    "occurred_at",
    "received_at",
    "original_at",
    "sent_at",
    "message_id",
    "body",
)
OWN_COLUMNS = (
    "id", "source_id", "channel", "kind", "name", "address_id", "customer_id", "occurred_at", "received_at"
)  # fmt: skip


def _when(value: datetime | None) -> str:
    return NULL if value is None else value.isoformat()


_when_again = lru_cache(maxsize=1024)(_when)  # a batch has one time of sending and one of arrival


def _line(e: NewEvent) -> str:
    others = "{" + ",".join([f"{i.int:032x}" for i in e.other_address_ids]) + "}" if e.other_address_ids else NULL
    # Hot path: one COPY line by hand is a third of the cost of adapting fourteen values one by one.
    return (
        f"{e.id.int:032x}\t{e.source_id}\t{copied(e.channel)}\t{copied(e.kind)}\t{copied(e.name)}"
        f"\t{e.address_id.int:032x}\t{others}\t{e.customer_id.int:032x}"
        f"\t{_when(e.occurred_at)}\t{_when_again(e.received_at)}\t{_when(e.original_at)}\t{_when_again(e.sent_at)}"
        f"\t{copied(e.message_id)}\t{copied(e.body.decode())}\n"
    )


def lines(events: Sequence[NewEvent]) -> bytes:
    """Events as COPY takes them."""
    return "".join(map(_line, events)).encode()


async def add(tx: Tx, lines: bytes) -> None:
    await tx.copy_text("events.event", COLUMNS, lines)


async def add_own(tx: Tx, events: Sequence[NewEvent]) -> None:
    rows = [{name: getattr(e, name) for name in OWN_COLUMNS} | {"body": msgspec.Raw(e.body)} for e in events]
    await tx.run(Q.add_own, events=msgspec.json.encode(rows).decode())


async def note_arrival(tx: Tx, event_ids: list[UUID], customer_ids: list[UUID]) -> None:
    await tx.run(Q.note_arrival, event_ids=array(event_ids), customer_ids=array(customer_ids))


async def note_signs(tx: Tx, topic: str, kind: str, about_ids: Sequence[UUID | None], member_id: UUID | None) -> None:
    about = [None if id_ is None else str(id_) for id_ in about_ids]
    await tx.run(Q.note_signs, topic=topic, kind=kind, about_ids=about, member_id=member_id)


async def signs_since(tx: Tx, after: int, limit: int) -> list[Sign]:
    return await tx.all(Q.signs_since, into=Sign, after=after, limit=limit)


async def oldest_sign(tx: Tx) -> Any | None:
    return await tx.maybe(Q.oldest_sign)


async def trim_signs(tx: Tx, before: datetime) -> None:
    await tx.run(Q.trim_signs, before=before)


async def whisper(tx: Tx, said: str) -> None:
    await tx.run(Q.whisper, said=said)


async def sequence(tx: Tx, limit: int) -> list[Any]:
    return await tx.all(Q.sequence, limit=limit, now=tx.now)


async def last_position(tx: Tx) -> int:
    return await tx.value(Q.last_position)


async def since(tx: Tx, after: int, limit: int) -> list[StreamedEvent]:
    return await tx.all(Q.since, into=StreamedEvent, after=after, limit=limit)


async def restamp(tx: Tx, ids: Sequence[UUID], customer_ids: Sequence[UUID]) -> int:
    return await tx.run(Q.restamp, ids=list(ids), customer_ids=list(customer_ids))


async def blank(tx: Tx, customer_ids: Sequence[UUID], address_ids: Sequence[UUID]) -> int:
    return await tx.run(Q.blank, customer_ids=list(customer_ids), address_ids=list(address_ids))


async def partitions(tx: Tx) -> set[str]:
    return {row.name for row in await tx.all(Q.partitions)}


async def add_partition(tx: Tx, name: str, first: UUID, after: UUID) -> None:
    await tx.run(Q.make_partition, name=name, first=first, after=after)


async def withdraw(tx: Tx, ids: Sequence[UUID], by: UUID) -> list[Any]:
    return await tx.all(Q.withdraw, ids=array(list(ids)), by=by)


async def supersede(tx: Tx, ids: Sequence[UUID]) -> list[Any]:
    return await tx.all(Q.supersede, ids=array(list(ids)))


async def restore(tx: Tx, ids: Sequence[UUID]) -> list[Any]:
    return await tx.all(Q.restore, ids=array(list(ids)))
