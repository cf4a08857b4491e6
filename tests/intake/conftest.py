"""A running gate and a source to send for."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from fadeno import access, events, sources
from fadeno.db import Database
from fadeno.events import Live
from fadeno.intake import Gate
from fadeno.kit.seal import Seal
from fadeno.sources import Source


@pytest.fixture
def vault() -> Seal:
    """The key outside the database."""
    return Seal(bytes(range(32)))


@pytest.fixture
async def shop(db: Database) -> Source:
    """A server source."""
    async with db.transaction() as tx:
        await events.ensure_partitions(tx)
        return await sources.create(tx, access.SYSTEM, "shop", region="HU")


@pytest.fixture
async def live(db: Database) -> AsyncIterator[Live]:
    """The live stream, with its sequencer at work."""
    stopping, stream = asyncio.Event(), Live(db)
    task = asyncio.create_task(stream.run(stopping))
    yield stream
    stopping.set()
    await task


@pytest.fixture
async def gate(db: Database, vault: Seal, live: Live) -> AsyncIterator[Gate]:
    """The gate, committing groups."""
    stopping, made = asyncio.Event(), Gate(db, vault, live)
    task = asyncio.create_task(made.run(stopping))
    yield made
    stopping.set()
    await task
