"""What timers do for chats: answers nobody reads go by mail, links long over are forgotten."""

from collections.abc import Sequence
from datetime import timedelta
from itertools import groupby
from uuid import UUID

from fadeno import access, conversations, files, switchboard
from fadeno.chats import store
from fadeno.chats.actions.mailing import mailbox_for, said
from fadeno.chats.model import LINK, Unread
from fadeno.conversations import Answer, Attached
from fadeno.db import Tx
from fadeno.switchboard import Account

UNREAD_FOR = timedelta(minutes=5)
GONE_FOR = timedelta(minutes=3)
NOT_OLDER = timedelta(days=2)
FILES_OF = "conversations"  # the room messages keep their files under
_AT_ONCE = 50
_KEPT_AFTER = timedelta(days=30)


async def send_on(tx: Tx) -> bool:
    """Send answers nobody read in a chat to the mail address its customer gave; True if there is more."""
    await conversations.hold_onward(tx)
    found = await store.unread(
        tx, looked_before=tx.now - GONE_FOR, before=tx.now - UNREAD_FOR, since=tx.now - NOT_OLDER, limit=_AT_ONCE
    )
    accounts = {one.id: one for one in await switchboard.accounts(tx)} if found else {}
    for (case_id, _), some in groupby(sorted(found, key=_place), key=_place):
        answers = list(some)
        as_id = await _sent_on(tx, case_id, answers, accounts)
        await store.note_sent_on(tx, [one.message_id for one in answers], as_id)
    return len(found) == _AT_ONCE


def _place(one: Unread) -> tuple[UUID, UUID]:
    return one.case_id, one.chat_id


async def _sent_on(tx: Tx, case_id: UUID, answers: Sequence[Unread], accounts: dict[UUID, Account]) -> UUID | None:
    first = answers[0]
    mailbox = mailbox_for(accounts[first.account_id], list(accounts.values()))
    if mailbox is None:
        return None
    case = await conversations.case(tx, case_id)
    foot = said("foot", first.language).format(link=LINK)
    attached = tuple(
        Attached(file["hash"], file["name"], file["media_type"], file["size_bytes"])
        for one in answers
        for file in one.attachments
    )
    answer = Answer(
        "\n\n".join([*(one.text for one in answers), f"-- \n{foot}"]), case.last_said,
        account_id=mailbox.id, channel=mailbox.channel, address_id=first.mail_id, subject=case.title,
        attachments=attached, undo_s=0, is_automatic=True,
    )  # fmt: skip
    try:
        async with tx.savepoint():
            mail = await conversations.answer(tx, access.SYSTEM, case_id, answer)
            await _attach(tx, [one.message_id for one in answers], mail.id)
            return mail.id
    except (conversations.CantBeSent, conversations.Gone):
        return None  # the address turned out to be another's: nothing of this is for them


async def _attach(tx: Tx, message_ids: Sequence[UUID], mail_id: UUID) -> None:
    """Have the same files go with the mail."""
    for some in (await files.attachments(tx, FILES_OF, message_ids)).values():
        for one in some:
            kept = files.Kept(one.hash, one.key, one.size_bytes, one.media_type)
            await files.keep(tx, kept, room=FILES_OF, object_id=mail_id, name=one.name)


async def drop_passes(tx: Tx) -> bool:
    """Forget links a month after they were over; True if there are more."""
    await store.drop_asked(tx, tx.now - NOT_OLDER)
    return await store.drop_passes(tx, tx.now - _KEPT_AFTER, _AT_ONCE * 10) == _AT_ONCE * 10
