"""A worker killed again and again while it delivers."""

import asyncio
import sys

import pytest

from fadeno.kit import ids
from tests.webhooks.endpoint import happen, subscribe, until

WORKER = """
import asyncio, sys
from fadeno.db import Database
from tests.webhooks.endpoint import working

async def main():
    db = Database(sys.argv[1])
    await db.open()
    async with working(db, lease_s=1):
        await asyncio.sleep(3600)

asyncio.run(main())
"""


@pytest.mark.rough
async def test_no_event_is_lost_or_overtaken_when_workers_are_killed(db, receiver):
    receiver.delay_s = 0.01
    await subscribe(db, receiver.url)
    customers = {who: ids.new_id() for who in ("ana", "bo", "cy")}
    for n in range(60):
        for who, id in customers.items():
            await happen(db, f"{who} {n}", customer=id)
    for round_ in range(1, 6):
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-c", WORKER, db.url, env={"PYTHONPATH": "src:."}
        )
        have = len(receiver.got)
        await until(lambda have=have: len(receiver.got) > have + 15)
        if round_ < 5:
            process.kill()
            await process.wait()
    await until(lambda: len(set(receiver.names)) == 180)
    await asyncio.sleep(0.3)
    process.kill()
    await process.wait()
    for who in customers:
        told = [name for name in receiver.names if name.startswith(who)]
        assert list(dict.fromkeys(told)) == [f"{who} {n}" for n in range(60)]
    again = len(receiver.got) - len(set(receiver.names))
    assert again <= 5 * 8, "only what was under way at a kill comes twice"
