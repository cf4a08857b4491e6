"""Cases written to a file and read again mean the same: here nothing changes, elsewhere all of it is there."""

import msgspec

from fadeno import conversations, customers, sources
from fadeno.access import SYSTEM
from fadeno.conversations import RecordedCase
from fadeno.db import Database
from fadeno.kit.ids import new_id
from tests.conversations.playing import ADA, answers, texts, writes


async def _written(db: Database) -> list[bytes]:
    return [msgspec.json.encode(one) async for one in conversations.recorded(db)]


async def _brought(db: Database, lines: list[bytes]) -> list[str]:
    async with db.transaction() as tx:
        source = await sources.create(tx, SYSTEM, f"old-desk-{new_id().hex[-6:]}")
        return [
            await conversations.bring(tx, SYSTEM, source.id, msgspec.json.decode(line, type=RecordedCase))
            for line in lines
        ]


async def test_what_is_written_to_a_file_changes_nothing_here_and_is_whole_elsewhere(db: Database):
    async with db.transaction() as tx:
        heard = await writes(
            tx, "email:anna@example.com", "It flickers", subject="My lamp", quoted="> old", html="<p>It"
        )
        await answers(tx, ADA, heard.case_id, "We send another one", then="open")
        await conversations.note(tx, ADA, heard.case_id, "She is nice")
        await conversations.tag(tx, ADA, heard.case_id, add=["lamps"])
    (line,) = await _written(db)
    assert await _brought(db, [line]) == ["unchanged"]
    moved = _elsewhere(msgspec.json.decode(line))
    assert await _brought(db, [moved, moved]) == ["new", "unchanged"]
    record = msgspec.json.decode(moved, type=RecordedCase)
    async with db.transaction() as tx:
        case = await conversations.case(tx, record.id)
        assert await texts(tx, case) == ["It flickers", "We send another one", "She is nice"]
        assert (case.title, case.tags, case.message_count, case.state) == ("My lamp", ["lamps"], 1, "open")
        page, _ = await conversations.stream(tx, case.id)
        assert [one.state for one in page] == ["note", "cancelled", "received"]  # what waited there does not leave here
        assert await conversations.original(tx, page[-1].id) == ("> old", "<p>It")
        thread, _ = await customers.thread(tx, case.customer_id)
        assert {one.id for one in thread} >= {page[1].id, page[2].id}
    assert any(
        msgspec.json.decode(one)["messages"][0]["id"] == str(record.messages[0].id) for one in await _written(db)
    )


async def test_a_case_that_is_here_gets_what_is_missing(db: Database):
    async with db.transaction() as tx:
        heard = await writes(tx, "email:anna@example.com", "It flickers", subject="My lamp")
    (line,) = await _written(db)
    record = msgspec.json.decode(line)
    record["messages"].append(record["messages"][0] | {"id": str(new_id()), "text": "And hums"})
    assert await _brought(db, [msgspec.json.encode(record)]) == ["changed"]
    async with db.transaction() as tx:
        assert sorted(await texts(tx, heard.case_id)) == ["And hums", "It flickers"]


def _elsewhere(record: dict) -> bytes:
    """The same case as of another house: other ids, another customer."""
    messages = [one | {"id": str(new_id())} for one in record["messages"]]
    for one in messages:
        if one["address"]:
            one["address"] = "email:bea@example.com"
    return msgspec.json.encode(record | {"id": str(new_id()), "address": "email:bea@example.com", "messages": messages})
