"""Keeping lists of cases under a name."""

from dataclasses import replace
from typing import Any
from uuid import UUID

from fadeno import access
from fadeno.access import Actor
from fadeno.conversations.model.listing import (
    MOST_VIEW_NAME_CHARS,
    NARROWED_BY,
    NoView,
    SavedView,
    View,
    checked_view,
)
from fadeno.conversations.store import listing as store
from fadeno.db import Tx
from fadeno.kit.errors import Invalid
from fadeno.kit.ids import new_id
from fadeno.kit.lists import typed


async def save_view(tx: Tx, actor: Actor, name: str, view: View, *, is_shared: bool = False) -> SavedView:
    """Keep a list under a name, for oneself or for all; the one of that name is this one from now on.

    Raises:
        Invalid: it has no name, there is no such list, or a machine keeps one of its own.
    """
    name = " ".join(typed(name).split())
    if not name or len(name) > MOST_VIEW_NAME_CHARS:
        raise Invalid(f"Give it a name of at most {MOST_VIEW_NAME_CHARS} characters.", field="name", word="no_name")
    if actor.kind != "member" and not is_shared:
        raise Invalid("Only members have lists of their own.", field="is_shared", word="bad_choice")
    view = checked_view(replace(view, member_id=view.member_id or actor.id))
    kept: dict[str, Any] = {key: value for key in NARROWED_BY if (value := getattr(view, key))}
    saved = SavedView(new_id(), None if is_shared else actor.id, name, view.kind, kept, tx.now)
    saved = replace(saved, id=await store.save_view(tx, saved) or saved.id)
    await access.note(tx, actor, "save", "view", saved.id, {"name": name, "shared": is_shared})
    return saved


async def remove_view(tx: Tx, actor: Actor, id_: UUID) -> None:
    """Keep a list no longer: one's own, or one of everybody.

    Raises:
        NoView: there is none by that id, or it is somebody else's own.
    """
    if not await store.remove_view(tx, id_, actor.id if actor.kind == "member" else None):
        raise NoView(field="id")
    await access.note(tx, actor, "remove", "view", id_, {})
