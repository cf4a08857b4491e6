"""Mailboxes are read by IMAP: what comes is ours within seconds, once, whatever happens to us or to the server."""

import asyncio
import contextlib
import email
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any

import pytest

from fadeno import switchboard
from fadeno.access import SYSTEM
from fadeno.db import Database
from fadeno.intake import Journal
from fadeno.kit import ids
from fadeno.kit.seal import Seal
from fadeno.switchboard import Account, reading, store
from tests.switchboard import dovecot
from tests.switchboard.dovecot import Dovecot

pytestmark = pytest.mark.skipif(dovecot.PROGRAM is None, reason=dovecot.MISSING)


@pytest.fixture(scope="module")
def server() -> Iterator[Dovecot]:
    with dovecot.running() as running:
        yield running


@pytest.fixture
def name() -> str:
    return f"m{ids.new_id().hex}"


def mail(n: int | str, **headers: str) -> bytes:
    named = "".join(f"{key}: {value}\r\n" for key, value in headers.items())
    return f"From: anna@home.example\r\nSubject: Nr {n}\r\nMessage-ID: <{n}@home.example>\r\n{named}\r\nHi\r\n".encode()


@pytest.fixture
def connect(db: Database, vault: Seal, server: Dovecot, name: str) -> Callable[..., Awaitable[Account]]:
    async def connected(password: str = dovecot.PASSWORD, **settings: str) -> Account:
        given = {
            "address": f"{name}@shop.example", "smtp_host": "127.0.0.1:9", "login": name, "password": password,
            "imap_host": f"127.0.0.1:{server.port}", "imap_tls": "none",
        } | settings  # fmt: skip
        async with db.transaction() as tx:
            return await switchboard.add(tx, SYSTEM, vault, channel="email", name=name, credentials=given)

    return connected


async def _as_given(_: Any, account: Any) -> Any:
    return account


@pytest.fixture
def tools(db: Database, vault: Seal, journal: Journal) -> reading.Tools:
    return reading.Tools(db, vault, journal, _as_given, allow_private=True)


@contextlib.asynccontextmanager
async def worker(tools: reading.Tools) -> AsyncIterator[None]:
    """Mailboxes are read as long as this lasts, and no longer."""
    stopping = asyncio.Event()
    running = asyncio.create_task(reading.read_mailboxes(tools, stopping))
    try:
        yield
    finally:
        stopping.set()
        await asyncio.wait_for(running, 3)


async def _subjects(tools: reading.Tools) -> list[str]:
    """What was put down, in the order it came."""
    async with tools.db.transaction() as tx:
        cursor = await tx.connection.execute("SELECT id, day, sealed FROM switchboard.parcel ORDER BY id")
        rows = await cursor.fetchall()
        opened = [await tools.journal.opened(tx, day, id, sealed, 10**8) for id, day, sealed in rows]
    return [str(email.message_from_bytes(one[one.index(b"From:") :])["Subject"]) for one in opened]


async def _until(found: Callable[[], Awaitable[Any]], wanted: Any, within_s: float = 10) -> None:
    for _ in range(int(within_s / 0.05)):
        if await found() == wanted:
            return
        await asyncio.sleep(0.05)
    assert await found() == wanted


async def _health(tools: reading.Tools, account: Account) -> tuple[str, str]:
    async with tools.db.transaction() as tx:
        now = await switchboard.account(tx, account.id)
        return now.health, now.health_words


async def _fails(tools: reading.Tools, account: Account, *words: str) -> None:
    async def told() -> bool:
        health, said = await _health(tools, account)
        return health == "fails" and all(word in said for word in words)

    await _until(told, True)


def numbers(*of: int | str) -> Sequence[str]:
    return [f"Nr {n}" for n in of]


async def test_what_comes_is_here_within_a_second_and_lies_there_as_it_was(tools, connect, server, name) -> None:
    server.put(name, mail("old"))
    account = await connect()
    async with worker(tools):
        await _until(lambda: _health(tools, account), ("works", ""))
        for n in (1, 2):
            server.put(name, mail(n))
            await _until(lambda n=n: _subjects(tools), numbers(*range(1, n + 1)), within_s=2)
    assert not [flags for flags in server.flags(name) if b"Seen" in flags]


async def test_several_folders_are_read_and_a_copy_in_two_of_them_comes_once(tools, connect, server, name) -> None:
    server.put(name, mail(1))
    server.put(name, mail(2), mail(1), folder="Orders/Küche")
    await connect(imap_folders="INBOX, Orders/Küche", imap_days="3")
    async with worker(tools):
        await _until(lambda: _sorted(tools), numbers(1, 2))


async def _sorted(tools: reading.Tools) -> list[str]:
    return sorted(await _subjects(tools))


async def test_the_first_reading_goes_back_as_far_as_is_asked_and_a_restart_doubles_nothing(
    tools, connect, server, name
) -> None:
    server.put(name, mail("old"), days_ago=5)
    server.put(name, mail(1), mail(2), days_ago=2)
    await connect(imap_days="3")
    for came in (3, 4):
        async with worker(tools):
            await _until(lambda n=came: _subjects(tools), numbers(*range(1, came)))
        server.put(name, mail(came))
    async with worker(tools):
        await _until(lambda: _subjects(tools), numbers(1, 2, 3, 4))


async def test_a_folder_that_is_numbered_anew_is_read_again_without_doubling(tools, connect, server, name) -> None:
    server.put(name, mail(1), mail(2), folder="Shop")
    account = await connect(imap_folders="Shop", imap_days="3")
    async with worker(tools):
        await _until(lambda: _subjects(tools), numbers(1, 2))
    async with tools.db.transaction() as tx:
        before = (await switchboard.account(tx, account.id)).cursor["folders"]["Shop"]["numbering"]
    await asyncio.sleep(1.1)  # dovecot numbers by the second
    with server.box(name) as client:
        client.delete("Shop")
    server.put(name, mail(2), mail(3), folder="Shop")
    server.put(name, mail("older"), folder="Shop", days_ago=9)
    async with worker(tools):
        await _until(lambda: _subjects(tools), numbers(1, 2, 3))
        await asyncio.sleep(0.3)
    async with tools.db.transaction() as tx:
        assert (await switchboard.account(tx, account.id)).cursor["folders"]["Shop"]["numbering"] != before
    assert await _subjects(tools) == numbers(1, 2, 3)


async def test_two_workers_never_read_one_mailbox_and_when_one_goes_the_other_takes_over(
    tools, connect, server, name, monkeypatch
) -> None:
    monkeypatch.setattr("fadeno.switchboard.reading.watching.LOOK_S", 0.1)
    account, reads = await connect(), []

    def reader(who: str):
        async def read(*_: Any) -> None:
            reads.append(who)
            await asyncio.sleep(60)

        return read

    first, second = asyncio.Event(), asyncio.Event()
    one = asyncio.create_task(reading.read_mailboxes(tools, first, reader("one")))
    await _until(lambda: _later(reads), ["one"])
    other = asyncio.create_task(reading.read_mailboxes(tools, second, reader("other")))
    await asyncio.sleep(0.4)
    assert reads == ["one"]
    first.set()
    await _until(lambda: _later(reads), ["one", "other"])
    async with tools.db.transaction() as tx:
        await switchboard.change(tx, SYSTEM, tools.vault, account.id, credentials={"imap_days": "1"})
    await _until(lambda: _later(reads), ["one", "other", "other"])  # settings that changed are taken at once
    second.set()
    await asyncio.wait_for(asyncio.gather(one, other), 3)


async def _later(seen: list) -> list:
    return list(seen)


async def test_what_was_read_is_marked_or_moved_where_that_is_asked_for(tools, connect, server, name) -> None:
    server.put(name, mail(0), folder="Done")
    await connect(imap_after="move:Done")
    async with worker(tools):
        await _until(lambda: _health_is_known(tools), True)
        server.put(name, mail(1))
        await _until(lambda: _later(server.flags(name, "Done")[1:2]), [b"2 (FLAGS (\\Recent))"])
    assert await _subjects(tools) == numbers(1)
    assert server.flags(name) == []


async def _health_is_known(tools: reading.Tools) -> bool:
    async with tools.db.transaction() as tx:
        return (await switchboard.accounts(tx))[0].health != "unknown"


async def test_a_mail_too_large_is_shown_with_its_head_and_what_follows_it_comes(
    tools, connect, server, name, monkeypatch
) -> None:
    monkeypatch.setattr("fadeno.switchboard.reading.fetching.MOST_MAIL_BYTES", 300_000)
    server.put(name, mail(1), mail("big") + b"x" * 400_000, mail(3), mail(4) + b"y" * 200_000)
    account = await connect(imap_days="1")
    async with worker(tools):
        await _until(lambda: _subjects(tools), numbers(1, "big", 3, 4))
    async with tools.db.transaction() as tx:
        (failed,) = await switchboard.parcels(tx, account.id)
    assert failed.reason == "too_large"
    assert "INBOX" in failed.detail
    assert "home.example" not in failed.detail


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"password": "wrong"}, ["refuses", "password"]),
        ({"imap_folders": "INBOX, Nowhere"}, ["no folder 'Nowhere'", "there are: INBOX"]),
        ({"imap_tls": "starttls"}, ["certificate", "not trusted", "self-signed"]),
        ({"imap_host": "127.0.0.1:9"}, ["takes no connections"]),
        ({"imap_host": "no-such-host.invalid"}, ["name no-such-host.invalid is not known"]),
        ({"imap_tls": "tls"}, ["does not speak TLS", "993"]),
    ],
)
async def test_what_is_wrong_is_said_in_plain_words(tools, connect, server, name, settings, words) -> None:
    server.put(name, mail(1))
    account = await connect(**settings)
    async with worker(tools):
        await _fails(tools, account, *words)


async def test_a_server_whose_certificate_is_trusted_is_read_by_tls(tools, connect, server, monkeypatch) -> None:
    trusting = ssl.create_default_context(cafile=str(server.folder / "cert.pem"))
    monkeypatch.setattr("fadeno.switchboard.reading.line.ssl.create_default_context", lambda: trusting)
    for settings in ({"imap_host": f"localhost:{server.tls_port}", "imap_tls": "tls"}, {"imap_tls": "starttls"}):
        account = await connect(**settings)
        async with worker(tools):
            await _until(lambda account=account: _health(tools, account), ("works", ""))
        async with tools.db.transaction() as tx:
            await tx.connection.execute("DELETE FROM switchboard.account")


async def test_no_mailbox_of_a_private_network_is_read_unless_that_is_allowed(tools, connect) -> None:
    account = await connect()
    async with worker(replace(tools, allow_private=False)):
        await _fails(tools, account, "private network", "FADENO_ALLOW_PRIVATE")


async def test_reading_and_sending_fail_apart(tools, connect) -> None:
    account = await connect(password="wrong")
    async with worker(tools):
        await _fails(tools, account, "refuses")
    async with tools.db.transaction() as tx:
        await switchboard.set_health(tx, account.id, "works")
    assert (await _health(tools, account))[0] == "fails"
    async with tools.db.transaction() as tx:
        await store.set_health(tx, account.id, "in", "")
    assert await _health(tools, account) == ("works", "")
