"""Handing a mail to the account's mail server.

What the server said decides: refused for ever, later, or taken. Only a line that breaks after the whole mail was handed
over leaves it open whether it went.

Source: RFC 5321 sections 4.2 and 4.5.3.2 (replies, time limits), RFC 8314 (TLS for mail), read 2026-11-24.
"""

import asyncio
import contextlib
import socket
from functools import partial

import aiosmtplib
from aiosmtplib import SMTPException, SMTPResponseException

from fadeno import channels
from fadeno.channels import Envelope, Request, judge_smtp
from fadeno.kit import outward
from fadeno.switchboard.carrying import AccountFails, Unsure, Wire

CONNECT_S = 15.0
IMPLICIT_TLS_PORT = 465
SUBMISSION_PORT = 587


def smtp(*, allow_private: bool) -> Wire:
    """The wire to mail servers.

    Args:
        allow_private: servers of one's own network may be reached.
    """
    return partial(_carry, allow_private=allow_private)


async def _carry(request: Request, account: channels.Account, *, allow_private: bool) -> str:
    if not isinstance(request, Envelope):
        raise channels.Refused("a mail server takes mails only")
    client = await _signed_in(account, allow_private=allow_private)
    try:
        return await _handed_over(client, request)
    finally:
        client.close()


async def sign_in(account: channels.Account, *, allow_private: bool) -> None:
    """Sign in to the account's mail server and hang up again.

    Raises:
        AccountFails: with what the server said.
    """
    client = await _signed_in(account, allow_private=allow_private)
    client.close()


async def _signed_in(account: channels.Account, *, allow_private: bool) -> aiosmtplib.SMTP:
    host, port = _place(account.options.get("smtp_host", ""))
    try:
        line = await _line(host, port, allow_private=allow_private)
        is_tls = port == IMPLICIT_TLS_PORT
        client = aiosmtplib.SMTP(
            hostname=host, port=None, sock=line, use_tls=is_tls, start_tls=False if is_tls else None, timeout=CONNECT_S
        )
        await client.connect()
        if login := account.options.get("login"):
            if not _is_private_line(client, host):
                raise AccountFails(f"{host} offers no TLS; the password is not sent in the open")
            if token := account.secrets.get("access_token"):
                await client.auth_xoauth2(login, token)
            else:
                await client.login(login, account.secrets.get("password", ""))
    except (SMTPException, OSError, TimeoutError, ValueError) as error:
        raise AccountFails(f"{host}: {_said(error)}") from error
    return client


async def _handed_over(client: aiosmtplib.SMTP, mail: Envelope) -> str:
    refused: list[tuple[int, str]] = []
    try:
        await client.mail(mail.sender)
        for recipient in mail.recipients:
            try:
                await client.rcpt(recipient)
            except SMTPResponseException as error:
                refused.append((error.code, f"{recipient}: {error.message}"))
        if len(refused) == len(mail.recipients):
            judge_smtp(*refused[0])
    except SMTPResponseException as error:
        judge_smtp(error.code, error.message)
    except (SMTPException, OSError) as error:
        raise channels.TryLater(_said(error)) from error
    try:
        taken = await client.data(mail.content)
    except SMTPResponseException as error:
        judge_smtp(error.code, error.message)
        raise channels.Refused(_said(error)) from error
    except (SMTPException, OSError) as error:
        raise Unsure(_said(error)) from error
    with contextlib.suppress(SMTPException, OSError):
        await client.quit()
    return "; ".join([taken.message, *(words for _, words in refused)])[:500]


def _place(text: str) -> tuple[str, int]:
    host, colon, port = text.rpartition(":")
    if not colon or not port.isdigit():
        return text, SUBMISSION_PORT
    return host.strip("[]"), int(port)


async def _line(host: str, port: int, *, allow_private: bool) -> socket.socket:
    """A connection to an address of the host that was looked at first: a name must not lead into our own network."""
    loop = asyncio.get_running_loop()
    found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    allowed = [one for one in found if allow_private or outward.is_public(one[4][0])]
    if not allowed:
        raise AccountFails(f"{host} is in a private network; FADENO_ALLOW_PRIVATE=yes lets fadeno reach it")
    family, kind, protocol, _, address = allowed[0]
    line = socket.socket(family, kind, protocol)
    line.setblocking(False)
    try:
        async with asyncio.timeout(CONNECT_S):
            await loop.sock_connect(line, address)
    except BaseException:
        line.close()
        raise
    return line


def _is_private_line(client: aiosmtplib.SMTP, host: str) -> bool:
    return client.get_transport_info("sslcontext") is not None or host in ("localhost", "127.0.0.1", "::1")


def _said(error: BaseException) -> str:
    return f"{type(error).__name__} {error}".strip()[:300]
