"""A fadeno process to measure: the real one, or one whose gate stores nothing or commits each parcel alone."""

import asyncio
import os
import re
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from fadeno import db


@dataclass
class Served:
    """A running process.

    Attributes:
        url: its database.
        key: a write key of the source "shop".
        read_key: an API key with the scope read.
    """

    port: int
    url: str
    key: str
    read_key: str
    process: asyncio.subprocess.Process


async def command(folder: Path, *args: str) -> str:
    """Run one fadeno command on a data directory; its stdout."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "fadeno", *args, "--data-dir", str(folder), stdout=asyncio.subprocess.PIPE
    )
    out, _ = await process.communicate()
    assert process.returncode == 0, args
    return out.decode().strip()


@asynccontextmanager
async def serving(folder: Path, *, storing: str = "all") -> AsyncIterator[Served]:
    """Serve an empty company from `folder`; `storing` is all, alone or nothing."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "benchmarks.serve", storing, str(folder),
        stdout=asyncio.subprocess.PIPE,
        env=os.environ | {"FADENO_BACKUP_FIRST": "no"},
    )  # fmt: skip
    port = 0
    async for line in process.stdout:
        if found := re.search(rb"ready on http://\S+:(\d+)", line):
            port = int(found[1])
            break
    assert port, "the server did not get ready"
    try:
        key = await command(folder, "sources", "create", f"shop-{storing}")
        read_key = await command(folder, "keys", "create", "bench", "--scope", "admin")
        async with db.reached(folder, None, what="benchmark") as url:
            yield Served(port, url, key, read_key, process)
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()
