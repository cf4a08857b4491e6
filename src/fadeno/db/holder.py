"""Who serves a data directory: one process holds it, others join the server it runs.

Two lock files, both released by the kernel however a process ends. `holder.lock` belongs to who runs the server and
says who that is. `guests.lock` is shared by those who joined; a short command that started a server waits for its
guests before it stops it.
"""

import asyncio
import fcntl
import json
import os
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from fadeno.db import prepare
from fadeno.db.server import Server
from fadeno.kit import clock
from fadeno.kit.errors import Conflict

_LOCK = "holder.lock"
_GUESTS = "guests.lock"
_POLL_S = 0.05


class Held(Conflict):
    """Another process uses this data directory."""

    code = "data_dir_held"


@dataclass(slots=True)
class Holder:
    """Who holds a data directory.

    Attributes:
        what: the command, e.g. "fadeno serve".
        address: where it answers HTTP, once it does.
        url: its database, once others may join it.
    """

    pid: int
    what: str
    since: str
    address: str | None = None
    url: str | None = None


class Hold:
    """Our hold on a data directory, and the server we run in it."""

    def __init__(self, data_dir: Path, fd: int, what: str) -> None:
        self.data_dir = data_dir
        self.holder = Holder(os.getpid(), what, clock.now().isoformat(timespec="seconds"))
        self.server: Server | None = None
        self._fd = fd
        self.note()

    def note(self, *, address: str | None = None, url: str | None = None) -> None:
        """Tell others where we answer, and that they may join."""
        self.holder.address = address or self.holder.address
        self.holder.url = url or self.holder.url
        text = json.dumps(asdict(self.holder)).encode()
        os.ftruncate(self._fd, 0)
        os.pwrite(self._fd, text, 0)

    def release(self) -> None:
        """Stop the server and let the next one in."""
        try:
            if self.server:
                self.server.stop()
        finally:
            os.ftruncate(self._fd, 0)
            os.close(self._fd)


async def hold(data_dir: Path, what: str, *, wait_s: float = 10) -> Hold:
    """Hold a data directory and start its server; end with `release`.

    Args:
        wait_s: how long a short command may still have it.

    Raises:
        Held: somebody else holds it; the message says who.
        ServerError: the server can't be started.
    """
    until = time.monotonic() + wait_s
    while (held := _try(data_dir, what)) is None:
        other = who(data_dir)
        if time.monotonic() > until or (other and other.address):
            raise Held(*_described(data_dir, other)[:1], hint=_described(data_dir, other)[1])
        await asyncio.sleep(_POLL_S)
    try:
        held.server = await prepare.started(data_dir)
    except BaseException:
        held.release()
        raise
    return held


def who(data_dir: Path) -> Holder | None:
    """Who holds a data directory; None when nobody does, or nobody said so yet."""
    try:
        return Holder(**json.loads((data_dir / _LOCK).read_bytes()))
    except (OSError, ValueError, TypeError):
        return None


@asynccontextmanager
async def reached(
    data_dir: Path, database_url: str | None, *, what: str, backup_first: bool = True
) -> AsyncIterator[str]:
    """The address of the database, migrated: the given one, the running server's, or one started for this.

    Raises:
        Held: the holder does not get ready.
        ServerError: the server can't be started.
        MigrationError: the database is of another version.
    """
    if database_url:
        await prepare.migrated(database_url, data_dir, backup_first=backup_first)
        yield database_url
        return
    data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    guests = os.open(data_dir / _GUESTS, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        held = await _join_or_hold(data_dir, guests, what)
        if isinstance(held, str):
            await prepare.demand_same_version(held)
            yield held
            return
        try:
            held.server = await prepare.started(data_dir)
            await prepare.migrated(held.server.url(), data_dir, backup_first=backup_first)
            held.note(url=held.server.url())
            yield held.server.url()
            await _locked(guests, fcntl.LOCK_EX)
        finally:
            held.release()
    finally:
        os.close(guests)


async def _join_or_hold(data_dir: Path, guests: int, what: str, wait_s: float = 60) -> "str | Hold":
    """The address of a running server with our foot in its door, or the hold on the data directory."""
    until = time.monotonic() + wait_s
    while time.monotonic() < until:
        await _locked(guests, fcntl.LOCK_SH)
        if held := _try(data_dir, what):
            return held
        other = who(data_dir)
        if other and other.url:
            return other.url
        fcntl.flock(guests, fcntl.LOCK_UN)
        await asyncio.sleep(_POLL_S)
    message, hint = _described(data_dir, who(data_dir))
    raise Held(f"{message} and does not get ready", hint=hint)


async def _locked(fd: int, kind: int) -> None:
    while True:
        try:
            fcntl.flock(fd, kind | fcntl.LOCK_NB)
        except BlockingIOError:
            await asyncio.sleep(_POLL_S)
        else:
            return


def _try(data_dir: Path, what: str) -> Hold | None:
    data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    fd = os.open(data_dir / _LOCK, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(fd)
        return None
    return Hold(data_dir, fd, what)


def _described(data_dir: Path, other: Holder | None) -> tuple[str, str]:
    if other is None:
        return f"{data_dir} is held by another process", "wait a moment, or see who has it open"
    place = f" at {other.address}" if other.address else ""
    return (
        f"{data_dir} is held by `{other.what}`{place} (process {other.pid}, since {other.since})",
        "use that one, stop it first, or choose another --data-dir",
    )
