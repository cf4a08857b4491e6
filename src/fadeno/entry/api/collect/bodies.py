"""Bodies of requests, whatever comes: bounded in bytes, in time, and all together."""

import asyncio
import zlib

from litestar.types import Receive

from fadeno.intake import BATCH_LIMIT_BYTES, BATCH_LIMIT_EVENTS, Busy, Unreadable
from fadeno.kit.errors import FadenoError

WIRE_LIMIT_BYTES = 4 * 1024 * 1024
IN_FLIGHT_BYTES = 128 * 1024 * 1024
BODY_S = 30
_GZIP = b"\x1f\x8b"


class TooLarge(FadenoError):
    """The body is larger than a batch may be."""

    code = "too_large"
    status = 413
    hint = f"Send at most {BATCH_LIMIT_BYTES // 1024} KiB or {BATCH_LIMIT_EVENTS} events at once."


class TooSlow(FadenoError):
    """The body did not come to its end in time."""

    code = "too_slow"
    status = 408
    hint = f"Send the whole body within {BODY_S} seconds."


class Bodies:
    """All bodies of one process that are being read or worked on."""

    def __init__(self) -> None:
        self._in_flight_bytes = 0

    async def read(self, receive: Receive) -> "Body":
        """The whole body, unzipped; hand it back with `Body.close`.

        Raises:
            Busy: too many bytes are under way already; TooSlow: it trickles; TooLarge: it is too long, zipped or not;
            Unreadable: it is cut off, or says gzip and is not.
        """
        body = Body(self)
        try:
            async with asyncio.timeout(BODY_S):
                await self._gather(receive, body)
            body.end()
        except TimeoutError:
            body.close()
            raise TooSlow from None
        except BaseException:
            body.close()
            raise
        return body

    async def _gather(self, receive: Receive, body: "Body") -> None:
        """Read to the end even what is refused already, or its sender would see a broken connection and no answer."""
        size, more = 0, True
        while more:
            message = await receive()
            if message["type"] == "http.disconnect":
                raise Unreadable("The connection ended before the body did.")
            chunk, more = message.get("body", b""), message.get("more_body", False)
            size += len(chunk)
            if size > WIRE_LIMIT_BYTES:
                raise TooLarge
            if self._in_flight_bytes > IN_FLIGHT_BYTES:
                raise Busy
            body.add(chunk)

    def count(self, size: int) -> None:
        """So many bytes more (or fewer) are under way."""
        self._in_flight_bytes += size


class Body:
    """One body: unzipped as it comes, let go once it is longer than a batch may be, counted until it is closed."""

    def __init__(self, bodies: Bodies) -> None:
        self.raw = b""
        self._bodies = bodies
        self._parts: list[bytes] = []
        self._size = 0
        self._begun = False
        self._zipped: zlib._Decompress | None = None
        self._fault: FadenoError | None = None

    def add(self, chunk: bytes) -> None:
        """The next bytes as they came."""
        if self._fault or not chunk:
            return
        if not self._begun:
            chunk = b"".join([*self._parts, chunk])
            self._drop()
            self._begun = len(chunk) >= len(_GZIP)
            # Some clients gzip without saying so, some say so without doing it: the first bytes tell.
            if chunk.startswith(_GZIP):
                self._zipped = zlib.decompressobj(31)
        try:
            if self._zipped:
                # Never more than one byte beyond the limit: a bomb is put away before it grows.
                chunk = self._zipped.decompress(chunk, BATCH_LIMIT_BYTES + 1 - self._size)
        except zlib.error:
            self._refuse(Unreadable("The body says gzip and is not."))
            return
        self._parts.append(chunk)
        self._size += len(chunk)
        self._bodies.count(len(chunk))
        if self._size > BATCH_LIMIT_BYTES:
            self._refuse(TooLarge())

    def end(self) -> None:
        """It has come whole: from now on `raw` is what was in it.

        Raises:
            TooLarge, Unreadable: it has not, as was seen on the way.
        """
        if self._fault is None and self._zipped and not self._zipped.eof:
            self._refuse(Unreadable("The gzip in the body is cut off."))
        if self._fault:
            raise self._fault
        self.raw = b"".join(self._parts)
        self._parts.clear()

    def close(self) -> None:
        """Nobody needs it any more."""
        self._drop()
        self.raw = b""

    def _refuse(self, fault: FadenoError) -> None:
        self._fault, self._zipped = fault, None
        self._drop()

    def _drop(self) -> None:
        self._parts.clear()
        self._bodies.count(-self._size)
        self._size = 0
