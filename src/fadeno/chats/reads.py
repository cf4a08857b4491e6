"""Questions about chats: who looks, and what they see."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from fadeno import customers
from fadeno.chats import store
from fadeno.chats.model import NOBODY, Chat, Said, Token, Viewer
from fadeno.db import Tx

MOST = 100
ASKED_FOR = timedelta(days=7)
_LAST = 2**62
_OBSERVED, _ATTESTED = 2, 3


async def viewer(tx: Tx, token: Token) -> Viewer:
    """Who looks with a token, and what they have proven.

    A browser has proven its own chat. Who signed in, or opened a link mailed to them, has proven that address too, and
    so what is attested to be of the same person, and the chats whose customer gave it. What was merely typed in a chat
    shows nothing of the address that was typed.
    """
    chat = await store.chat(tx, token.chat_id)
    if chat is None:
        return Viewer((), None, _OBSERVED)
    proven = [chat.address_id]
    if token.person_id != NOBODY:
        proven.append(token.person_id)
    if chat.mail_proven and chat.mail_id:
        proven.append(chat.mail_id)
    level = _ATTESTED if len(proven) > 1 else _OBSERVED
    return Viewer(tuple(await store.sees(tx, proven)), chat.address_id, level)


async def viewer_of_mail(tx: Tx, pass_id: UUID, address_id: UUID) -> Viewer:
    """Who looks with a mailed link: they have proven the address it was mailed to, and what they wrote from it here."""
    own = await store.chat(tx, pass_id)
    proven = [address_id, own.address_id] if own else [address_id]
    return Viewer(tuple(await store.sees(tx, proven)), proven[-1], _ATTESTED)


async def chat(tx: Tx, id: UUID) -> Chat | None:
    """What is known of a chat; None where nothing was said in it yet."""
    return await store.chat(tx, id)


async def last_said(
    tx: Tx, viewer: Viewer, *, before: int | None = None, limit: int = 40
) -> tuple[list[Said], int | None]:
    """The last that was said to and by a viewer, the latest first, and the position before which more is."""
    if not viewer.address_ids:
        return [], None
    limit = max(1, min(limit, MOST))
    found = await store.last_said(tx, viewer.address_ids, before or _LAST, limit + 1)
    return found[:limit], found[limit - 1].position if len(found) > limit else None


async def next_said_at(tx: Tx, viewer: Viewer) -> datetime | None:
    """When the next answer is seen that can still be held back; None where there is none."""
    return await store.next_said_at(tx, viewer.address_ids) if viewer.address_ids else None


async def customer_of(tx: Tx, viewer: Viewer) -> UUID | None:
    """Whose thread a viewer's words stand on now."""
    if viewer.subject_id is None:
        return None
    return (await customers.owners(tx, [viewer.subject_id])).get(viewer.subject_id)


async def waiting(tx: Tx, viewer: Viewer, ids: list[UUID]) -> list[UUID]:
    """Which of these are answers to this viewer that are not known to be read."""
    return await store.waiting(tx, viewer.address_ids, ids) if ids and viewer.address_ids else []


async def to_rate(tx: Tx, said: list[Said]) -> UUID | None:
    """The case of the last of these, latest first, if its customer can be asked how content they were."""
    return await store.to_rate(tx, said[0].case_id, tx.now - ASKED_FOR) if said else None


async def were_sent_on(tx: Tx, message_ids: Sequence[UUID]) -> set[UUID]:
    """Which of these answers nobody read in a chat and were sent on by mail."""
    return await store.were_sent_on(tx, message_ids)


async def export(tx: Tx, customer_id: UUID) -> dict[str, Any]:
    """What is kept of a customer's chats, ready for JSON; what was said stands with their cases."""
    return {"chats": [row._asdict() for row in await store.chats_of(tx, customer_id)]}


async def chats_in(tx: Tx, case_id: UUID) -> list[UUID]:
    """The chats that are written from in a case."""
    return await store.chats_in(tx, case_id)
