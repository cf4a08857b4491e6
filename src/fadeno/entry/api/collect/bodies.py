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
            # Some clients gzip without saying so, some say so without doing it: the first bytes tell.
            if body.raw[:2] == _GZIP:
                body.grow_to(_unzip(body.raw))
        except TimeoutError:
            body.close()
            raise TooSlow from None
        except BaseException:
            body.close()
            raise
        return body

    async def _gather(self, receive: Receive, body: "Body") -> None:
        chunks, size = [], 0
        while True:
            message = await receive()
            if message["type"] == "http.disconnect":
                raise Unreadable("The connection ended before the body did.")
            chunk = message.get("body", b"")
            size += len(chunk)
            if size > WIRE_LIMIT_BYTES:
                raise TooLarge
            if self._in_flight_bytes > IN_FLIGHT_BYTES:
                raise Busy
            chunks.append(chunk)
            body.count(len(chunk))
            if not message.get("more_body"):
                break
        body.raw = b"".join(chunks)

    def count(self, size: int) -> None:
        """So many bytes more (or fewer) are under way."""
        self._in_flight_bytes += size


class Body:
    """One body, counted until it is closed."""

    def __init__(self, bodies: Bodies) -> None:
        self.raw = b""
        self._bodies = bodies
        self._counted = 0

    def count(self, size: int) -> None:
        """So many bytes of it have come."""
        self._counted += size
        self._bodies.count(size)

    def grow_to(self, plain: bytes) -> None:
        """It was packed, and this is what was in it."""
        self.raw = plain
        self.count(len(plain) - self._counted)

    def close(self) -> None:
        """Nobody needs it any more."""
        self.count(-self._counted)
        self.raw = b""


def _unzip(body: bytes) -> bytes:
    """What was packed, as far as a batch may reach: a bomb is put away before it grows."""
    try:
        stream = zlib.decompressobj(31)
        plain = stream.decompress(body, BATCH_LIMIT_BYTES + 1)
    except zlib.error:
        raise Unreadable("The body says gzip and is not.") from None
    if stream.unconsumed_tail:
        raise TooLarge
    if not stream.eof:
        raise Unreadable("The gzip in the body is cut off.")
    return plain
