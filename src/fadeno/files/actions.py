"""Verbs of attachments: bring to the shelf, name, hand over, forget."""

import asyncio
import hashlib
from collections.abc import Collection, Sequence
from uuid import UUID

from fadeno import jobs
from fadeno.db import Tx
from fadeno.files import store
from fadeno.files.model import LIMIT_BYTES, SHOWN, Kept, NoAttachment, TooLarge, media_type_of, safe_name
from fadeno.files.shelf import Shelf, new_key
from fadeno.kit import clock, ids

LANE = "files"
_FORGET = "files.forget"
_THUMBNAIL = "files.thumbnail"


async def put(shelf: Shelf, content: bytes, *, said_type: str = "", limit_bytes: int = LIMIT_BYTES) -> Kept:
    """Bring bytes to the shelf, outside any transaction; they are swept away unless `keep` names them within a day.

    Raises:
        TooLarge: more than `limit_bytes`; nothing was kept.
        ShelfDown: nothing can be kept there now.
    """
    if len(content) > limit_bytes:
        raise TooLarge
    hash = await asyncio.to_thread(lambda: hashlib.sha256(content).digest())
    key = new_key(f"{clock.now():%Y/%m/%d}")
    await shelf.put(key, content)
    return Kept(hash, key, len(content), media_type_of(content, said_type))


async def keep(tx: Tx, kept: Kept, *, room: str, object_id: UUID, name: str, content_id: str = "") -> UUID:
    """Say that an object of a room has this attached; the id of that use.

    The same content is kept once, however often and by whom it is sent.
    """
    key, thumbnail_state = await store.keep_file(tx, kept)
    if key != kept.key:
        await _let_go(tx, [kept.key])
    elif thumbnail_state == "none" and kept.media_type in SHOWN:
        await store.ask_thumbnail(tx, kept.hash)
        await jobs.put(tx, LANE, kept.hash.hex(), _THUMBNAIL, {"hash": kept.hash.hex()})
    id = ids.new_id()
    await store.add_use(tx, id, kept.hash, room, object_id, safe_name(name), content_id)
    return id


async def hand_over(tx: Tx, ids: Sequence[UUID], *, from_: tuple[str, UUID], to: tuple[str, UUID]) -> None:
    """Give attachments to another object, as when a message is sent that had them as a draft.

    Args:
        from_: room and object they must belong to, so that nobody hands over what is another's.

    Raises:
        NoAttachment: one of them is not there, or not of that object.
    """
    if await store.hand_over(tx, ids, from_, to) != len(set(ids)):
        raise NoAttachment


async def forget(tx: Tx, room: str, object_ids: Collection[UUID]) -> None:
    """Take away what these objects have attached; files nobody else uses go from the shelf after the commit."""
    hashes = await store.drop_uses(tx, room, object_ids)
    await let_go_unused(tx, hashes)


async def let_go_unused(tx: Tx, hashes: Collection[bytes]) -> None:
    """Let those of these files go that nobody uses."""
    if hashes:
        await _let_go(tx, await store.drop_unused(tx, hashes))


async def _let_go(tx: Tx, keys: Sequence[str]) -> None:
    await jobs.put_many(tx, [jobs.NewJob(LANE, key, _FORGET, {"key": key}) for key in keys])
