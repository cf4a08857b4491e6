"""People and places of the tests."""

from uuid import UUID

import pytest
from argon2 import PasswordHasher

from fadeno import access
from fadeno.access import SYSTEM, Actor, Place, passwords
from fadeno.db import Database, Tx
from fadeno.kit.seal import Seal

PASSWORD = "three plain words"


@pytest.fixture(autouse=True)
def _quick_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hash passwords with little work: what is tested is who is let in."""
    quick = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)
    monkeypatch.setattr(passwords, "_hasher", quick)
    monkeypatch.setattr(passwords, "_nobody", lambda: quick.hash("nobody has this password"))


@pytest.fixture
def vault() -> Seal:
    return Seal(b"k" * 32)


async def admin_of(tx: Tx, email: str = "ana@lumo.example", role: str = "admin") -> Actor:
    member_id: UUID = await access.add_member(tx, SYSTEM, email, "", role, PASSWORD)
    return Actor("member", member_id, email.partition("@")[0], role=role)


async def sign_in(
    db: Database, email: str, password: str = PASSWORD, place: Place | None = None
) -> access.SignedIn | None:
    """Sign in the way the door does: None if it did not match."""
    place = place or Place("203.0.113.7", "test browser")
    async with db.transaction() as tx:
        attempt = await access.begin(tx, email, place)
    if not await access.check(attempt, password):
        return None
    async with db.transaction() as tx:
        return await access.finish(tx, attempt, password, place)
