"""Lists as a member narrows them again and again, kept under a name."""

from collections.abc import Mapping
from uuid import UUID

from psycopg.types.json import Jsonb

from fadeno.access.actions.members import oneself
from fadeno.access.model import Actor, Filter, NoFilter, checked_name, may, require
from fadeno.access.store import Q
from fadeno.db import Tx
from fadeno.kit import ids
from fadeno.kit.errors import Conflict, Invalid

MOST_FILTERS = 50
_MOST_CHARS = 2_000


async def saved_filters(tx: Tx, actor: Actor, of_list: str) -> list[Filter]:
    """One's own filters of a list and those shared with all, by name."""
    rows = await tx.all(Q.saved_filters, list=of_list, member_id=actor.id, most=2 * MOST_FILTERS)
    return [Filter(r.id, r.name, r.made_by, r.asked, r.is_shared, r.member_id == actor.id) for r in rows]


async def save_filter(
    tx: Tx, actor: Actor, of_list: str, name: str, asked: Mapping[str, str], *, is_shared: bool = False
) -> None:
    """Keep a filter under a name; one of that name is replaced.

    Raises:
        Forbidden: a key has no filters; and only who may change customers shares one with all.
        Invalid: the name is empty or too long, or nothing is narrowed.
        Conflict: fifty are kept already.
    """
    me = await oneself(tx, actor)
    name = _named(actor, name, is_shared=is_shared)
    if not asked or sum(len(key) + len(value) for key, value in asked.items()) > _MOST_CHARS:
        raise Invalid("Give the filter a name.", field="filter", word="no_name")
    kept = await tx.run(
        Q.save_filter,
        id=ids.new_id(),
        member_id=me.id,
        list=of_list,
        name=name,
        asked=Jsonb(dict(asked)),
        is_shared=is_shared,
        now=tx.now,
        most=MOST_FILTERS,
    )
    if not kept:
        raise Conflict("You keep fifty filters already; forget one first.", word="many_filters")


async def rename_filter(tx: Tx, actor: Actor, id_: UUID, name: str, *, is_shared: bool = False) -> None:
    """Call one's own filter otherwise, and share it with all or no longer; another of that name is replaced.

    Raises:
        Forbidden: only who may change customers shares one with all.
        Invalid: the name is empty or too long.
        NoFilter: there is none such, or it is somebody else's.
    """
    name = _named(actor, name, is_shared=is_shared)
    await tx.run(Q.forget_namesake, id=id_, member_id=actor.id, name=name)
    if not await tx.run(Q.rename_filter, id=id_, member_id=actor.id, name=name, is_shared=is_shared):
        raise NoFilter


def _named(actor: Actor, name: str, *, is_shared: bool) -> str:
    """The name a filter may have."""
    if is_shared:
        require(actor, "change", "customers")
    name = checked_name(name, default="", what="filter")
    if not name:
        raise Invalid("Give the filter a name.", field="filter", word="no_name")
    return name


async def forget_filter(tx: Tx, actor: Actor, id_: UUID) -> None:
    """Forget one's own filter, or, for whoever manages members, a shared one.

    Raises:
        NoFilter: there is none such, or it is somebody else's.
    """
    if not await tx.run(Q.forget_filter, id=id_, member_id=actor.id, any=may(actor, "manage", "members")):
        raise NoFilter
