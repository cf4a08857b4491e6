"""From an event coming in over HTTP to the wake on every open live stream."""

import asyncio
import json
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import psycopg

from benchmarks import intake, load
from benchmarks.figure import Figure
from benchmarks.served import Served, serving

RATE = 50  # single events a second
SECONDS = 12
CONNECTIONS = 8
LOADED_EVENTS = 40_000  # in batches, beside the single ones
GOAL_MS = 60
STEPS = ((200, False), (200, True), (1000, False))  # streams, and whether a batch load runs beside

_POSITIONS = """
SELECT e.message_id, r.position - cardinality(r.event_ids) + u.n
FROM events.run r CROSS JOIN LATERAL unnest(r.event_ids) WITH ORDINALITY AS u (id, n)
JOIN events.event e ON e.id = u.id
WHERE e.message_id LIKE %s
"""


def _event(message_id: str, number: int, key: str) -> bytes:
    body = {
        "type": "track",
        "event": "Message Received",
        "messageId": message_id,
        "userId": f"live{number % 500}",
        "timestamp": datetime.now(UTC).isoformat(),
        "properties": {"text": "When will my lamp arrive?"},
    }
    return load.request("/v1/track", key, msgspec.json.encode(body))


async def _answered(reader: asyncio.StreamReader) -> None:
    head = await reader.readuntil(b"\r\n\r\n")
    assert head[9:12] == b"200", head
    length = next(int(line[15:]) for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:"))
    await reader.readexactly(length)


async def send(served: Served, run: str, is_enough: Callable[[int], bool]) -> dict[str, float]:
    """Send single events at a steady rate; when each was sent, by message id."""
    free: asyncio.Queue[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = asyncio.Queue()
    for _ in range(CONNECTIONS):
        free.put_nowait(await asyncio.open_connection("127.0.0.1", served.port))
    sent: dict[str, float] = {}

    async def one(number: int) -> None:
        message_id = f"{run}-{number}"
        # Waiting for a free connection counts: an event that can't be sent yet is late already.
        sent[message_id] = time.monotonic()
        reader, writer = await free.get()
        writer.write(_event(message_id, number, served.key))
        await _answered(reader)
        free.put_nowait((reader, writer))

    began = time.monotonic()
    async with asyncio.TaskGroup() as tasks:
        while not is_enough(len(sent)):
            tasks.create_task(one(len(sent)))
            await asyncio.sleep(max(0, began + (len(sent) + 1) / RATE - time.monotonic()))
    while not free.empty():
        free.get_nowait()[1].close()
    return sent


async def _positions(served: Served, run: str) -> dict[str, int]:
    async with await psycopg.AsyncConnection.connect(served.url) as connection:
        return dict(await (await connection.execute(_POSITIONS, (f"{run}-%",))).fetchall())


async def _seconds_used(process: asyncio.subprocess.Process) -> float:
    with suppress(OSError):
        fields = Path(f"/proc/{process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / 100
    return 0.0


async def measure(served: Served, streams: int, *, loaded: bool, run: str) -> dict[str, float]:
    """Delays of single events on so many streams."""
    listener = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "benchmarks.listen", "127.0.0.1", str(served.port), str(streams), served.read_key,
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    try:
        assert await listener.stdout.readline() == b"ready\n", "the streams did not begin"
        used, began = await _seconds_used(served.process), time.monotonic()
        rate = 0.0
        if loaded:
            requests = intake.batches(intake.sample(LOADED_EVENTS, seed=31), served.key)
            beside = asyncio.create_task(intake.fire(served, 1, requests))
            sent = await send(served, run, lambda count: beside.done() and count >= RATE)
            rate = LOADED_EVENTS / (await beside)["seconds"]
        else:
            sent = await send(served, run, lambda count: count >= RATE * SECONDS)
        busy = (await _seconds_used(served.process) - used) / (time.monotonic() - began)
        await asyncio.sleep(0.5)
        positions = await _positions(served, run)
        assert len(positions) == len(sent), f"{len(sent)} sent, {len(positions)} on the stream"
        pairs = [(positions[message_id], at) for message_id, at in sent.items()]
        out, _ = await listener.communicate(json.dumps(pairs).encode() + b"\n")
        return json.loads(out) | {"rate": rate, "busy": busy}
    finally:
        if listener.returncode is None:
            listener.kill()
            await listener.wait()


async def run(folder: Path) -> list[Figure]:
    """200 streams, alone and beside a batch load, and 1,000."""
    figures = []
    async with serving(folder) as served:
        await measure(served, 20, loaded=False, run="warm")
        for streams, loaded in STEPS:
            got = await measure(served, streams, loaded=loaded, run=f"s{streams}{'l' if loaded else ''}")
            beside = f", beside a batch load of {got['rate']:,.0f} events/s" if loaded else ""
            has_goal = streams == 200
            figures.append(
                Figure(
                    f"event in over HTTP to the wake on {streams:,} open streams, {RATE} single events/s{beside}",
                    f"p50 {got['p50']:.0f} ms, p99 {got['p99']:.0f} ms",
                    f"p99 ≤ {GOAL_MS} ms" if has_goal else "reported",
                    got["p99"] <= GOAL_MS if has_goal else None,
                    f"commit, sequencer and fan-out; the last stream p50 {got['last_p50']:.0f}, p99"
                    f" {got['last_p99']:.0f} ms; {got['wakes_an_event']:.2f} wakes an event; the server uses"
                    f" {got['busy']:.0%} of a core; streams and sender on the same machine",
                )
            )
    return figures
