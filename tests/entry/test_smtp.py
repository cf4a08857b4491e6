"""Mails handed in by mail servers: kept before they are answered, once, for our mailboxes alone."""

import asyncio
import smtplib
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from ipaddress import ip_network

import pytest

from fadeno import access, conversations, customers, switchboard
from fadeno import app as house
from fadeno.app import App
from fadeno.db import Unreachable
from fadeno.entry import smtp
from fadeno.entry.smtp import speaking, taking
from fadeno.switchboard import Account
from tests.entry.test_letters import ANNA, OURS, written
from tests.switchboard.conftest import Drain, drain  # noqa: F401 -- a fixture


@pytest.fixture
def db(app: App):
    return app.db


@pytest.fixture
async def mailbox(app: App) -> Account:
    async with app.db.transaction() as tx:
        given = {"address": OURS, "smtp_host": "127.0.0.1:9", "authentication_server": "mx.shop.example"}
        return await switchboard.add(tx, access.SYSTEM, app.vault, channel="email", name="Service", credentials=given)


@pytest.fixture
async def port(app: App, mailbox: Account) -> AsyncIterator[int]:
    server = await smtp.opened(app, "127.0.0.1", 0)
    yield server.sockets[0].getsockname()[1]
    server.close()


async def _talk(port: int, do: Callable[[smtplib.SMTP], object]) -> object:
    def talk() -> object:
        with smtplib.SMTP("127.0.0.1", port, timeout=20) as line:
            return do(line)

    return await asyncio.to_thread(talk)


async def _handed(port: int, mail: bytes, *to: str, sender: str = ANNA) -> str:
    def hand(line: smtplib.SMTP) -> str:
        try:
            return str(line.sendmail(sender, to or [OURS], mail))
        except (smtplib.SMTPRecipientsRefused, smtplib.SMTPDataError, smtplib.SMTPSenderRefused) as no:
            return str(no)

    return await _talk(port, hand)


async def _parcels(app: App, account: Account) -> int:
    async with app.db.transaction() as tx:
        return len(await switchboard.parcels(tx, account.id, state="waiting"))


async def test_a_mail_is_kept_once_however_often_and_for_however_many_of_our_addresses_it_comes(
    app: App, port: int, mailbox: Account
) -> None:
    mail = written("It does not light up.")
    assert await _handed(port, mail, OURS, "service+x1@shop.example", "SERVICE@shop.example") == "{}"
    assert await _handed(port, mail) == "{}"
    assert await _parcels(app, mailbox) == 1
    await _talk(
        port,
        lambda line: [
            line.ehlo(),
            line.mail(ANNA),
            *(line.rcpt(f"service+{n}@shop.example") for n in range(1200)),
            line.data(mail),
        ],
    )
    assert await _parcels(app, mailbox) == 1


async def test_nothing_is_passed_on(app: App, port: int, mailbox: Account) -> None:
    for other in ("anna@home.example", "service@elsewhere.example", "service%home.example@shop.example", "root"):
        assert "550" in await _handed(port, written("Buy this"), other)
    assert await _parcels(app, mailbox) == 0


async def test_while_the_database_is_away_a_mail_is_to_come_again(
    app: App, port: int, mailbox: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def away(*_: object) -> None:
        raise Unreachable

    with monkeypatch.context() as patch:
        patch.setattr(switchboard, "put_parcel", away)
        assert "451" in await _handed(port, written("Hello"))
    assert await _parcels(app, mailbox) == 0
    assert await _handed(port, written("Hello")) == "{}"


async def test_only_our_own_mail_servers_are_believed_about_a_sender(
    app: App, port: int, mailbox: Account, drain: Drain  # noqa: F811
) -> None:  # fmt: skip
    told = []
    for relays in ((), (ip_network("127.0.0.0/8"),)):
        app.settings = replace(app.settings, smtp_relays=relays)
        said = {"Authentication_Results": "mx.shop.example; dmarc=pass"}
        await _handed(port, written("Hello", sender=f"a{len(relays)}@home.example", **said))
        await drain({switchboard.UNDERSTAND: house.understanding(app)})
        async with app.db.transaction() as tx:
            address = await customers.find_address(tx, "email", f"a{len(relays)}@home.example")
            ((case,), _) = await conversations.cases_of(tx, address)
            told.append((await conversations.stream(tx, case.id))[0][0].proven)
    assert told == [1, 2]


async def test_what_is_too_much_is_refused_and_the_line_goes_on(
    app: App, port: int, mailbox: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(speaking, "MOST_MAIL_BYTES", 50_000)
    big = written("x" * 60 + "\n") * 2000
    assert "552" in await _handed(port, big)
    monkeypatch.setattr(taking, "MOST_MAILS_A_MINUTE", 3)
    monkeypatch.setattr(taking, "MOST_HELD_BYTES", 10)
    answers = [await _handed(port, written("y" * 200_000)) for _ in range(1)]
    assert "452" in answers[0] or "552" in answers[0]


@pytest.mark.parametrize(
    "hidden",
    [b"\n.\nMAIL FROM:<x@y.z>\r\n", b"\r\n.\nRCPT TO:<x@y.z>\r\n", b"\n.\r\nMAIL FROM:<x@y.z>\r\n", b"\r.\r\n"],
)
async def test_no_mail_hides_in_a_mail(app: App, port: int, mailbox: Account, hidden: bytes) -> None:
    def hand(line: smtplib.SMTP) -> bytes:
        line.ehlo(), line.mail(ANNA), line.rcpt(OURS), line.docmd("DATA")
        line.sock.sendall(b"Subject: x\r\n\r\none" + hidden + b"two\r\n.\r\n")
        return line.getreply()[0], line.noop()[0]

    assert await _talk(port, hand) == (250, 250)
    assert await _parcels(app, mailbox) == 1


async def test_dots_that_were_doubled_on_the_way_are_single_again(app: App, port: int, mailbox: Account) -> None:
    seen = []

    async def look(db: object, journal: object, body: bytes, *rest: object) -> None:
        seen.append(body)
        raise Unreachable

    original, switchboard.pack = switchboard.pack, look
    try:
        await _handed(port, b"Subject: x\r\n\r\n.\r\n..\r\n.a\r\nb")
    finally:
        switchboard.pack = original
    assert seen[0].endswith(b"Subject: x\r\n\r\n.\r\n..\r\n.a\r\nb\r\n")
    assert seen[0].startswith(b"Return-Path: <anna@home.example>\r\nAuthentication-Results: ")


async def test_no_log_says_who_writes_to_whom(
    app: App, port: int, mailbox: Account, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    await _handed(port, written("Hello"))
    assert ANNA not in caplog.text
    assert OURS not in caplog.text
