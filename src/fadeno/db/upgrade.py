"""Bring data made with an older PostgreSQL to the newest one: dumped out of the old, read into the new."""

import asyncio
import shutil
import subprocess
from pathlib import Path

from fadeno.db import binaries, server
from fadeno.db.binaries import ServerError

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
    read = [binaries.program("psql"), "-X", "-q", "-1", "-v", "ON_ERROR_STOP=1", "--dbname", new_url]
    env = binaries.environment()
    with subprocess.Popen(dump, stdout=subprocess.PIPE, env=env) as out:  # noqa: S603 - our own binaries
        done = subprocess.run(  # noqa: S603
            read, stdin=out.stdout, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, env=env, check=False
        )
    if done.returncode or out.returncode:
        raise ServerError(f"the data could not be brought to the newest PostgreSQL: {done.stderr.strip()}")
