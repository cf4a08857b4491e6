"""The trip of a message: from the customer into a case, and back out."""

from dataclasses import replace
from datetime import timedelta

import pytest

from fadeno import conversations, customers, promises
from fadeno.access import SYSTEM
from fadeno.conversations import Answer, CantBeSent, TooLate, Unseen
from fadeno.promises import NewPromise
from tests.conversations.playing import ADA, BELA, CHAT, answers, last, texts, whose, writes


async def test_a_mail_opens_a_case_and_its_answer_goes_back_the_same_way(tx):
    heard = await writes(tx, "email:anna@example.com", "Where is my lamp?", subject="My lamp", provider_id="<1@a>")
    case = await conversations.case(tx, heard.case_id)
    assert (case.state, case.title, case.waiting_since) == ("open", "My lamp", case.last_at)
    assert (await conversations.numbered(tx, case.number)).id == case.id
    message = await answers(tx, ADA, case.id, "It comes tomorrow.")
    assert (message.channel, message.subject, message.state) == ("email", "My lamp", "queued")
    case = await conversations.case(tx, case.id)
    assert (case.state, case.waiting_since, case.last_from) == ("waiting_customer", None, "us")
    assert (case.first_answered_at, case.message_count) == (tx.now, 2)
    thread, _ = await customers.thread(tx, case.customer_id)
    assert sorted(item.name for item in thread) == ["Message Received", "Message Sent", "opened"]


async def test_the_same_mail_twice_is_one_message(tx):
    one = await writes(tx, "email:anna@example.com", "Hello", provider_id="<1@a>")
    two = await writes(tx, "email:anna@example.com", "Hello", provider_id="<1@a>")
    assert (two.message_id, two.case_id, two.because) == (one.message_id, one.case_id, "known")
    assert await texts(tx, one.case_id) == ["Hello"]


async def test_whoever_changes_the_channel_stays_in_the_case(tx):
    chat = await writes(tx, "cookie:c-1", "Is the lamp in stock?")
    mail = await writes(tx, "email:anna@example.com", "It is me again", also=("cookie:c-1",))
    assert mail.case_id == chat.case_id
    assert (await conversations.case(tx, chat.case_id)).channels == ["webchat", "email"]


async def test_a_second_answer_must_have_seen_the_first(tx):
    heard = await writes(tx, "cookie:c-1", "Hello?")
    seen = await last(tx, heard.case_id)
    await conversations.answer(tx, ADA, heard.case_id, Answer("Good morning!", seen))
    with pytest.raises(Unseen) as refused:
        await conversations.answer(tx, BELA, heard.case_id, Answer("Hi!", seen))
    assert refused.value.newer == 1
    await conversations.answer(tx, BELA, heard.case_id, Answer("Hi!", refused.value.last))
    assert await texts(tx, heard.case_id) == ["Hello?", "Good morning!", "Hi!"]


async def test_an_answer_held_back_was_never_written(tx):
    heard = await writes(tx, "cookie:c-1", "Hello?")
    before = await conversations.case(tx, heard.case_id)
    message = await answers(tx, ADA, heard.case_id, "Wrong window", then="solved")
    await conversations.hold_back(tx, ADA, message.id)
    after = await conversations.case(tx, heard.case_id)
    assert (after.state, after.waiting_since, after.message_count) == ("open", before.waiting_since, 1)
    assert not await conversations.fared(tx, message.id, "sent")
    with pytest.raises(TooLate):
        await conversations.hold_back(tx, ADA, message.id)


async def test_an_answer_goes_only_to_addresses_of_the_customer(tx):
    heard = await writes(tx, "cookie:c-1", "Hello?")
    other = await whose(tx, "email:mallory@example.com")
    with pytest.raises(CantBeSent):
        await answers(tx, ADA, heard.case_id, "Secret", account_id=CHAT, channel="webchat", address_id=other.address_id)


async def test_what_a_channel_says_later_never_takes_back_what_it_said(tx):
    heard = await writes(tx, "cookie:c-1", "Hello?")
    message = await answers(tx, ADA, heard.case_id, "Hi")
    assert await conversations.fared(tx, message.id, "read")
    assert not await conversations.fared(tx, message.id, "delivered")
    (sent, _), _ = await conversations.stream(tx, heard.case_id)
    assert (sent.state, sent.sent_at, sent.delivered_at) == ("read", tx.now, tx.now)


async def test_an_answer_that_did_not_get_through_opens_the_case_and_its_author_hears_of_it(tx):
    heard = await writes(tx, "email:anna@example.com", "Hello?")
    message = await answers(tx, ADA, heard.case_id, "Hi")
    assert (await conversations.case(tx, heard.case_id)).state == "waiting_customer"
    assert await conversations.fared(tx, message.id, "failed", words="550")
    assert not await conversations.fared(tx, message.id, "failed", words="550")
    assert (await conversations.case(tx, heard.case_id)).state == "open"
    assert [nudge.kind for nudge in await conversations.nudges(tx, ADA.id)] == ["failed"]


async def test_a_stream_is_read_both_ways_from_any_of_its_messages(tx):
    for n in range(5):
        heard = await writes(tx, "cookie:c-1", f"{n}", earlier_s=50 - n)
    page, _ = await conversations.stream(tx, heard.case_id)
    third = conversations.place_of(page[2])
    later, then = await conversations.stream_after(tx, heard.case_id, third, limit=1)
    assert [message.text for message in later] == ["3"]
    last, end = await conversations.stream_after(tx, heard.case_id, then)
    assert ([message.text for message in last], end) == (["4"], None)
    earlier, _ = await conversations.stream(tx, heard.case_id, before=third)
    assert [message.text for message in earlier] == ["1", "0"]


async def test_an_answer_held_back_promised_nothing_and_what_was_promised_before_holds_again(tx):
    heard = await writes(tx, "cookie:c-1", "Hello?")
    case = await conversations.case(tx, heard.case_id)
    new = NewPromise("answer_by", case.id, case.address_id, tx.now + timedelta(hours=4), area="service")
    away = await promises.make(tx, SYSTEM, new)
    answer = await answers(tx, ADA, case.id, "I answer by noon.")
    moved = await promises.make(tx, ADA, replace(new, due_at=tx.now + timedelta(hours=9), message_id=answer.id))
    assert moved.moved_from == away.id
    (act, *_), _ = await conversations.acts(tx, case.id)
    await conversations.undo(tx, ADA, act.id)
    states = {one.id: one.state for one in await promises.in_case(tx, case.id)}
    assert states == {away.id: "open", moved.id: "withdrawn"}
    assert (await promises.check(tx))[1] == []
