"""Verbs about what fadeno says by itself."""

from collections.abc import Mapping
from uuid import UUID

from fadeno import access
from fadeno.access import Actor
from fadeno.content import reads, store
from fadeno.content.model import texts as model
from fadeno.db import Tx
from fadeno.kit.errors import Invalid
from fadeno.kit.ids import new_id

_MOST_CHANNEL_CHARS = 40


async def set_text(
    tx: Tx, actor: Actor, kind: str, texts: Mapping[str, str], *, channel: str = "", calendar_id: UUID | None = None
) -> UUID:
    """Say what fadeno says on an occasion, on a channel and by a calendar; without texts, its own words hold again.

    Returns:
        The id its versions are kept by.

    Raises:
        Invalid: the kind, a language or a text can't be kept; `field` names it.
        NoCalendar: there is none by that id.
    """
    if kind not in model.TEXT_KINDS:
        raise Invalid(f"Choose one of {', '.join(model.TEXT_KINDS)}.", field="kind", word="bad_choice")
    if len(channel) > _MOST_CHANNEL_CHARS or not channel.isprintable():
        raise Invalid("Choose a channel there is.", field="channel", word="bad_choice")
    if calendar_id is not None:
        await reads.calendar(tx, calendar_id)
    said = model.checked_by_language(texts)
    id_, version = await store.keep_text(tx, new_id(), kind, channel, calendar_id, said)
    await store.add_text_version(tx, id_, version, said, actor.name)
    await access.note(tx, actor, "change", "text", str(id_), {"name": kind})
    return id_
