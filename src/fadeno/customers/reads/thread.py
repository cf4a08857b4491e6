"""One line through everything that happened with a customer."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from fadeno.customers import store
from fadeno.customers.model import NoCustomer
from fadeno.customers.reads.person import resolve
from fadeno.db import Tx
from fadeno.kit import lists
from fadeno.kit.errors import Invalid

MOST = 200


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
        place = lists.before_time(before)
    except Invalid:
        await resolve(tx, id_)
        raise
    rows = await store.thread(tx, id_, place, limit + 1, kinds, channels)
    if rows is None:
        raise NoCustomer(field="id")
    items, last = lists.cut([Item(*r) for r in rows], limit)
    return items, lists.by_time(last.occurred_at, last.id) if last else None


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
