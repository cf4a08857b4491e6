"""Verbs about saved answers: everybody's are for managers to say, one's own for oneself."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID

from fadeno import access
from fadeno.access import Actor
from fadeno.content import store
from fadeno.content.model import texts as model
from fadeno.content.model.answers import (
    MOST_ANSWERS,
    NoSavedAnswer,
    SavedAnswer,
    ShortcutTaken,
    checked_areas,
    checked_shortcut,
)
from fadeno.content.model.calendar import checked_label
from fadeno.db import Tx
from fadeno.kit.errors import Conflict, Invalid
from fadeno.kit.ids import new_id


async def save_answer(
    tx: Tx,
    actor: Actor,
    shortcut: str,
    texts: Mapping[str, str],
    *,
    name: str = "",
    areas: Iterable[str] = (),
    is_own: bool = False,
) -> SavedAnswer:
    """Keep a new answer, for everybody or as one's own.

    Raises:
        Invalid: a value can't be kept; `field` names it.
        ShortcutTaken: choose another shortcut.
        Forbidden: those for everybody are for managers and marketing to say.
    """
    if is_own and actor.kind != "member":
        raise Invalid("Only members have answers of their own.", field="is_own", word="bad_choice")
    owner_id = actor.id if is_own else None
    _may(actor, owner_id)
    await store.hold_names(tx, "saved answer")
    if len(await store.saved_answers(tx, owner_id, MOST_ANSWERS)) >= MOST_ANSWERS:
        raise Conflict(f"There are {MOST_ANSWERS} saved answers already.", word="too_many_answers", n=MOST_ANSWERS)
    made = SavedAnswer(new_id(), shortcut, name or shortcut, owner_id, list(areas), dict(texts), 1, 0, None, tx.now)
    made = await _keep(tx, actor, made)
    await access.note(tx, actor, "create", "saved_answer", str(made.id), {"name": made.shortcut})
    return made


async def change_answer(tx: Tx, actor: Actor, id_: UUID, **changes: Any) -> SavedAnswer:
    """Say a saved answer anew: `shortcut`, `name`, `areas`, `texts`; what it said before is kept.

    Raises:
        NoSavedAnswer: there is none by that id, or it is somebody else's own.
        Invalid, ShortcutTaken, Forbidden: as for `save_answer`.
    """
    await store.hold_names(tx, "saved answer")
    before = await _mine(tx, actor, id_)
    _may(actor, before.owner_id)
    after = replace(before, **changes, version=before.version + 1)
    kept = await _keep(tx, actor, after)
    await access.note(tx, actor, "change", "saved_answer", str(id_), {"name": kept.shortcut, "fields": sorted(changes)})
    return kept


async def remove_answer(tx: Tx, actor: Actor, id_: UUID) -> None:
    """Forget a saved answer; what customers were told with it is still known.

    Raises:
        NoSavedAnswer, Forbidden: as for `change_answer`.
    """
    answer = await _mine(tx, actor, id_)
    _may(actor, answer.owner_id)
    await store.remove_answer(tx, id_)
    await access.note(tx, actor, "remove", "saved_answer", str(id_), {"name": answer.shortcut})


async def use_answer(
    tx: Tx,
    actor: Actor,
    id_: UUID,
    values: Mapping[str, str | None],
    *,
    language: str = "",
    gaps: Mapping[str, str] | None = None,
) -> model.Rendered:
    """A saved answer in the customer's language with its values in it; counts that it was used.

    Raises:
        NoSavedAnswer: as for `change_answer`.
    """
    answer = await _mine(tx, actor, id_)
    await store.note_used(tx, id_)
    _, text = model.in_language(answer.texts, language, "en") or ("", "")
    return model.render(text, values, gaps)


def _may(actor: Actor, owner_id: UUID | None) -> None:
    access.require(actor, "change" if owner_id is not None else "manage", "answers")


async def _mine(tx: Tx, actor: Actor, id_: UUID) -> SavedAnswer:
    answer = await store.saved_answer(tx, id_)
    if answer is None or answer.owner_id not in (None, actor.id):
        raise NoSavedAnswer(field="id")
    return answer


async def _keep(tx: Tx, actor: Actor, said: SavedAnswer) -> SavedAnswer:
    kept = replace(
        said,
        shortcut=checked_shortcut(said.shortcut),
        name=checked_label(said.name, "name", ""),
        areas=checked_areas(said.areas),
        texts=model.checked_by_language(said.texts),
    )
    if not kept.texts:
        raise Invalid("Write what is to be said.", field="text", word="no_text")
    if await store.shortcut_taken(tx, kept):
        raise ShortcutTaken(field="shortcut")
    await store.keep_answer(tx, kept, actor.name)
    return kept
