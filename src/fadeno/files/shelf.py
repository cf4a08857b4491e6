"""Where the bytes lie: a folder of this machine, or S3-compatible storage. No database.

Keys begin with the day they were made (`2026/11/24/…`), so that what nobody named can be looked for day by day.
"""

import asyncio
import os
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Protocol

import obstore
from obstore.exceptions import BaseError
from obstore.store import S3Store, from_url

from fadeno.files.model import NoAttachment
from fadeno.kit import ids
from fadeno.kit.errors import FadenoError

CHUNK_BYTES = 256 * 1024


class ShelfDown(FadenoError):
    """The place where attachments lie can't be reached or is full."""

    code = "shelf_down"
    status = 503
    hint = "Nothing is lost; it is tried again. See FADENO_FILES_URL in docs/settings.md."


class Shelf(Protocol):
    """Where bytes lie, by key."""

    async def put(self, key: str, content: bytes) -> None:
        """Keep bytes; they are safe when this returns."""

    async def read(self, key: str) -> bytes:
        """All bytes of a key."""

    def stream(self, key: str) -> AsyncIterator[bytes]:
        """The bytes of a key, piece by piece."""

    async def forget(self, key: str) -> None:
        """Let go of a key; one that is not there is no fault."""

    async def keys(self, day: str) -> list[str]:
        """Every key made on a day, such as `2026/11/24`."""


def shelf_at(url: str | None, folder: Path) -> Shelf:
    """The shelf a setting names: `s3://bucket/prefix`, with the usual AWS_* variables; None is the folder."""
    if url is None:
        return _Folder(folder)
    return _Bucket(from_url(url, client_options={"allow_http": True, "timeout": "30s"}))


def new_key(now_day: str) -> str:
    """A key nobody has."""
    return f"{now_day}/{ids.new_id().hex}"


class _Folder:
    def __init__(self, root: Path) -> None:
        self._root = root

    async def put(self, key: str, content: bytes) -> None:
        try:
            await asyncio.to_thread(self._write, self._root / key, content)
        except OSError as error:
            raise ShelfDown(f"The folder of attachments can't be written: {error.strerror}.") from error

    def _write(self, path: Path, content: bytes) -> None:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        making = path.with_suffix(".making")
        fd = os.open(making, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(fd, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(fd)
        making.rename(path)
        folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(folder)  # else the name may be gone after a power cut though the bytes are there
        finally:
            os.close(folder)

    async def read(self, key: str) -> bytes:
        try:
            return await asyncio.to_thread((self._root / key).read_bytes)
        except FileNotFoundError:
            raise NoAttachment from None

    async def stream(self, key: str) -> AsyncIterator[bytes]:
        try:
            file = await asyncio.to_thread((self._root / key).open, "rb")
        except FileNotFoundError:
            raise NoAttachment from None
        with file:
            while piece := await asyncio.to_thread(file.read, CHUNK_BYTES):
                yield piece

    async def forget(self, key: str) -> None:
        await asyncio.to_thread((self._root / key).unlink, missing_ok=True)

    async def keys(self, day: str) -> list[str]:
        return await asyncio.to_thread(lambda: [f"{day}/{p.name}" for p in (self._root / day).glob("*")])


class _Bucket:
    def __init__(self, store: S3Store) -> None:
        self._store = store

    async def put(self, key: str, content: bytes) -> None:
        try:
            await obstore.put_async(self._store, key, content)
        except BaseError as error:
            raise ShelfDown("The storage of attachments does not answer.") from error

    async def read(self, key: str) -> bytes:
        return b"".join([piece async for piece in self.stream(key)])

    async def stream(self, key: str) -> AsyncIterator[bytes]:
        try:
            found = await obstore.get_async(self._store, key)
            async for piece in found.stream(min_chunk_size=CHUNK_BYTES):
                yield bytes(piece)
        except FileNotFoundError:
            raise NoAttachment from None
        except BaseError as error:
            raise ShelfDown("The storage of attachments does not answer.") from error

    async def forget(self, key: str) -> None:
        try:
            await obstore.delete_async(self._store, key)
        except FileNotFoundError:
            return
        except BaseError as error:
            raise ShelfDown("The storage of attachments does not answer.") from error

    async def keys(self, day: str) -> list[str]:
        try:
            return [one["path"] async for some in obstore.list(self._store, prefix=day) for one in some]
        except BaseError as error:
            raise ShelfDown("The storage of attachments does not answer.") from error
