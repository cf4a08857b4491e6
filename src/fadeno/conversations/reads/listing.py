"""Lists of cases: page by page, counted, and kept under a name.

What narrows a list to few is looked up by its marks; what most have is met soon enough on the way through the list.
"""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from fadeno.access import Actor
from fadeno.conversations.model.listing import Listed, SavedView, View, all_marks, checked_view, wanted_marks
from fadeno.conversations.store import listing as store
from fadeno.db import Tx
from fadeno.kit import lists

MOST = 200
COUNTED = 1_000
_ALIKE = ("all", "unassigned", "waiting", "due")
FEW = 1_000
_LOOKS = (500, 1_500, 4_000)  # how many are looked at, one after the other, for those that fit
_NEVER = "infinity"
_NEVER_AT = datetime(9999, 12, 31, tzinfo=UTC)
_FIRST = ("-infinity", UUID(int=0))


async def cases_in(tx: Tx, view: View, *, after: str | None = None, limit: int = 50) -> tuple[list[Listed], str | None]:
    """Cases of a list and the place after which the next page begins.

    A page of a list narrowed to what hardly a case has may be short and still have a next one.

    Raises:
        Invalid: there is no such list, or `after` is no place in it.
    """
    view = checked_view(view)
    limit = max(1, min(limit, MOST))
    if view.kind in ("solved", "followed"):
        ids, place = await _latest(tx, view, after, limit)
    else:
        ids, place = await _due(tx, view, after, limit)
    return await store.listed(tx, ids, view.member_id), place


async def _due(tx: Tx, view: View, after: str | None, limit: int) -> tuple[list[UUID], str | None]:
    start, marks = _place(after), wanted_marks(view)
    place, is_few = start, False
    found: list[Any] = []
    rows: list[Any] = []
    for nth, look in enumerate(_LOOKS if marks else (limit + 1,)):
        if nth == 1:
            rows = await store.with_marks(tx, "waiting" if view.kind == "waiting" else "open", all_marks(view), FEW + 1)
            is_few = len(rows) <= FEW
        if is_few:
            return _sorted(rows, view, tx.now, start, limit)
        rows = await store.by_due(tx, view, marks, place, look)
        found += [row for row in rows if row.fits]
        if len(found) > limit:
            return [row.id for row in found[:limit]], _told(found[limit - 1])
        if len(rows) < look:
            return [row.id for row in found], None
        place = _key(rows[-1])
    return [row.id for row in found], _told(rows[-1])


def _sorted(
    rows: list[Any], view: View, now: datetime, place: tuple[str, UUID], limit: int
) -> tuple[list[UUID], str | None]:
    """The same of few that were looked up in no order."""
    from_at = _moment(place[0])
    soon = (row for row in rows if view.kind != "due" or (row.due_at and row.due_at <= now + store.DUE_WITHIN))
    ordered = sorted(soon, key=lambda row: (row.due_at or _NEVER_AT, row.id))
    page, last = lists.cut(
        [r for r in ordered if (r.due_at or _NEVER_AT, r.id) > (from_at, place[1])][: limit + 1], limit
    )
    return [row.id for row in page], _told(last) if last else None


async def _latest(tx: Tx, view: View, after: str | None, limit: int) -> tuple[list[UUID], str | None]:
    place, marks = lists.at_time(after, "after") if after else lists.LATEST, wanted_marks(view)
    found: list[Any] = []
    for look in _LOOKS if marks else (limit + 1,):
        rows = await store.by_last(tx, view, marks, place, look)
        found += [row for row in rows if row.fits]
        if len(found) > limit:
            last = found[limit - 1]
            return [row.id for row in found[:limit]], lists.by_time(last.last_at, last.id)
        if len(rows) < look:
            return [row.id for row in found], None
        place = (rows[-1].last_at, rows[-1].id)
    return [row.id for row in found], lists.by_time(*place)


# Places ----------------------------------------------------------------------------------------------------------


def _key(row: Any) -> tuple[str, UUID]:
    return (row.due_at.isoformat() if row.due_at else _NEVER), row.id


def _told(row: Any) -> str:
    at, id_ = _key(row)
    return f"{at}_{id_}"


def _place(after: str | None) -> tuple[str, UUID]:
    if not after:
        return _FIRST
    if after.startswith(f"{_NEVER}_"):
        return _NEVER, lists.at_time(f"9999-01-01_{after.partition('_')[2]}", "after")[1]
    at, id_ = lists.at_time(after, "after")
    return at.isoformat(), id_


def _moment(at: str) -> datetime:
    if at == _NEVER:
        return _NEVER_AT
    return datetime.min.replace(tzinfo=UTC) if at == _FIRST[0] else datetime.fromisoformat(at)


# Counted, and kept -----------------------------------------------------------------------------------------------


async def counts(tx: Tx, member: Actor) -> dict[str, int]:
    """How many cases stand in each list of a member, each counted to 1,000 at most.

    By `mine`, `unread` (of mine), `unassigned`, `waiting`, `all`, `followed`, `due`, `drafts`, `nudges`, and `area:…`.
    """
    return await store.counts(tx, member.id if member.kind == "member" else None, COUNTED)


async def counts_of_everybody(tx: Tx) -> dict[str, int]:
    """How many cases stand in the lists all members have alike, and `owner:…` for each who owns open ones; to 1,000."""
    shared = await store.counts(tx, None, COUNTED)
    owned = await store.counts_of_everybody(tx, COUNTED)
    alike = {name: n for name, n in shared.items() if name in _ALIKE or name.startswith("area:")}
    return alike | {f"owner:{id_}": n for id_, n in owned.items()}


async def views(tx: Tx, member: Actor) -> list[SavedView]:
    """A member's saved views and those of everybody, by name."""
    return await store.views(tx, member.id if member.kind == "member" else None)
