"""One thin function per query of files."""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from fadeno.db import Queries, Tx
from fadeno.files.model import Attachment, Kept

Q = Queries(__package__)


async def keep_file(tx: Tx, kept: Kept) -> tuple[str, str]:
    """The key under which this content lies, and how it stands with its small picture."""
    row = await tx.one(
        Q.keep_file,
        hash=kept.hash,
        key=kept.key,
        size_bytes=kept.size_bytes,
        media_type=kept.media_type,
        now=tx.now,
    )
    return row.key, row.thumbnail_state


async def add_use(tx: Tx, id: UUID, hash: bytes, room: str, object_id: UUID, name: str, content_id: str) -> None:
    await tx.run(
        Q.add_use, id=id, hash=hash, room=room, object_id=object_id, name=name, content_id=content_id, now=tx.now
    )


async def hand_over(tx: Tx, ids: Sequence[UUID], from_: tuple[str, UUID], to: tuple[str, UUID]) -> int:
    rows = await tx.all(Q.hand_over, ids=list(ids), from_room=from_[0], from_id=from_[1], room=to[0], object_id=to[1])
    return len(rows)


async def attachment(tx: Tx, id: UUID) -> Attachment | None:
    return await tx.maybe(Q.attachment, into=Attachment, id=id)


async def attachments(tx: Tx, room: str, object_ids: Collection[UUID]) -> list[Attachment]:
    return await tx.all(Q.attachments, into=Attachment, room=room, object_ids=list(object_ids))


async def drop_uses(tx: Tx, room: str, object_ids: Collection[UUID]) -> set[bytes]:
    return {row.hash for row in await tx.all(Q.drop_uses, room=room, object_ids=list(object_ids))}


async def drop_old_uses(tx: Tx, room: str, before: datetime, limit: int) -> list[bytes]:
    return [row.hash for row in await tx.all(Q.drop_old_uses, room=room, before=before, limit=limit)]


async def drop_unused(tx: Tx, hashes: Collection[bytes]) -> list[str]:
    """Take away those nobody uses; every key that is free to go. Who names one of them meanwhile waits, and sees."""
    await tx.all(Q.lock_files, hashes=list(hashes))
    rows = await tx.all(Q.drop_unused, hashes=list(hashes))
    return [key for row in rows for key in (row.key, row.thumbnail_key) if key]


async def file_key(tx: Tx, hash: bytes) -> str | None:
    return await tx.value(Q.file_key, hash=hash)


async def ask_thumbnail(tx: Tx, hash: bytes) -> None:
    await tx.run(Q.ask_thumbnail, hash=hash)


async def note_thumbnail(
    tx: Tx, hash: bytes, state: str, key: str = "", width: int | None = None, height: int | None = None
) -> int:
    return await tx.run(Q.note_thumbnail, hash=hash, state=state, key=key, width=width, height=height)


async def known_keys(tx: Tx, keys: Sequence[str]) -> set[str]:
    return {row.key for row in await tx.all(Q.known_keys, keys=list(keys))}


async def unused(tx: Tx, limit: int) -> list[bytes]:
    return [row.hash for row in await tx.all(Q.unused, limit=limit)]


async def count_files(tx: Tx) -> int:
    return await tx.value(Q.count_files)
