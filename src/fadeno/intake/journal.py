"""The raw bodies, kept for two weeks under a key a day; without the key they are noise."""

import asyncio
import os
import zlib
from datetime import date
from uuid import UUID

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from fadeno.db import Database, Tx
from fadeno.intake import store
from fadeno.kit.errors import FadenoError
from fadeno.kit.seal import Seal

_NONCE_BYTES = 12
_MOST_BYTES = 8 * 1024 * 1024


class KeyDestroyed(FadenoError):
    """The journal of that day can't be read any more; its key was destroyed."""

    code = "journal_gone"
    status = 410


class Journal:
    """Seals raw bodies with the key of their day, and opens them while that key exists."""

    def __init__(self, vault: Seal) -> None:
        self._vault = vault
        self._boxes: dict[date, AESGCM] = {}

    async def box(self, db: Database, day: date) -> AESGCM:
        """The key of `day`, made if it is new, in a transaction of its own: no writer waits for another one here."""
        box = self._boxes.get(day)
        if box is None:
            about = f"intake.day_key:{day}"
            async with db.transaction() as tx:
                await store.add_day_key(tx, day, self._vault.seal(os.urandom(32), about))
                sealed = await store.day_key(tx, day)
            box = AESGCM(self._vault.open(sealed, about))
            # Only one day is remembered, so that destroyed keys are forgotten here too.
            self._boxes = {day: box}
        return box

    async def read(self, tx: Tx, parcel_id: UUID) -> bytes:
        """One raw body as it came.

        Raises:
            KeyDestroyed: it is older than the journal is kept.
        """
        row = await store.parcel(tx, parcel_id)
        if row is None:
            raise KeyDestroyed
        return await self.opened(tx, row.day, parcel_id, row.sealed)

    async def sealed(self, db: Database, day: date, parcel_id: UUID, raw: bytes) -> bytes:
        """One body as a room above keeps it in a table of its own, under the key of its day."""
        return await asyncio.to_thread(seal_parcel, await self.box(db, day), parcel_id, raw)

    async def opened(self, tx: Tx, day: date, parcel_id: UUID, sealed: bytes, most_bytes: int = _MOST_BYTES) -> bytes:
        """What was sealed on a day.

        Raises:
            KeyDestroyed: it is older than the journal is kept.
        """
        key = await store.day_key(tx, day)
        if key is None or not sealed:
            raise KeyDestroyed
        box = AESGCM(self._vault.open(key, f"intake.day_key:{day}"))
        opened = box.decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], parcel_id.bytes)
        return zlib.decompressobj().decompress(opened, most_bytes)


def seal_parcel(box: AESGCM, parcel_id: UUID, raw: bytes) -> bytes:
    """Compress and encrypt one body; safe to call in a thread."""
    nonce = os.urandom(_NONCE_BYTES)
    return nonce + box.encrypt(nonce, zlib.compress(raw, 1), parcel_id.bytes)
