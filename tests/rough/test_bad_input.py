"""What strangers can do to the event API at once: memory stays bounded, and neighbours are answered."""

import asyncio
import gzip
import io
import json
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import psutil
import pytest

from tests.rough.conftest import Process

BOMBS = 40
SLOW = 200
MIB = 1024 * 1024
EVENT = {"type": "track", "event": "E", "userId": "ada"}


def bomb() -> bytes:
    """1 MB that would be 1 GB."""
    packed = io.BytesIO()
    with gzip.GzipFile(fileobj=packed, mode="wb", compresslevel=9) as file:
        file.write(b'{"batch": [')
        for _ in range(1024):
            file.write(b" " * MIB)
        file.write(b"]}")
    return packed.getvalue()


@pytest.fixture
def key(process: Process) -> str:
    """A write key of a running fadeno."""
    process.command("sources", "create", "shop")
    made = process.command("keys", "create", "k", "--scope", "collect", "--source", "shop")
    process.start()
    return made


def peak_bytes(process: Process) -> int:
    """The most memory the serving process ever had, as the kernel counts it."""
    for child in psutil.Process().children(recursive=True):
        if "fadeno" in child.cmdline() and "serve" in child.cmdline():
            status = Path(f"/proc/{child.pid}/status").read_text()
            return 1024 * int(status.split("VmHWM:")[1].split()[0])
    raise AssertionError("fadeno does not run")


async def neighbour(process: Process, key: str, stop: asyncio.Event) -> int:
    """A shop that sends one event after the other, each answered; how many."""
    sent = 0
    async with httpx.AsyncClient(timeout=10) as client:
        while not stop.is_set() or sent < 5:
            answer = await client.post(f"{process.address}/v1/track", json=EVENT, headers={"X-Write-Key": key})
            assert answer.status_code == 200, answer.text
            sent += 1
    return sent


async def open_body(process: Process, key: str, begin: bytes) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """A request whose body has begun and is far from its end."""
    host = urlsplit(process.address)
    reader, writer = await asyncio.open_connection(host.hostname, host.port)
    head = f"POST /v1/batch HTTP/1.1\r\nHost: x\r\nX-Write-Key: {key}\r\nContent-Length: 400000\r\n\r\n"
    writer.write(head.encode() + begin)
    await writer.drain()
    return reader, writer


@pytest.mark.rough
@pytest.mark.timeout(300)
async def test_forty_bombs_at_once_cost_little_memory_and_no_neighbour(process: Process, key: str) -> None:
    packed = bomb()
    assert len(packed) < 1.2 * MIB
    stop = asyncio.Event()
    async with httpx.AsyncClient(timeout=60, limits=httpx.Limits(max_connections=BOMBS)) as client:
        await neighbour(process, key, _set())
        before = peak_bytes(process)
        working = asyncio.create_task(neighbour(process, key, stop))
        url, headers = f"{process.address}/v1/batch", {"X-Write-Key": key, "Content-Encoding": "gzip"}
        for _ in range(3):
            answers = await asyncio.gather(
                *(client.post(url, content=packed, headers=headers) for _ in range(BOMBS)), return_exceptions=True
            )
            assert {(a.status_code, a.json()["code"]) for a in answers} == {(413, "too_large")}
        stop.set()
        assert await working >= 5
    grown = peak_bytes(process) - before
    # What has come is unzipped as it comes, and let go at 500 KiB.
    assert grown < 80 * MIB, f"{grown / MIB:.0f} MiB"


@pytest.mark.rough
@pytest.mark.timeout(300)
async def test_a_batch_cannot_multiply_what_it_says_for_all(process: Process, key: str) -> None:
    event = json.dumps({"type": "page", "userId": "u"})
    many = f'{{"context": {{"x": "{"y" * 380_000}"}}, "batch": [{",".join([event] * 2400)}]}}'.encode()
    assert len(many) < 512_000
    async with httpx.AsyncClient(timeout=60) as client:
        await neighbour(process, key, _set())
        before = peak_bytes(process)
        answer = await client.post(f"{process.address}/v1/batch", content=many, headers={"X-Write-Key": key})
    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")
    assert peak_bytes(process) - before < 40 * MIB


@pytest.mark.rough
@pytest.mark.timeout(300)
async def test_bodies_that_trickle_are_told_so_in_time_and_keep_nobody_waiting(process: Process, key: str) -> None:
    slow = [await open_body(process, key, b'{"batch": [') for _ in range(SLOW)]
    await neighbour(process, key, _set())
    for _, writer in slow[:20]:
        writer.write(b" ")  # a byte now and then is no body
    answers = await asyncio.wait_for(asyncio.gather(*(reader.read(4096) for reader, _ in slow)), 60)
    assert {a.split(b"\r\n")[0] for a in answers} == {b"HTTP/1.1 408 Request Timeout"}
    await neighbour(process, key, _set())
    for _, writer in slow:
        writer.close()


@pytest.mark.rough
async def test_a_half_closed_connection_ends_at_once(process: Process, key: str) -> None:
    for begin in (b"", b'{"batch": ['):
        reader, writer = await open_body(process, key, begin)
        writer.write_eof()
        answer = await asyncio.wait_for(reader.read(4096), 5)
        assert answer == b"" or answer.startswith(b"HTTP/1.1 400")
        writer.close()
    assert await neighbour(process, key, _set()) == 5


def _set() -> asyncio.Event:
    event = asyncio.Event()
    event.set()
    return event
