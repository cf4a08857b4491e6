"""Intake over HTTP, in batches and single, each beside its reference in the same run."""

import asyncio
import json
import random
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import msgspec
import psycopg

from benchmarks import cpu, load
from benchmarks.figure import Figure
from benchmarks.served import Served, serving
from fadeno.intake.reading import message_key
from fadeno.kit import ids

EVENTS = 60_000
BATCH = 100
PEOPLE = 15_000
SINGLES = 8_000
CLIENTS = 64


def sample(count: int, seed: int) -> list[dict]:
    """Track events as a shop sends them, about 500 bytes each; one in ten identifies somebody."""
    dice = random.Random(seed)
    now = datetime.now(UTC).isoformat()
    events = []
    for n in range(count):
        person = dice.randrange(PEOPLE)
        event = {
            "type": "track",
            "messageId": f"b-{seed}-{n}-{dice.getrandbits(64):016x}",
            "timestamp": now,
            "anonymousId": str(UUID(message_key(seed, f"person {person}"))),
            "event": dice.choice(("Product Viewed", "Product Added", "Cart Viewed", "Order Completed")),
            "properties": {
                "product_id": f"p{dice.randrange(5000)}",
                "name": "Lamp Ilka, linen shade, 40 cm",
                "price": dice.randrange(500, 90000) / 100,
                "currency": "EUR",
                "category": "lamps",
                "url": "https://shop.example/lamps/ilka",
            },
            "context": {
                "library": {"name": "analytics-python", "version": "2.4.0"},
                "locale": "hu-HU",
                "ip": "192.0.2.7",
            },
            "integrations": {},
        }
        if dice.random() < 0.3:
            event["userId"] = f"u{seed}-{person}"
        if dice.random() < 0.1:
            event |= {"type": "identify", "userId": f"u{seed}-{person}"}
            event["traits"] = {"email": f"p{seed}.{person}@example.com", "name": f"Person {person}"}
            del event["event"]
        events.append(event)
    return events


def batches(events: list[dict], key: str) -> list[bytes]:
    """The events as requests of 100."""
    sent = datetime.now(UTC).isoformat()
    return [
        load.request("/v1/batch", key, msgspec.json.encode({"batch": events[i : i + BATCH], "sentAt": sent}))
        for i in range(0, len(events), BATCH)
    ]


async def fire(served: Served, connections: int, requests: list[bytes]) -> dict:
    """Send the requests from another process; how long it took, and who spent how much processor time."""
    before = cpu.spent(served.process.pid)
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "benchmarks.load", "127.0.0.1", str(served.port), str(connections),
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    out, _ = await process.communicate(load.records(requests))
    result = json.loads(out)
    assert not result["faults"], result["faults"][:5]
    return result | {"spent": cpu.spent(served.process.pid).since(before)}


def each(results: list[dict], events: int) -> str:
    """Processor time of one event, by who spent it; the same on a busy machine, which times are not."""
    server, database, sender = (
        sum(seconds) / events * 1e6
        for seconds in zip(*((r["spent"].server_s, r["spent"].database_s, r["cpu_s"]) for r in results), strict=True)
    )
    return (
        f"processor time an event: fadeno {server:.0f} µs, PostgreSQL {database:.0f} µs, load generator {sender:.0f} µs"
    )


def bare_copy(url: str, events: list[dict], *, event_only: bool) -> float:
    """Seconds a plain COPY of the same rows takes into event (and key and address) tables, everything prepared."""
    now = datetime.now(UTC)
    seen: dict[str, UUID] = {}
    for event in events:
        for word in ("anonymousId", "userId"):
            if value := event.get(word):
                seen.setdefault(value, ids.new_id())
    rows = []
    for event in events:
        address = seen[event.get("userId") or event["anonymousId"]]
        body = msgspec.json.encode(event).decode().replace("\\", "\\\\")
        rows.append(
            f"{ids.new_id()}\t1\tweb\t{event['type']}\t{event.get('event') or chr(92) + 'N'}\t{address}\t\\N\t{address}"
            f"\t{now}\t{now}\t{now}\t{now}\t{event['messageId']}\t{body}\n"
        )
    event_block = "".join(rows).encode()
    keys = "".join(f"{message_key(9, e['messageId'])}\t{now.date()}\n" for e in events).encode()
    addresses = "".join(f"{i}\tbench\t{v}\t1\n" for v, i in seen.items()).encode()
    grouping = "".join(f"{i}\t{i}\tf\n" for i in seen.values()).encode()
    with psycopg.connect(url) as connection, connection.cursor() as cursor:
        started = time.perf_counter()
        with cursor.copy(
            "COPY events.event (id, source_id, channel, kind, name, address_id, other_address_ids, customer_id,"
            " occurred_at, received_at, original_at, sent_at, message_id, body) FROM STDIN"
        ) as copy:
            copy.write(event_block)
        if not event_only:
            with cursor.copy("COPY intake.message_key (key, day) FROM STDIN") as copy:
                copy.write(keys)
            with cursor.copy("COPY customers.address (id, kind, value, proven) FROM STDIN") as copy:
                copy.write(addresses)
            with cursor.copy("COPY customers.grouping (address_id, customer_id, is_telling) FROM STDIN") as copy:
                copy.write(grouping)
        connection.commit()
        return time.perf_counter() - started


async def run(folder: Path) -> list[Figure]:
    """Measure intake in batches and single."""
    figures = []
    async with serving(folder) as served:
        await fire(served, 4, batches(sample(5000, 1), served.key))  # warm
        results, copies, onlies = [], [], []
        for seed in (2, 3, 4):
            events = sample(EVENTS // 3, seed)
            onlies.append(bare_copy(served.url, sample(EVENTS // 3, seed + 200), event_only=True))
            copies.append(bare_copy(served.url, sample(EVENTS // 3, seed + 100), event_only=False))
            results.append(await fire(served, 12, batches(events, served.key)))
        seconds = sum(result["seconds"] for result in results)
        ratio, only = sum(copies) / seconds, sum(onlies) / seconds
        figures.append(
            Figure(
                f"durable, de-duplicated, identity-resolved intake over HTTP, batches of {BATCH}",
                f"{EVENTS / seconds:,.0f} events/s, {ratio:.2f} × COPY",
                "≥ 0.5 × a bare COPY into event, key and address tables",
                ratio >= 0.5,
                f"bare COPY of the same rows {EVENTS / sum(copies):,.0f}/s; × a COPY into event alone: {only:.2f}; "
                + each(results, EVENTS),
            )
        )
        figures.extend(await _singles(served, folder))
    return figures


async def _singles(served: Served, folder: Path) -> list[Figure]:
    def requests(key: str, seed: int) -> list[bytes]:
        return [load.request("/v1/track", key, msgspec.json.encode(e)) for e in sample(SINGLES, seed) if "event" in e]

    async def rate(of: Served, seed: int) -> tuple[float, float, str]:
        sent = requests(of.key, seed)
        result = await fire(of, CLIENTS, sent)
        return len(sent) / result["seconds"], result["p99_ms"], each([result], len(sent))

    await rate(served, 20)
    grouped, p99, spent = await rate(served, 21)
    async with serving(folder / "nothing", storing="nothing") as nothing:
        await rate(nothing, 22)
        empty, _, spent_on_nothing = await rate(nothing, 23)
    async with serving(folder / "alone", storing="alone") as alone:
        await rate(alone, 24)
        single, _, _ = await rate(alone, 25)
    return [
        Figure(
            f"single events, {CLIENTS} clients, each answered after commit",
            f"{grouped:,.0f}/s, {grouped / empty:.2f} × storing nothing",
            "≥ 0.5 × the same endpoint storing nothing",
            grouped / empty >= 0.5,
            f"storing nothing {empty:,.0f}/s; p99 {p99:.0f} ms; {spent}; storing nothing, {spent_on_nothing}",
        ),
        Figure(
            "the same beside one commit per event",
            f"{grouped / single:.2f} ×",
            "≥ 1.5 × one insert one commit",
            grouped / single >= 1.5,
            f"one commit per event {single:,.0f}/s",
        ),
    ]
