"""Questions about attachments."""

from collections.abc import Collection
from uuid import UUID

from fadeno.db import Tx
from fadeno.files import store
from fadeno.files.model import Attachment, NoAttachment

_MOST_FAULTS = 20


async def attachment(tx: Tx, id: UUID) -> Attachment:
    """One attachment; who asks must know that its object may be seen.

    Raises:
        NoAttachment: there is none, or no more.
    """
    found = await store.attachment(tx, id)
    if found is None:
        raise NoAttachment
    return found


async def attachments(tx: Tx, room: str, object_ids: Collection[UUID]) -> dict[UUID, list[Attachment]]:
    """What these objects of a room have attached, in the order it was; objects with nothing are left out."""
    found: dict[UUID, list[Attachment]] = {}
    for one in await store.attachments(tx, room, object_ids) if object_ids else ():
        found.setdefault(one.object_id, []).append(one)
    return found


async def check(tx: Tx) -> tuple[str, list[str]]:
    """The law of attachments on the data at hand: what nobody uses is gone."""
    faults = [
        f"file {hash.hex()[:16]} is used by nobody and still there" for hash in await store.unused(tx, _MOST_FAULTS)
    ]
    return f"{await store.count_files(tx)} attached files", faults
