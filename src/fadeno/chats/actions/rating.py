"""One question once a case is solved: how content the customer was. Kept on their thread."""

from uuid import UUID

import msgspec

from fadeno import events
from fadeno.chats import store
from fadeno.chats.model import NotYours, Viewer
from fadeno.db import Tx
from fadeno.events import OURSELVES, NewEvent
from fadeno.kit.errors import Invalid
from fadeno.kit.ids import new_id

_encode = msgspec.json.Encoder().encode


async def rate(tx: Tx, viewer: Viewer, case_id: UUID, stars: int, channel: str) -> None:
    """Keep how content a customer was with a case of theirs, 1 to 5; said again, the last word counts.

    Raises:
        Invalid: it is no such number.
        NotYours: they see nothing of that case.
    """
    if not 1 <= stars <= 5:
        raise Invalid("Rate it from 1 to 5.", field="stars", word="bad_choice")
    case = await store.rateable(tx, case_id, viewer.address_ids)
    if case is None:
        raise NotYours
    await store.rate(tx, case_id, case.address_id, stars)
    about = {"case": case_id, "case_id": str(case.number), "rating": stars}
    event = NewEvent(
        id=new_id(), source_id=OURSELVES, channel=channel, kind="rating", name="Case Rated",
        address_id=case.address_id, other_address_ids=(), customer_id=case.customer_id, occurred_at=tx.now,
        received_at=tx.now, original_at=None, sent_at=None, message_id=None, body=_encode({"properties": about}),
    )  # fmt: skip
    await events.append(tx, [event])
