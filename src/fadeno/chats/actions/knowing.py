"""Verbs of chats: signing in, giving an address, keeping what is known of a chat."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import msgspec

from fadeno import customers, events
from fadeno.chats import store
from fadeno.chats.actions.mailing import passed
from fadeno.chats.model import NOBODY, Identity, PassOver, Token
from fadeno.customers import Evidence, Mention
from fadeno.db import Tx
from fadeno.events import NewEvent
from fadeno.kit import addresses
from fadeno.kit.errors import Invalid
from fadeno.kit.ids import new_id
from fadeno.switchboard import Account

CLAIMED, OBSERVED, ATTESTED = 1, 2, 3
KIND = "chat"  # the kind of a chat's address
LOOKED_EVERY = timedelta(minutes=1)
_encode = msgspec.json.Encoder().encode


async def sign_in(tx: Tx, account: Account, identity: Identity, token: Token | None, language: str = "") -> Token:
    """Know a browser's chat as of whoever the site says is signed in there; the token it goes on with.

    Somebody else's chat in the same browser is not taken over: that one begins a new one.
    """
    user = addresses.normalise("user", identity.user)
    known = await customers.find_address(tx, "user", user)
    if token and token.person_id != NOBODY and token.person_id == known:
        return token
    chat_id = token.chat_id if token and token.person_id == NOBODY else new_id()
    mentions = [Mention("user", user, ATTESTED), Mention(KIND, chat_id.hex, OBSERVED)]
    if email := _email(identity.email):
        mentions.append(Mention("email", email, ATTESTED if identity.is_mail_proven else CLAIMED))
    placed = await _learn(tx, account, mentions, "signed in", "Signed In", identity.name, ATTESTED)
    by_kind = dict(zip((m.kind for m in mentions[1:]), placed.other_address_ids, strict=True))
    person_id = placed.address_id
    await _note(tx, account, chat_id, by_kind[KIND], by_kind.get("email"), person_id=person_id, language=language)
    return Token(account.id, chat_id, person_id)


async def give_mail(tx: Tx, account: Account, token: Token, email: str, name: str = "", language: str = "") -> bool:
    """Keep what somebody typed as where answers shall go when they are gone; it proves nothing. False if it is none."""
    spelled = _email(email)
    if not spelled:
        return False
    there = await store.chat(tx, token.chat_id)
    known = await customers.find_address(tx, "email", spelled)
    if there and there.mail_id is not None and there.mail_id == known:
        return True
    mentions = [Mention(KIND, token.chat_id.hex, OBSERVED), Mention("email", spelled, CLAIMED)]
    placed = await _learn(tx, account, mentions, "typed in chat", "Address Given", name, CLAIMED)
    (mail_id,) = placed.other_address_ids
    await _note(tx, account, token.chat_id, placed.address_id, mail_id, language=language)
    return True


async def prove_mail(tx: Tx, account: Account, token: Token, pass_id: UUID) -> None:
    """Know that whoever chats here reads the mailbox a link was mailed to.

    Raises:
        PassOver: the link is no longer good.
    """
    mailed = await passed(tx, pass_id)
    there = await store.chat(tx, token.chat_id)
    if there and there.mail_proven and there.mail_id == mailed.address_id:
        return
    address = await store.address(tx, mailed.address_id)
    if address is None:
        raise PassOver
    mentions = [Mention(KIND, token.chat_id.hex, OBSERVED), Mention(address.kind, address.value, ATTESTED)]
    placed = await _learn(tx, account, mentions, "opened a mailed link", "Mailed Link Opened", "", ATTESTED)
    await _note(tx, account, token.chat_id, placed.address_id, mailed.address_id, mail_proven=True)


async def erase(tx: Tx, customer_id: UUID) -> None:
    """Forget the chats of a customer and the links mailed to them; before their addresses are forgotten."""
    await store.forget(tx, await store.addresses_of(tx, customer_id))


async def keep_chat(tx: Tx, account: Account, token: Token, *, page: str, language: str) -> None:
    """Note where a chat goes on, once something was said in it."""
    person_id = None if token.person_id == NOBODY else token.person_id
    await store.keep_chat(
        tx, id=token.chat_id, account_id=account.id, kind=KIND, value=token.chat_id.hex, person_id=person_id,
        language=language[:20], page=page[:500], before=tx.now - LOOKED_EVERY,
    )  # fmt: skip


async def answered_by_mail(tx: Tx, message_id: UUID) -> None:
    """Show a mail in the chat it answers: one that came to the address we signed, from where an answer was sent on.

    Whoever wrote it had that answer before them and wrote to this talk. It proves no more: what else came from there,
    and what we say there, stays unseen until its mailbox is proven.
    """
    await store.add_reply(tx, message_id)


async def look(tx: Tx, token: Token) -> None:
    """Note that a widget asked: its answers need not go by mail."""
    await store.look(tx, token.chat_id, tx.now - LOOKED_EVERY)


async def _note(tx: Tx, account: Account, id: UUID, address_id: UUID, mail_id: UUID | None, **more: Any) -> None:
    """Keep a chat with what is newly known of it."""
    known = {"mail_proven": False, "person_id": None, "language": "", "page": ""} | more
    known |= {"language": known["language"][:20], "page": known["page"][:500]}
    await store.note_chat(tx, id=id, account_id=account.id, address_id=address_id, mail_id=mail_id, **known)


async def _learn(
    tx: Tx, account: Account, mentions: list[Mention], rule: str, told: str, name: str, proven: int
) -> customers.Placed:
    """Say who is who by what the chat was told, and put it on the thread."""
    id = new_id()
    said = {"name": name.strip()[:200]} if name.strip() else {}
    (placed,) = await customers.place(
        tx, [Evidence(id, account.source_id, tx.now, tuple(mentions), rule, said, proven)]
    )
    event = NewEvent(
        id=id, source_id=account.source_id, channel=account.channel, kind="identify", name=told,
        address_id=placed.address_id, other_address_ids=tuple(placed.other_address_ids), customer_id=placed.customer_id,
        occurred_at=tx.now, received_at=tx.now, original_at=None, sent_at=None, message_id=None,
        body=_encode({"traits": said}),
    )  # fmt: skip
    await events.append(tx, [event])
    return placed


def _email(text: str) -> str:
    try:
        return addresses.normalise("email", text) if text.strip() else ""
    except Invalid:
        return ""
