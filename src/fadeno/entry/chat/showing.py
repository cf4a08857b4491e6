"""What was said, as the widget and the customer's own page show it."""

from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from fadeno import chats, files
from fadeno.chats import Said, Viewer
from fadeno.db import Tx

ROOM = "conversations"  # under which attachments of messages are kept


class Shown(msgspec.Struct, frozen=True):
    """One message. `sent_id` is what the browser called it, so that it finds its own again."""

    id: UUID
    position: int
    at: datetime
    is_ours: bool
    channel: str
    by: str
    text: str
    subject: str
    language: str
    state: str
    is_automatic: bool
    sent_id: str
    attachments: list[dict[str, Any]]


class Page(msgspec.Struct, frozen=True):
    """The last messages, oldest first, the position before which there are more, and a solved case to be rated."""

    messages: list[Shown]
    before: int | None = None
    to_rate: UUID | None = None


async def page(tx: Tx, key: bytes, viewer: Viewer, *, before: int | None = None, limit: int = 40) -> Page:
    """What a viewer sees, from the last on."""
    found, more = await chats.last_said(tx, viewer, before=before, limit=limit)
    with_files = [one.id for one in found if one.attachments]
    attached = await files.attachments(tx, ROOM, with_files)
    day = tx.now.date()
    to_rate = None if before else await chats.to_rate(tx, found)
    return Page([shown(one, attached.get(one.id, []), key, day) for one in reversed(found)], more, to_rate)


def shown(one: Said, attached: list[files.Attachment], key: bytes, day: object) -> Shown:
    """One message, its attachments with addresses that are good for today and tomorrow."""
    listed = [
        {
            "id": file.id, "name": file.name, "type": file.media_type, "size_bytes": file.size_bytes,
            "is_shown": file.is_shown, "key": chats.signed_id(key, "file", file.id, day),
        }
        for file in attached
    ]  # fmt: skip
    return Shown(
        one.id, one.position, one.said_at, one.is_ours, one.channel, "" if not one.is_ours else one.author_name,
        one.text, one.subject, one.language, one.state, one.is_automatic, one.provider_id.partition(":")[2], listed,
    )  # fmt: skip
