"""What timers do for chats: answers nobody reads go by mail, links long over are forgotten."""

import tomllib
from collections.abc import Callable, Sequence
from datetime import timedelta
from functools import cache
from importlib import resources
from itertools import groupby
from uuid import UUID

from fadeno import access, channels, conversations, files, switchboard
from fadeno.chats import actions, store
from fadeno.chats.model import Unread
from fadeno.conversations import Answer, Attached
from fadeno.db import Tx
from fadeno.switchboard import Account

UNREAD_FOR = timedelta(minutes=5)
GONE_FOR = timedelta(minutes=3)
NOT_OLDER = timedelta(days=2)
FILES_OF = "conversations"  # the room messages keep their files under
_AT_ONCE = 50
_KEPT_AFTER = timedelta(days=30)


async def send_on(tx: Tx, *, link: Callable[[UUID], str]) -> bool:
    """Send answers nobody read in a chat to the mail address its customer gave; True if there is more.

    Args:
        link: the address of the page where a pass opens the customer's own view.
    """
    found = await store.unread(
        tx, looked_before=tx.now - GONE_FOR, before=tx.now - UNREAD_FOR, since=tx.now - NOT_OLDER, limit=_AT_ONCE
    )
    accounts = {one.id: one for one in await switchboard.accounts(tx)} if found else {}
    for (case_id, _), some in groupby(sorted(found, key=_place), key=_place):
        answers = list(some)
        as_id = await _sent_on(tx, case_id, answers, accounts, link)
        await store.note_sent_on(tx, [one.message_id for one in answers], as_id)
    return len(found) == _AT_ONCE


def _place(one: Unread) -> tuple[UUID, UUID]:
    return one.case_id, one.chat_id


async def _sent_on(
    tx: Tx, case_id: UUID, answers: Sequence[Unread], accounts: dict[UUID, Account], link: Callable[[UUID], str]
) -> UUID | None:
    first = answers[0]
    mailbox = mailbox_for(accounts[first.account_id], list(accounts.values()))
    if mailbox is None:
        return None
    case = await conversations.case(tx, case_id)
    passed = await actions.make_pass(tx, first.mail_id, first.chat_id)
    foot = said("foot", first.language).format(link=link(passed))
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


def mailbox_for(chat: Account, accounts: Sequence[Account]) -> Account | None:
    """The mailbox answers of a chat leave by: the one it names, else one of the same area, else any."""
    there = [one for one in accounts if one.is_on and channels.adapter(one.channel).label.family == "mail"]
    named = chat.options.get("mail_account", "")
    if named:
        return next((one for one in there if one.name == named), None)
    return next((one for one in there if one.area == chat.area), next(iter(there), None))


async def drop_passes(tx: Tx) -> bool:
    """Forget links a month after they were over; True if there are more."""
    return await store.drop_passes(tx, tx.now - _KEPT_AFTER, _AT_ONCE * 10) == _AT_ONCE * 10


def said(what: str, language: str) -> str:
    """What we say ourselves in mails, in the customer's language, else in English."""
    texts = _words()[what]
    return texts.get(language) or texts.get(language.partition("-")[0]) or texts["en"]


@cache
def _words() -> dict[str, dict[str, str]]:
    return tomllib.loads(resources.files("fadeno.chats").joinpath("words.toml").read_text("utf-8"))
