"""Putting it on the customer's thread, and with that on the live stream, when something happened to a case."""

from typing import Any
from uuid import UUID

import msgspec

from fadeno import events
from fadeno.conversations.model import Case
from fadeno.db import Tx
from fadeno.events import OURSELVES, NewEvent
from fadeno.kit.ids import new_id

_encode = msgspec.json.Encoder().encode


async def tell(tx: Tx, case: Case, name: str, **properties: Any) -> None:
    """Write one event of kind `case` on the thread: its name, the case, and what else there is to say."""
    if case.customer_id is None:
        return
    about = {"case": case.id, "case_id": str(case.number), **properties}
    await events.append_own(tx, [_event(tx, new_id(), case, "case", name, "house", case.address_id, about)])


async def tell_sent(tx: Tx, case: Case, id_: UUID, channel: str, address_id: UUID, **properties: Any) -> None:
    """Write a message of ours on the thread."""
    if case.customer_id is None:
        return
    about = {"message": id_, "case": case.id, "direction": "out", "case_id": str(case.number), **properties}
    await events.append_own(tx, [_event(tx, id_, case, "message", "Message Sent", channel, address_id, about)])


async def tell_rated(tx: Tx, case: Case, stars: int, words: str, channel: str) -> None:
    """Write on the thread how content the customer said they were."""
    if case.customer_id is None:
        return
    about = {"case": case.id, "case_id": str(case.number), "rating": stars} | ({"text": words} if words else {})
    await events.append_own(tx, [_event(tx, new_id(), case, "rating", "Case Rated", channel, case.address_id, about)])


def _event(
    tx: Tx, id_: UUID, case: Case, kind: str, name: str, channel: str, address_id: UUID, properties: dict[str, Any]
) -> NewEvent:
    return NewEvent(
        id=id_,
        source_id=OURSELVES,
        channel=channel,
        kind=kind,
        name=name,
        address_id=address_id,
        other_address_ids=(),
        customer_id=case.customer_id,
        occurred_at=tx.now,
        received_at=tx.now,
        original_at=None,
        sent_at=None,
        message_id=None,
        body=_encode({"properties": properties}),
    )
