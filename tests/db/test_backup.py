"""A backup is one file, made whole or not at all, and what comes back is what was there."""

import stat
import tarfile
from pathlib import Path

import psycopg
import pytest

from fadeno.db import backup, binaries, migrate, prepare, server
from fadeno.db.backup import BackupError
from tests.conftest import NEEDS_TWO


async def put(url: str, name: str) -> None:
    async with await psycopg.AsyncConnection.connect(url) as connection:
        await connection.execute(
            "INSERT INTO sources.source (name, created_at) VALUES (%s, '2026-01-01T00:00:00Z')", (name,)
        )


async def names(url: str) -> list[str]:
    async with await psycopg.AsyncConnection.connect(url) as connection:
        cursor = await connection.execute("SELECT name FROM sources.source ORDER BY name")
        return [name for (name,) in await cursor.fetchall()]


async def test_what_comes_back_is_what_was_there(url: str, empty_url: str, tmp_path: Path):
    here, there = tmp_path / "here", tmp_path / "there"
    here.mkdir()
    there.mkdir()
    (here / "secret.key").write_text("the key")
    (here / "files/2026/11/24").mkdir(parents=True)
    (here / "files/2026/11/24/a1").write_bytes(b"attached")
    await put(url, "shop-é".replace("é", "e"))
    file = tmp_path / "all.fadeno"
    await backup.save(url, here, file)
    label = await backup.load(empty_url, there, file)
    assert label["format"] == backup.FORMAT
    assert await names(empty_url) == ["shop-e"]
    assert (there / "secret.key").read_text() == "the key"
    assert (there / "files/2026/11/24/a1").read_bytes() == b"attached"
    assert await migrate.pending(empty_url) == ([], True)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert sorted(p.name for p in tmp_path.iterdir()) == ["all.fadeno", "here", "there"]


async def test_data_are_replaced_only_when_said_so_and_the_old_key_is_kept(url: str, tmp_path: Path):
    await put(url, "before")
    (tmp_path / "secret.key").write_text("old")
    file = tmp_path / "all.fadeno"
    await backup.save(url, tmp_path, file)
    await put(url, "after")
    (tmp_path / "secret.key").write_text("new")
    with pytest.raises(BackupError, match="there are data already"):
        await backup.load(url, tmp_path, file)
    assert await names(url) == ["after", "before"]
    await backup.load(url, tmp_path, file, replace=True)
    assert await names(url) == ["before"]
    assert (tmp_path / "secret.key").read_text() == "old"
    assert [p.read_text() for p in tmp_path.glob("secret.key.before-*")] == ["new"]


async def test_a_database_in_use_is_not_replaced(url: str, tmp_path: Path):
    file = tmp_path / "all.fadeno"
    await backup.save(url, tmp_path, file)
    async with await psycopg.AsyncConnection.connect(url):
        with pytest.raises(BackupError, match="in use"):
            await backup.load(url, tmp_path, file, replace=True)


@pytest.mark.parametrize("damage", ["cut", "text", "empty"])
async def test_a_damaged_file_changes_nothing(url: str, tmp_path: Path, damage: str):
    await put(url, "before")
    file = tmp_path / "all.fadeno"
    await backup.save(url, tmp_path, file)
    whole = file.read_bytes()
    file.write_bytes({"cut": whole[: len(whole) // 2], "text": b"not a backup", "empty": b""}[damage])
    with pytest.raises(BackupError):
        await backup.load(url, tmp_path, file, replace=True)
    assert await names(url) == ["before"]


async def test_a_file_that_is_not_there_is_said_so_and_not_called_damaged(url: str, tmp_path: Path):
    with pytest.raises(BackupError, match=r"nope\.fadeno can't be read: No such file or directory$"):
        await backup.load(url, tmp_path, tmp_path / "nope.fadeno", replace=True)


async def test_a_failed_restore_leaves_the_database_as_it_was(url: str, tmp_path: Path):
    await put(url, "before")
    file, bad = tmp_path / "all.fadeno", tmp_path / "bad.fadeno"
    await backup.save(url, tmp_path, file)
    with tarfile.open(file) as tar:
        tar.extractall(tmp_path / "parts", filter="data")
    dump = tmp_path / "parts" / "database.dump"
    content = bytearray(dump.read_bytes())
    content[-400:] = b"\0" * 400
    dump.write_bytes(content)
    with tarfile.open(bad, "w") as tar:
        for part in sorted((tmp_path / "parts").iterdir()):
            tar.add(part, part.name)
    with pytest.raises(BackupError):
        await backup.load(url, tmp_path, bad, replace=True)
    assert await names(url) == ["before"]


async def test_a_file_that_is_there_is_not_overwritten(url: str, tmp_path: Path):
    file = tmp_path / "all.fadeno"
    file.write_text("precious")
    with pytest.raises(BackupError, match="exists already"):
        await backup.save(url, tmp_path, file)
    assert file.read_text() == "precious"


async def test_data_are_saved_before_a_migration_changes_them(
    url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    known = migrate.migrations()
    monkeypatch.setattr(
        migrate, "migrations", lambda: [*known, migrate.Migration("9990_sources", "DELETE FROM sources.source")]
    )
    await put(url, "precious")
    assert await prepare.migrated(url, tmp_path) == ["9990_sources"]
    assert await names(url) == []
    (file,) = (tmp_path / "backups").iterdir()
    assert file.name.startswith("before-9990_sources-")
    monkeypatch.undo()
    await backup.load(url, tmp_path, file, replace=True)
    assert await names(url) == ["precious"]


async def test_an_empty_database_is_not_saved_first(empty_url: str, tmp_path: Path):
    assert await prepare.migrated(empty_url, tmp_path)
    assert not (tmp_path / "backups").exists()


async def test_no_psql_is_run_and_awkward_rows_come_back(
    url: str, empty_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    found, run = binaries.program, []
    monkeypatch.setattr(binaries, "program", lambda name, *more: run.append(name) or found(name, *more))
    awkward = ["\\.", "COPY x FROM stdin;", "tab\tnew\nline\\", "\\restrict", "end\\.\n\\.", "x" * 300_000]
    async with await psycopg.AsyncConnection.connect(url) as connection:
        await connection.execute("CREATE TABLE sources.odd (id int, said text)")
        for number, text in enumerate(awkward):
            await connection.execute("INSERT INTO sources.odd VALUES (%s, %s)", (number, text))
        await connection.execute(
            "CREATE FUNCTION sources.odd() RETURNS text LANGUAGE sql AS $$ SELECT 'a;b'\n-- COPY is no order here\n$$"
        )
    await backup.save(url, tmp_path, tmp_path / "all.fadeno")
    await backup.load(empty_url, tmp_path, tmp_path / "all.fadeno")
    async with await psycopg.AsyncConnection.connect(empty_url) as connection:
        cursor = await connection.execute("SELECT said, sources.odd() FROM sources.odd ORDER BY id")
        assert await cursor.fetchall() == [(text, "a;b") for text in awkward]
    assert run == ["pg_dump", "pg_restore"]


@pytest.mark.slow
@pytest.mark.skipif(len(binaries.installs()) < 2, reason=NEEDS_TWO)
async def test_data_of_an_older_postgresql_come_to_the_newest(tmp_path: Path):
    old = min(binaries.installs())
    running = server.start(tmp_path, major=old)
    try:
        await migrate.migrate(running.url())
        await put(running.url(), "shop")
    finally:
        running.stop()
    assert server.version_of(tmp_path) == old
    running = await prepare.started(tmp_path)
    try:
        assert server.version_of(tmp_path) == binaries.newest()
        assert await names(running.url()) == ["shop"]
        assert await migrate.pending(running.url()) == ([], True)
    finally:
        running.stop()
    assert (tmp_path / f"postgres.{old}").exists()
