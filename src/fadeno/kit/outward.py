"""Every request of ours to an address somebody gave us goes out through here.

Names are resolved once, every address they stand for is looked at, and the connection goes to exactly that
address; certificate and Host are still those of the name. So a name can't lead us into our own network, neither
at once nor by changing its mind between the look and the connection. No proxies, no redirects, limits on time
and size.

Source: the IANA special-purpose address registries, https://www.iana.org/assignments/iana-ipv4-special-registry
and iana-ipv6-special-registry; RFC 6052 and 8215 (NAT64), read 2026-11-23.
"""

import asyncio
import contextlib
import socket
import ssl
import threading
import time
from collections.abc import AsyncIterator, Iterable, Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from urllib.parse import urlsplit

import httpcore
import httpx

from fadeno.kit import clock
from fadeno.kit.errors import Invalid

CONNECT_S = 5.0
TOTAL_S = 15.0
MOST_ANSWER_BYTES = 64 * 1024
MOST_URL_CHARS = 2000

_NOT_PUBLIC_4 = [
    ip_network(net)
    for net in (
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12",
        "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15",
        "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
    )
]  # fmt: skip
_PUBLIC_6 = ip_network("2000::/3")
_NOT_PUBLIC_6 = [ip_network(net) for net in ("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20")]
_NAT64 = ip_network("64:ff9b::/96")


class NotReachable(Invalid):
    """fadeno does not send to that address."""

    code = "address_refused"
    hint = "Only public addresses are allowed; FADENO_ALLOW_PRIVATE=yes also lets those of your own network."


class _Refused(httpx.ConnectError):
    """The name stands for an address we do not send to."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of one request: a status, or the reason there is none."""

    status: int | None
    duration_ms: int
    error: str | None = None
    retry_after_s: float | None = None


def is_public(address: str) -> bool:
    """Whether an IP address belongs to the public internet, seen through mapped and translated forms."""
    ip = ip_address(address.partition("%")[0])
    if isinstance(ip, IPv6Address):
        inner = ip.ipv4_mapped or (IPv4Address(int(ip) & 0xFFFFFFFF) if ip in _NAT64 else None)
        if inner is None:
            return ip in _PUBLIC_6 and not any(ip in net for net in _NOT_PUBLIC_6)
        ip = inner
    return not any(ip in net for net in _NOT_PUBLIC_4)


def checked_url(url: str, *, allow_private: bool = False) -> str:
    """A URL we may send to, as far as can be said without asking for its name.

    Raises:
        Invalid: it isn't a whole https address.
        NotReachable: it names a private address.
    """
    try:
        parts = urlsplit(url.strip())
        host, port = parts.hostname, parts.port
        httpx.URL(url.strip())
    except (ValueError, httpx.InvalidURL):
        raise Invalid("This is not a web address.", field="url") from None
    if parts.scheme not in ("https", "http") or not host or port == 0 or len(url) > MOST_URL_CHARS:
        raise Invalid("Give a whole address, as https://example.com/hook.", field="url")
    if not url.strip().isascii() or any(c.isspace() or ord(c) < 33 for c in url.strip()):
        raise Invalid("Write the address without spaces and in its ASCII form.", field="url")
    if parts.username is not None or parts.password is not None or parts.fragment:
        raise Invalid("Leave user name, password and #fragment out of the address.", field="url")
    if parts.scheme == "http" and not allow_private:
        raise Invalid("Use https: what is sent tells about people.", field="url")
    if not allow_private:
        _refuse_literal(host)
    return url.strip()


def _refuse_literal(host: str) -> None:
    try:
        public = is_public(host)
    except ValueError:
        public = host.lower().rstrip(".") != "localhost" and not host.lower().endswith(".localhost")
    if not public:
        raise NotReachable(f"{host} is not a public address.", field="url")


def client(*, allow_private: bool = False, tls: ssl.SSLContext | None = None) -> httpx.AsyncClient:
    """A client that reaches only what we may reach. One per process; close it at the end."""
    return httpx.AsyncClient(
        transport=_Guarded(allow_private, tls or httpx.create_ssl_context(trust_env=False)),
        timeout=httpx.Timeout(TOTAL_S, connect=CONNECT_S),
        follow_redirects=False,
        trust_env=False,
        headers={"User-Agent": "fadeno"},
    )


async def post(
    http: httpx.AsyncClient, url: str, content: bytes, headers: Mapping[str, str], *, total_s: float = TOTAL_S
) -> Answer:
    """Send `content`; never raises for what the other side or the network does."""
    began = time.perf_counter()

    def after(status: int | None, error: str | None = None, retry_after_s: float | None = None) -> Answer:
        return Answer(status, round((time.perf_counter() - began) * 1000), error, retry_after_s)

    try:
        async with asyncio.timeout(total_s), http.stream("POST", url, content=content, headers=headers) as answer:
            await _read_to_end(answer)
            return after(answer.status_code, None, retry_after_s(answer.headers.get("retry-after")))
    except (TimeoutError, httpx.TimeoutException):
        return after(None, f"no answer within {total_s:g} s")
    except _Refused as error:
        return after(None, str(error))
    except (httpx.HTTPError, httpx.InvalidURL, ssl.SSLError, OSError, UnicodeError) as error:
        return after(None, _in_words(error))


def retry_after_s(text: str | None) -> float | None:
    """The wait a Retry-After header asks for, in seconds; None where it asks for none or can't be read.

    Source: RFC 9110 section 10.2.3, read 2026-11-23.
    """
    if not text:
        return None
    text = text.strip()
    if text.isascii() and text.isdigit():
        return float(text[:9])
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return None
    if moment.tzinfo is None:
        return None
    return max(0.0, (moment - clock.now()).total_seconds())


async def _read_to_end(answer: httpx.Response) -> None:
    """Read a short answer so that the connection can be used again; leave a long one lying."""
    size = 0
    async for chunk in answer.aiter_raw():
        size += len(chunk)
        if size > MOST_ANSWER_BYTES:
            return


def _in_words(error: Exception) -> str:
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return f"the certificate is not valid: {cause.verify_message}"
        if isinstance(cause, ssl.SSLError):
            return "no secure connection"
        cause = cause.__cause__ or cause.__context__
    if isinstance(error, httpx.ConnectError):
        return "the name is not known" if "name" in str(error) else "no connection"
    return f"broken off ({type(error).__name__})"


class _Guarded(httpx.AsyncBaseTransport):
    """httpx over connections that only go where they may."""

    def __init__(self, allow_private: bool, tls: ssl.SSLContext) -> None:
        self._pool = httpcore.AsyncConnectionPool(
            ssl_context=tls,
            max_connections=200,
            max_keepalive_connections=50,
            keepalive_expiry=30,
            network_backend=_Backend(allow_private),
        )

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        url = request.url
        inner = httpcore.Request(
            method=request.method,
            url=httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path),
            headers=request.headers.raw,
            content=request.stream,
            extensions=request.extensions,
        )
        try:
            answer = await self._pool.handle_async_request(inner)
        except Exception as error:
            raise _as_httpx(error) from error
        return httpx.Response(answer.status, headers=answer.headers, stream=_Stream(answer.stream))

    async def aclose(self) -> None:
        await self._pool.aclose()


class _Stream(httpx.AsyncByteStream):
    def __init__(self, stream: AsyncIterator[bytes]) -> None:
        self._stream = stream

    async def __aiter__(self) -> AsyncIterator[bytes]:
        try:
            async for part in self._stream:
                yield part
        except Exception as error:
            raise _as_httpx(error) from error

    async def aclose(self) -> None:
        await self._stream.aclose()


def _as_httpx(error: Exception) -> Exception:
    """httpcore and httpx name the same faults alike."""
    if not type(error).__module__.startswith("httpcore"):
        return error
    return getattr(httpx, type(error).__name__, httpx.TransportError)(str(error))


class _Backend(httpcore.AsyncNetworkBackend):
    """Opens connections to addresses that were looked at, never to names."""

    def __init__(self, allow_private: bool) -> None:
        self._allow_private = allow_private
        self._plain = httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        addresses = await resolved(host, port)
        if not self._allow_private and (inner := [a for a in addresses if not is_public(a)]):
            raise _Refused(f"{host} stands for {inner[0]}, which is not a public address")
        for last, address in enumerate(addresses, 1 - len(addresses)):
            try:
                return await self._plain.connect_tcp(address, port, timeout, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout):
                if last == 0:
                    raise
        raise httpcore.ConnectError("no address")

    async def connect_unix_socket(self, *given: object, **more: object) -> httpcore.AsyncNetworkStream:
        raise _Refused("sockets of this machine are not reached")

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)


async def resolved(host: str, port: int) -> list[str]:
    """The addresses a name stands for, in the order to try them.

    Raises:
        httpcore.ConnectError: none.
    """
    loop = asyncio.get_running_loop()
    answer: asyncio.Future[list[str] | None] = loop.create_future()

    def settle(found: list[str] | None) -> None:
        if not answer.done():
            answer.set_result(found)

    def ask() -> None:
        found = None
        with contextlib.suppress(OSError, UnicodeError):
            entries = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
            found = list(dict.fromkeys(str(entry[4][0]) for entry in entries))
        with contextlib.suppress(RuntimeError):  # the loop has ended meanwhile
            loop.call_soon_threadsafe(settle, found)

    # A thread of its own: the loop has six for all names, so a few dead name servers would hold up everybody,
    # and a process that stops would wait for them.
    threading.Thread(target=ask, name="name lookup", daemon=True).start()
    found = await answer
    if not found:
        raise httpcore.ConnectError("the name is not known")
    return found
