"""Twenty power cuts during intake: every answered event is there exactly once."""

import asyncio
import random

import pytest

from fadeno import db, intake
from fadeno.db import Database
from tests.rough.conftest import Process, send

KILLS = 20


@pytest.mark.rough
@pytest.mark.timeout(600)
async def test_every_answered_event_survives_twenty_kills_exactly_once(process: Process) -> None:
    process.command("sources", "create", "shop")
    key = process.command("keys", "create", "k", "--scope", "collect", "--source", "shop")
    dice, answered = random.Random(7), []
    for round_ in range(KILLS):
        process.start()
        stop = asyncio.Event()
        senders = [asyncio.create_task(send(process, key, f"{round_}.{n}", answered, stop)) for n in range(4)]
        await asyncio.sleep(dice.uniform(0.1, 0.8))
        process.kill()
        stop.set()
        await asyncio.gather(*senders)
    process.start()
    assert len(answered) > 20 * KILLS
    async with db.reached(process.folder, None, what="test") as url:
        kept = await message_ids(url)
        assert sorted(kept) == sorted(set(kept))
        assert set(answered) <= set(kept)
        await the_accounts_add_up(url)
    process.command("check")  # asserts that nothing is broken by its exit status


async def message_ids(url: str) -> list[str]:
    database = Database(url, size=2)
    await database.open()
    try:
        async with database.transaction() as tx:
            cursor = await tx.connection.execute("SELECT message_id FROM events.event WHERE message_id IS NOT NULL")
            return [row[0] for row in await cursor.fetchall()]
    finally:
        await database.close()


async def the_accounts_add_up(url: str) -> None:
    database = Database(url, size=2)
    await database.open()
    try:
        async with database.transaction() as tx:
            looked_at, faults = await intake.check(tx)
    finally:
        await database.close()
    assert faults == [], looked_at
