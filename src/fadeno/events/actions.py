"""Verbs of the log."""

from collections.abc import Collection, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from fadeno.db import Tx
from fadeno.events import store
from fadeno.events.model import NewEvent, Prepared
from fadeno.events.stream import poke_here
from fadeno.kit import ids

MONTHS_AHEAD = 2
SIGNS_KEPT = timedelta(days=2)
MOST_SIGNED = 100


async def append(tx: Tx, events: Sequence[NewEvent]) -> None:
    """Keep events for ever; they reach the live stream after the commit."""
    if events:
        await append_prepared(tx, prepare(events))


def prepare(events: Sequence[NewEvent]) -> Prepared:
    """Put one or more events into the database's own words: work for the time it is busy with something else."""
    return Prepared(store.lines(events), [e.id for e in events], list({e.customer_id for e in events}))


async def append_prepared(tx: Tx, prepared: Prepared) -> None:
    """Keep events that are written already."""
    await store.add(tx, prepared.lines)
    await store.note_arrival(tx, prepared.ids, prepared.customer_ids)


async def append_own(tx: Tx, events: Sequence[NewEvent]) -> None:
    """Keep a few events of our own making; unlike `append` it may stand in an unanswered part of a transaction."""
    if events:
        await store.add_own(tx, events)
        await store.note_arrival(tx, [e.id for e in events], list({e.customer_id for e in events}))


async def sign(tx: Tx, topic: str, kind: str, about_ids: Collection[UUID], *, member_id: UUID | None = None) -> None:
    """Tell the live stream, after the commit, that something changed which is no event.

    Args:
        about_ids: what changed; of more than 100, any of the topic may have.
        member_id: the one member it concerns; without, everybody.
    """
    if about_ids:
        about = sorted(about_ids) if len(about_ids) <= MOST_SIGNED else [None]
        await store.note_signs(tx, topic, kind, about, member_id)
        tx.after_commit(poke_here)


async def whisper(tx: Tx, said: str) -> None:
    """Say something to every process that listens now and nobody keeps; at most 7,000 characters of ASCII.

    It is a NOTIFY: for a transaction of its own, never for one that does business.
    """
    await store.whisper(tx, said)


async def trim_signs(tx: Tx) -> None:
    """Forget signs of days ago; whoever comes back from before is told to look at everything."""
    await store.trim_signs(tx, tx.now - SIGNS_KEPT)


async def restamp(tx: Tx, event_ids: Sequence[UUID], customer_ids: Sequence[UUID]) -> int:
    """Write the present customers of these events into their cache; the number changed."""
    return await store.restamp(tx, event_ids, customer_ids)


async def blank(tx: Tx, customer_ids: Sequence[UUID], address_ids: Sequence[UUID]) -> int:
    """Empty the bodies of events with these subject addresses, found under these customers; how many."""
    return await store.blank(tx, customer_ids, address_ids)


async def withdraw(tx: Tx, event_ids: Sequence[UUID], by: UUID) -> list[Any]:
    """Say of these events that they are taken back by something; those that were not yet, with their addresses.

    They stay in the log and in the accounts; threads leave them out.
    """
    return await store.withdraw(tx, event_ids, by) if event_ids else []


async def supersede(tx: Tx, event_ids: Sequence[UUID]) -> list[Any]:
    """Say of these events that newer word stands in their place; those said until now, with their addresses."""
    return await store.supersede(tx, event_ids) if event_ids else []


async def restore(tx: Tx, event_ids: Sequence[UUID]) -> list[Any]:
    """Say superseded events again; those that were, with all it needs to learn from them anew."""
    return await store.restore(tx, event_ids) if event_ids else []


async def ensure_partitions(tx: Tx) -> None:
    """Make this month's and the coming months' partitions where they are missing."""
    there = await store.partitions(tx)
    year, month = tx.now.year, tx.now.month
    for _ in range(MONTHS_AHEAD + 1):
        following = (year + month // 12, month % 12 + 1)
        name = f"event_{year}_{month:02d}"
        if name not in there:
            first = datetime(year, month, 1, tzinfo=UTC)
            after = datetime(*following, 1, tzinfo=UTC)
            await store.add_partition(tx, name, ids.first_id_at(first), ids.first_id_at(after))
        year, month = following
