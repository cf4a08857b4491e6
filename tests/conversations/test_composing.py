"""What the composer proposes: the way they wrote last, with reasons; and what it refuses before it is written."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from fadeno import channels, conversations, switchboard
from fadeno.access import SYSTEM
from fadeno.conversations import Answer
from fadeno.conversations.model.composer import Reached, Speaking, ways_to
from fadeno.kit.ids import new_id
from fadeno.kit.seal import Seal
from tests.conversations.playing import ADA, answers, last, whose, writes

VAULT = Seal(b"k" * 32)
MAIL = {"address": "desk@shop.example", "imap_host": "imap.shop.example", "smtp_host": "smtp.shop.example"}


@pytest.fixture
async def mailbox(tx) -> UUID:
    """A mailbox of the area service."""
    needed = {"user": "desk", "password": "secret", **MAIL}
    label = channels.adapter("email").label
    given = {one.name: needed.get(one.name, "x") for one in label.credentials if one.needed}
    account = await switchboard.add(tx, SYSTEM, VAULT, channel="email", name="Desk", credentials=given)
    return account.id


async def _ways(tx, case_id: UUID) -> list[tuple]:
    found = await conversations.ways(tx, case_id)
    return [(f"{way.kind}:{way.value}", way.is_proposed, way.refused) for way in found]


async def test_the_address_they_wrote_from_last_is_proposed_and_the_others_follow(tx, mailbox):
    await writes(tx, "email:old@example.com", "Long ago", account_id=mailbox, earlier_s=900)
    also = ("email:old@example.com", "phone:+36301234567")
    heard = await writes(tx, "email:new@example.com", "Now", account_id=mailbox, also=also, subject="x")
    assert await _ways(tx, heard.case_id) == [
        ("email:new@example.com", True, ""),
        ("email:old@example.com", False, ""),
        ("phone:+36301234567", False, "no_account"),
    ]
    first, _, phone = await conversations.ways(tx, heard.case_id)
    assert (first.account_id, first.reasons) == (mailbox, ("written_here", "proven", "same_area"))
    assert phone.instead == first.address_id


async def test_where_an_answer_got_lost_another_way_is_proposed_until_they_write_from_there_again(tx, mailbox):
    await writes(tx, "email:b@example.com", "Before", account_id=mailbox, earlier_s=900)
    also = ("email:b@example.com",)
    heard = await writes(tx, "email:a@example.com", "Hi", account_id=mailbox, also=also, subject="x", earlier_s=60)
    message = await answers(tx, ADA, heard.case_id, "Hello")
    await conversations.fared(tx, message.id, "failed", words="550 no such user")
    assert await _ways(tx, heard.case_id) == [
        ("email:b@example.com", True, ""),
        ("email:a@example.com", False, "undelivered"),
    ]
    assert (await conversations.ways(tx, heard.case_id))[1].words == "550 no such user"
    await writes(tx, "email:a@example.com", "I am here", account_id=mailbox, signed_case=heard.case_id)
    assert (await _ways(tx, heard.case_id))[0] == ("email:a@example.com", True, "")


async def test_an_account_that_is_off_refuses_and_marketing_needs_consent(tx, mailbox):
    heard = await writes(tx, "email:a@example.com", "Hi", account_id=mailbox)
    await conversations.hand(tx, ADA, heard.case_id, "marketing")
    assert await _ways(tx, heard.case_id) == [("email:a@example.com", False, "no_consent")]
    await conversations.hand(tx, ADA, heard.case_id, "service")
    await switchboard.change(tx, SYSTEM, VAULT, mailbox, is_on=False)
    assert await _ways(tx, heard.case_id) == [("email:a@example.com", False, "account_off")]


async def test_whoever_writes_sees_what_every_area_said_lately(tx):
    one = await writes(tx, "email:a@example.com", "Hi", subject="One")
    two = await writes(tx, "email:a@example.com", "And", subject="Two")
    await conversations.hand(tx, ADA, two.case_id, "sales")
    await answers(tx, ADA, one.case_id, "From service")
    said = Answer("From sales", await last(tx, two.case_id))
    held = await conversations.answer(tx, ADA, two.case_id, said)
    customer = (await whose(tx, "email:a@example.com")).customer_id
    sent = await conversations.lately_sent(tx, customer)
    assert [(one.area, one.words, one.state) for one in sent] == [
        ("sales", "From sales", "queued"),
        ("service", "From service", "queued"),
    ]
    await conversations.hold_back(tx, ADA, held.id)
    assert [one.area for one in await conversations.lately_sent(tx, customer)] == ["service"]
    with pytest.raises(conversations.NoCase):
        await conversations.ways(tx, new_id())


async def test_what_the_composer_refuses_is_refused_whoever_sends_it_and_what_can_be_taken_is_named(tx, mailbox):
    await writes(tx, "email:b@example.com", "Before", account_id=mailbox, earlier_s=900)
    also = ("email:b@example.com",)
    heard = await writes(tx, "email:a@example.com", "Hi", account_id=mailbox, also=also, subject="x", earlier_s=60)
    lost = await answers(tx, ADA, heard.case_id, "Hello")
    await conversations.fared(tx, lost.id, "failed", words="550 no such user")
    with pytest.raises(conversations.CantBeSent, match="undelivered") as refused:
        await answers(tx, ADA, heard.case_id, "Hello again")
    (instead,) = refused.value.instead
    sent = await answers(tx, ADA, heard.case_id, "Hello", account_id=mailbox, address_id=instead)
    assert (sent.channel, sent.address_id) == ("email", instead)
    with pytest.raises(conversations.CantBeSent, match="is one of email"):
        await answers(tx, ADA, heard.case_id, "Hello", account_id=mailbox, channel="webchat", address_id=instead)
    phone = (await whose(tx, "phone:+36301234567", "email:b@example.com")).address_id
    with pytest.raises(conversations.CantBeSent, match="no_account"):
        await answers(tx, ADA, heard.case_id, "Hello", account_id=mailbox, address_id=phone)


async def test_a_preferred_channel_goes_before_what_was_written_elsewhere_lately():
    reached = [_reached(n, kind, hours) for n, kind, hours in ((1, "email", 1), (2, "whatsapp", 2))]
    first, second = ways_to(reached, ACCOUNTS, "service", {}, NOW, "whatsapp")
    assert (first.kind, first.reasons) == (
        "whatsapp",
        ("preferred", "written_lately", "window_open", "proven", "same_area"),
    )
    assert (second.kind, second.is_proposed) == ("email", False)


async def test_a_channel_whose_window_is_closed_carries_no_answer():
    reached = [_reached(1, "email", 200), _reached(2, "whatsapp", 25)]
    mail, closed = ways_to(reached, ACCOUNTS, "service", {}, NOW)
    assert (mail.kind, mail.refused, closed.refused, closed.instead) == ("email", "", "window_closed", mail.address_id)


NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
ACCOUNTS = [
    Speaking(UUID(int=7), "Mail", "email", "email", "service", True, False, False),
    Speaking(UUID(int=8), "WhatsApp", "whatsapp", "whatsapp", "service", True, False, False, 86_400),
]


def _reached(n: int, kind: str, hours: int) -> Reached:
    heard_at = NOW - timedelta(hours=hours)
    return Reached(UUID(int=n), kind, f"{kind}-{n}", 2, None, False, heard_at, None, None, None, "")
