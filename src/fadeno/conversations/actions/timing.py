"""What time does to cases: warnings, what became too late, what was put off until now, calendars that changed."""

from collections.abc import Collection
from datetime import datetime, timedelta
from hashlib import blake2b
from typing import Any
from uuid import UUID

from fadeno.access import SYSTEM
from fadeno.conversations import store
from fadeno.conversations.actions import keeping, telling
from fadeno.conversations.model import Area, WorkingTime, times_of
from fadeno.conversations.store import timing
from fadeno.db import Tx

WARN_BEFORE = timedelta(minutes=30)
AT_ONCE = 100
TIMED_AT_ONCE = 5_000
_FIRST = UUID(int=0)


async def warn(tx: Tx) -> bool:
    """Tell owners and followers of cases in which something is due within half an hour; whether there may be more."""
    ids = await timing.nearly_due(tx, tx.now + WARN_BEFORE, AT_ONCE)
    for case in await store.cases_by_id(tx, ids):
        await _nudge(tx, case, "due")
    await timing.note_warned(tx, ids)
    return len(ids) == AT_ONCE


async def remind(tx: Tx, case_id: UUID, owner_id: UUID | None) -> None:
    """Remind of a promise made in a case: who keeps it, and who owns and follows the case.

    Args:
        owner_id: who keeps it; None = whoever answers for the area.
    """
    for case in await store.cases_by_id(tx, [case_id]):
        await _nudge(tx, case, "promised", {owner_id} - {None})


async def tell_broken(tx: Tx) -> bool:
    """Say on the thread, and to owners and followers, that something is too late; whether there may be more."""
    ids = await timing.overdue(tx, AT_ONCE)
    for case in await store.cases_by_id(tx, ids):
        await _nudge(tx, case, "overdue")
        await telling.tell(tx, case, "overdue", due_at=case.due_at)
    await timing.note_broken(tx, ids)
    return len(ids) == AT_ONCE


async def wake(tx: Tx) -> bool:
    """Open cases that were put off until now; whether there may be more."""
    ids = await timing.awake(tx, AT_ONCE)
    for case in await store.cases_by_id(tx, ids):
        changes: dict[str, Any] = {"state": "open", "waits_until": None}
        before = {name: getattr(case, name) for name in changes}
        act = await store.add_act(tx, SYSTEM, case.id, "open", before, changes)
        woken = await keeping.write(tx, case, **changes)
        await _nudge(tx, woken, "woken")
        await telling.tell(tx, woken, "open", act=act, by=SYSTEM.name)
    return len(ids) == AT_ONCE


async def _nudge(tx: Tx, case: Any, kind: str, also: Collection[UUID] = ()) -> None:
    around = await store.around(tx, case.id)
    heard_by = {row.id for row in around if row.kind == "follower"} | ({case.owner_id} - {None}) | {*also}
    await store.nudge(tx, case.id, sorted(heard_by), kind)


# Calendars and targets that changed ------------------------------------------------------------------------------


async def retime(tx: Tx) -> bool:
    """Count due times anew where an area's calendar or targets changed, some thousand cases a time.

    Returns:
        Whether there is more to do.
    """
    walks = await timing.walks(tx)
    for area in (await store.areas(tx)).values():
        clock = await keeping.clock_of(tx, area)
        by, walk = _counted_by(area, clock), walks[area.key]
        if walk.timed_by == by:
            continue
        after = walk.walked_to if walk.walking_by == by and walk.walked_to else _FIRST
        rows = await timing.to_time(tx, area.key, after, TIMED_AT_ONCE)
        changed = [found for row in rows if (found := _timed(row, area, clock, tx.now)) is not None]
        if changed and await timing.write_times(tx, changed) < len(changed):
            return True  # somebody changed one meanwhile: these are looked at again
        is_done = len(rows) < TIMED_AT_ONCE
        await timing.note_timed(tx, area.key, by if is_done else walk.timed_by, by, None if is_done else rows[-1].id)
        return True
    return False


def _counted_by(area: Area, clock: WorkingTime) -> str:
    said = repr((clock, area.first_s, area.next_s, area.resolve_s)) if not _is_bare(area) else ""
    return blake2b(said.encode(), digest_size=16).hexdigest() if said else ""


def _is_bare(area: Area) -> bool:
    return not (area.first_s or area.next_s or area.resolve_s)


def _timed(row: Any, area: Area, clock: WorkingTime, now: datetime) -> timing.NewTimes | None:
    """A case's due times as they are now; None where none is another."""
    times = times_of(row, area, clock, now)
    found = (times.first_due_at, times.next_due_at, times.resolve_due_at, times.due_at)
    if found == (row.first_due_at, row.next_due_at, row.resolve_due_at, row.due_at):
        return None
    return row.id, row.version, *found
