"""Bring data made with an older PostgreSQL to the newest one: dumped out of the old, read into the new."""

import asyncio
import shutil
from pathlib import Path

from fadeno.db import binaries, server
from fadeno.db.binaries import ServerError
from fadeno.db.replay import ReplayError, replay

_NEW = "postgres.new"


async def upgrade(data_dir: Path, made_with: int) -> None:
    """Replace `postgres` by the same data in the newest PostgreSQL; the old folder is kept beside.

    Raises:
        ServerError: that PostgreSQL does not come with fadeno, or copying failed; the old data are as they were.
    """
    binaries.program("postgres", made_with)
    shutil.rmtree(data_dir / _NEW, ignore_errors=True)
    old = server.start(data_dir, major=made_with)
    try:
        new = server.start(data_dir, name=_NEW)
        try:
            await asyncio.to_thread(_copy, old.url(), new.url())
        finally:
            new.stop(patience_s=30)
    finally:
        old.stop(patience_s=30)
    kept = data_dir / f"postgres.{made_with}"
    shutil.rmtree(kept, ignore_errors=True)
    (data_dir / "postgres").rename(kept)
    (data_dir / _NEW).rename(data_dir / "postgres")


def _copy(old_url: str, new_url: str) -> None:
    dump = [binaries.program("pg_dump"), "--format=plain", "--no-owner", "--quote-all-identifiers", "--dbname", old_url]
    try:
        replay(new_url, dump)
    except ReplayError as error:
        raise ServerError(f"the data could not be brought to the newest PostgreSQL: {error.message}") from error
