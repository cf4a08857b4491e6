"""Authenticated encryption of small secrets with one key kept outside the database.

Source: AES-GCM as in NIST SP 800-38D, through `cryptography`. A random 96-bit nonce stands before each box.
"""

import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from fadeno.kit.errors import FadenoError

_VERSION = b"\x01"
_NONCE_BYTES = 12


class SealBroken(FadenoError):
    """A sealed value can't be opened with this key."""

    code = "seal_broken"
    status = 500
    hint = "Start fadeno with the secret key the data was written with (secret.key in the data folder)."


class Seal:
    """Closes and opens boxes. Each box is bound to what it is about and opens for nothing else."""

    __slots__ = ("_box",)

    def __init__(self, key: bytes) -> None:
        if len(key) < 32:
            raise ValueError("a sealing key has at least 32 bytes")
        self._box = AESGCM(HKDF(SHA256(), 32, salt=None, info=b"fadeno seal 1").derive(key))

    def seal(self, value: bytes, about: str) -> bytes:
        """Encrypt `value`; `about` must be given again to open it, as `room.table:id`."""
        nonce = os.urandom(_NONCE_BYTES)
        return _VERSION + nonce + self._box.encrypt(nonce, value, about.encode())

    def open(self, box: bytes, about: str) -> bytes:
        """The value in `box`.

        Raises:
            SealBroken: another key, another subject, or changed bytes.
        """
        if box[:1] != _VERSION or len(box) < 1 + _NONCE_BYTES + 16:
            raise SealBroken
        try:
            return self._box.decrypt(box[1 : 1 + _NONCE_BYTES], box[1 + _NONCE_BYTES :], about.encode())
        except InvalidTag:
            raise SealBroken from None
