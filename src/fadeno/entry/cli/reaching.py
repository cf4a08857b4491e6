"""How commands reach the database; apart, so that those that need none start at once."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fadeno import app as house
from fadeno import db
from fadeno.settings import Settings


@asynccontextmanager
async def opened(settings: Settings, what: str, *, size: int = 2, nice: int = 0) -> AsyncIterator[db.Database]:
    """The database: of the running server, or of one started for this command and stopped after it.

    Args:
        what: who holds the data directory meanwhile, e.g. "fadeno members add".
        size: connections at most.
        nice: how far this command, and the embedded database for it, give way to whoever works here.
    """
    os.nice(nice)
    async with db.reached(
        settings.data_dir, settings.database_url, what=what, backup_first=settings.backup_first
    ) as url:
        database = await house.open_database(settings, url, size=size, nice=nice)
        try:
            yield database
        finally:
            await database.close()
