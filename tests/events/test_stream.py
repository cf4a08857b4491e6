"""One process gives positions and every process hears of them; who hears late hears once, and of everybody."""

import asyncio
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta

import psycopg
import pytest

from fadeno import events
from fadeno.db import Database
from fadeno.events import Live, Wake
from fadeno.events.stream import MOST_NAMED
from fadeno.kit.ids import new_id


@asynccontextmanager
async def process(db: Database):
    """The live stream of one process."""
    stopping, live = asyncio.Event(), Live(db)
    task = asyncio.create_task(live.run(stopping))
    yield live
    stopping.set()
    await task


async def arrives(url: str, *customers) -> None:
    """A group is committed, by whatever process."""
    async with await psycopg.AsyncConnection.connect(url, autocommit=True) as connection:
        await connection.execute(
            "INSERT INTO events.arrival (event_ids, customer_ids) VALUES (%s, %s)",
            ([new_id() for _ in customers], list(customers)),
        )


async def test_every_process_hears_of_what_one_of_them_gave_a_position(db: Database, url: str):
    async with AsyncExitStack() as stack:
        lives = [await stack.enter_async_context(process(db)) for _ in range(3)]
        heard = [await stack.enter_async_context(live.subscribed()) for live in lives]
        for position in range(1, 6):
            await arrives(url, new_id())
            async with asyncio.timeout(40):
                for subscription in heard:
                    while (await subscription.next()).position < position:
                        pass
        assert [live.position for live in lives] == [5, 5, 5]
        async with db.transaction() as tx:
            cursor = await tx.connection.execute("SELECT position FROM events.run ORDER BY position")
            assert [row[0] for row in await cursor.fetchall()] == [1, 2, 3, 4, 5]


async def test_another_process_takes_over_when_the_sequencer_ends(db: Database, url: str):
    async with AsyncExitStack() as staying:
        async with AsyncExitStack() as ending:
            first = await ending.enter_async_context(process(db))
            async with first.subscribed() as hearing:
                await arrives(url, new_id())
                await asyncio.wait_for(hearing.next(), 40)
            second = await staying.enter_async_context(process(db))
        async with second.subscribed() as hearing:
            await arrives(url, new_id())
            async with asyncio.timeout(40):
                while second.position < 2:
                    await hearing.next()


@pytest.mark.parametrize(
    ("wakes", "together"),
    [
        ([Wake(3, ("a",))], (3, {"a"})),
        ([Wake(3, ("a",)), Wake(5, ("a", "b"))], (5, {"a", "b"})),
        ([Wake(3, ("a",)), Wake(5, None), Wake(6, ("b",))], (6, None)),
        ([Wake(n, (n,)) for n in range(MOST_NAMED)], (MOST_NAMED - 1, set(range(MOST_NAMED)))),
        ([Wake(n, (n,)) for n in range(MOST_NAMED + 1)], (MOST_NAMED, None)),
        ([Wake(1, ()), Wake(2, ())], (2, set())),
    ],
)
async def test_what_a_slow_listener_did_not_hear_is_one_wake(db: Database, wakes: list[Wake], together):
    live = Live(db)
    async with live.subscribed() as slow:
        for wake in wakes:
            live._wake(wake)
        got = await slow.next()
    assert (got.position, got.customer_ids if got.customer_ids is None else set(got.customer_ids)) == together


async def test_signs_take_places_among_events_and_are_read_from_any_on(db: Database, url: str):
    about = new_id()
    async with process(db) as live, live.subscribed() as heard:
        await arrives(url, new_id(), new_id())
        async with db.transaction() as tx:
            await events.sign(tx, "case", "changed", [about])
        async with asyncio.timeout(40):
            while live.position < 3:
                await heard.next()
    async with db.transaction() as tx:
        assert await events.last_position(tx) == 3
        (sign,) = await events.signs_since(tx, 0)
        assert (sign.topic, sign.about_id) == ("case", about)
        assert await events.signs_since(tx, sign.position) == []
        tx.now += timedelta(days=9)
        await events.sign(tx, "case", "changed", [about])
        await events.trim_signs(tx)
        assert await events.signs_since(tx, 0) in (None, [sign])


async def test_a_whisper_is_heard_and_kept_nowhere(db: Database):
    heard = events.whispers(db)
    listening = asyncio.create_task(anext(heard))
    async with asyncio.timeout(40):
        while not listening.done():
            async with db.transaction() as tx:
                await events.whisper(tx, "psst")
            await asyncio.wait([listening], timeout=0.05)
    assert listening.result() == "psst"
    await heard.aclose()
