"""Links that go to a mailbox: who opens one has read it. They are made as the mail leaves and stand in no message."""

import tomllib
from collections.abc import Callable, Sequence
from datetime import timedelta
from functools import cache
from importlib import resources
from uuid import UUID

from fadeno import access, channels, conversations, customers, switchboard
from fadeno.chats import store
from fadeno.chats.model import LINK, Pass, PassOver
from fadeno.conversations import Answer
from fadeno.db import Tx
from fadeno.kit.ids import new_id
from fadeno.switchboard import Account

PASS_KEPT = timedelta(days=30)
MOST_ASKED, ASKED_WITHIN = 3, timedelta(hours=1)


async def make_pass(tx: Tx, address_id: UUID, chat_id: UUID | None = None) -> UUID:
    """Make a link that is to be mailed to an address, and to nobody else: who has it has read that mailbox."""
    id = new_id()
    await store.add_pass(tx, id, address_id, chat_id, tx.now + PASS_KEPT)
    return id


async def passed(tx: Tx, pass_id: UUID) -> Pass:
    """A mailed link that is still good.

    Raises:
        PassOver: it is too old, or was revoked.
    """
    found = await store.mailed_pass(tx, pass_id)
    if found is None or found.revoked_at is not None or found.expires_at <= tx.now:
        raise PassOver
    return found


async def revoke_passes(tx: Tx, address_id: UUID) -> int:
    """Let no link mailed to an address open anything any more; how many did."""
    return await store.revoke_passes(tx, address_id)


async def filled(tx: Tx, text: str, kind: str, value: str, link: Callable[[UUID], str]) -> str:
    """A text of ours as it leaves for a mailbox: where it has a place for a link, one is made for that mailbox alone.

    Args:
        kind, value: the address it goes to.
        link: the address of the page a pass opens.
    """
    if LINK not in text:
        return text
    address_id = await customers.find_address(tx, kind, value)
    made = link(await make_pass(tx, address_id)) if address_id and kind == "email" else ""
    return text.replace(LINK, made)


async def ask_link(tx: Tx, email: str, language: str) -> bool:
    """Mail a link to somebody who asks for one, in the case they last had with us.

    Whoever asks is told the same whether we know the address or not. False where nothing was sent.
    """
    address_id = await customers.find_address(tx, "email", email)
    if address_id is None or await store.count_asked(tx, address_id, tx.now - ASKED_WITHIN) >= MOST_ASKED:
        return False
    owner = (await customers.owners(tx, [address_id])).get(address_id)
    cases, _ = await conversations.cases_of(tx, owner, limit=1) if owner else ([], None)
    mailbox = mailbox_for(None, await switchboard.accounts(tx))
    if not cases or mailbox is None:
        return False
    answer = Answer(
        said("link", language).format(link=LINK), cases[0].last_said, account_id=mailbox.id, channel=mailbox.channel,
        address_id=address_id, subject=said("subject", language), undo_s=0, is_automatic=True,
    )  # fmt: skip
    await conversations.answer(tx, access.SYSTEM, cases[0].id, answer)
    await store.note_asked(tx, address_id)
    return True


def mailbox_for(chat: Account | None, accounts: Sequence[Account]) -> Account | None:
    """The mailbox answers of a chat leave by: the one it names, else one of the same area, else any."""
    there = [one for one in accounts if one.is_on and channels.adapter(one.channel).label.family == "mail"]
    named = chat.options.get("mail_account", "") if chat else ""
    if named:
        return next((one for one in there if one.name == named), None)
    return next((one for one in there if chat and one.area == chat.area), next(iter(there), None))


def said(what: str, language: str) -> str:
    """What we say ourselves in mails, in the customer's language, else in English."""
    texts = _words()[what]
    return texts.get(language) or texts.get(language.partition("-")[0]) or texts["en"]


@cache
def _words() -> dict[str, dict[str, str]]:
    return tomllib.loads(resources.files("fadeno.chats").joinpath("words.toml").read_text("utf-8"))
