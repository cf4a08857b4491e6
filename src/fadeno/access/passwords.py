"""Passwords are kept as argon2id. Two at a time: each takes 32 MiB and a core."""

import asyncio

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from fadeno.access.model import plain_password

_hasher = PasswordHasher(time_cost=3, memory_cost=32 * 1024, parallelism=1)
_places = asyncio.Semaphore(2)

# What a try is compared with when there is no such member, so that both take as long.
_NOBODY = _hasher.hash("nobody has this password")


async def hashed(password: str) -> str:
    """What is kept of a password."""
    async with _places:
        return await asyncio.to_thread(_hasher.hash, plain_password(password))


async def matches(kept: str | None, password: str) -> bool:
    """Whether this is the password; takes as long where there is none to compare with."""
    async with _places:
        return await asyncio.to_thread(_matches, kept, plain_password(password)[:1024])


def worn(kept: str) -> bool:
    """Whether a hash was made with weaker settings than today's."""
    return _hasher.check_needs_rehash(kept)


def _matches(kept: str | None, password: str) -> bool:
    try:
        return _hasher.verify(kept or _NOBODY, password) and bool(kept)
    except (VerificationError, InvalidHashError):
        return False
