"""One line through everything that happened with a customer."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from fadeno.customers import store
from fadeno.customers.model import NoCustomer
from fadeno.customers.reads.person import resolve
from fadeno.db import Tx
from fadeno.kit.errors import Invalid

MOST = 200
_END = (datetime(9999, 1, 1, tzinfo=UTC), UUID(int=2**128 - 1))


@dataclass(frozen=True, slots=True)
class Item:
    """One event of a thread."""

    id: UUID
    kind: str
    name: str | None
    channel: str
    source_id: int
    occurred_at: datetime
    received_at: datetime
    address_id: UUID
    body: dict[str, Any]


async def thread(
    tx: Tx,
    id_: UUID,
    *,
    before: str | None = None,
    limit: int = 50,
    kinds: Sequence[str] | None = None,
    channels: Sequence[str] | None = None,
) -> tuple[list[Item], str | None]:
    """Events of a customer, newest first, and the place before which the next page begins.

    Exact at every moment, also while events still carry the customer they had before a merge or split.

    Raises:
        NoCustomer: there is no such id; search by address or name.
    """
    limit = max(1, min(limit, MOST))
    try:
        place = _place(before)
    except Invalid:
        await resolve(tx, id_)
        raise
    rows = await store.thread(tx, id_, place, limit + 1, kinds, channels)
    if rows is None:
        raise NoCustomer(field="id")
    items = [Item(*r) for r in rows[:limit]]
    return items, f"{items[-1].occurred_at.isoformat()}_{items[-1].id}" if len(rows) > limit else None


@dataclass(frozen=True, slots=True)
class Count:
    """How many events of one kind, name and channel a thread has, and when the first of them happened."""

    channel: str
    kind: str
    name: str | None
    events: int
    first_at: datetime


async def thread_counts(tx: Tx, id_: UUID) -> list[Count]:
    """What a customer's thread is made of, most first.

    Raises:
        NoCustomer: there is no such id; search by address or name.
    """
    row = await resolve(tx, id_)
    return [Count(*r) for r in await store.thread_counts(tx, row.id)]


def _place(before: str | None) -> tuple[datetime, UUID]:
    if not before:
        return _END
    moment, _, id_ = before.partition("_")
    try:
        at = datetime.fromisoformat(moment.replace(" ", "+"))
        at = at if at.tzinfo else at.replace(tzinfo=UTC)
        return at, UUID(id_) if id_ else UUID(int=0)
    except ValueError:
        raise Invalid("`before` is a time, or the `next` of the page above.", field="before") from None
