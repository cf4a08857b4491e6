"""Mails travel in and out through every real part: parcel, letter, case, answer, server, reply, report."""

from dataclasses import replace
from datetime import timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from uuid import UUID

import pytest

from fadeno import access, content, conversations, customers, files, jobs, promises, switchboard
from fadeno import app as house
from fadeno.access import Actor
from fadeno.app import App
from fadeno.conversations import Answer, Message
from fadeno.kit import clock, outward
from fadeno.kit.ids import new_id
from fadeno.switchboard import Account
from tests.switchboard.conftest import Drain, MailServer, drain, mail_server  # noqa: F401 -- fixtures

ADA = Actor("member", new_id(), "Ada", role="agent")
OURS = "service@shop.example"
ANNA = "anna@home.example"


@pytest.fixture
def db(app: App):
    return app.db


@pytest.fixture
def work(app: App) -> dict[str, jobs.Delivery]:
    app.settings = replace(app.settings, allow_private=True)  # the mail server is on this machine
    return {
        switchboard.UNDERSTAND: house.understanding(app),
        switchboard.CARRY: house.carrying(app, outward.client(allow_private=True)),
    }


@pytest.fixture
async def mailbox(app: App, mail_server: MailServer) -> Account:  # noqa: F811
    async with app.db.transaction() as tx:
        return await switchboard.add(
            tx, access.SYSTEM, app.vault, channel="email", name="Service",
            credentials={"address": OURS, "smtp_host": f"127.0.0.1:{mail_server.port}", "plus_addresses": "yes"},
        )  # fmt: skip


def written(text: str, *, sender: str = ANNA, to: str = OURS, subject: str = "My lamp", **headers: str) -> bytes:
    mail = EmailMessage()
    mail.set_content(text)
    mail["From"], mail["To"], mail["Subject"] = sender, to, subject
    mail["Message-ID"] = headers.pop("id", f"<{new_id()}@home.example>")
    for name, value in headers.items():
        mail[name.replace("_", "-")] = value
    return mail.as_bytes()


@pytest.fixture
def comes(app: App, mailbox: Account, drain: Drain, work: dict):  # noqa: F811
    async def come(mail: bytes) -> bool:
        packed = await switchboard.pack(app.db, app.journal, mail)
        async with app.db.transaction() as tx:
            is_new = await switchboard.put_parcel(tx, mailbox, packed)
        await drain(work)
        async with app.db.transaction() as tx:
            assert await switchboard.parcels(tx, mailbox.id) == []
        return is_new

    return come


async def _said(app: App, case_id: UUID) -> list[Message]:
    async with app.db.transaction() as tx:
        page, _ = await conversations.stream(tx, case_id)
    return page[::-1]


async def _cases(app: App, email: str) -> list[conversations.Case]:
    async with app.db.transaction() as tx:
        address = await customers.find_address(tx, "email", email)
        return (await conversations.cases_of(tx, address))[0] if address else []


async def _answer(app: App, case_id: UUID, text: str) -> Message:
    async with app.db.transaction() as tx:
        seen = (await conversations.case(tx, case_id)).last_said
        return await conversations.answer(tx, ADA, case_id, Answer(text, seen, undo_s=0))


async def test_a_mail_is_answered_and_the_reply_lands_in_the_same_case(
    app: App, comes, drain: Drain, work: dict, mail_server: MailServer  # noqa: F811
) -> None:  # fmt: skip
    first = written("It does not light up.")
    assert await comes(first)
    assert not await comes(first)
    (case,) = await _cases(app, ANNA)
    sent = await _answer(app, case.id, "We send another one.")
    await drain(work)
    (mail,) = (message_from_bytes(one.content, policy=policy.default) for one in mail_server.taken)
    assert (mail["To"], mail["Subject"]) == (ANNA, "Re: My lamp")
    assert mail["In-Reply-To"] == message_from_bytes(first)["Message-ID"]
    assert mail["Reply-To"].startswith("Service <service+")
    # Anna answers from another address of hers; only the signed address says which case it is.
    reply = written(
        "Thank you!\n\nOn Tuesday Service wrote:\n> We send another one.\n",
        sender="anna@work.example", to=mail["Reply-To"].addresses[0].addr_spec, subject="thanks",
    )  # fmt: skip
    await comes(reply)
    said = await _said(app, case.id)
    assert [m.text for m in said] == ["It does not light up.", "We send another one.", "Thank you!"]
    assert (said[1].id, said[1].state) == (sent.id, "sent")
    assert said[2].has_original


async def test_a_forged_sender_proves_nothing_and_opens_nobody_elses_case(app: App, comes) -> None:
    await comes(written("It does not light up.", id="<first@home.example>"))
    (case,) = await _cases(app, ANNA)
    await comes(written("Tell me all", sender="eve@bad.example", In_Reply_To="<first@home.example>", subject="My lamp"))
    await comes(written("Tell me all", sender="eve@bad.example", subject=f"[#{case.number}] My lamp"))
    assert [m.text for m in await _said(app, case.id)] == ["It does not light up."]
    assert (await _said(app, case.id))[0].proven == 1


async def test_what_a_machine_writes_opens_no_case_and_a_bounce_marks_the_answer(
    app: App, comes, drain: Drain, work: dict, mail_server: MailServer  # noqa: F811
) -> None:  # fmt: skip
    await comes(written("I am away.", Auto_Submitted="auto-replied"))
    await comes(written("Our own words come back.", sender=OURS))
    assert await _cases(app, ANNA) == []
    assert await _cases(app, OURS) == []
    await comes(written("It does not light up."))
    (case,) = await _cases(app, ANNA)
    await _answer(app, case.id, "We send another one.")
    await drain(work)
    id = message_from_bytes(mail_server.taken[0].content)["Message-ID"]
    await comes(
        b"From: MAILER-DAEMON@home.example\r\nTo: service@shop.example\r\nSubject: Undelivered\r\n"
        b"Message-ID: <b1@home.example>\r\nMIME-Version: 1.0\r\n"
        b"Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n"
        b"--b\r\nContent-Type: text/plain\r\n\r\nIt could not be delivered.\r\n"
        b"--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.home.example\r\n\r\n"
        b"Final-Recipient: rfc822; anna@home.example\r\nAction: failed\r\nStatus: 5.1.1\r\n"
        b"Diagnostic-Code: smtp; 550 5.1.1 no such user\r\n\r\n"
        b"--b\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: " + id.encode() + b"\r\n\r\n--b--\r\n"
    )
    said = await _said(app, case.id)
    assert (said[1].state, "no such user" in said[1].state_words) == ("failed", True)


async def test_a_form_of_our_own_site_is_of_whoever_filled_it_in(app: App, comes) -> None:
    await comes(written("Do you ship to Malta?", sender=OURS, Reply_To=ANNA))
    (case,) = await _cases(app, ANNA)
    assert case.title == "My lamp"


async def test_what_is_attached_is_kept_with_its_message(app: App, comes) -> None:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"], mail["Message-ID"] = ANNA, OURS, "Photo", "<p@home.example>"
    mail.set_content("Look.")
    mail.add_attachment(b"%PDF-1.7 invoice", maintype="application", subtype="pdf", filename="számla.pdf")
    await comes(mail.as_bytes())
    (case,) = await _cases(app, ANNA)
    (message,) = await _said(app, case.id)
    assert [(one["name"], one["media_type"]) for one in message.attachments] == [("számla.pdf", "application/pdf")]
    async with app.db.transaction() as tx:
        (kept,) = (await files.attachments(tx, "conversations", [message.id]))[message.id]
    assert kept.name == "számla.pdf"


@pytest.fixture
async def closed(app: App) -> None:
    """Nobody is there until the day after tomorrow."""
    day = (clock.now() + timedelta(days=2)).strftime("%a")[:2]
    async with app.db.transaction() as tx:
        await content.create_calendar(tx, access.SYSTEM, "Office", hours=f"{day} 10:00-12:00", zone="UTC")


async def test_who_writes_while_nobody_is_there_is_told_once_and_promised_an_answer_that_a_member_keeps(
    app: App, comes, closed, drain: Drain, work: dict, mail_server: MailServer  # noqa: F811
) -> None:  # fmt: skip
    await comes(written("Guten Tag, die Lampe geht nicht.", Content_Language="de"))
    await comes(written("Sind Sie da?", Content_Language="de"))
    await comes(written("I am away too.", Auto_Submitted="auto-replied"))
    (told,) = (message_from_bytes(one.content, policy=policy.default) for one in mail_server.taken)
    assert told["Auto-Submitted"] == "auto-replied"
    assert "Danke" in told.get_content()
    (case,) = await _cases(app, ANNA)
    async with app.db.transaction() as tx:
        (promised,) = await promises.in_case(tx, case.id)
    assert (promised.kind, promised.state, promised.basis) == ("answer_by", "open", "Office")
    assert promised.due_at - clock.now() > timedelta(days=1)
    assert case.waiting_since is not None  # what was said by itself is no answer
    await _answer(app, case.id, "Wir schicken eine neue.")
    async with app.db.transaction() as tx:
        assert (await promises.in_case(tx, case.id))[0].state == "open"  # it can still be held back
    await drain(work)
    async with app.db.transaction() as tx:
        assert (await promises.in_case(tx, case.id))[0].state == "kept"


async def test_a_forged_sender_gets_few_words_by_itself(
    app: App, comes, closed, mail_server: MailServer  # noqa: F811
) -> None:  # fmt: skip
    for n in range(6):
        await comes(written("Buy this", subject=f"Offer {n}"))
    assert len(await _cases(app, ANNA)) == 6
    assert len(mail_server.taken) == 3


async def test_who_is_erased_is_forgotten_in_cases_and_nothing_more_leaves_to_them(
    app: App, comes, drain: Drain, work: dict, mail_server: MailServer  # noqa: F811
) -> None:  # fmt: skip
    await comes(written("It does not light up."))
    (case,) = await _cases(app, ANNA)
    await _answer(app, case.id, "We send another one.")
    async with app.db.transaction() as tx:
        told = await house.export_customer(tx, access.SYSTEM, case.customer_id)
        assert [m["text"] for m in told["messages"]] == ["It does not light up.", "We send another one."]
        await house.erase_customer(app, tx, access.SYSTEM, case.customer_id)
    await drain(work)
    assert mail_server.taken == []
    assert {m.text for m in await _said(app, case.id)} == {""}


async def test_what_failed_is_seen_with_its_reason_and_sent_once_more(
    app: App, comes, drain: Drain, work: dict, mail_server: MailServer  # noqa: F811
) -> None:  # fmt: skip
    await comes(written("It does not light up."))
    (case,) = await _cases(app, ANNA)
    mail_server.answers[ANNA] = "550 no such user"
    sent = await _answer(app, case.id, "We send another one.")
    await drain(work)
    async with app.db.transaction() as tx:
        ((failed,), _) = await conversations.not_left(tx)
        assert (failed.id, failed.state, "no such user" in failed.state_words) == (sent.id, "failed", True)
        del mail_server.answers[ANNA]
        await conversations.send_again(tx, ADA, sent.id)
    await drain(work)
    assert len(mail_server.taken) == 1
    async with app.db.transaction() as tx:
        assert (await conversations.message(tx, sent.id)).state == "sent"
        assert await conversations.not_left(tx) == ([], None)
        with pytest.raises(conversations.TooLate):
            await conversations.send_again(tx, ADA, sent.id)


async def test_who_is_erased_is_forgotten_in_parcels_that_could_be_read_again(
    app: App, comes, mailbox: Account, drain: Drain, work: dict  # noqa: F811
) -> None:  # fmt: skip
    await comes(written("It does not light up."))
    (case,) = await _cases(app, ANNA)

    async def fails(*_: object) -> None:
        raise ValueError

    broken = {switchboard.UNDERSTAND: switchboard.understanding(app.journal, app.shelf, fails)}
    for mail in (written("It hums too."), written("A chair", sender="bea@home.example")):
        packed = await switchboard.pack(app.db, app.journal, mail)
        async with app.db.transaction() as tx:
            await switchboard.put_parcel(tx, mailbox, packed)
    await drain(broken)
    async with app.db.transaction() as tx:
        assert len(await switchboard.parcels(tx, mailbox.id)) == 2
        await house.erase_customer(app, tx, access.SYSTEM, case.customer_id)
        (left,) = await switchboard.parcels(tx, mailbox.id)
        assert await switchboard.replay(tx, access.SYSTEM, [left.id]) == 1
    await drain(work)
    assert await _cases(app, ANNA) == []
    assert len(await _cases(app, "bea@home.example")) == 1


@pytest.mark.parametrize(
    ("text", "set_to", "language"),
    [
        ("Hol tart a rendelésem? Köszönöm!", "en-US", "hu"),
        ("10-4471", "de-DE", "de-DE"),
        ("10-4471", None, ""),
    ],
)
async def test_a_mail_is_in_the_language_of_its_words_not_of_the_program_it_was_written_with(
    app: App, comes, text: str, set_to: str | None, language: str
) -> None:
    await comes(written(text, subject="10-4471", **({"Content_Language": set_to} if set_to else {})))
    (case,) = await _cases(app, ANNA)
    assert case.language == language
