"""What leaves by an HTTP API: as the provider answers it, never twice where nobody can know whether it was taken."""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime

import pytest

from fadeno import files, jobs, switchboard
from fadeno.access import SYSTEM
from fadeno.channels import Attachment, Draft, Party
from fadeno.db import Database
from fadeno.files import Shelf
from fadeno.kit import outward
from fadeno.kit.ids import new_id
from fadeno.kit.seal import Seal
from fadeno.switchboard import Account
from tests.switchboard.conftest import Drain, Outbox

AT = datetime(2026, 11, 24, 9, tzinfo=UTC)
TAKEN = json.dumps({"ok": True, "result": {"message_id": 15, "chat": {"id": 1111}}}).encode()
PLENTY = b'{"ok":false,"error_code":429,"description":"Too Many Requests","parameters":{"retry_after":35}}'


@dataclass
class Provider:
    """A real HTTP server on this machine that answers as told; `got` is what it was sent."""

    port: int = 0
    got: list[tuple[str, bytes]] = field(default_factory=list)
    answers: list[tuple[int, bytes] | None] = field(default_factory=list)  # None = it hangs up

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError):
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
                headers = dict(x.lower().split(": ", 1) for x in head.split("\r\n")[1:] if x)
                self.got.append((head.split()[1], await reader.readexactly(int(headers.get("content-length", 0)))))
                answer = self.answers.pop(0) if self.answers else (200, TAKEN)
                if answer is None:
                    break
                writer.write(b"HTTP/1.1 %d X\r\ncontent-length: %d\r\n\r\n%s" % (answer[0], len(answer[1]), answer[1]))
                await writer.drain()
        writer.close()


@pytest.fixture
async def provider() -> AsyncIterator[Provider]:
    one = Provider()
    server = await asyncio.start_server(one.serve, "127.0.0.1", 0)
    one.port = server.sockets[0].getsockname()[1]
    yield one
    server.close()


@pytest.fixture
async def bot(db: Database, vault: Seal, provider: Provider) -> Account:
    async with db.transaction() as tx:
        return await switchboard.add(
            tx, SYSTEM, vault, channel="telegram", name="Bot",
            credentials={
                "address": "@shop_bot", "token": "5:AAtoken", "signing_secret": "s",
                "api_url": f"http://127.0.0.1:{provider.port}",
            },
        )  # fmt: skip


Leave = Callable[..., object]


@pytest.fixture
async def leave(db: Database, vault: Seal, shelf: Shelf, outbox: Outbox, bot: Account, drain: Drain) -> Leave:
    async def go(*attached: files.Attachment, allow_private: bool = True) -> None:
        id = new_id()
        draft = Draft(str(id), (Party("1111"),), "It does.", AT)
        outbox.leaving[id] = switchboard.Carried(id, bot.id, draft, attached)
        async with db.transaction() as tx:
            await jobs.put(tx, f"account:{bot.id}", str(id), switchboard.CARRY, {"message": str(id)})
        async with outward.client(allow_private=allow_private) as client:
            wires = {"http": switchboard.http(client, allow_private=allow_private)}
            kinds = {switchboard.CARRY: switchboard.carrying(vault, shelf, wires, outbox.compose, outbox.hears)}
            await drain(kinds)

    return go


@pytest.mark.parametrize(
    ("answer", "state", "words"),
    [
        ((200, TAKEN), "sent", ""),
        ((400, b'{"ok":false,"description":"Bad Request: chat not found"}'), "failed", "chat not found"),
        ((403, b"<html>Forbidden 5:AAtoken</html>"), "failed", "•••"),
        ((301, b""), "failed", "301"),
        ((200, b"<html>Sign in to the hotel's network</html>"), "unknown", "not that it was taken"),
        ((200, b"\xff\xfe{"), "unknown", "not that it was taken"),
        ((200, b"[" * 300_000), "unknown", "not that it was taken"),
        (None, "unknown", "broken off"),
    ],
)
async def test_what_the_provider_answers_is_what_became_of_it(
    outbox: Outbox, provider: Provider, leave: Leave, answer: tuple[int, bytes] | None, state: str, words: str
) -> None:
    provider.answers = [answer]
    await leave()
    ((_, went),) = outbox.fared
    assert went.state == state
    assert words in went.words
    assert "5:AAtoken" not in went.words
    assert len(provider.got) == 1
    assert went.provider_id == ("1111:15" if state == "sent" else "")


@pytest.mark.parametrize("answer", [(500, b"oops"), (503, b"<html>down</html>"), (408, b"")])
async def test_what_the_provider_takes_later_is_sent_later(
    db: Database, outbox: Outbox, bot: Account, provider: Provider, leave: Leave, answer: tuple[int, bytes]
) -> None:
    provider.answers = [answer]
    await leave()
    assert outbox.fared == []
    async with db.transaction() as tx:
        assert (await jobs.backlog(tx, f"account:{bot.id}")).open == 1


@pytest.mark.parametrize("answer", [(429, PLENTY), (401, b'{"ok":false,"description":"Unauthorized"}')])
async def test_what_the_provider_has_against_us_holds_up_the_account_and_no_message_is_lost(
    db: Database, outbox: Outbox, bot: Account, provider: Provider, leave: Leave, answer: tuple[int, bytes]
) -> None:
    provider.answers = [answer]
    await leave()
    await leave()
    assert (outbox.fared, len(provider.got)) == ([], 1)
    async with db.transaction() as tx:
        assert (await jobs.lane_state(tx, f"account:{bot.id}")).failures == 1
        assert str(answer[0]) in (await switchboard.account(tx, bot.id)).health_words


async def test_of_what_left_in_part_the_first_part_is_not_sent_twice(
    db: Database, shelf: Shelf, outbox: Outbox, provider: Provider, leave: Leave
) -> None:
    kept = await files.put(shelf, b"%PDF-1.7 invoice")
    async with db.transaction() as tx:
        use = await files.keep(tx, kept, room="conversations", object_id=new_id(), name="számla.pdf")
        attached = await files.attachment(tx, use)
    provider.answers = [(200, TAKEN), (400, b'{"ok":false,"description":"file is too big"}')]
    await leave(attached)
    ((_, went),) = outbox.fared
    assert (went.state, went.provider_id) == ("failed", "1111:15")
    assert "the first 1 of its parts left" in went.words
    assert [path.rpartition("/")[2] for path, _ in provider.got] == ["sendMessage", "sendDocument"]
    assert b"%PDF-1.7 invoice" in provider.got[1][1]


async def test_a_private_address_is_not_reached_unless_allowed(
    outbox: Outbox, provider: Provider, leave: Leave
) -> None:
    await leave(allow_private=False)
    ((_, went),) = outbox.fared
    assert (went.state, provider.got) == ("failed", [])


async def test_a_file_is_fetched_step_by_step_and_what_it_holds_leads_nowhere(
    bot: Account, db: Database, vault: Seal, provider: Provider
) -> None:
    there = b'{"ok":true,"result":{"file_id":"f","file_path":"documents/a b.json"}}'
    provider.answers = [(200, there), (200, there)]  # the file itself looks like an answer that names a file
    async with db.transaction() as tx:
        given = await switchboard.credentials(tx, vault, bot)
    async with outward.client(allow_private=True) as client:
        file = Attachment("a.json", "application/json", 9, provider_id="f/1")
        assert await switchboard.fetched(client, "telegram", given, file, allow_private=True) == there
        assert [path for path, _ in provider.got] == [
            "/bot5:AAtoken/getFile?file_id=f%2F1", "/file/bot5:AAtoken/documents/a%20b.json"
        ]  # fmt: skip
        provider.answers = [(404, b'{"ok":false,"description":"file is too big"}')]
        assert await switchboard.fetched(client, "telegram", given, file, allow_private=True) is None
