"""A connection to a mail server whose steps are done in threads, and which can be cut at any moment.

imapclient waits for its server; so each step runs in a thread of its own that nobody waits for, and is given a time and
a number of bytes. A step that exceeds them is cut by closing the connection under it. The address is looked at before
it is connected to, as everywhere.

Source: RFC 3501, RFC 2177 (IDLE), RFC 8314 (TLS for mail), read 2026-11-24.
"""

import asyncio
import contextlib
import imaplib
import socket
import ssl
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import TypeVar

import httpcore
from imapclient import IMAPClient, SocketTimeout

from fadeno.kit import outward
from fadeno.switchboard.mailbox import Mailbox
from fadeno.switchboard.reading.faults import CantRead, in_words

CONNECT_S = 15.0
STEP_S = 60.0
QUIET_S = 45.0  # for the next byte of an answer
SMALL_BYTES = 4 * 1024 * 1024
_T = TypeVar("_T")


class TooMuch(imaplib.IMAP4.abort):
    """More came than was asked for."""


class _Wire(imaplib.IMAP4):
    """imaplib over a connection that stands already, and takes no more than it is allowed to."""

    def __init__(self, host: str, port: int, given: socket.socket) -> None:
        self._given = given
        self.left_bytes = SMALL_BYTES
        super().__init__(host, port)

    def _create_socket(self, timeout: float | None) -> socket.socket:
        return self._given

    def read(self, size: int) -> bytes:
        self._take(size)  # before memory is taken for it
        return super().read(size)

    def readline(self) -> bytes:
        line = super().readline()
        self._take(len(line))
        return line

    def _take(self, size: int) -> None:
        self.left_bytes -= size
        if self.left_bytes < 0:
            raise TooMuch("more came than was asked for")


class _Client(IMAPClient):
    def __init__(self, host: str, port: int, given: socket.socket, *, is_tls: bool) -> None:
        self._given = given
        super().__init__(host, port, ssl=is_tls, timeout=SocketTimeout(CONNECT_S, QUIET_S))
        self.normalise_times = False
        self._imap.debug = 0  # it would write down what it hears, and passwords with it

    def _create_IMAP4(self) -> _Wire:
        return _Wire(self.host, self.port, self._given)

    def allow(self, most_bytes: int) -> None:
        """How much may come in the next step."""
        self._imap.left_bytes = most_bytes


class Line:
    """A connection to the server of a mailbox."""

    def __init__(self, place: Mailbox, given: socket.socket) -> None:
        self.place = place
        self._tap = given.dup()  # what closes the connection even where TLS has taken it over
        self._client: _Client | None = None

    async def begin(self, given: socket.socket, tls: ssl.SSLContext) -> None:
        """Make it private, and hear the server's greeting."""

        def greet() -> _Client:
            given.settimeout(CONNECT_S)
            host, port = self.place.host, self.place.port
            if self.place.tls == "tls":
                return _Client(host, port, tls.wrap_socket(given, server_hostname=host), is_tls=True)
            client = _Client(host, port, given, is_tls=False)
            if self.place.tls == "starttls":
                _make_private(client, tls)
            return client

        self._client = await self._threaded(greet, CONNECT_S * 2)

    async def do(
        self, step: Callable[[IMAPClient], _T], *, within_s: float = STEP_S, most_bytes: int = SMALL_BYTES
    ) -> _T:
        """One step of the conversation.

        Raises:
            CantRead: it took too long, too much came, or the server broke off.
        """

        def allowed() -> _T:
            assert self._client is not None
            self._client.allow(most_bytes)
            return step(self._client)

        return await self._threaded(allowed, within_s)

    async def _threaded(self, work: Callable[[], _T], within_s: float) -> _T:
        try:
            async with asyncio.timeout(within_s):
                return await _in_thread(work)
        except asyncio.CancelledError:
            self.cut()
            raise
        except Exception as error:  # a server may talk any nonsense, and libraries fall over it in any way
            self.cut()
            raise in_words(error, self.place.host, self.place.port) from error

    def cut(self) -> None:
        """End it at once, whatever is under way; a thread that waits in it ends too."""
        with contextlib.suppress(OSError):
            self._tap.shutdown(socket.SHUT_RDWR)
        self._tap.close()


@asynccontextmanager
async def connected(place: Mailbox, *, allow_private: bool, tls: ssl.SSLContext | None = None) -> AsyncIterator[Line]:
    """A line to the server of a mailbox, not signed in yet.

    Raises:
        CantRead: there is none to be had, with the reason in plain words.
    """
    given = await _reached(place, allow_private=allow_private)
    line = Line(place, given)
    try:
        await line.begin(given, tls or ssl.create_default_context())
        yield line
    finally:
        line.cut()
        given.close()


async def _reached(place: Mailbox, *, allow_private: bool) -> socket.socket:
    try:
        async with asyncio.timeout(CONNECT_S):
            addresses = await outward.resolved(place.host, place.port)
    except (httpcore.ConnectError, TimeoutError):
        raise CantRead(f"the name {place.host} is not known: look how it is written") from None
    inner = [one for one in addresses if not outward.is_public(one)]
    if inner and not allow_private:
        said = f"{place.host} is in a private network; FADENO_ALLOW_PRIVATE=yes lets fadeno reach it"
        raise CantRead(said, needs_person=True)
    if place.tls == "none" and len(inner) < len(addresses):
        raise CantRead(f"{place.host}: no password is sent in the open; set imap_tls to tls", needs_person=True)
    fault: BaseException = OSError("no address")
    for address in addresses:
        try:
            return await _connection(address, place.port)
        except (OSError, TimeoutError) as error:
            fault = error
    raise in_words(fault, place.host, place.port) from fault


async def _connection(address: str, port: int) -> socket.socket:
    line = socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET, socket.SOCK_STREAM)
    try:
        line.setblocking(False)
        line.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        async with asyncio.timeout(CONNECT_S):
            await asyncio.get_running_loop().sock_connect(line, (address, port))
    except BaseException:
        line.close()
        raise
    return line


def _make_private(client: _Client, tls: ssl.SSLContext) -> None:
    if not client.has_capability("STARTTLS"):
        raise CantRead(f"{client.host} offers no TLS; no password is sent in the open", needs_person=True)
    client.starttls(tls)


async def _in_thread(work: Callable[[], _T]) -> _T:
    """Do it in a thread of its own: no server that hangs takes one from anybody, and no stop waits for it."""
    loop = asyncio.get_running_loop()
    answer: asyncio.Future[_T] = loop.create_future()

    def settle(value: _T | None, error: Exception | None) -> None:
        if answer.done():
            return
        if error is None:
            answer.set_result(value)  # type: ignore[arg-type]
        else:
            answer.set_exception(error)

    def run() -> None:
        value, error = None, None
        try:
            value = work()
        except Exception as fault:
            error = fault
        with contextlib.suppress(RuntimeError):  # the loop has ended meanwhile
            loop.call_soon_threadsafe(settle, value, error)

    threading.Thread(target=run, name="mailbox", daemon=True).start()
    return await answer
