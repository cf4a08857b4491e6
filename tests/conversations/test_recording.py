"""Cases written to a file and read again mean the same: here nothing changes, elsewhere all of it is there."""

import contextlib
from collections.abc import AsyncIterator
from pathlib import Path

import msgspec
import pytest

from fadeno import access, conversations, customers, events, files, settings, sources
from fadeno import app as house
from fadeno.access import SYSTEM
from fadeno.conversations import RecordedCase
from fadeno.db import Database
from fadeno.entry.cli import demo_desk
from fadeno.entry.cli.demo_desk import Desk
from fadeno.kit import clock
from fadeno.kit.errors import FadenoError
from fadeno.kit.ids import new_id
from tests.conversations.playing import ADA, answers, texts, writes


async def _written(db: Database) -> list[bytes]:
    return [msgspec.json.encode(one) async for one in conversations.recorded(db)]


async def _brought(db: Database, lines: list[bytes], kept: dict | None = None) -> list[str]:
    async with db.transaction() as tx:
        source = await sources.create(tx, SYSTEM, f"old-desk-{new_id().hex[-6:]}")
        read = [msgspec.json.decode(line, type=RecordedCase) for line in lines]
        return [await conversations.bring(tx, SYSTEM, source.id, one, kept=kept or {}) for one in read]


async def test_what_is_written_to_a_file_changes_nothing_here_and_is_whole_elsewhere(db: Database):
    async with db.transaction() as tx:
        heard = await writes(
            tx, "email:anna@example.com", "It flickers", subject="My lamp", quoted="> old", html="<p>It"
        )
        await answers(tx, ADA, heard.case_id, "We send another one", then="open")
        await conversations.note(tx, ADA, heard.case_id, "She is nice")
        await conversations.tag(tx, ADA, heard.case_id, add=["lamps"])
        other = await writes(tx, "email:anna@example.com", "A bell", subject="My bell")
        await conversations.link(tx, ADA, heard.case_id, "case", other.case_id)
    line, _ = await _written(db)
    assert await _brought(db, [line]) == ["unchanged"]
    moved = _elsewhere(msgspec.json.decode(line))
    assert await _brought(db, [moved, moved]) == ["new", "unchanged"]
    record = msgspec.json.decode(moved, type=RecordedCase)
    async with db.transaction() as tx:
        case = await conversations.case(tx, record.id)
        assert await texts(tx, case) == ["It flickers", "We send another one", "She is nice"]
        assert (case.title, case.tags, case.message_count, case.state) == ("My lamp", ["lamps"], 2, "open")
        assert (await conversations.around(tx, case.id)).cases == [other.case_id]
        page, _ = await conversations.stream(tx, case.id)
        assert [one.state for one in page] == ["note", "unknown", "received"]  # what waited there does not leave here
        assert await conversations.original(tx, page[-1].id) == ("> old", "<p>It")
        thread, _ = await customers.thread(tx, case.customer_id)
        assert {one.id for one in thread} >= {page[1].id, page[2].id}
    assert any(
        msgspec.json.decode(one)["messages"][0]["id"] == str(record.messages[0].id) for one in await _written(db)
    )


async def test_written_here_and_brought_into_an_empty_house_it_is_written_there_alike(
    app_like: Desk, elsewhere: Database
):
    """The law: export, import, export again says the same; the same import once more changes nothing."""
    played: list[int] = []
    await demo_desk.play(app_like, 1, 12, 52, clock.now(), played.append)
    lines = await _written(app_like.app.db)
    assert len(lines) == 8
    kept = {one.hash.hex(): one for one in app_like.kept.values()}
    async with elsewhere.transaction() as tx:
        email, name = DESK[0]  # the other's cases are still said to be theirs
        await access.add_member(tx, SYSTEM, email, name, "agent", "three plain words")
    assert {msgspec.json.decode(line)["owner"] for line in lines} >= {email for email, _ in DESK}
    assert set(await _brought(elsewhere, lines, kept)) == {"new"}
    again = await _written(elsewhere)
    assert [msgspec.json.decode(one) for one in again] == [msgspec.json.decode(one) for one in lines]
    assert set(await _brought(elsewhere, lines, kept)) == {"unchanged"}
    assert await _written(elsewhere) == again
    async with elsewhere.transaction() as tx:
        assert (await conversations.check(tx))[1] == (await files.check(tx))[1] == []
        record = next(one for line in lines if (one := msgspec.json.decode(line, type=RecordedCase)).rating)
        case = await conversations.case(tx, record.id)
        assert (case.rating, case.number) == (record.rating, record.number)
        attached = [message.id for line in lines for message in _messages(line) if message.attachments]
        assert len(await files.attachments(tx, "conversations", attached)) == len(attached) > 0
        for act in (await conversations.acts(tx, case.id))[0]:
            with contextlib.suppress(FadenoError):  # what can be taken back there can, and nothing fails otherwise
                await conversations.undo(tx, ADA, act.id)


def _messages(line: bytes) -> list:
    return msgspec.json.decode(line, type=RecordedCase).messages


DESK = (("ada@lumo.example", "Ada"), ("bela@lumo.example", "Béla"))


@pytest.fixture
async def app_like(url: str, tmp_path: Path) -> AsyncIterator[Desk]:
    """A house with the desk of the sample company, set up."""
    app = await house.start(settings.load({}, data_dir=tmp_path), url)
    async with app.db.transaction() as tx:
        for email, name in DESK:
            await access.add_member(tx, SYSTEM, email, name, "agent", "three plain words")
    yield await demo_desk.set_up(app)
    await app.stop()


@pytest.fixture
async def elsewhere(bare_url: str) -> AsyncIterator[Database]:
    """Another house, empty."""
    other = Database(bare_url, size=2)
    await other.open()
    async with other.transaction() as tx:
        await events.ensure_partitions(tx)
    yield other
    await other.close()


async def test_a_case_that_is_here_gets_what_is_missing(db: Database):
    async with db.transaction() as tx:
        heard = await writes(tx, "email:anna@example.com", "It flickers", subject="My lamp")
    (line,) = await _written(db)
    record = msgspec.json.decode(line)
    record["messages"].append(record["messages"][0] | {"id": str(new_id()), "text": "And hums"})
    assert await _brought(db, [msgspec.json.encode(record)]) == ["changed"]
    async with db.transaction() as tx:
        assert sorted(await texts(tx, heard.case_id)) == ["And hums", "It flickers"]


ACT = {"id": str(new_id()), "made_at": "2026-11-01T10:00:00Z", "actor_kind": "member"}


@pytest.mark.parametrize(
    ("of_case", "of_message"),
    [
        ({"waits_until": None, "state": "waiting_until"}, {}),
        ({"value_minor": 5}, {}),
        ({"value_minor": 2**63, "currency": "EUR"}, {}),
        ({"tags": [""]}, {}),
        ({"stage": "nope"}, {}),
        ({"opened_at": "2026-11-01T10:00:00"}, {}),
        ({"title": "\0"}, {}),
        ({"acts": [ACT | {"verb": "assign", "after": {"owner_id": 5}}]}, {}),
        ({"acts": [ACT | {"verb": "answer"}]}, {}),
        ({"acts": [ACT | {"verb": "tag", "after": {"nope": 1}}]}, {}),
        ({}, {"attachments": [{}]}),
        ({}, {"attachments": [{"hash": "../../etc/passwd", "name": "x"}]}),
        ({}, {"said_at": "2026-11-01T10:00:00"}),
    ],
)
def test_what_can_not_be_so_is_refused_before_anything_is_written(of_case: dict, of_message: dict):
    said = {
        "id": str(new_id()), "said_at": "2026-11-01T10:00:00Z", "direction": "in", "channel": "email",
        "author_kind": "customer", "address": "email:a@example.com", "text": "Hi",
    }  # fmt: skip
    case = {"id": str(new_id()), "address": "email:a@example.com", "opened_at": "2026-11-01T10:00:00Z"}
    assert conversations.read_record(msgspec.json.encode(case | {"messages": [said]}))
    with pytest.raises((msgspec.MsgspecError, FadenoError)):
        conversations.read_record(msgspec.json.encode(case | {"messages": [said | of_message]} | of_case))


def _elsewhere(record: dict) -> bytes:
    """The same case as of another house: other ids, another customer."""
    messages = [one | {"id": str(new_id())} for one in record["messages"]]
    for one in messages:
        if one["address"]:
            one["address"] = "email:bea@example.com"
    return msgspec.json.encode(record | {"id": str(new_id()), "address": "email:bea@example.com", "messages": messages})
