"""Changing many cases at once, taken back at once."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from fadeno import access
from fadeno.access import Actor
from fadeno.conversations import store
from fadeno.conversations.actions import changing, undoing
from fadeno.db import Tx
from fadeno.kit.errors import FadenoError, Invalid
from fadeno.kit.ids import new_id

MOST_TOGETHER = 500


@dataclass(frozen=True, slots=True)
class Together:
    """What is to be otherwise of many cases; what is None stays, and the owner 0 is nobody."""

    owner_id: UUID | None = None
    state: str | None = None
    until: datetime | None = None
    priority: int | None = None
    add_tags: tuple[str, ...] = ()
    remove_tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Done:
    """What became of it.

    Attributes:
        id: takes all of it back.
        changed: cases that are as asked.
        refused: why the others could not be changed or taken back.
    """

    id: UUID
    changed: list[UUID]
    refused: dict[UUID, FadenoError]


async def change_together(tx: Tx, actor: Actor, case_ids: Collection[UUID], wanted: Together) -> Done:
    """Change many cases alike; one that can't be keeps no other from it.

    Raises:
        Invalid: more than five hundred are named.
    """
    if len(case_ids) > MOST_TOGETHER:
        raise Invalid(f"Change at most {MOST_TOGETHER} cases at once.", field="cases", word="bad_choice")
    done = Done(new_id(), [], {})
    for id_ in sorted(set(case_ids)):
        try:
            async with tx.savepoint():
                await _change(tx, actor, id_, wanted)
            done.changed.append(id_)
        except FadenoError as refused:
            done.refused[id_] = refused
    await store.bind_acts(tx, done.id, done.changed)
    await access.note(tx, actor, "change", "case", done.id, {"cases": len(done.changed)})
    return done


async def _change(tx: Tx, actor: Actor, id_: UUID, wanted: Together) -> None:
    if wanted.owner_id is not None:
        await changing.assign(tx, actor, id_, wanted.owner_id if wanted.owner_id.int else None)
    if wanted.priority is not None:
        await changing.prioritise(tx, actor, id_, wanted.priority)
    if wanted.add_tags or wanted.remove_tags:
        await changing.tag(tx, actor, id_, add=wanted.add_tags, remove=wanted.remove_tags)
    if wanted.state is not None:
        await changing.set_state(tx, actor, id_, wanted.state, until=wanted.until)


async def undo_together(tx: Tx, actor: Actor, id_: UUID) -> Done:
    """Take back what was changed of many cases at once; a case that was changed again since stays as it is."""
    done = Done(id_, [], {})
    for act in await store.acts_together(tx, id_):
        try:
            async with tx.savepoint():
                await undoing.undo(tx, actor, act.id)
            done.changed.append(act.case_id)
        except FadenoError as refused:
            done.refused[act.case_id] = refused
    return Done(id_, sorted(set(done.changed)), done.refused)
