"""One thin function per query of webhooks."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from fadeno.db import Queries, Tx
from fadeno.kit import ids
from fadeno.kit.outward import Answer
from fadeno.webhooks.model import Attempt, Sealed, Subscription, ToldEvent

Q = Queries(__package__)


async def add(tx: Tx, id: UUID, **values: Any) -> None:
    await tx.run(Q.add, id=id, now=tx.now, **values)


async def subscriptions(tx: Tx) -> list[Subscription]:
    return await tx.all(Q.subscriptions, into=Subscription)


async def subscription(tx: Tx, id: UUID) -> Subscription | None:
    return await tx.maybe(Q.subscription, into=Subscription, id=id)


async def subscription_to_change(tx: Tx, id: UUID) -> Subscription | None:
    return await tx.maybe(Q.subscription_to_change, into=Subscription, id=id)


async def sealed(tx: Tx, id: UUID) -> Sealed:
    return await tx.one(Q.sealed, into=Sealed, id=id)


async def change(tx: Tx, s: Subscription) -> None:
    await tx.run(Q.change, id=s.id, name=s.name, url=s.url, kinds=s.kinds, state=s.state, reason=s.reason)


async def rotate(tx: Tx, id: UUID, secret: bytes, until: datetime) -> None:
    await tx.run(Q.rotate, id=id, secret=secret, until=until)


async def delete(tx: Tx, id: UUID) -> None:
    await tx.run(Q.delete, id=id)


async def behind(tx: Tx, last: int) -> list[Subscription]:
    return await tx.all(Q.behind, into=Subscription, last=last)


async def stream_part(tx: Tx, after: int, upto: int, kinds: Sequence[str]) -> list[Any]:
    return await tx.all(Q.stream_part, after=after, upto=upto, kinds=list(kinds))


async def move(tx: Tx, id: UUID, position: int) -> None:
    await tx.run(Q.move, id=id, position=position)


async def lowest_open(tx: Tx, lane: str) -> int | None:
    return await tx.value(Q.lowest_open, lane=lane)


async def position_at(tx: Tx, moment: datetime) -> int:
    return await tx.value(Q.position_at, moment=moment)


async def told_event(tx: Tx, subscription_id: UUID, event_id: UUID) -> ToldEvent | None:
    return await tx.maybe(Q.told_event, into=ToldEvent, subscription_id=subscription_id, event_id=event_id)


async def add_attempt(
    tx: Tx,
    subscription_id: UUID,
    message_id: str,
    position: int | None,
    number: int,
    outcome: str,
    answer: Answer,
) -> None:
    await tx.run(
        Q.add_attempt,
        id=ids.new_id(),
        subscription_id=subscription_id,
        message_id=message_id,
        position=position,
        now=tx.now,
        number=number,
        outcome=outcome,
        status=answer.status,
        duration_ms=answer.duration_ms,
        error=answer.error,
    )


async def attempts(tx: Tx, id: UUID, before: UUID | None, limit: int) -> list[Attempt]:
    return await tx.all(Q.attempts, into=Attempt, id=id, before=before, limit=limit)


async def it_works(tx: Tx, id: UUID) -> None:
    await tx.run(Q.it_works, id=id, now=tx.now)


async def it_fails(tx: Tx, id: UUID) -> None:
    await tx.run(Q.it_fails, id=id, now=tx.now)


async def disable(tx: Tx, judged: Subscription, reason: str) -> bool:
    return await tx.run(Q.disable, id=judged.id, failing_since=judged.failing_since, reason=reason) > 0


async def trim(tx: Tx, first_kept: UUID) -> None:
    await tx.run(Q.trim, first_kept=first_kept, now=tx.now)


async def ahead(tx: Tx, last: int) -> list[Any]:
    return await tx.all(Q.ahead, last=last)
