"""A mail server that hangs, breaks off or talks nonsense harms its own account only, and no stop waits for it."""

import asyncio
import socket
import threading
import time
from collections.abc import Callable, Iterator

import pytest

from fadeno import switchboard
from fadeno.access import SYSTEM
from fadeno.db import Database
from fadeno.intake import Journal
from fadeno.kit.seal import Seal
from fadeno.switchboard import reading

HELLO = b"* OK [CAPABILITY IMAP4rev1 IDLE] here\r\n"


def _flood(line: socket.socket) -> None:
    line.sendall(HELLO)
    while True:
        line.sendall(b"* 1 EXISTS\r\n" * 5000)


def _literal(line: socket.socket) -> None:
    line.sendall(HELLO)
    line.recv(1000)
    line.sendall(b"* LIST {99999999999}\r\n")
    time.sleep(30)


def _long_line(line: socket.socket) -> None:
    line.sendall(b"* OK " + b"x" * 3_000_000)
    time.sleep(30)


TALKS: dict[str, Callable[[socket.socket], None]] = {
    "hangs": lambda line: time.sleep(30),
    "breaks off": lambda line: None,
    "says goodbye": lambda line: line.sendall(b"* BYE busy\r\n"),
    "is a web server": lambda line: line.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n<html>"),
    "talks bytes": lambda line: line.sendall(bytes(range(256)) * 50),
    "floods": _flood,
    "promises gigabytes": _literal,
    "ends no line": _long_line,
}


@pytest.fixture
def bad_server() -> Iterator[Callable[[str], int]]:
    open_: list[socket.socket] = []

    def serve(how: str) -> int:
        door = socket.create_server(("127.0.0.1", 0))
        open_.append(door)

        def answer() -> None:
            while True:
                try:
                    line, _ = door.accept()
                except OSError:
                    return
                open_.append(line)
                threading.Thread(target=_talk, args=(line, how), daemon=True).start()

        threading.Thread(target=answer, daemon=True).start()
        return door.getsockname()[1]

    yield serve
    for one in open_:
        one.close()


def _talk(line: socket.socket, how: str) -> None:
    try:
        TALKS[how](line)
        line.close()
    except OSError:
        pass


async def _as_given(_, account):
    return account


async def test_every_bad_server_is_said_to_fail_in_words_and_none_holds_up_the_stop(
    db: Database, vault: Seal, journal: Journal, bad_server: Callable[[str], int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("fadeno.switchboard.reading.line.CONNECT_S", 1.0)
    monkeypatch.setattr("fadeno.switchboard.reading.line.QUIET_S", 1.0)
    async with db.transaction() as tx:
        for how in TALKS:
            await switchboard.add(
                tx, SYSTEM, vault, channel="email", name=how,
                credentials={
                    "address": "a@shop.example", "smtp_host": "127.0.0.1:9", "imap_tls": "none",
                    "imap_host": f"127.0.0.1:{bad_server(how)}", "password": "x",
                },
            )  # fmt: skip
    stopping = asyncio.Event()
    tools = reading.Tools(db, vault, journal, _as_given, allow_private=True)
    running = asyncio.create_task(reading.read_mailboxes(tools, stopping))
    told: dict[str, str] = {}
    for _ in range(160):
        await asyncio.sleep(0.05)
        async with db.transaction() as tx:
            told = {one.name: one.health_words for one in await switchboard.accounts(tx) if one.health == "fails"}
        if told.keys() == TALKS.keys():
            break
    began = time.monotonic()
    stopping.set()
    await asyncio.wait_for(running, 3)
    assert time.monotonic() - began < 3
    assert told.keys() == TALKS.keys()
    assert all("127.0.0.1" in words for words in told.values())
    assert "fell over" not in " ".join(told.values())
