"""Who may hand in mails, for whom, how many; and keeping a mail before it is answered."""

import hashlib
import ipaddress
import re
import time
from collections import Counter, deque
from email.utils import format_datetime
from typing import Any
from urllib.parse import urlsplit

import structlog

from fadeno import channels, switchboard
from fadeno.app import App
from fadeno.entry.smtp.speaking import Mail, said
from fadeno.kit import clock
from fadeno.switchboard import Account

MOST_LINES, MOST_LINES_OF_ONE = 200, 20
MOST_MAILS_A_MINUTE = 60  # of a stranger
MOST_RECIPIENTS = 1000
MOST_UNKNOWN = 20  # whoever asks for more tries out names
MOST_HELD_BYTES = 200 * 1024 * 1024
_REMEMBERED = 10_000
_UNFIT = re.compile(r"[^\x21-\x7e]+")

_log = structlog.get_logger(__name__)


class Taking:
    """What the mail door keeps to; one for all its lines."""

    def __init__(self, app: App) -> None:
        self._app = app
        self.name = urlsplit(app.settings.public_url or "").hostname or "fadeno.local"
        self._lines: Counter[str] = Counter()
        self._came: dict[str, deque[float]] = {}
        self._held_bytes = 0

    # Who may come in -----------------------------------------------------------------------------------------------

    def enter(self, peer: str) -> str:
        """Why this peer may not come in now; empty = it is in, and must leave."""
        who = _who(peer)
        self._lines[who] += 1
        if self._lines.total() > MOST_LINES:
            why = "too many lines are open"
        elif self._lines[who] > MOST_LINES_OF_ONE and not self._is_ours(peer):
            why = "too many of your lines are open"
        else:
            return ""
        self.leave(peer)
        return why

    def leave(self, peer: str) -> None:
        """A peer has gone."""
        who = _who(peer)
        self._lines[who] -= 1
        if self._lines[who] <= 0:
            del self._lines[who]

    def hold(self, size_bytes: int) -> bool:
        """Whether so much more may be held in memory; negative gives it back."""
        if size_bytes > 0 and self._held_bytes + size_bytes > MOST_HELD_BYTES:
            return False
        self._held_bytes += size_bytes
        return True

    def _is_ours(self, peer: str) -> bool:
        """Whether it is one of our own mail servers, as the settings name them."""
        try:
            ip = ipaddress.ip_address(peer.partition("%")[0])
        except ValueError:
            return False
        ip = getattr(ip, "ipv4_mapped", None) or ip
        return any(ip in network for network in self._app.settings.smtp_relays if network.version == ip.version)

    def _is_too_many(self, peer: str) -> bool:
        if self._is_ours(peer):
            return False
        now = time.monotonic()
        if len(self._came) > _REMEMBERED:
            self._came = {who: times for who, times in self._came.items() if times and times[-1] > now - 60}
        times = self._came.setdefault(_who(peer), deque(maxlen=MOST_MAILS_A_MINUTE))
        if len(times) == MOST_MAILS_A_MINUTE and times[0] > now - 60:
            return True
        times.append(now)
        return False

    # The protocol's questions --------------------------------------------------------------------------------------

    async def handle_EHLO(self, server: Any, session: Any, mail: Mail, name: str, answers: list[str]) -> list[str]:
        """Greet, without naming what nobody may do here."""
        session.host_name = name
        return [one for one in answers if not one.startswith("250-AUTH")]

    async def handle_MAIL(self, server: Any, session: Any, mail: Mail, sender: str, options: list[str]) -> str:
        """Begin a mail."""
        if self._is_too_many(session.peer[0]):
            return "450 4.7.1 too many mails in a minute, try again later"
        async with self._app.db.transaction() as tx:
            mail.known = [one for one in await switchboard.accounts(tx) if _takes_mail(one)]
        mail.mail_from = sender
        mail.mail_options.extend(options)
        return "250 2.1.0 OK"

    async def handle_RCPT(self, server: Any, session: Any, mail: Mail, address: str, options: list[str]) -> str:
        """Take a recipient that is one of our mailboxes, and no other."""
        mail.recipients += 1
        if mail.recipients > MOST_RECIPIENTS:
            return "452 4.5.3 too many recipients, hand it in again for the others"
        account = _account(mail.known, address)
        if account is None:
            session.unknown = getattr(session, "unknown", 0) + 1
            if session.unknown > MOST_UNKNOWN:
                server.transport.close()
            return "550 5.1.1 nobody of that name is here, and nothing is passed on"
        if not account.is_on:
            return "450 4.2.1 this mailbox is switched off"
        mail.accounts[account.id] = account
        if address not in mail.rcpt_tos[:1]:
            mail.rcpt_tos[:] = [address]
        return "250 2.1.5 OK"

    async def handle_DATA(self, server: Any, session: Any, mail: Mail) -> str:
        """Keep a mail, once for each mailbox; answered with 250 it is committed."""
        app, content = self._app, mail.content
        key = f"smtp:{hashlib.sha256(content).hexdigest()}"
        whole = self._trace(server, mail) + content
        try:
            packed = [
                (one, await switchboard.pack(app.db, app.journal, whole, {}, key)) for one in mail.accounts.values()
            ]
            async with app.db.transaction() as tx:
                for account, one in packed:
                    await switchboard.put_parcel(tx, account, one)
        except switchboard.AccountOff:
            return "450 4.2.1 this mailbox is switched off"
        return "250 2.0.0 kept"

    async def handle_exception(self, error: Exception) -> str:
        """Whatever happened is ours, and passes: the mail comes again."""
        _log.error("a mail can't be taken now", error=type(error).__name__)
        return "451 4.3.0 not now, try again later"

    def _trace(self, server: Any, mail: Mail) -> bytes:
        """What stands above a mail at the end of its way.

        The word of strangers about a sender is covered by our own, which says that we looked at nothing.

        Source: RFC 5321 section 4.4, RFC 8601 sections 2.2 and 5, 2026-11-24.
        """
        peer = str(server.session.peer[0])
        sender = _fit(mail.mail_from or "") if mail.mail_from != "<>" else ""
        helo = _fit(server.session.host_name or "")
        lines = [f"Return-Path: <{sender.strip('<>')}>"]
        if not self._is_ours(peer):
            lines.append(f"Authentication-Results: {self.name}; none")
        lines.append(
            f"Received: from {helo} ([{_fit(peer)}])\r\n\tby {self.name} with {said(server)};\r\n\t"
            f"{format_datetime(clock.now())}"
        )
        return "\r\n".join([*lines, ""]).encode("ascii")


def _fit(text: str) -> str:
    return _UNFIT.sub("?", text)[:255]


def _who(peer: str) -> str:
    """Whom limits count: an address, of IPv6 the network a single house gets."""
    try:
        ip = ipaddress.ip_address(peer.partition("%")[0])
    except ValueError:
        return peer
    return str(ipaddress.ip_network(f"{ip}/64", strict=False)) if ip.version == 6 else str(ip)


def _takes_mail(account: Account) -> bool:
    known = channels.adapters().get(account.channel)
    return known is not None and known.label.transport == "smtp"


def _account(accounts: list[Account], address: str) -> Account | None:
    """The mailbox an address is of, also with something after a plus."""
    local, _, domain = address.lower().rpartition("@")
    whole, base = f"{local}@{domain}", f"{local.partition('+')[0]}@{domain}"
    found = {one.address.lower(): one for one in accounts}
    return found.get(whole) or found.get(base)
