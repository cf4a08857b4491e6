"""Answers that did not arrive: the next way is proposed, or taken where the area says so; nothing goes twice."""

from datetime import timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fadeno import access, chats, conversations, customers, switchboard
from fadeno.access import SYSTEM
from fadeno.conversations import Area, ProposedWay
from fadeno.conversations.model.composer import next_way
from fadeno.conversations.store import onward
from fadeno.kit.seal import Seal
from tests.conversations.playing import ADA, answers, texts, writes

VAULT = Seal(b"k" * 32)
MAIL = {"address": "desk@shop.example", "smtp_host": "smtp.shop.example:587"}
HOUR_S = 3600
AGAINST = ["unproven", "shared", "account_fails", "test_account", "refused_purpose"]


def _way(n: int, cautions: list[str], refused: str) -> ProposedWay:
    account_id = UUID(int=9)
    return ProposedWay(
        account_id, "Desk", "email", UUID(int=n), "email", "a@b.example", None, (), tuple(cautions), refused
    )


WAYS = st.lists(
    st.tuples(st.lists(st.sampled_from(AGAINST), unique=True, max_size=2), st.sampled_from(["", "", "blocked"])),
    max_size=5,
).map(lambda said: [_way(n, *one) for n, one in enumerate(said)])


@given(WAYS, st.sets(st.integers(0, 4)), st.booleans(), st.booleans())
def test_nothing_goes_by_itself_to_what_was_tried_or_what_anything_speaks_against(ways, tried, by_itself, as_test):
    gone = {UUID(int=n) for n in tried}
    way, held = next_way(ways, gone, by_itself=by_itself, as_test=as_test)
    left = [one for one in ways if not one.refused and one.address_id not in gone]
    assert way in left if left else (way, held) == (None, "no_way")
    free = [one for one in left if set(one.cautions) == ({"test_account"} if as_test else set())]
    if left and by_itself:
        assert (way, held) == (free[0], "") if free else held in AGAINST


@pytest.fixture
async def accounts(tx):
    """A chat and a mailbox."""
    mail = await switchboard.add(tx, SYSTEM, VAULT, channel="email", name="Desk", credentials=MAIL)
    chat = await switchboard.add(tx, SYSTEM, VAULT, channel="webchat", name="Chat", credentials={"sites": "*"})
    return mail.id, chat.id


@pytest.fixture
async def case_id(tx, accounts) -> UUID:
    """Anna wrote mails before, now she wrote in the chat; nobody has read the answer she got there for two hours."""
    mail, chat = accounts
    anna = {"also": ("chat:c1",), "account_id": mail, "subject": "Earlier"}
    before = await writes(tx, "email:anna@example.com", "Before", earlier_s=900, **anna)
    heard = await writes(tx, "chat:c1", "Is it there?", account_id=chat)
    assert heard.case_id == before.case_id
    bela = await access.add_member(tx, SYSTEM, "bela@example.com", "Béla", "agent", "a long enough password")
    await conversations.assign(tx, ADA, heard.case_id, bela)
    message = await answers(tx, ADA, heard.case_id, "Yes, two pairs.", undo_s=0)
    await conversations.fared(tx, message.id, "sent")
    return heard.case_id


async def _later(tx, seconds: int) -> None:
    tx.now += timedelta(seconds=seconds)
    for _ in range(3):
        await conversations.go_on(tx, already=chats.were_sent_on)


async def _told(tx, case_id: UUID) -> list[str]:
    owner = (await conversations.case(tx, case_id)).owner_id
    return [one.kind for one in await conversations.nudges(tx, owner)]


async def test_an_answer_nobody_got_goes_by_mail_once_where_the_area_says_so(tx, case_id):
    await conversations.set_area(tx, SYSTEM, Area("service", next_channel_s=HOUR_S, is_next_taken=True))
    await _later(tx, HOUR_S - 60)
    assert await conversations.onward(tx, case_id) == []
    await _later(tx, 120)
    await _later(tx, HOUR_S)
    (onward,) = await conversations.onward(tx, case_id)
    assert (onward.because, onward.became, onward.held) == ("sent", "taken", "")
    mail = await conversations.outgoing(tx, onward.as_id)
    assert (mail.address, mail.text, mail.is_automatic) == (("email", "anna@example.com"), "Yes, two pairs.", True)
    assert await texts(tx, case_id) == ["Before", "Is it there?", "Yes, two pairs.", "Yes, two pairs."]
    await conversations.fared(tx, onward.as_id, "failed", words="550 gone")
    await _later(tx, 3 * HOUR_S)
    assert len(await conversations.onward(tx, case_id)) == 1


async def test_without_that_the_next_way_is_proposed_to_whoever_owns_the_case(tx, case_id):
    await conversations.set_area(tx, SYSTEM, Area("service", next_channel_s=HOUR_S))
    await _later(tx, HOUR_S + 60)
    (onward,) = await conversations.onward(tx, case_id)
    assert (onward.became, onward.held, onward.as_id) == ("proposed", "area_proposes", None)
    assert await _told(tx, case_id) == ["undelivered", "assigned"]
    assert await texts(tx, case_id) == ["Before", "Is it there?", "Yes, two pairs."]


@pytest.mark.parametrize("why", ["blocked", "claimed", "refused", "unknown", "written", "delivered", "no rule"])
async def test_it_is_not_taken_where_anything_speaks_against_it(tx, case_id, why):
    rule = Area("service", next_channel_s=None if why == "no rule" else HOUR_S, is_next_taken=True)
    await conversations.set_area(tx, SYSTEM, rule)
    mail_id = await customers.find_address(tx, "email", "anna@example.com")
    (out, *_), _ = await conversations.stream(tx, case_id)
    match why:
        case "blocked":
            await customers.set_blocked(tx, SYSTEM, mail_id, True)
        case "claimed":
            await tx.connection.execute("UPDATE customers.address SET proven = 1 WHERE kind = 'email'")
        case "refused":
            await customers.say_consent(tx, SYSTEM, mail_id, "email", False, "told me")
        case "unknown":
            await tx.connection.execute("UPDATE conversations.message SET state = 'unknown' WHERE state = 'sent'")
        case "written":
            await writes(tx, "chat:c1", "Thanks, seen.")
        case "delivered":
            await conversations.fared(tx, out.id, "delivered")
    await _later(tx, HOUR_S + 60)
    became = [(one.became, one.held) for one in await conversations.onward(tx, case_id)]
    expected = {
        "blocked": [("nothing", "no_way")], "claimed": [("proposed", "unproven")],
        "refused": [("proposed", "refused_purpose")], "unknown": [("proposed", "may_arrive")],
    }  # fmt: skip
    assert became == expected.get(why, [])
    assert (await texts(tx, case_id)).count("Yes, two pairs.") == 1


async def test_the_timer_looks_answers_up_by_when_they_were_said(tx):
    await tx.use_indexes()
    values = {"since": tx.now, "now": tx.now, "telling": ["webchat"], "limit": 50}
    cursor = await tx.connection.execute(f"EXPLAIN {onward.Q.undelivered.text}".encode(), values)
    plan = str(await cursor.fetchall())
    assert "message_on_its_way" in plan, plan
    assert "Index Cond: (said_at >" in plan, plan
