"""A customer forgotten: nothing they said or we said to them is left anywhere."""

import msgspec

from fadeno import conversations, files
from fadeno.access import SYSTEM
from fadeno.conversations import Attached
from tests.conversations.playing import ADA, answers, whose, writes

SECRET = "xylophone"


async def _everywhere(tx) -> str:
    """Every row of the room, as text."""
    cursor = await tx.connection.execute(
        "SELECT tablename FROM pg_tables WHERE schemaname = 'conversations' ORDER BY tablename"
    )
    rows = []
    for (name,) in await cursor.fetchall():
        found = await tx.connection.execute(f'SELECT t::text FROM conversations."{name}" t'.encode())
        rows += [f"{name} {row}" for (row,) in await found.fetchall()]
    return "\n".join(rows)


async def test_whoever_is_forgotten_leaves_empty_cases(tx):
    heard = await writes(
        tx, "email:anna@example.com", f"{SECRET} one", subject=f"{SECRET} two", quoted=f"> {SECRET}",
        html=f"<p>{SECRET}</p>", author_name=SECRET, provider_id="<1@a>",
        attachments=(Attached("ab" * 32, f"{SECRET}.pdf", "application/pdf", 10),),
    )  # fmt: skip
    kept = files.Kept(b"\xab" * 32, "2026/11/24/one", 10, "application/pdf")
    await files.keep(tx, kept, room="conversations", object_id=heard.message_id, name=f"{SECRET}.pdf")
    await answers(tx, ADA, heard.case_id, f"{SECRET} three")
    await conversations.note(tx, ADA, heard.case_id, f"{SECRET} four")
    await conversations.entitle(tx, ADA, heard.case_id, f"{SECRET} five")
    await conversations.tag(tx, ADA, heard.case_id, add=[SECRET])
    await conversations.save_draft(tx, ADA, heard.case_id, f"{SECRET} six")
    other = await writes(tx, "cookie:c-9", "I am somebody else")
    heard_of = (await whose(tx, "email:anna@example.com")).customer_id
    told = msgspec.json.encode(await conversations.export(tx, heard_of))
    assert all(f"{SECRET} {n}".encode() in told for n in ("one", "two", "three", "four", "five", "six"))
    assert b"somebody else" not in told

    assert await conversations.erase(tx, SYSTEM, heard_of) == 3
    assert SECRET not in await _everywhere(tx)
    case = await conversations.case(tx, heard.case_id)
    assert (case.state, case.due_at, case.message_count, case.erased_at) == ("solved", None, 2, tx.now)
    assert (await files.attachments(tx, "conversations", [heard.message_id])) == {}
    page, _ = await conversations.stream(tx, heard.case_id)
    assert [message.state for message in page] == ["note", "cancelled", "received"]
    assert (await conversations.case(tx, other.case_id)).last_words == "I am somebody else"
    assert await conversations.erase(tx, SYSTEM, heard_of) == 0


async def test_what_they_said_in_the_case_of_another_is_forgotten_too(tx):
    mine = await writes(tx, "email:anna@example.com", "My lamp", provider_id="<1@a>")
    await writes(tx, "email:bea@example.com", f"{SECRET} for Anna", signed_case=mine.case_id)
    assert SECRET in (await conversations.case(tx, mine.case_id)).last_words
    await conversations.erase(tx, SYSTEM, (await whose(tx, "email:bea@example.com")).customer_id)
    assert SECRET not in await _everywhere(tx)
    assert (await conversations.case(tx, mine.case_id)).erased_at is None
