"""Chat messages in over HTTP: each a parcel, an event on the thread and a message in a case when it is answered."""

import os
from pathlib import Path
from uuid import UUID

import msgspec
import psycopg

from benchmarks import intake
from benchmarks.figure import Figure
from benchmarks.served import Served, serving
from fadeno import access, chats, settings, switchboard
from fadeno.chats import Token
from fadeno.db import Database
from fadeno.kit.ids import new_id
from fadeno.kit.seal import Seal

CHATS = 600
EACH = 10  # messages of a chat; fewer than a flood
CONNECTIONS = 32
GOAL_PER_S = 300
SITE = "https://shop.example"
_COUNTS = """
SELECT count(*), count(DISTINCT m.provider_id), count(DISTINCT m.case_id),
       (SELECT count(*) FROM switchboard.parcel WHERE state = 'read')
FROM conversations.message m WHERE m.account_id = %s
"""


async def run(folder: Path) -> list[Figure]:
    """Messages of many chats, as fast as they are taken, and every one of them a second time."""
    os.environ["FADENO_BEHIND_PROXY"] = "yes"  # each chat comes from a network of its own
    try:
        async with serving(folder / "chat") as served:
            account_id = await _account(served, folder / "chat")
            requests = _messages(account_id, chats.key_of(settings.load({}, data_dir=folder / "chat").secret_key))
            result = await intake.fire(served, CONNECTIONS, requests)
            again = await intake.fire(served, CONNECTIONS, requests[: len(requests) // 4])
            async with await psycopg.AsyncConnection.connect(served.url) as connection:
                counts = await (await connection.execute(_COUNTS, (account_id,))).fetchone()
    finally:
        del os.environ["FADENO_BEHIND_PROXY"]
    sent = len(requests)
    assert counts == (sent, sent, CHATS, sent), f"{sent} sent; messages, ids, cases, parcels: {counts}"
    rate = sent / result["seconds"]
    what = f"chat messages in, each in its case when it is answered: {sent:,} of {CHATS} chats, {CONNECTIONS} at a time"
    note = f"none lost, none doubled though a quarter came twice ({sent // 4 / again['seconds']:,.0f}/s); "
    return [
        Figure(
            what,
            f"{rate:,.0f}/s",
            f"{GOAL_PER_S}/s without loss",
            rate >= GOAL_PER_S,
            note + intake.each([result], sent),
        )
    ]


async def _account(served: Served, folder: Path) -> UUID:
    base = Database(served.url, size=2)
    await base.open()
    vault = Seal(settings.load({}, data_dir=folder).secret_key)
    async with base.transaction() as tx:
        made = await switchboard.add(
            tx, access.SYSTEM, vault, channel="webchat", name="Chat", credentials={"sites": SITE}
        )
    await base.close()
    return made.id


def _messages(account_id: UUID, key: bytes) -> list[bytes]:
    tokens = [chats.token_of(key, Token(account_id, new_id())) for _ in range(CHATS)]
    return [_message(account_id, token, n, at) for at in range(EACH) for n, token in enumerate(tokens)]


def _message(account_id: UUID, token: str, number: int, at: int) -> bytes:
    said = {"id": str(new_id()), "text": f"When will my lamp arrive? I ask for the {at + 1}. time.", "language": "en"}
    body = msgspec.json.encode(said)
    head = (
        f"POST /chat/{account_id}/messages HTTP/1.1\r\nhost: fadeno\r\norigin: {SITE}\r\n"
        f"authorization: Bearer {token}\r\nx-forwarded-for: 10.0.{number // 250}.{number % 250}\r\n"
        f"content-type: application/json\r\ncontent-length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body
