"""Passwords are kept as argon2id. Two at a time: each takes 32 MiB and a core."""

import asyncio
import unicodedata
from collections.abc import Iterable
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from fadeno.kit.errors import Invalid

MIN_PASSWORD_CHARS = 10
MAX_PASSWORD_CHARS = 200

_hasher = PasswordHasher(time_cost=3, memory_cost=32 * 1024, parallelism=1)
_places = asyncio.Semaphore(2)


# What a try is compared with when there is no such member, so that both take as long.
@cache
def _nobody() -> str:
    return _hasher.hash("nobody has this password")


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
        return _hasher.verify(kept or _nobody(), password) and bool(kept)
    except (VerificationError, InvalidHashError):
        return False


def plain_password(password: str) -> str:
    """The form in which passwords are hashed, so that two keyboards give the same one."""
    return unicodedata.normalize("NFKC", password)


_WORN_TEXT = """
1234567890 12345678910 123456789012 0123456789 0987654321 qwertyuiop qwerty12345 qwerty123456 password12
password123 password1234 passwordpassword iloveyou123 administrator adminadmin changeme123 letmein1234
welcome123 welcome1234 fadenofadeno 1q2w3e4r5t 1qaz2wsx3edc asdfghjkl1 football123 princess123 sunshine123
"""
_WORN = frozenset(_WORN_TEXT.split())


def check_password(password: str, *known: str) -> None:
    """Refuse a password others would guess; no rules about kinds of characters.

    Raises:
        Invalid: too short, too long, worn, or made of what everybody knows of this person.
    """
    plain = plain_password(password)
    low = plain.casefold()
    if len(plain) < MIN_PASSWORD_CHARS:
        raise Invalid(
            f"Use at least {MIN_PASSWORD_CHARS} characters; three words do well.",
            field="password",
            word="password_short",
            n=MIN_PASSWORD_CHARS,
        )
    if len(plain) > MAX_PASSWORD_CHARS:
        raise Invalid(
            f"Use at most {MAX_PASSWORD_CHARS} characters.",
            field="password",
            word="password_long",
            n=MAX_PASSWORD_CHARS,
        )
    if low in _WORN or len(set(low)) < 4 or any(k and low == k.casefold() for k in _parts(known)):
        raise Invalid(
            "That password is among the first ones tried. Choose another.", field="password", word="password_worn"
        )


def _parts(known: Iterable[str]) -> Iterable[str]:
    for word in known:
        yield word
        yield word.partition("@")[0]
