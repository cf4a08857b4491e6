"""One line to a mail server: the protocol is aiosmtpd's; how a mail is read, and who may come in, is ours.

Source: RFC 5321 (4.1.1.4: the end of a mail is CRLF.CRLF and nothing else, 4.5.2: dots, 4.5.3: limits), 2026-11-24.
"""

import asyncio
import ssl
from typing import Any, Protocol
from uuid import UUID

from aiosmtpd.smtp import SMTP, Envelope, Session

from fadeno.switchboard import Account

MOST_MAIL_BYTES = 25 * 1024 * 1024
IDLE_S = 60.0
MAIL_S = 300.0  # one mail, however fast it drips
LONGEST_COMMAND_BYTES = 4096
_CHUNK_BYTES = 65536
_END = b"\r\n.\r\n"


class Mail(Envelope):
    """A mail that is being handed in, with the mailboxes it is for."""

    def __init__(self) -> None:
        super().__init__()
        self.accounts: dict[UUID, Account] = {}
        self.known: list[Account] = []
        self.recipients = 0


class Keeper(Protocol):
    """Who says who may come in and how much is under way."""

    name: str

    def enter(self, peer: str) -> str:
        """Why this peer may not come in now; empty = it is in, and must leave."""

    def leave(self, peer: str) -> None:
        """A peer has gone."""

    def hold(self, size_bytes: int) -> bool:
        """Whether so much more may be held in memory; negative gives it back."""


class _Broken(Exception):
    """This mail can't be taken; what is said of it, and whether the line ends."""

    def __init__(self, words: str, *, hangs_up: bool = False) -> None:
        super().__init__(words)
        self.words, self.hangs_up = words, hangs_up


class Line(SMTP):
    """A line to a mail server."""

    line_length_limit = LONGEST_COMMAND_BYTES  # of commands: lines of mails are read by our own reader

    def __init__(self, keeper: Keeper, certificate: ssl.SSLContext | None) -> None:
        super().__init__(
            keeper, data_size_limit=MOST_MAIL_BYTES, enable_SMTPUTF8=True, hostname=keeper.name, ident="fadeno",
            tls_context=certificate, timeout=IDLE_S, auth_exclude_mechanism=("LOGIN", "PLAIN"),
            loop=asyncio.get_running_loop(),
        )  # fmt: skip
        self._keeper = keeper

    def _create_envelope(self) -> Mail:
        return Mail()

    async def _handle_client(self) -> None:
        session: Session = self.session
        peer = str((session.peer or ("",))[0])
        if why := self._keeper.enter(peer):
            await self.push(f"421 4.7.0 {self.hostname} {why}")
            self.transport.close()
            return
        try:
            await super()._handle_client()
        finally:
            self._keeper.leave(peer)

    async def smtp_AUTH(self, arg: str) -> None:
        """Nobody signs in here."""
        await self.push("502 5.5.1 nobody signs in here")

    async def smtp_DATA(self, arg: str) -> None:
        """Read a mail and have it kept."""
        if await self.check_helo_needed():
            return
        if not self.envelope.accounts or arg:
            await self.push("501 5.5.4 DATA takes nothing" if arg else "503 5.5.1 say first who it is for")
            return
        await self.push("354 End data with <CR><LF>.<CR><LF>")
        held = _Held(self._keeper)
        try:
            async with asyncio.timeout(MAIL_S):
                self.envelope.content = await self._read(held)
            said = await self._call_handler_hook("DATA")
        except _Broken as broken:
            said = broken.words
            if broken.hangs_up:
                await self.push(said)
                self.transport.close()
                return
        except TimeoutError:
            await self.push("421 4.4.2 too slow")
            self.transport.close()
            return
        finally:
            held.give_back()
            self._set_post_data_state()
        await self.push(said)

    async def _read(self, held: "_Held") -> bytes:
        """A mail as it came, without the dots that hide its own."""
        body, fault = bytearray(b"\r\n"), ""
        while True:
            chunk = await self._reader.read(_CHUNK_BYTES)
            if not chunk:
                raise ConnectionResetError
            self._reset_timeout()
            before = max(len(body) - len(_END) + 1, 0)
            body += chunk
            if (end := body.find(_END, before)) >= 0:
                break
            if len(body) > MOST_MAIL_BYTES:
                fault = f"552 5.3.4 a mail may have {MOST_MAIL_BYTES} bytes"
            elif not fault and not held.take(len(chunk)):
                fault = "452 4.3.1 too much comes at once, try again later"
            if fault:
                del body[: -len(_END)]
        if len(body) > end + len(_END):
            # Whoever goes on before the answer hides mails in mails.
            raise _Broken("554 5.5.0 commands before the answer", hangs_up=True)
        if fault or end > MOST_MAIL_BYTES:
            raise _Broken(fault or f"552 5.3.4 a mail may have {MOST_MAIL_BYTES} bytes")
        return bytes(body[: end + 2]).replace(b"\r\n.", b"\r\n")[2:]


class _Held:
    """What one mail takes of the memory all of them share."""

    def __init__(self, keeper: Keeper) -> None:
        self._keeper, self._bytes = keeper, 0

    def take(self, size_bytes: int) -> bool:
        if not self._keeper.hold(size_bytes):
            return False
        self._bytes += size_bytes
        return True

    def give_back(self) -> None:
        self._keeper.hold(-self._bytes)


def said(server: Any) -> str:
    """How a mail came in, as its trace names it. Source: RFC 3848, 2026-11-24."""
    extended = "E" if server.session.extended_smtp else ""
    return f"{extended}SMTP{'S' if server.session.ssl else ''}"
