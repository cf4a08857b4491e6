"""A small HTTP load generator: keep-alive connections, each sending its next request when the last is answered.

Runs in a process of its own: `python -m benchmarks.load HOST PORT CONNECTIONS < requests.bin`, where the input is a
sequence of (4-byte length, request) records; prints one JSON line.
"""

import asyncio
import json
import struct
import sys
import time

import uvloop

from benchmarks.figure import percentile


class _Client(asyncio.Protocol):
    """One connection. It reads just enough HTTP to know where an answer ends."""

    def __init__(self, take, latencies: list[float], faults: list[int], done: asyncio.Future) -> None:
        self._take, self._latencies, self._faults, self._done = take, latencies, faults, done
        self._buffer = b""
        self._sent_at = 0.0

    def connection_made(self, transport: asyncio.Transport) -> None:
        self._transport = transport
        self._next()

    def _next(self) -> None:
        request = self._take()
        if request is None:
            self._transport.close()
            return
        self._sent_at = time.perf_counter()
        self._transport.write(request)

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        head, found, rest = self._buffer.partition(b"\r\n\r\n")
        if not found:
            return
        length = 0
        for line in head.split(b"\r\n")[1:]:
            if line[:15].lower() == b"content-length:":
                length = int(line[15:])
        if len(rest) < length:
            return
        self._latencies.append(time.perf_counter() - self._sent_at)
        if head[9:12] != b"200":
            self._faults.append(int(head[9:12]))
        self._buffer = rest[length:]
        self._next()

    def connection_lost(self, exc: Exception | None) -> None:
        if not self._done.done():
            self._done.set_result(None)


async def fire(host: str, port: int, connections: int, requests: list[bytes]) -> dict[str, object]:
    """Send all requests; how long it took, the latencies, the first statuses that were not 200."""
    waiting = iter(requests)
    latencies: list[float] = []
    faults: list[int] = []
    loop = asyncio.get_running_loop()
    ends = []
    started, spent_s = time.perf_counter(), time.process_time()
    for _ in range(connections):
        done = loop.create_future()
        ends.append(done)
        await loop.create_connection(
            lambda done=done: _Client(lambda: next(waiting, None), latencies, faults, done), host, port
        )
    await asyncio.gather(*ends)
    return {
        "seconds": time.perf_counter() - started,
        "cpu_s": time.process_time() - spent_s,
        "p50_ms": percentile(latencies, 0.5) * 1000,
        "p99_ms": percentile(latencies, 0.99) * 1000,
        "faults": faults[:10],
    }


def request(path: str, key: str, body: bytes) -> bytes:
    """One POST as bytes."""
    head = f"POST {path} HTTP/1.1\r\nHost: b\r\nAuthorization: Bearer {key}\r\nContent-Type: application/json\r\n"
    return head.encode() + b"Content-Length: %d\r\n\r\n" % len(body) + body


def records(requests: list[bytes]) -> bytes:
    """The form in which another process reads requests."""
    return b"".join(struct.pack("<I", len(r)) + r for r in requests)


def _main() -> None:
    host, port, connections = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    data, requests, at = sys.stdin.buffer.read(), [], 0
    while at < len(data):
        (length,) = struct.unpack_from("<I", data, at)
        requests.append(data[at + 4 : at + 4 + length])
        at += 4 + length
    print(json.dumps(uvloop.run(fire(host, port, connections, requests))))


if __name__ == "__main__":
    _main()
