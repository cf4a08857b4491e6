"""What leaves by a channel: an answer as its channel's draft, and what became of it."""

import hashlib
import hmac
from functools import partial
from uuid import UUID

import httpx

from fadeno import channels, chats, conversations, files, jobs, promises, switchboard
from fadeno.app.joining import App
from fadeno.channels import Draft, Party
from fadeno.conversations import Outgoing
from fadeno.db import Tx
from fadeno.switchboard import Account, Carried, Went

RATING = "rating"  # what a signed id of a message that asks for a rating is signed as
RATE_LINK = "/rate/…"  # stands in such a message; the signed address is made as it leaves, so that no member has it
_LONGEST_LOCAL_CHARS = 64  # of an e-mail address before the @. Source: RFC 5321 section 4.5.3.1.1, 2026-11-24


def carrying(app: App, http: httpx.AsyncClient) -> jobs.Delivery:
    """How answers leave."""
    allow_private = app.settings.allow_private
    wires = {
        "smtp": switchboard.smtp(allow_private=allow_private),
        "http": switchboard.http(http, allow_private=allow_private),
    }
    compose, fared = partial(_composed, app), partial(_fared, app)
    return switchboard.carrying(app.vault, app.shelf, wires, compose, fared, app.tokens.signed)


def reply_key(secret_key: bytes) -> bytes:
    """The key reply addresses are signed with, from that of the installation."""
    return hmac.new(secret_key, b"fadeno reply addresses 1", hashlib.sha256).digest()


async def _composed(app: App, tx: Tx, account: Account, message_id: UUID) -> Carried | None:
    said = await conversations.outgoing(tx, message_id)
    if said is None:
        return None
    label = channels.adapter(account.channel).label
    draft = Draft(
        key=str(said.message_id),
        recipients=(Party(said.address[1]),),
        text=await chats.filled(tx, _rated(app, said), *said.address, partial(_own_view, app)),
        written_at=said.said_at,
        subject=_subject(said) if "subject" in label.writes else "",
        reply_to=_reply_address(app, account, said.case_id),
        reply_to_id=said.answers,
        thread_ids=said.references,
        automatic="replied" if said.is_automatic else "",
    )
    attached = (await files.attachments(tx, "conversations", [message_id])).get(message_id, [])
    return Carried(message_id, account.id, draft, attached)


def _own_view(app: App, pass_id: UUID) -> str:
    """Where a mailed link opens what its reader said to us and we to them."""
    token = chats.signed_id(chats.key_of(app.settings.secret_key), chats.MAILED, pass_id)
    return f"{public_address(app)}/my/{token}"


def public_address(app: App) -> str:
    """Where customers reach us, without a slash at its end."""
    settings = app.settings
    return (settings.public_url or f"http://{settings.host}:{settings.port}").rstrip("/")


def _rated(app: App, said: Outgoing) -> str:
    """The text as it leaves: where it asks how content they were, with the link that only its reader gets."""
    if not said.is_automatic or RATE_LINK not in said.text:
        return said.text
    token = chats.signed_id(chats.key_of(app.settings.secret_key), RATING, said.message_id)
    return said.text.replace(RATE_LINK, f"/rate/{token}")


def _subject(said: Outgoing) -> str:
    is_reply = said.subject.lower().startswith("re:") or not said.answers
    return said.subject if is_reply else f"Re: {said.subject}"


def _reply_address(app: App, account: Account, case_id: UUID) -> Party | None:
    """Where answers name the case by themselves; only where the account's server takes what stands after a plus."""
    if account.options.get("plus_addresses", "").lower() not in ("yes", "true", "1"):
        return None
    local, _, domain = account.address.rpartition("@")
    token = conversations.reply_token(reply_key(app.settings.secret_key), case_id, account.id)
    named = f"{local}+{token}"
    return Party(f"{named}@{domain}", account.name) if len(named) <= _LONGEST_LOCAL_CHARS else None


async def _fared(app: App, tx: Tx, message_id: UUID, went: Went) -> None:
    await conversations.fared(tx, message_id, went.state, words=went.words, provider_id=went.provider_id)
    said = await conversations.message(tx, message_id)
    if went.state in ("sent", "delivered") and said.author_kind == "member" and not said.is_automatic:
        merged = await conversations.came_into(tx, said.case_id)
        # It is kept once it left: before, it can be held back.
        await promises.answered(tx, said.case_id, said.said_at, also=merged)
    tx.after_commit(app.live.poke)
