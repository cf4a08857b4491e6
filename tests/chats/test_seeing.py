"""What a customer sees came through addresses they have proven; what was merely typed shows nothing of it."""

import base64
from datetime import timedelta
from uuid import UUID

import pytest

from fadeno import access, chats, conversations, customers, switchboard
from fadeno.chats import Identity, NotYours, PassOver, Token
from fadeno.conversations import Incoming
from fadeno.customers import Evidence, Mention
from fadeno.db import Tx
from fadeno.kit.ids import new_id
from fadeno.kit.seal import Seal
from fadeno.switchboard import Account
from tests.conversations.playing import ADA, answers

VAULT = Seal(b"k" * 32)
MAIL = {"address": "help@shop.example", "smtp_host": "localhost:2525"}


@pytest.fixture
async def account(tx: Tx) -> Account:
    await switchboard.add(tx, access.SYSTEM, VAULT, channel="email", name="Help", credentials=MAIL)
    site = {"sites": "https://shop.example"}
    return await switchboard.add(tx, access.SYSTEM, VAULT, channel="webchat", name="Shop chat", credentials=site)


def fresh(account: Account) -> Token:
    """A browser that comes for the first time."""
    return Token(account.id, new_id())


async def chat_says(tx: Tx, account: Account, token: Token, text: str) -> UUID:
    """Something is written in a chat; its case."""
    return await says(tx, account, ("chat", token.chat_id.hex, 2), text, token)


async def says(tx: Tx, account: Account, who: tuple[str, str, int], text: str, token: Token | None = None) -> UUID:
    id = new_id()
    (placed,) = await customers.place(tx, [Evidence(id, account.source_id, tx.now, (Mention(*who),), "letter")])
    channel = "email" if who[0] == "email" else "webchat"
    heard = await conversations.hear(
        tx, Incoming(id, account.id, channel, placed.address_id, placed.customer_id, proven=who[2], text=text)
    )
    if token:
        await chats.keep_chat(tx, account, token, page="https://shop.example/boots", language="en")
    return heard.case_id


async def seen_with(tx: Tx, token: Token) -> list[str]:
    found, _ = await chats.last_said(tx, await chats.viewer(tx, token))
    return [one.text for one in reversed(found)]


async def test_an_address_typed_in_a_chat_shows_nothing_that_came_through_it(tx: Tx, account: Account):
    await says(tx, account, ("email", "victim@example.com", 2), "My card was stolen")
    thief = fresh(account)
    await chat_says(tx, account, thief, "Hello")
    assert await chats.give_mail(tx, account, thief, "victim@example.com")
    assert await seen_with(tx, thief) == ["Hello"]


async def test_a_mailed_link_shows_what_came_through_the_mailbox_and_the_chat_that_named_it(tx: Tx, account: Account):
    token = fresh(account)
    await chat_says(tx, account, token, "Is it there?")
    await chats.give_mail(tx, account, token, "anna@example.com")
    await says(tx, account, ("email", "anna@example.com", 2), "I ask by mail")
    mail_id = (await chats.chat(tx, token.chat_id)).mail_id
    passed = await chats.make_pass(tx, mail_id)
    found, _ = await chats.last_said(tx, await chats.viewer_of_mail(tx, passed, mail_id))
    assert {one.text for one in found} == {"Is it there?", "I ask by mail"}
    assert await seen_with(tx, token) == ["Is it there?"]
    await chats.prove_mail(tx, account, token, passed)
    assert await seen_with(tx, token) == ["Is it there?", "I ask by mail"]
    await chats.revoke_passes(tx, mail_id)
    with pytest.raises(PassOver):
        await chats.passed(tx, passed)


async def test_who_signs_in_on_another_device_sees_it_all_and_who_signs_out_no_more(tx: Tx, account: Account):
    anna = Identity("u-17", "anna@example.com", is_mail_proven=True, name="Anna")
    first = fresh(account)
    await chat_says(tx, account, first, "From the phone")
    await says(tx, account, ("email", "anna@example.com", 2), "By mail")
    at_phone = await chats.sign_in(tx, account, anna, first)
    at_desk = await chats.sign_in(tx, account, anna, fresh(account))
    assert at_phone.chat_id == first.chat_id != at_desk.chat_id
    await chat_says(tx, account, at_desk, "From the desk")
    assert await seen_with(tx, at_desk) == ["From the phone", "By mail", "From the desk"]
    assert await seen_with(tx, first) == ["From the phone"]


async def test_two_who_sign_in_one_after_the_other_in_one_browser_see_nothing_of_each_other(tx: Tx, account: Account):
    anna = await chats.sign_in(tx, account, Identity("u-1"), fresh(account))
    await chat_says(tx, account, anna, "I am Anna")
    bela = await chats.sign_in(tx, account, Identity("u-2"), anna)
    assert await seen_with(tx, bela) == []
    await chat_says(tx, account, bela, "I am Béla")
    assert await seen_with(tx, anna) == ["I am Anna"]


async def test_an_address_the_site_did_not_verify_proves_nothing(tx: Tx, account: Account):
    await says(tx, account, ("email", "victim@example.com", 2), "My card was stolen")
    signed = await chats.sign_in(tx, account, Identity("u-9", "victim@example.com"), None)
    await chat_says(tx, account, signed, "Hello")
    assert await seen_with(tx, signed) == ["Hello"]


async def test_an_answer_nobody_reads_goes_by_mail_once_and_is_not_shown_twice(tx: Tx, account: Account):
    token = fresh(account)
    case_id = await chat_says(tx, account, token, "Is it there?")
    await chats.give_mail(tx, account, token, "anna@example.com")
    sent = await answers(tx, ADA, case_id, "Yes, two pairs.", undo_s=0)
    await conversations.fared(tx, sent.id, "sent", at=tx.now - timedelta(minutes=6))
    await chats.send_on(tx)
    assert await mails(tx, case_id) == [], "they may still be looking"
    await passes(tx, minutes=6)
    for _ in range(2):
        await chats.send_on(tx)
    (mail,) = await mails(tx, case_id)
    assert mail.text.startswith("Yes, two pairs.")
    assert chats.LINK in mail.text, "the link itself stands in no message"
    leaves = await chats.filled(
        tx, mail.text, "email", "anna@example.com", lambda passed: f"https://help.example/my/{passed}"
    )
    assert "https://help.example/my/" in leaves
    assert (mail.is_automatic, mail.state) == (True, "queued")
    mail_id = (await chats.chat(tx, token.chat_id)).mail_id
    await chats.prove_mail(tx, account, token, await chats.make_pass(tx, mail_id))
    assert await seen_with(tx, token) == ["Is it there?", "Yes, two pairs."]


async def test_a_mail_that_answers_what_was_sent_on_is_seen_in_the_chat_and_nothing_else_of_its_sender(
    tx: Tx, account: Account
):
    token, mail = fresh(account), ("email", "anna@example.com", 1)
    case_id = await chat_says(tx, account, token, "Is it there?")
    await chats.give_mail(tx, account, token, "anna@example.com")
    elsewhere = fresh(account)
    await chat_says(tx, account, elsewhere, "Hello")
    sent = await answers(tx, ADA, case_id, "Yes, two pairs.", undo_s=0)
    await conversations.fared(tx, sent.id, "sent", at=tx.now - timedelta(minutes=6))
    early = await heard_in(tx, account, mail, case_id, "I never got an answer")
    await chats.answered_by_mail(tx, early.message_id)
    await passes(tx, minutes=6)
    await chats.send_on(tx)
    reply = await heard_in(tx, account, mail, case_id, "I take them")
    assert reply.because == "signed"
    await chats.answered_by_mail(tx, reply.message_id)
    stranger = await heard_in(tx, account, ("email", "eve@example.com", 1), case_id, "Me too")
    await chats.answered_by_mail(tx, stranger.message_id)
    await says(tx, account, mail, "My card was stolen")
    assert await seen_with(tx, token) == ["Is it there?", "Yes, two pairs.", "I take them"]
    assert await seen_with(tx, elsewhere) == ["Hello"]


async def heard_in(
    tx: Tx, account: Account, who: tuple[str, str, int], case_id: UUID, text: str
) -> conversations.Heard:
    """A mail comes to the address signed for a case."""
    id = new_id()
    (placed,) = await customers.place(tx, [Evidence(id, account.source_id, tx.now, (Mention(*who),), "letter")])
    return await conversations.hear(
        tx,
        Incoming(
            id, account.id, "email", placed.address_id, placed.customer_id, proven=who[2], text=text,
            signed_case=case_id,
        ),
    )  # fmt: skip


async def mails(tx: Tx, case_id: UUID) -> list[conversations.Message]:
    page, _ = await conversations.stream(tx, case_id)
    return [one for one in page if one.channel == "email"]


async def passes(tx: Tx, *, minutes: int) -> None:
    """Time goes by: what stands in the past moves further back."""
    back = timedelta(minutes=minutes)
    await tx.connection.execute("UPDATE chats.chat SET looked_at = looked_at - %s", [back])
    await tx.connection.execute("UPDATE conversations.message SET undo_until = undo_until - %s", [back])


def test_a_token_is_good_for_its_own_chat_and_whoever_changes_a_sign_of_it_is_refused():
    key = chats.key_of(b"s" * 32)
    token = Token(new_id(), new_id())
    text = chats.token_of(key, token)
    assert chats.read_token(key, text) == token
    raw = base64.urlsafe_b64decode(text + "==")
    for at in range(len(raw)):
        other = raw[:at] + bytes([raw[at] ^ 1]) + raw[at + 1 :]
        with pytest.raises(NotYours):
            chats.read_token(key, base64.urlsafe_b64encode(other).decode().rstrip("="))
    for nothing in ("", "é", "A" * 500, text + "A", text[:-4]):
        with pytest.raises(NotYours):
            chats.read_token(key, nothing)
    with pytest.raises(NotYours):
        chats.read_token(chats.key_of(b"t" * 32), text)


async def test_a_forgotten_customer_leaves_no_chat_and_no_link(tx: Tx, account: Account):
    token = fresh(account)
    await chat_says(tx, account, token, "Hello")
    await chats.give_mail(tx, account, token, "anna@example.com")
    there = await chats.chat(tx, token.chat_id)
    passed = await chats.make_pass(tx, there.mail_id)
    customer_id = await customers.find(tx, "email", "anna@example.com")
    (kept,) = (await chats.export(tx, customer_id))["chats"]
    assert kept["page"] == "https://shop.example/boots"
    await chats.erase(tx, customer_id)
    assert await chats.export(tx, customer_id) == {"chats": []}
    assert await seen_with(tx, token) == []
    with pytest.raises(PassOver):
        await chats.passed(tx, passed)


async def test_who_was_answered_is_asked_once_how_content_they_are_and_nobody_else_may_say_it(tx: Tx, account: Account):
    anna, bela = fresh(account), fresh(account)
    case_id = await chat_says(tx, account, anna, "Is it there?")
    await chat_says(tx, account, bela, "Hello")
    await answers(tx, ADA, case_id, "Yes.", undo_s=0)
    seen = await chats.viewer(tx, anna)
    assert await chats.to_rate(tx, (await chats.last_said(tx, seen))[0]) is None, "it is not solved"
    await conversations.set_state(tx, ADA, case_id, "solved")
    assert await chats.to_rate(tx, (await chats.last_said(tx, seen))[0]) == case_id
    with pytest.raises(NotYours):
        await chats.rate(tx, await chats.viewer(tx, bela), case_id, 1, "webchat")
    for stars in (4, 5):
        await chats.rate(tx, seen, case_id, stars, "webchat")
    assert await chats.to_rate(tx, (await chats.last_said(tx, seen))[0]) is None
    customer_id = await chats.customer_of(tx, seen)
    assert [one["rating"] for one in (await conversations.export(tx, customer_id))["cases"]] == [5]
    assert "Case Rated" in [one.name for one in (await customers.thread(tx, customer_id))[0]]
