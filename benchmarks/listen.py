"""Many open live streams in a process of their own: `python -m benchmarks.listen HOST PORT STREAMS KEY`.

Prints `ready` when every stream has begun. Then takes one line of JSON, `[[position, sent], …]` with times of the
monotonic clock, and prints how long each event took to each stream.
"""

import asyncio
import json
import re
import sys
import time
from array import array
from bisect import bisect_left

import uvloop

from benchmarks.figure import percentile

OPENING = 50  # streams opened at once
PATIENCE_S = 10  # for the last wakes
_ID = re.compile(rb"id: (\d+)\n")


class Stream(asyncio.Protocol):
    """One screen: remembers when it heard of which position."""

    def __init__(self, request: bytes, begun: asyncio.Future) -> None:
        self._request, self._begun = request, begun
        self._rest = b""
        self.positions, self.times = array("q"), array("d")

    def connection_made(self, transport: asyncio.Transport) -> None:
        self.transport = transport
        transport.write(self._request)

    def data_received(self, data: bytes) -> None:
        now = time.monotonic()
        self._rest += data
        end = 0
        for found in _ID.finditer(self._rest):
            self.positions.append(int(found[1]))
            self.times.append(now)
            end = found.end()
        self._rest = self._rest[end:][-4096:]
        if self.positions and not self._begun.done():
            self._begun.set_result(None)

    def connection_lost(self, exc: Exception | None) -> None:
        if not self._begun.done():
            self._begun.set_exception(ConnectionError(self._rest.decode("latin-1")[:200]))


async def listen(host: str, port: int, count: int, key: str) -> list[Stream]:
    """Open the streams, and wait until each has begun."""
    loop = asyncio.get_running_loop()
    request = f"GET /live HTTP/1.1\r\nHost: b\r\nAuthorization: Bearer {key}\r\n\r\n".encode()
    gate = asyncio.Semaphore(OPENING)

    async def one() -> Stream:
        async with gate:
            begun = loop.create_future()
            _, stream = await loop.create_connection(lambda: Stream(request, begun), host, port)
            await asyncio.wait_for(begun, 30)
            return stream

    return await asyncio.gather(*(one() for _ in range(count)))


def delays(streams: list[Stream], sent: list[tuple[int, float]]) -> dict[str, float]:
    """Milliseconds from sending to hearing, over all streams, and to the last stream of each event."""
    every, last = [], []
    for position, at in sent:
        heard = []
        for stream in streams:
            n = bisect_left(stream.positions, position)
            if n < len(stream.positions):
                heard.append((stream.times[n] - at) * 1000)
        assert len(heard) == len(streams), f"position {position} was heard by {len(heard)} streams"
        every += heard
        last.append(max(heard))
    wakes = sum(len(stream.positions) for stream in streams)
    return {
        "p50": percentile(every, 0.5),
        "p99": percentile(every, 0.99),
        "last_p50": percentile(last, 0.5),
        "last_p99": percentile(last, 0.99),
        "wakes_an_event": wakes / len(streams) / len(sent),
    }


async def _main() -> None:
    host, port, count, key = sys.argv[1:]
    streams = await listen(host, int(port), int(count), key)
    print("ready", flush=True)
    sent = json.loads(await asyncio.to_thread(sys.stdin.readline))
    until, last = time.monotonic() + PATIENCE_S, max(position for position, _ in sent)
    while time.monotonic() < until and any(s.positions[-1] < last for s in streams):  # noqa: ASYNC110 - protocols fill them
        await asyncio.sleep(0.05)
    print(json.dumps(delays(streams, sent)), flush=True)
    for stream in streams:
        stream.transport.abort()


if __name__ == "__main__":
    uvloop.run(_main())
