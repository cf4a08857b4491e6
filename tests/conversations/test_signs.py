"""Whoever looks again at what signs name sees all that changed: state and signs make the state as it is now."""

import re

import pytest

from fadeno import access, conversations
from tests.conversations.playing import ADA, answers, writes
from tests.conversations.test_verbs import VERBS
from tests.house import sql

WRITES = re.compile(r"(UPDATE|INSERT INTO) conversations\.(case|message)\b")
SIGNED = {
    "write_case", "empty_cases", "rate", "write_times",
    "add_message", "set_state", "cancel", "queue_again", "empty_messages",
}  # fmt: skip
# Another statement that is signed comes with it, or no desk shows it.
WITH_ANOTHER = {"add_case", "move", "move_back", "keep_number", "keep_rating"}
NOT_SHOWN = {"keep_owner_was", "note_asked", "note_warned", "note_broken"}


def test_every_statement_that_writes_a_case_or_message_is_signed():
    found = {query.name for room, _, query in sql.queries() if room == "conversations" and WRITES.search(query.text)}
    assert found == SIGNED | WITH_ANOTHER | NOT_SHOWN


async def named(tx, topic: str) -> set:
    cursor = await tx.connection.execute("SELECT about_id FROM events.arrival WHERE topic = %s", (topic,))
    return {row[0] for row in await cursor.fetchall()}


async def hold_back(tx, id_):
    said = await answers(tx, ADA, id_, "Soon", undo_s=30)
    await conversations.hold_back(tx, ADA, said.id)


async def fare(tx, id_):
    said = await answers(tx, ADA, id_, "Soon")
    await tx.connection.execute("DELETE FROM events.arrival")
    assert await conversations.fared(tx, said.id, "sent")
    assert await named(tx, "message") == {said.id}


async def answer(tx, id_):
    await answers(tx, ADA, id_, "Soon")


async def hear(tx, id_):
    await writes(tx, "cookie:c-1", "And then?")


DONE = VERBS | {"hold back": hold_back, "fare": fare, "answer": answer, "hear": hear}


@pytest.mark.parametrize("done", DONE)
async def test_what_signs_name_and_what_was_known_make_what_is(tx, done):
    cases = [(await writes(tx, f"cookie:c-{n}", "Hello?")).case_id for n in (1, 2)]
    known = {id_: await conversations.case(tx, id_) for id_ in cases}
    await tx.connection.execute("DELETE FROM events.arrival")
    await DONE[done](tx, cases[0])
    named_cases, named_messages = await named(tx, "case"), await named(tx, "message")
    now, _ = await conversations.as_now(tx, named_cases, named_messages)
    known |= {case.id: case for case in now}
    assert known == {id_: await conversations.case(tx, id_) for id_ in known}
    assert cases[1] not in named_cases


async def test_shared_counts_are_those_each_member_is_shown(tx):
    for n in (1, 2, 3):
        await writes(tx, f"cookie:c-{n}", "Hello?")
    shared = await conversations.counts_of_everybody(tx)
    own = await conversations.counts(tx, access.SYSTEM)
    assert shared["unassigned"] == 3
    assert {name: own[name] for name in shared if not name.startswith("owner:")} == {
        name: n for name, n in shared.items() if not name.startswith("owner:")
    }
