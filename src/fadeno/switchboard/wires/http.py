"""Handing a request to a provider's HTTP API, and having its files brought.

Before a connection stands nothing was handed over; one that breaks afterwards leaves it open whether it went. What an
answer means says the channel's adapter. Only addresses `kit.outward` allows are reached, without redirects.
"""

import asyncio
from functools import partial

import httpx

from fadeno import channels
from fadeno.channels import Answer, Call, Request
from fadeno.kit import clock, outward
from fadeno.switchboard.carrying import AccountFails, Unsure, Wire

TOTAL_S = 30.0
MOST_ANSWER_BYTES = 256 * 1024
_MOST_WORDS_CHARS = 200


def http(client: httpx.AsyncClient, *, allow_private: bool) -> Wire:
    """The wire to HTTP APIs.

    Args:
        client: of `outward.client`, one for all.
        allow_private: servers of one's own network may be reached, and without TLS.
    """
    return partial(_carry, client=client, allow_private=allow_private)


async def _carry(
    request: Request, account: channels.Account, *, client: httpx.AsyncClient, allow_private: bool
) -> Answer:
    if not isinstance(request, Call):
        raise channels.Refused("an HTTP API takes requests only")
    return await asked(client, request, allow_private=allow_private)


async def asked(
    client: httpx.AsyncClient,
    call: Call,
    *,
    allow_private: bool,
    most_bytes: int = MOST_ANSWER_BYTES,
    total_s: float = TOTAL_S,
) -> Answer:
    """What is answered to a request; of a longer answer the first `most_bytes` and one more.

    Raises:
        AccountFails: there is no connection; nothing was handed over.
        Unsure: it broke after that.
        Invalid: we do not send to that address.
    """
    url = outward.checked_url(call.url, allow_private=allow_private)
    host = httpx.URL(url).host
    headers = dict(call.headers)
    try:
        async with (
            asyncio.timeout(total_s),
            client.stream(call.method, url, content=call.content or None, headers=headers) as said,
        ):
            content = await _read(said, most_bytes)
            return Answer(said.status_code, dict(said.headers), content, clock.now())
    except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as error:
        raise AccountFails(f"{host}: {str(error)[:_MOST_WORDS_CHARS] or type(error).__name__}") from error
    except (httpx.HTTPError, httpx.InvalidURL, OSError) as error:  # its words may hold the address, and that a secret
        raise Unsure(f"{host}: broken off ({type(error).__name__})") from error
    except TimeoutError as error:
        raise Unsure(f"{host}: no answer within {total_s:g} s") from error


async def _read(said: httpx.Response, most_bytes: int) -> bytes:
    content = bytearray()
    async for part in said.aiter_bytes():
        content += part
        if len(content) > most_bytes:
            break
    return bytes(content[: most_bytes + 1])
