"""What the outbox promises: in order, at least once, and a dead lane slows no other."""

import asyncio
from datetime import timedelta

from fadeno import jobs
from fadeno.db import Database, Tx


async def claimed(tx: Tx, limit: int = 100, **how) -> list[int]:
    return [job.body["n"] for job in await jobs.claim(tx, limit, **how)]


async def take(db: Database, limit: int = 100, **how) -> list[jobs.Job]:
    async with db.transaction() as tx:
        return await jobs.claim(tx, limit, **how)


async def put(db: Database, lane: str, order: str, *numbers: int) -> None:
    async with db.transaction() as tx:
        await jobs.put_many(tx, [jobs.NewJob(lane, order, "test", {"n": n}) for n in numbers])


async def in_an_hour(tx: Tx, hours: float = 1) -> Tx:
    tx.now += timedelta(hours=hours)
    return tx


async def test_only_the_first_of_each_order_key_is_taken(tx):
    await jobs.put_many(
        tx, [jobs.NewJob("a", order, "test", {"n": n}) for n, order in enumerate(["x", "x", "y", "x", "y"])]
    )
    first = await jobs.claim(tx, 10)
    assert sorted(job.body["n"] for job in first) == [0, 2]
    assert await claimed(tx) == []
    for job in first:
        assert await jobs.done(tx, job)
    assert sorted(await claimed(tx)) == [1, 4]


async def test_a_job_that_is_tried_again_holds_back_those_behind_it_and_nobody_else(tx):
    await jobs.put_many(tx, [jobs.NewJob("a", o, "test", {"n": n}) for n, o in enumerate(["x", "x", "y"])])
    for job in await jobs.claim(tx, 10):
        if job.order == "x":
            await jobs.retry(tx, job, "busy")
        else:
            await jobs.done(tx, job)
    assert await claimed(tx) == []
    await in_an_hour(tx)
    [job] = await jobs.claim(tx, 10)
    assert (job.body["n"], job.attempts) == (0, 1)


async def test_a_job_given_up_lets_the_next_go_on_and_stays_to_be_seen(tx):
    await jobs.put(tx, "a", "x", "test", {"n": 0})
    await jobs.put(tx, "a", "x", "test", {"n": 1})
    [job] = await jobs.claim(tx, 10)
    await jobs.fail(tx, job, "refused for good")
    assert await claimed(tx) == [1]
    backlog = await jobs.backlog(tx, "a")
    assert (backlog.open, backlog.failed) == (1, 1)


async def test_a_job_is_not_taken_before_it_is_due(tx):
    await jobs.put(tx, "a", "x", "test", {"n": 0}, due_at=tx.now + timedelta(minutes=30))
    await jobs.put(tx, "a", "x", "test", {"n": 1})
    assert await claimed(tx) == []
    await in_an_hour(tx)
    assert await claimed(tx) == [0]


async def test_a_lost_worker_gives_its_job_to_another_and_changes_nothing_when_it_comes_back(tx):
    await jobs.put(tx, "a", "x", "test", {"n": 0})
    [lost] = await jobs.claim(tx, 10, lease_s=60)
    await in_an_hour(tx)
    [again] = await jobs.claim(tx, 10)
    assert again.id == lost.id
    assert not await jobs.done(tx, lost)
    assert not await jobs.retry(tx, lost, "late")
    assert await jobs.done(tx, again)
    assert (await jobs.backlog(tx, "a")).open == 0


async def test_a_released_job_is_there_at_once_and_counts_no_attempt(tx):
    await jobs.put(tx, "a", "x", "test", {"n": 0})
    [job] = await jobs.claim(tx, 10)
    await jobs.release(tx, job)
    [job] = await jobs.claim(tx, 10)
    assert job.attempts == 0


async def test_a_dead_lane_waits_as_a_whole_and_is_tried_with_one_job(tx):
    await jobs.put_many(tx, [jobs.NewJob("dead", str(n), "test", {"n": n}) for n in range(100)])
    await jobs.put_many(tx, [jobs.NewJob("alive", str(n), "test", {"n": n}) for n in range(3)])
    taken = await jobs.claim(tx, 100)
    assert len([job for job in taken if job.lane == "dead"]) == 8
    assert len([job for job in taken if job.lane == "alive"]) == 3
    for job in taken:
        if job.lane == "dead":
            await jobs.retry(tx, job, "no answer", whole_lane=True)
        else:
            await jobs.done(tx, job)
    state = await jobs.lane_state(tx, "dead")
    assert state.failures == 1, "eight that fail together are one failure of the lane"
    await jobs.put(tx, "alive", "z", "test", {"n": 7})
    assert await claimed(tx) == [7]
    await in_an_hour(tx)
    probe = [job for job in await jobs.claim(tx, 100) if job.lane == "dead"]
    assert len(probe) == 1
    await jobs.done(tx, probe[0])
    assert len(await claimed(tx)) == 8, "one success and the lane has all its seats again"


async def test_a_lane_waits_at_least_as_long_as_it_was_asked_to(tx):
    for n in range(2):
        await jobs.put(tx, "a", str(n), "test", {"n": n})
    limited, fine = await jobs.claim(tx, 10)
    await jobs.retry(tx, limited, "429", after_s=1800, whole_lane=True)
    await jobs.done(tx, fine)
    state = await jobs.lane_state(tx, "a")
    assert state.next_at >= tx.now + timedelta(seconds=1800), "a success beside it does not shorten the wait"
    await in_an_hour(tx, 0.4)
    assert await claimed(tx) == []
    await in_an_hour(tx, 0.2)
    assert len(await claimed(tx)) == 1


async def test_a_paused_lane_lies_still_until_opened(tx):
    await jobs.put(tx, "a", "x", "test", {"n": 0})
    await jobs.pause_lane(tx, "a")
    assert await claimed(tx) == []
    await jobs.open_lane(tx, "a")
    assert await claimed(tx) == [0]


async def test_opening_a_lane_ends_every_wait_in_it(tx):
    await jobs.put(tx, "a", "x", "test", {"n": 0})
    [job] = await jobs.claim(tx, 10)
    await jobs.retry(tx, job, "down", after_s=3600, whole_lane=True)
    await jobs.open_lane(tx, "a")
    assert await claimed(tx) == [0]


async def test_a_dropped_lane_is_forgotten_even_by_who_holds_its_job(tx):
    await jobs.put(tx, "a", "x", "test", {"n": 0})
    [job] = await jobs.claim(tx, 10)
    await jobs.drop_lane(tx, "a")
    assert not await jobs.done(tx, job)
    assert await claimed(tx) == []


async def test_two_workers_never_hold_the_same_order_key(db):
    for order in "abcd":
        await put(db, "lane", order, *range(5))
    held: set[str] = set()
    seen: dict[str, list[int]] = {order: [] for order in "abcd"}

    async def worker() -> None:
        while sum(map(len, seen.values())) < 20:
            for job in await take(db, 2):
                assert job.order not in held
                held.add(job.order)
                await asyncio.sleep(0.002)
                seen[job.order].append(job.body["n"])
                held.discard(job.order)
                async with db.transaction() as tx:
                    assert await jobs.done(tx, job)

    await asyncio.wait_for(asyncio.gather(*(worker() for _ in range(4))), 20)
    assert seen == {order: [0, 1, 2, 3, 4] for order in "abcd"}


async def test_a_job_put_while_its_strand_ends_is_not_lost(db):
    await put(db, "lane", "x", 0)
    [job] = await take(db)
    async with db.transaction() as putting:
        await jobs.put(putting, "lane", "x", "test", {"n": 1})

        async def end() -> None:
            async with db.transaction() as tx:
                await jobs.done(tx, job)

        ending = asyncio.create_task(end())
        await asyncio.sleep(0.1)
        assert not ending.done()
    await ending
    assert [job.body["n"] for job in await take(db)] == [1]


async def test_a_job_of_an_undone_transaction_never_was(db):
    try:
        async with db.transaction() as tx:
            await jobs.put(tx, "lane", "x", "test", {"n": 0})
            raise ValueError
    except ValueError:
        pass
    assert await take(db) == []


async def test_the_check_finds_a_job_without_its_place_in_the_order(tx):
    await jobs.put(tx, "a", "x", "test", {"n": 0})
    assert await jobs.check(tx) == ("the order of 1 jobs", [])
    await tx.connection.execute("DELETE FROM jobs.strand")
    assert (await jobs.check(tx))[1] == ["lane a, order x: 1 open, 0 counted"]


async def test_twenty_thousand_waiting_in_a_dead_lane_cost_a_claim_nothing(db):
    async with db.transaction() as tx:
        for start in range(0, 20_000, 5_000):
            await jobs.put_many(
                tx,
                [jobs.NewJob("dead", str(n % 5_000), "test", {"n": n}) for n in range(start, start + 5_000)],
            )
    [job] = await take(db, 1)
    async with db.transaction() as tx:
        await jobs.retry(tx, job, "down", whole_lane=True)
    await put(db, "alive", "x", 1)
    loop = asyncio.get_running_loop()
    began = loop.time()
    [job] = await take(db)
    assert job.lane == "alive"
    assert loop.time() - began < 0.1


async def test_what_was_given_up_is_listed_with_its_reason_and_done_when_asked_again(tx):
    await jobs.put_many(tx, [jobs.NewJob("a", "x", "test", {"n": n}) for n in (1, 2)])
    (first,) = await jobs.claim(tx, 1)
    await jobs.fail(tx, first, "550 no such user")
    waiting, _ = await jobs.listed(tx)
    given_up, _ = await jobs.listed(tx, state="failed", kind="test")
    assert [job.body["n"] for job in waiting] == [2]
    assert [(job.body["n"], job.reason) for job in given_up] == [(1, "550 no such user")]
    assert await jobs.reopen(tx, [first.id]) == 1
    assert await jobs.reopen(tx, [first.id]) == 0
    for n in (1, 2):
        (job,) = await jobs.claim(tx, 1)
        assert job.body["n"] == n
        assert await jobs.done(tx, job)
    assert (await jobs.check(tx))[1] == []
