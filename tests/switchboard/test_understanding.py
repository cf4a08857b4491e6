"""What comes in: once, whole, understood later, and never lost where it can't be."""

from uuid import UUID

import pytest

from fadeno import switchboard
from fadeno.access import SYSTEM
from fadeno.db import Database
from fadeno.files import Shelf
from fadeno.intake import Journal
from fadeno.kit.errors import Invalid
from fadeno.kit.seal import Seal
from fadeno.switchboard import Account, Understood, actions
from tests.switchboard.conftest import Drain

MAIL = b"""From: Anna <anna@home.example>\r
To: service@shop.example\r
Subject: Lamp\r
Message-ID: <1@home.example>\r
MIME-Version: 1.0\r
Content-Type: multipart/mixed; boundary=b\r
\r
--b\r
Content-Type: text/plain; charset=utf-8\r
\r
It hums.\r
--b\r
Content-Type: text/plain; name=a.txt\r
Content-Disposition: attachment; filename=a.txt\r
\r
attached\r
--b--\r
"""


async def _put(db: Database, journal: Journal, account: Account, body: bytes) -> tuple[bool, UUID]:
    packed = await actions.pack(db, journal, body)
    async with db.transaction() as tx:
        return await switchboard.put_parcel(tx, account, packed), packed.id


async def test_a_body_is_understood_once_however_often_it_comes(
    db: Database, journal: Journal, shelf: Shelf, mailbox: Account, drain: Drain
) -> None:
    heard: list[Understood] = []

    async def receive(tx: object, one: Understood) -> None:
        heard.append(one)

    assert (await _put(db, journal, mailbox, MAIL))[0]
    assert not (await _put(db, journal, mailbox, MAIL))[0]
    await drain({switchboard.UNDERSTAND: switchboard.understanding(journal, shelf, receive)})
    (one,) = heard
    assert (one.account.id, one.letter.subject, one.letter.visible.strip()) == (mailbox.id, "Lamp", "It hums.")
    assert one.letter.attachments[0].content is None
    assert (await shelf.read(one.kept[0].key)).strip() == b"attached"
    async with db.transaction() as tx:
        (parcel,) = await switchboard.parcels(tx, mailbox.id, state="read")
        assert parcel.letters == 1
        assert (await switchboard.check(tx))[1] == []


async def test_what_cant_be_taken_in_waits_with_its_reason_and_is_read_again(
    db: Database, journal: Journal, shelf: Shelf, mailbox: Account, drain: Drain
) -> None:
    heard: list[Understood] = []

    async def receive(tx: object, one: Understood) -> None:
        if not heard:
            heard.append(one)
            raise Invalid("not today")
        heard.append(one)

    work = {switchboard.UNDERSTAND: switchboard.understanding(journal, shelf, receive)}
    _, id = await _put(db, journal, mailbox, MAIL)
    await drain(work)
    async with db.transaction() as tx:
        (failed,) = await switchboard.parcels(tx, mailbox.id)
        assert (failed.id, failed.reason, failed.detail) == (id, "invalid", "not today")
        assert await switchboard.replay(tx, SYSTEM, [id]) == 1
    await drain(work)
    assert len(heard) == 2
    async with db.transaction() as tx:
        assert await switchboard.parcels(tx, mailbox.id) == []
        with pytest.raises(switchboard.NoParcel):
            await switchboard.replay(tx, SYSTEM, [id])


async def test_nothing_is_taken_by_an_account_that_is_off(
    db: Database, journal: Journal, vault: Seal, mailbox: Account
) -> None:
    async with db.transaction() as tx:
        off = await switchboard.change(tx, SYSTEM, vault, mailbox.id, is_on=False)
    with pytest.raises(switchboard.AccountOff):
        await _put(db, journal, off, MAIL)


async def test_a_secret_is_kept_sealed_and_stays_when_something_else_is_set(
    db: Database, vault: Seal, mailbox: Account
) -> None:
    async with db.transaction() as tx:
        changed = await switchboard.change(tx, SYSTEM, vault, mailbox.id, credentials={"login": "service"})
        opened = await switchboard.credentials(tx, vault, changed)
        assert (opened.options["login"], opened.secrets) == ("service", {"password": "s3cret"})
        assert "s3cret" not in repr(opened) + repr(changed)
        with pytest.raises(Invalid) as fault:
            await switchboard.change(tx, SYSTEM, vault, mailbox.id, credentials={"nonsense": "1"})
    assert fault.value.field == "nonsense"


async def test_the_bodies_of_days_whose_key_is_gone_are_emptied_and_still_known(
    db: Database, journal: Journal, mailbox: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    await _put(db, journal, mailbox, MAIL)
    async with db.transaction() as tx:
        assert not await switchboard.empty_parcels(tx, journal_days=-1)
        assert await tx.value(_LENGTH) == 0
    assert not (await _put(db, journal, mailbox, MAIL))[0]


class _LENGTH:
    name = "length"
    text = "SELECT sum(length(sealed)) FROM switchboard.parcel"
