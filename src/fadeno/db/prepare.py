"""From a data directory to a migrated database: start, upgrade between majors, save, migrate."""

import asyncio
from pathlib import Path

from fadeno.db import backup, binaries, migrate, server, upgrade
from fadeno.db.server import Server
from fadeno.kit import clock

KEPT = 3  # automatic backups


async def started(data_dir: Path) -> Server:
    """The server of a data directory we hold, its data brought to the newest PostgreSQL.

    Not in a thread: the server ends when the thread that started it does.
    """
    made_with = server.version_of(data_dir)
    if made_with is not None and made_with != binaries.newest():
        await upgrade.upgrade(data_dir, made_with)
    return server.start(data_dir)


async def migrated(url: str, data_dir: Path, *, backup_first: bool = True) -> list[str]:
    """Bring the database to this version's shape, saving what is in it first; the names of what was applied.

    Raises:
        MigrationError: it is from a newer version, or a migration failed.
        BackupError: it could not be saved; nothing was changed.
    """
    lacking, holds_data = await migrate.pending(url)
    if not lacking:
        return []
    if holds_data and backup_first:
        folder = data_dir / "backups"
        folder.mkdir(mode=0o700, exist_ok=True)
        stamp = clock.now().strftime("%Y%m%dT%H%M%S")
        await backup.save(url, data_dir, folder / f"before-{lacking[0].name}-{stamp}.fadeno")
        await asyncio.to_thread(_forget_old, folder)
    return await migrate.migrate(url)


async def demand_same_version(url: str) -> None:
    """Refuse to work on a running server whose schema is not ours.

    Raises:
        MigrationError: it is older (restart it) or newer.
    """
    lacking, _ = await migrate.pending(url)
    if lacking:
        raise migrate.MigrationError(
            "the running fadeno is of an older version than this command", hint="restart it, so that it migrates"
        )


def _forget_old(folder: Path) -> None:
    files = sorted(folder.glob("before-*.fadeno"), key=lambda f: f.stat().st_mtime)
    for file in files[:-KEPT]:
        file.unlink()
