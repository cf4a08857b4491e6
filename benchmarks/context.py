"""A customer's whole context at two sizes a hundred times apart, and finding and listing at the large one.

Both sizes are served by a database of their own at the same time and asked in turns, so that whatever else the
machine does falls on both.
"""

import asyncio
import multiprocessing
import random
import shutil
import time
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from uuid import UUID

import msgspec
import psycopg

from benchmarks import finding, people, shop
from benchmarks.figure import Figure, percentile, short
from benchmarks.intake import fire
from benchmarks.people import Size
from benchmarks.served import Served, serving
from fadeno import customers, db, events, settings
from fadeno.db import Database
from fadeno.kit import clock

SMALL = Size(10_000)
LARGE = Size(1_000_000)
FILL_S = 330  # months that would begin later are left out, and the figures say so
BYTES_AN_EVENT = 900  # on disk, with indexes
READS = 2_000
SPECIAL_READS = 300
GOAL_MS = 10
GOAL_RATIO = 1.3


@dataclass(frozen=True)
class Company:
    """A filled database.

    Attributes:
        months: how many of the twelve months are there.
        is_in_memory: its files were read once before it was asked.
    """

    base: Database
    size: Size
    months: int
    fill_s: float
    is_in_memory: bool = False

    @property
    def events(self) -> int:
        """How many events there are."""
        return self.size.events * self.months // people.MONTHS

    def __str__(self) -> str:
        return f"{short(self.size.customers)} customers and {short(self.events)} events"


async def fill(base: Database, size: Size, pool: ProcessPoolExecutor) -> Company:
    """Write a company into an empty database, in two processes beside each other, as far as the time goes."""
    loop = asyncio.get_running_loop()
    began, now = time.perf_counter(), clock.now()
    async with base.transaction() as tx:
        await events.ensure_partitions(tx)
    gate = asyncio.Semaphore(2)
    done = 0

    async def table(name: str) -> None:
        async with gate:
            await loop.run_in_executor(pool, people.fill_table, base.url, name, size)

    async def month(number: int) -> None:
        nonlocal done
        async with gate:
            if time.perf_counter() - began < FILL_S:
                await loop.run_in_executor(pool, people.fill_month, base.url, size, number, now)
                done += 1

    latest_first = range(people.MONTHS - 1, -1, -1)
    await asyncio.gather(*map(table, ("customer", "address", "link", "trait", "grouping", "consent")))
    await asyncio.gather(*map(month, latest_first))
    with psycopg.connect(base.url, autocommit=True) as connection:
        connection.execute("CHECKPOINT")
    return Company(base, size, done, time.perf_counter() - began)


async def context(base: Database, id_: UUID) -> int:
    """What a person at a desk sees of a customer, as JSON; its length."""
    async with base.transaction() as tx:
        person = await customers.person(tx, id_)
        links, _ = await customers.links(tx, person.id)
        thread, _ = await customers.thread(tx, person.id, limit=50)
    return len(msgspec.json.encode([person, links, thread]))


def _id(customer: int, n: int) -> UUID:
    return UUID(people.address_id(customer, n).decode())


async def timed(work: Awaitable[object]) -> float:
    began = time.perf_counter()
    await work
    return (time.perf_counter() - began) * 1000


async def _in_turns(
    companies: Sequence[Company], count: int, choose: Callable[[random.Random, Size], UUID]
) -> list[list[float]]:
    """Milliseconds of reading `count` contexts in each company, one here, one there."""
    dice = [random.Random(7) for _ in companies]
    took: list[list[float]] = [[] for _ in companies]
    for _ in range(count):
        for n, company in enumerate(companies):
            took[n].append(await timed(context(company.base, choose(dice[n], company.size))))
    return took


def _anybody(dice: random.Random, size: Size) -> UUID:
    return _id(dice.randrange(size.customers), dice.randrange(people.ADDRESSES_EACH))


def _of_many_addresses(dice: random.Random, size: Size) -> UUID:
    return _id(size.special[dice.randrange(people.LARGE)], dice.randrange(people.LARGE_ADDRESSES))


def _of_many_events(dice: random.Random, size: Size) -> UUID:
    return _id(size.special[people.LARGE + dice.randrange(people.BUSY)], dice.randrange(people.ADDRESSES_EACH))


async def compare(small: Company, large: Company) -> list[Figure]:
    """Contexts of anybody, and of people with very much, in both companies."""
    for choose in (_anybody, _of_many_addresses, _of_many_events):  # warm: connections, plans, what is asked each time
        await _in_turns((small, large), 50, choose)
    figures = []
    for whose, count, choose in (
        ("any customer", READS, _anybody),
        (f"people of {people.LARGE_ADDRESSES:,} addresses", SPECIAL_READS, _of_many_addresses),
        (f"people of {people.SPECIAL_EVENTS * large.months // people.MONTHS:,} events", SPECIAL_READS, _of_many_events),
    ):
        here, there = await _in_turns((small, large), count, choose)
        p50, p99 = (percentile(there, share) for share in (0.5, 0.99))
        small_p50, small_p99 = (percentile(here, share) for share in (0.5, 0.99))
        ratio, ratio_99 = p50 / small_p50, p99 / small_p99
        figures.append(
            Figure(
                f"whole context of {whose}, {large}",
                f"p50 {p50:.1f} ms, p99 {p99:.1f} ms; {ratio:.2f} × and {ratio_99:.2f} × the same at {small}",
                f"p99 ≤ {GOAL_MS} ms, ≤ {GOAL_RATIO} × at 1 % of the size",
                p99 <= GOAL_MS and max(ratio, ratio_99) <= GOAL_RATIO,
                f"ms of it: {await _parts(large, choose)}; small: p50 {small_p50:.1f}, p99 {small_p99:.1f}",
            )
        )
    figures[0] = replace(figures[0], note=f"{figures[0].note}; {await _about(large)}")
    return figures


async def _parts(company: Company, choose: Callable[[random.Random, Size], UUID]) -> str:
    """Where the time of a context goes."""
    dice = random.Random(9)
    took: dict[str, list[float]] = {"person": [], "links": [], "thread": []}
    for _ in range(SPECIAL_READS):
        id_ = choose(dice, company.size)
        async with company.base.transaction() as tx:
            took["person"].append(await timed(customers.person(tx, id_)))
            took["links"].append(await timed(customers.links(tx, id_)))
            took["thread"].append(await timed(customers.thread(tx, id_, limit=50)))
    return ", ".join(f"{name} {percentile(values, 0.5):.1f}" for name, values in took.items())


def into_memory(folder: Path) -> bool:
    """Read a database's tables once, as long use does, so that no cold disk is measured; False if too large."""
    files = [file for file in folder.rglob("base/*/*") if file.is_file()]
    (room_kb,) = [line.split()[1] for line in Path("/proc/meminfo").read_text().splitlines() if "MemAvailable" in line]
    if sum(file.stat().st_size for file in files) > int(room_kb) * 1024 * 0.8:
        return False
    for file in files:
        with file.open("rb") as opened:
            while opened.read(1 << 20):
                pass
    return True


async def _about(company: Company) -> str:
    """What a context is here, and what the data are."""
    async with company.base.transaction() as tx:
        cursor = await tx.connection.execute("SELECT pg_database_size(current_database())")
        (size,) = await cursor.fetchone()
    return (
        "a context is the profile with losing values, addresses and consents, 50 links and the last 50 events, as JSON,"
        f" without HTTP and audit; {size / 1e9:.1f} GB made with COPY in {company.fill_s:.0f} s,"
        f" {company.months} monthly partitions,"
        f" {'read into memory once' if company.is_in_memory else 'larger than the memory: partly read from disk'}"
    )


async def context_over_http(served: Served, company: str, size: Size) -> Figure:
    """The same through the door: signed in with a key, the look noted in the audit trail."""
    dice = random.Random(11)
    took = {}
    for name, path in (("customer", "/api/customers/{}"), ("thread", "/api/customers/{}/thread?limit=50")):
        requests = [
            f"GET {path.format(_anybody(dice, size))} HTTP/1.1\r\nHost: b\r\n"
            f"Authorization: Bearer {served.read_key}\r\n\r\n".encode()
            for _ in range(600)
        ]
        await fire(served, 1, requests[:100])
        took[name] = await fire(served, 1, requests[100:])
    value = "; ".join(f"{name} p50 {t['p50_ms']:.1f} ms, p99 {t['p99_ms']:.1f} ms" for name, t in took.items())
    return Figure(
        f"the two requests for it over HTTP, one client, {company}", value, note="customer: its look is audited"
    )


def largest(folder: Path) -> Size:
    """The large size, or the largest the disk has room for."""
    room = shutil.disk_usage(folder).free * 0.8 / (people.EVENTS_EACH * BYTES_AN_EVENT)
    return LARGE if room > LARGE.customers else Size(int(room) // 1000 * 1000)


async def run(folder: Path) -> list[Figure]:
    """Fill both companies, and ask."""
    settings.load(data_dir=folder / "large")  # makes the key that belongs to the data
    with ProcessPoolExecutor(2, mp_context=multiprocessing.get_context("spawn")) as pool:
        async with (
            db.reached(folder / "small", None, what="benchmark") as small_url,
            db.reached(folder / "large", None, what="benchmark") as large_url,
        ):
            bases = Database(small_url, size=2), Database(large_url, size=2)
            for base in bases:
                await base.open()
            try:
                small = await fill(bases[0], SMALL, pool)
                async with bases[0].transaction() as tx:
                    _, faults = await customers.check(tx)
                assert not faults, faults[:5]
                large = await fill(bases[1], largest(folder), pool)
                await asyncio.get_running_loop().run_in_executor(pool, shop.fill, large_url, large.size.customers)
                is_in_memory = await asyncio.get_running_loop().run_in_executor(pool, into_memory, folder / "large")
                large = replace(large, is_in_memory=is_in_memory)
                figures = [*await compare(small, large), *await finding.run(large.base, large.size)]
            finally:
                for base in bases:
                    await base.close()
    async with serving(folder / "large") as served:
        over_http = await context_over_http(served, str(large), large.size)
        return [*figures, over_http, *await finding.pages(served, folder / "large", large.size)]
