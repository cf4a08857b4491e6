"""The database comes to the shape this version knows, once, and never silently to another."""

import asyncio
import re

import psycopg
import pytest

from fadeno.db import Tx, migrate


async def names(url: str) -> list[str]:
    async with await psycopg.AsyncConnection.connect(url) as connection:
        cursor = await connection.execute("SELECT name FROM db.migration ORDER BY name")
        return [name for (name,) in await cursor.fetchall()]


async def test_an_empty_database_gets_every_migration_and_a_second_start_none(empty_url: str):
    lacking, holds_data = await migrate.pending(empty_url)
    assert len(lacking) == len(migrate.migrations())
    assert not holds_data
    assert await migrate.migrate(empty_url) == [m.name for m in migrate.migrations()]
    assert await migrate.migrate(empty_url) == []
    assert await migrate.pending(empty_url) == ([], True)


@pytest.mark.parametrize("url", ["postgresql://ada:hush@127.0.0.1:1/x", "postgresql://127.0.0.1:none/x", "no address"])
async def test_a_database_out_of_reach_is_said_in_a_sentence_without_the_password(url: str):
    with pytest.raises(migrate.MigrationError, match=r"^the database can't be reached: [^\n]+$") as refused:
        await migrate.pending(url)
    assert "FADENO_DATABASE_URL" in str(refused.value.hint)
    assert "hush" not in str(refused.value)


async def test_several_starters_at_once_apply_each_migration_once(empty_url: str):
    done = await asyncio.gather(*(migrate.migrate(empty_url) for _ in range(4)))
    assert sorted(len(applied) for applied in done)[:3] == [0, 0, 0]
    assert await names(empty_url) == [m.name for m in migrate.migrations()]


async def test_a_file_changed_after_it_was_applied_is_refused(url: str):
    async with await psycopg.AsyncConnection.connect(url) as connection:
        await connection.execute("UPDATE db.migration SET checksum = 'x' WHERE name LIKE '0003%'")
    with pytest.raises(migrate.MigrationError, match="0003_sources was changed"):
        await migrate.migrate(url)


async def test_a_database_from_a_newer_version_is_left_alone(url: str):
    async with await psycopg.AsyncConnection.connect(url) as connection:
        await connection.execute("INSERT INTO db.migration VALUES ('9999_future', 'x', now())")
    with pytest.raises(migrate.MigrationError, match="newer fadeno"):
        await migrate.migrate(url)


async def test_a_migration_that_fails_leaves_no_trace_of_itself(empty_url: str, monkeypatch: pytest.MonkeyPatch):
    bad = [
        migrate.Migration("0001_good", "CREATE SCHEMA good"),
        migrate.Migration("0002_bad", "CREATE SCHEMA bad; SELECT 1/0"),
    ]
    monkeypatch.setattr(migrate, "migrations", lambda: bad)
    with pytest.raises(migrate.MigrationError, match="0002_bad failed: division by zero"):
        await migrate.migrate(empty_url)
    assert await names(empty_url) == ["0001_good"]
    async with await psycopg.AsyncConnection.connect(empty_url) as connection:
        cursor = await connection.execute("SELECT to_regnamespace('good') IS NOT NULL, to_regnamespace('bad') IS NULL")
        assert await cursor.fetchone() == (True, True)


@pytest.mark.parametrize("attempt", [1, 2])
async def test_a_transaction_of_a_test_is_rolled_back(tx: Tx, attempt: int):
    cursor = await tx.connection.execute("SELECT count(*) FROM db.migration WHERE name = '9998_trace'")
    assert (await cursor.fetchone())[0] == 0
    await tx.connection.execute("INSERT INTO db.migration VALUES ('9998_trace', 'x', now())")


def test_numbers_of_migrations_rise():
    names = [m.name for m in migrate.migrations()]
    assert names == sorted(names)
    assert all(re.match(r"\d{4}_[a-z]", name) for name in names)
