"""What leaves: as the server says, in order, and never twice where nobody can know whether it left."""

from datetime import UTC, datetime
from uuid import UUID

import pytest

from fadeno import files, jobs, switchboard
from fadeno.access import SYSTEM
from fadeno.channels import Draft, Party
from fadeno.db import Database
from fadeno.files import Shelf
from fadeno.kit.ids import new_id
from fadeno.kit.seal import Seal
from fadeno.switchboard import Account, wires
from tests.switchboard.conftest import Drain, MailServer, Outbox

AT = datetime(2026, 11, 24, 9, tzinfo=UTC)


@pytest.fixture
def work(vault: Seal, shelf: Shelf, outbox: Outbox) -> dict[str, jobs.Delivery]:
    smtp = wires.smtp(allow_private=True)
    return {switchboard.CARRY: switchboard.carrying(vault, shelf, {"smtp": smtp}, outbox.compose, outbox.hears)}


async def _leave(db: Database, outbox: Outbox, account: Account, *to: str, attached: tuple = ()) -> UUID:
    id = new_id()
    draft = Draft(str(id), tuple(Party(one) for one in to), "We send another.", AT, subject="Re: Lamp")
    outbox.leaving[id] = switchboard.Carried(id, account.id, draft, attached)
    async with db.transaction() as tx:
        await jobs.put(tx, f"account:{account.id}", "case", switchboard.CARRY, {"message": str(id)})
    return id


async def test_a_message_leaves_with_what_is_attached(
    db: Database, shelf: Shelf, outbox: Outbox, mailbox: Account, mail_server: MailServer, drain: Drain, work: dict
) -> None:
    kept = await files.put(shelf, b"%PDF-1.7 invoice")
    async with db.transaction() as tx:
        use = await files.keep(tx, kept, room="conversations", object_id=new_id(), name="számla.pdf")
        attached = (await files.attachment(tx, use),)
    id = await _leave(db, outbox, mailbox, "anna@home.example", attached=attached)
    await drain(work)
    (mail,) = mail_server.taken
    assert (mail.mail_from, mail.rcpt_tos) == ("service@shop.example", ["anna@home.example"])
    assert b"We send another." in mail.content
    assert b"application/pdf" in mail.content
    ((told, went),) = outbox.fared
    assert (told, went.state) == (id, "sent")
    assert went.provider_id
    assert went.provider_id.encode() in mail.content
    async with db.transaction() as tx:
        assert (await switchboard.account(tx, mailbox.id)).health == "works"


@pytest.mark.parametrize(
    ("answers", "state", "words"),
    [
        ({"RCPT": "550 5.1.1 no such user"}, "failed", "no such user"),
        ({"MAIL": "552 too large"}, "failed", "too large"),
        ({"DATA": "554 looks like spam"}, "failed", "looks like spam"),
        ({"b@home.example": "550 gone"}, "sent", "gone"),
    ],
)
async def test_what_the_server_says_is_what_became_of_it(
    db: Database, outbox: Outbox, mailbox: Account, mail_server: MailServer, drain: Drain, work: dict,
    answers: dict[str, str], state: str, words: str,
) -> None:  # fmt: skip
    mail_server.answers = answers
    await _leave(db, outbox, mailbox, "a@home.example", "b@home.example")
    await drain(work)
    ((_, went),) = outbox.fared
    assert went.state == state
    assert words in went.words


async def test_what_the_server_takes_later_is_sent_later_and_in_order(
    db: Database, outbox: Outbox, mailbox: Account, mail_server: MailServer, drain: Drain, work: dict
) -> None:
    mail_server.answers = {"RCPT": "451 try later"}
    first = await _leave(db, outbox, mailbox, "anna@home.example")
    second = await _leave(db, outbox, mailbox, "anna@home.example")
    await drain(work)
    assert outbox.fared == []
    mail_server.answers = {}
    async with db.transaction() as tx:
        await jobs.open_lane(tx, f"account:{mailbox.id}")
    await drain(work)
    assert [id for id, _ in outbox.fared] == [first, second]


async def test_a_line_that_breaks_after_all_was_handed_over_is_unknown_and_not_sent_twice(
    db: Database, outbox: Outbox, mailbox: Account, mail_server: MailServer, drain: Drain, work: dict
) -> None:
    mail_server.hangs_up_at = "DATA"
    await _leave(db, outbox, mailbox, "anna@home.example")
    await drain(work)
    ((_, went),) = outbox.fared
    assert went.state == "unknown"
    assert len(mail_server.taken) == 1


async def test_a_line_that_breaks_before_is_tried_again(
    db: Database, outbox: Outbox, mailbox: Account, mail_server: MailServer, drain: Drain, work: dict
) -> None:
    mail_server.hangs_up_at = "RCPT"
    await _leave(db, outbox, mailbox, "anna@home.example")
    await drain(work)
    assert (outbox.fared, mail_server.taken) == ([], [])
    async with db.transaction() as tx:
        assert (await jobs.backlog(tx, f"account:{mailbox.id}")).open == 1


async def test_a_worker_that_died_while_it_sent_leaves_it_unknown(
    db: Database, vault: Seal, outbox: Outbox, mailbox: Account, mail_server: MailServer, drain: Drain, work: dict
) -> None:
    id = await _leave(db, outbox, mailbox, "anna@home.example")
    async with db.transaction() as tx:
        (job,) = await jobs.claim(tx, 1, lease_s=0)
        assert await work[switchboard.CARRY].prepare(tx, job)  # and then the power goes
    await drain(work)
    assert [(told, went.state) for told, went in outbox.fared] == [(id, "unknown")]
    assert mail_server.taken == []


async def test_a_server_that_is_down_holds_up_its_account_and_says_so(
    db: Database, vault: Seal, outbox: Outbox, mailbox: Account, drain: Drain, work: dict
) -> None:
    async with db.transaction() as tx:
        dead = await switchboard.add(
            tx, SYSTEM, vault, channel="email", name="Dead",
            credentials={"address": "x@shop.example", "smtp_host": "127.0.0.1:1"},
        )  # fmt: skip
    await _leave(db, outbox, dead, "anna@home.example")
    alive = await _leave(db, outbox, mailbox, "anna@home.example")
    await drain(work)
    assert [id for id, _ in outbox.fared] == [alive]
    async with db.transaction() as tx:
        state = await jobs.lane_state(tx, f"account:{dead.id}")
        assert state.failures == 1
        assert "127.0.0.1" in (await switchboard.account(tx, dead.id)).health_words


async def test_in_test_mode_nothing_leaves(
    db: Database, vault: Seal, outbox: Outbox, mailbox: Account, mail_server: MailServer, drain: Drain, work: dict
) -> None:
    async with db.transaction() as tx:
        account = await switchboard.change(tx, SYSTEM, vault, mailbox.id, is_test=True)
    await _leave(db, outbox, account, "anna@home.example")
    await drain(work)
    assert mail_server.taken == []
    assert [went.state for _, went in outbox.fared] == ["sent"]


async def test_a_private_address_is_not_reached_unless_allowed(
    db: Database, vault: Seal, shelf: Shelf, outbox: Outbox, mailbox: Account, mail_server: MailServer, drain: Drain
) -> None:
    smtp = wires.smtp(allow_private=False)
    await _leave(db, outbox, mailbox, "anna@home.example")
    await drain({switchboard.CARRY: switchboard.carrying(vault, shelf, {"smtp": smtp}, outbox.compose, outbox.hears)})
    assert mail_server.taken == []
    async with db.transaction() as tx:
        assert "private network" in (await switchboard.account(tx, mailbox.id)).health_words
