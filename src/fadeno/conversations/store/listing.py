"""Lists of cases, counted and page by page, and saved views."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from fadeno.conversations.model.listing import DUE_WITHIN, Listed, SavedView, View
from fadeno.conversations.store.statements import Q, record
from fadeno.db import Tx, array


async def by_due(tx: Tx, view: View, marks: str, place: tuple[str, UUID], look: int) -> list[Any]:
    """Rows of an open or waiting list in order, from a place on; `fits` says whether the marks are there."""
    where: dict[str, Any] = {"marks": marks or None, "at": place[0], "id": place[1], "look": look}
    match view.kind:
        case "mine":
            return await tx.all(Q.listed_of_owner, owner_id=view.member_id, **where)
        case "area":
            return await tx.all(Q.listed_of_area, area=view.area, **where)
        case "unassigned":
            return await tx.all(Q.listed_of_nobody, **where)
        case "due":
            return await tx.all(Q.listed_due, until=tx.now + DUE_WITHIN, **where)
    return await tx.all(Q.listed_standing, stand="waiting" if view.kind == "waiting" else "open", **where)


async def by_last(tx: Tx, view: View, marks: str, place: tuple[datetime, UUID], look: int) -> list[Any]:
    """Rows of a list that has the latest first, from a place on."""
    where: dict[str, Any] = {"marks": marks or None, "at": place[0], "id": place[1], "look": look}
    if view.kind == "followed":
        return await tx.all(Q.listed_followed, member_id=view.member_id, **where)
    return await tx.all(Q.listed_solved, **where)


async def with_marks(tx: Tx, stand: str, marks: str, limit: int) -> list[Any]:
    await tx.use_indexes()
    return await tx.all(Q.listed_with_marks, stand=stand, marks=marks, limit=limit)


async def listed(tx: Tx, ids: Sequence[UUID], member_id: UUID | None) -> list[Listed]:
    """In the order of the ids."""
    rows = await tx.all(Q.listed, into=Listed, ids=array(ids), member_id=member_id) if ids else []
    found = {row.id: row for row in rows}
    return [found[id_] for id_ in ids if id_ in found]


async def counts(tx: Tx, member_id: UUID | None, most: int) -> dict[str, int]:
    rows = await tx.all(Q.counts, member_id=member_id, due_until=tx.now + DUE_WITHIN, most=most)
    areas = await tx.all(Q.counts_of_areas, most=most)
    return {row.name: row.n for row in rows} | {f"area:{row.name}": row.n for row in areas}


async def counts_of_everybody(tx: Tx, most: int) -> dict[UUID, int]:
    return {row.id: row.n for row in await tx.all(Q.counts_of_everybody, most=most)}


async def views(tx: Tx, member_id: UUID | None) -> list[SavedView]:
    return await tx.all(Q.views, into=SavedView, member_id=member_id)


async def save_view(tx: Tx, view: SavedView) -> UUID | None:
    return await tx.value(
        Q.save_view, id=view.id, member_id=view.member_id, name=view.name, kind=view.kind,
        narrowed=record(view.narrowed), now=view.made_at,
    )  # fmt: skip


async def remove_view(tx: Tx, id_: UUID, member_id: UUID | None) -> bool:
    return await tx.run(Q.remove_view, id=id_, member_id=member_id) == 1
