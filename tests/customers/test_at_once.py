"""Many writers on the same people at once: nobody waits for ever, nothing is lost, every read is exact."""

import asyncio
import contextlib
from datetime import UTC, datetime, timedelta
from random import Random

from fadeno import customers, events
from fadeno.access import SYSTEM
from fadeno.customers import Evidence, Mention
from fadeno.events import NewEvent
from fadeno.kit.errors import FadenoError
from fadeno.kit.ids import new_id
from tests.customers.test_deciding import threads, true_threads
from tests.customers.test_placing import in_theory, on_disk

START = datetime(2026, 1, 1, tzinfo=UTC)
NAMES = [("user", f"u{n}") for n in range(6)] + [("cookie", f"c{n}") for n in range(10)] + [("email", "e@x.de")]


def seen(random: Random) -> Evidence:
    some = random.sample(NAMES, random.randint(1, 3))
    mentions = tuple(Mention(*name, random.randint(1, 3)) for name in some)
    at = START + timedelta(minutes=random.randint(0, 99))
    return Evidence(new_id(), 1, at, mentions, "same_event", {"name": f"N{random.randint(0, 3)}"}, 2)


async def keep(tx, group: list[Evidence], pause_s: float = 0) -> None:
    """What intake does with a group: find the customers, keep the events; perhaps slow to commit."""
    await tx.connection.execute("SELECT pg_current_xact_id()")
    placed = await customers.place(tx, group)
    await events.append(
        tx,
        [
            NewEvent(
                id=one.event_id, source_id=1, channel="web", kind="track", name="x", address_id=where.address_id,
                other_address_ids=tuple(where.other_address_ids), customer_id=where.customer_id,
                occurred_at=one.occurred_at, received_at=one.occurred_at, original_at=None, sent_at=None,
                message_id=None, body=b"{}",
            )
            for one, where in zip(group, placed, strict=True)
        ],
    )  # fmt: skip
    await asyncio.sleep(pause_s)


async def test_four_writers_on_the_same_addresses(db):
    everything: list[Evidence] = []

    async def write(seed: int) -> None:
        random = Random(seed)
        for _ in range(25):
            group = [seen(random) for _ in range(random.randint(1, 12))]
            await db.retrying(lambda tx, group=group: keep(tx, group))
            everything.extend(group)

    await asyncio.gather(*(write(seed) for seed in range(4)))
    async with db.transaction() as tx:
        assert await on_disk(tx) == in_theory(everything)
        assert (await customers.check(tx))[1] == []


async def decide(tx, random: Random) -> None:
    """A member merges two people, or takes an address from one."""
    found, _ = await customers.search(tx, limit=50)
    ids = [c.id for c in found]
    with contextlib.suppress(FadenoError):
        async with tx.savepoint():
            if len(ids) > 1 and random.random() < 0.5:
                await customers.merge(tx, SYSTEM, random.sample(ids, 2))
            elif ids:
                one = await customers.person(tx, random.choice(ids))
                await customers.split(tx, SYSTEM, one.id, [one.addresses[-1].id])


async def test_reads_are_exact_while_writers_members_and_the_rewrite_are_at_work(db):
    done = asyncio.Event()
    looks = []

    async def write(random: Random) -> None:
        for _ in range(15):
            group = [seen(random) for _ in range(random.randint(1, 5))]
            await db.retrying(lambda tx, group=group: keep(tx, group, random.random() / 20))

    async def be_a_member(random: Random) -> None:
        for _ in range(12):
            await db.retrying(lambda tx: decide(tx, random))

    async def rewrite() -> None:
        while not done.is_set():
            await db.retrying(customers.rewrite_events)
            await asyncio.sleep(0.005)

    async def look() -> None:
        while not done.is_set():
            async with db.transaction() as tx:
                await tx.connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
                looks.append(await threads(tx) == await true_threads(tx))

    others = [asyncio.create_task(rewrite()), asyncio.create_task(look())]
    await asyncio.gather(write(Random(1)), write(Random(2)), be_a_member(Random(3)))
    done.set()
    await asyncio.gather(*others)
    assert len(looks) > 3
    assert all(looks)
    async with db.transaction() as tx:
        assert (await customers.check(tx))[1] == []


async def count(tx, what: str) -> int:
    cursor = await tx.connection.execute(f"SELECT count(*) FROM {what}")
    return (await cursor.fetchone())[0]


STALE = "events.event e JOIN customers.grouping g ON g.address_id = e.address_id WHERE e.customer_id <> g.customer_id"


async def test_an_event_that_commits_after_the_merge_it_did_not_see_is_rewritten_too(db):
    anna, ben = ([Evidence(new_id(), 1, START, (Mention("user", name, 3),), "x")] for name in ("anna", "ben"))
    async with db.transaction() as tx:
        await keep(tx, anna)
        await keep(tx, ben)
    again = [one._replace(event_id=new_id()) for one in (*anna, *ben)]
    async with db.transaction() as late:
        await keep(late, again)
        async with db.transaction() as tx:
            ids = [await customers.find(tx, "user", name) for name in ("anna", "ben")]
            await customers.merge(tx, SYSTEM, ids)
        for _ in range(4):
            async with db.transaction() as tx:
                await customers.rewrite_events(tx)
        async with db.transaction() as tx:
            assert await count(tx, "customers.rewrite") == 1
    async with db.transaction() as tx:
        assert await count(tx, STALE) == 2
        items, _ = await customers.thread(tx, ids[0], kinds=["track"])
        assert len(items) == 4
    left = None
    async with asyncio.timeout(60):  # transactions of other databases on this server count as older ones, too
        while left != (0, 0):
            async with db.transaction() as tx:
                await customers.rewrite_events(tx)
            async with db.transaction() as tx:
                left = (await count(tx, STALE), await count(tx, "customers.rewrite"))
