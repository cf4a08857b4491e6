"""Bring a database to the shape this version knows: numbered `.sql` files, forward only, each in one transaction.

What was applied is kept in `db.migration` with the checksum of its file.
"""

import hashlib
import re
from dataclasses import dataclass
from importlib import resources

import psycopg

from fadeno.kit import clock
from fadeno.kit.errors import FadenoError

LOCK_KEY = 0x6661_6465  # one number for "somebody migrates this database"
_NAME = re.compile(r"^(?P<number>\d{4})_(?P<room>[a-z]+)(?:_[a-z0-9_]+)?\.sql$")
_BOOKKEEPING = """
CREATE SCHEMA IF NOT EXISTS db;
CREATE TABLE IF NOT EXISTS db.migration (
    name        text PRIMARY KEY,
    checksum    text NOT NULL,
    applied_at  timestamptz NOT NULL
);
"""


class MigrationError(FadenoError):
    """The database can't be brought to the shape this version needs."""

    code = "migration"
    status = 500


@dataclass(frozen=True, slots=True)
class Migration:
    """One file of `migrations/`."""

    name: str
    text: str

    @property
    def checksum(self) -> str:
        """Digest of the file; a file once applied never changes."""
        return hashlib.sha256(self.text.encode()).hexdigest()


def migrations() -> list[Migration]:
    """Every migration this version has, in order.

    Raises:
        MigrationError: a file is misnamed or two share a number.
    """
    found: list[Migration] = []
    numbers: set[str] = set()
    for entry in sorted(resources.files("fadeno.db").joinpath("migrations").iterdir(), key=lambda e: e.name):
        if not entry.name.endswith(".sql"):
            continue
        match = _NAME.match(entry.name)
        if not match or match["number"] in numbers:
            raise MigrationError(f"{entry.name} is misnamed or its number is taken")
        numbers.add(match["number"])
        found.append(Migration(entry.name.removesuffix(".sql"), entry.read_text("utf-8")))
    return found


def checksum() -> str:
    """One digest over all migrations: equal digests, equal schemas."""
    return hashlib.sha256("".join(m.name + m.checksum for m in migrations()).encode()).hexdigest()


async def pending(url: str) -> tuple[list[Migration], bool]:
    """The migrations this database lacks, and whether it holds any yet (so there may be data to save first).

    Raises:
        MigrationError: the database can't be reached or was made by a newer version, or an applied file was changed.
    """
    async with await _connected(url) as connection:
        applied = await _applied(connection)
    return _lacking(applied), bool(applied)


async def _connected(url: str) -> psycopg.AsyncConnection:
    try:
        return await psycopg.AsyncConnection.connect(url, autocommit=True)
    except psycopg.Error as error:  # what the driver says names the host, never the password
        raise MigrationError(
            f"the database can't be reached: {' '.join(str(error).split())}",
            hint="is it running, and is FADENO_DATABASE_URL right?",
        ) from error


async def migrate(url: str) -> list[str]:
    """Apply what is missing; the names of what was applied. Others starting at the same time wait their turn.

    Raises:
        MigrationError: the database was made by a newer version, a file was changed since, or one failed.
    """
    done: list[str] = []
    async with await psycopg.AsyncConnection.connect(url, autocommit=True) as connection:
        await connection.execute("SELECT pg_advisory_lock(%s)", (LOCK_KEY,))
        await connection.execute("SET client_min_messages = warning")
        await connection.execute(_BOOKKEEPING)
        for migration in _lacking(await _applied(connection)):
            try:
                await _apply(connection, migration)
            except psycopg.Error as error:
                raise MigrationError(f"migration {migration.name} failed: {error}") from error
            done.append(migration.name)
    return done


async def _apply(connection: psycopg.AsyncConnection, migration: Migration) -> None:
    async with connection.transaction():
        await connection.execute("SET LOCAL lock_timeout = '5s'")
        await connection.execute(migration.text.encode())
        await connection.execute(
            "INSERT INTO db.migration (name, checksum, applied_at) VALUES (%s, %s, %s)",
            (migration.name, migration.checksum, clock.now()),
        )


async def _applied(connection: psycopg.AsyncConnection) -> dict[str, str]:
    cursor = await connection.execute("SELECT to_regclass('db.migration') IS NOT NULL")
    if not (await cursor.fetchone())[0]:
        return {}
    cursor = await connection.execute("SELECT name, checksum FROM db.migration")
    return dict(await cursor.fetchall())


def _lacking(applied: dict[str, str]) -> list[Migration]:
    known = {migration.name: migration for migration in migrations()}
    if newer := sorted(applied.keys() - known.keys()):
        raise MigrationError(
            f"this database was made by a newer fadeno ({', '.join(newer)})", hint="install that version or a later one"
        )
    for name, digest in sorted(applied.items()):
        if known[name].checksum != digest:
            raise MigrationError(
                f"migration {name} was changed after it was applied here",
                hint="install the version this database was made with, or start with an empty data directory",
            )
    return [migration for name, migration in known.items() if name not in applied]
