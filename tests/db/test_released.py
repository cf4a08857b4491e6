"""Data of every released version come to this one: same schema as an empty start, nothing lost, every law kept."""

from pathlib import Path

import psycopg
import pytest

from fadeno.app import CHECKS
from fadeno.db import Database, backup, migrate, schema

FOLDER = Path(__file__).parent / "released"
RELEASED = sorted(FOLDER.glob("*.fadeno"))


async def comes_up(file: Path, url: str, fresh_url: str, data_dir: Path) -> int:
    """Restore a backup, which migrates it, and hold it against a database made today; how many events are in it."""
    await backup.load(url, data_dir, file)
    assert await migrate.pending(url) == ([], True)
    assert schema.read(url) == schema.read(fresh_url)
    database = Database(url, size=2)
    await database.open()
    try:
        async with database.transaction() as tx:
            assert [fault for check in CHECKS for fault in (await check(tx))[1]] == []
            cursor = await tx.connection.execute("SELECT count(*) FROM events.event")
            return (await cursor.fetchone())[0]
    finally:
        await database.close()


@pytest.mark.skipif(
    not RELEASED, reason="needs a backup made by a released version in tests/db/released: none is released yet"
)
@pytest.mark.parametrize("file", RELEASED, ids=lambda file: file.stem)
async def test_a_released_version_comes_up(file: Path, empty_url: str, shared_url: str, tmp_path: Path) -> None:
    assert await comes_up(file, empty_url, shared_url, tmp_path) > 0


async def test_todays_backup_comes_up_as_a_released_one_must(
    bare_url: str, empty_url: str, shared_url: str, tmp_path: Path
) -> None:
    await backup.save(bare_url, tmp_path, tmp_path / "today.fadeno")
    assert await comes_up(tmp_path / "today.fadeno", empty_url, shared_url, tmp_path) == 0


async def test_a_schema_that_lags_behind_is_seen(
    bare_url: str, empty_url: str, shared_url: str, tmp_path: Path
) -> None:
    async with await psycopg.AsyncConnection.connect(bare_url) as connection:
        await connection.execute("ALTER TABLE sources.source DROP COLUMN region")
    await backup.save(bare_url, tmp_path, tmp_path / "old.fadeno")
    with pytest.raises(AssertionError):
        await comes_up(tmp_path / "old.fadeno", empty_url, shared_url, tmp_path)
