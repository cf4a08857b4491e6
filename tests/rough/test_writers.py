"""Many writers on the same people, and one that does not come to an end."""

import asyncio
import random

import pytest

from fadeno import access, events, intake, sources
from fadeno.db import Database
from fadeno.events import Live
from fadeno.intake import Gate
from fadeno.kit.seal import Seal
from tests.intake.make import parcel, track

WRITERS = 4
PARCELS = 60


@pytest.mark.rough
async def test_four_writers_on_the_same_addresses_never_see_a_deadlock(db: Database) -> None:
    async with db.transaction() as tx:
        await events.ensure_partitions(tx)
        shop = await sources.create(tx, access.SYSTEM, "shop")
    stopping, live = asyncio.Event(), Live(db)
    gates = [Gate(db, Seal(bytes(32)), live) for _ in range(WRITERS)]
    tasks = [asyncio.create_task(g.run(stopping)) for g in gates] + [asyncio.create_task(live.run(stopping))]

    async def write(gate: Gate, seed: int) -> None:
        dice = random.Random(seed)
        for _ in range(PARCELS):
            sent = [
                track("E", f"u{dice.randrange(12)}", anonymousId=f"a{dice.randrange(12)}", type="identify",
                      traits={"email": f"p{dice.randrange(8)}@example.com"})
                for _ in range(10)
            ]  # fmt: skip
            await gate.submit(parcel(shop, *sent))

    await asyncio.gather(*(write(gate, seed) for seed, gate in enumerate(gates)))
    stopping.set()
    await asyncio.gather(*tasks)
    async with db.transaction() as tx:
        found = await intake.accounts(tx, shop.id)
        assert found.accepted == WRITERS * PARCELS * 10
        assert (await intake.check(tx))[1] == []


@pytest.mark.rough
async def test_one_open_writer_holds_nobody_up_and_its_events_are_not_missed(db: Database) -> None:
    async with db.transaction() as tx:
        await events.ensure_partitions(tx)
        shop = await sources.create(tx, access.SYSTEM, "shop")
    stopping, live = asyncio.Event(), Live(db)
    gate = Gate(db, Seal(bytes(32)), live)
    tasks = [asyncio.create_task(gate.run(stopping)), asyncio.create_task(live.run(stopping))]
    seen: list[str] = []

    async def screen() -> None:
        position = 0
        async with live.subscribed() as listening:
            while "late" not in seen:
                await listening.next()
                async with db.transaction() as tx:
                    found = await events.since(tx, position)
                if found:
                    position = found[-1].position
                    seen.extend(e.name for e in found if e.source_id == shop.id)

    watching = asyncio.create_task(screen())
    async with db.transaction() as held:
        await intake.keep(held, parcel(shop, track("late", "somebody")).letters)
        for n in range(20):
            await gate.submit(parcel(shop, track(f"E{n}", f"u{n}")))
        async with asyncio.timeout(40):
            while len(seen) < 20:  # noqa: ASYNC110 - the screen is watched from outside
                await asyncio.sleep(0.02)
        assert "late" not in seen
    async with asyncio.timeout(40):
        await watching
    assert seen == [*(f"E{n}" for n in range(20)), "late"]
    stopping.set()
    await asyncio.gather(*tasks)
