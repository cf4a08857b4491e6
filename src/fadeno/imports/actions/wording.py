"""What a row says, as evidence and as an event; for who reads the file, also in the database's own words."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from fadeno import customers, events, intake
from fadeno.commerce import Order
from fadeno.customers import Evidence, Placed
from fadeno.events import NewEvent
from fadeno.imports.model import Import, Item, Packed, Ready, Saying
from fadeno.kit import ids

CHANGED_ORDER = "Order Updated"
MOST_CHANGES = 100
_encode = msgspec.json.Encoder().encode
_packed = msgspec.msgpack.Encoder().encode


class Change(msgspec.Struct, frozen=True, omit_defaults=True):
    """What is otherwise now.

    Attributes:
        what: a field. was, now: what stood there and what stands there, as texts; empty = nothing.
        of: the line of an order, as it is called.
    """

    what: str
    was: str
    now: str
    of: str = ""


def evidence(made: Import, saying: Saying, event_id: UUID) -> Evidence:
    """What a row says about who is who."""
    return Evidence(
        event_id=event_id,
        source_id=made.source_id,
        occurred_at=saying.occurred_at,
        mentions=saying.mentions,
        rule=saying.rule,
        traits=saying.traits,
        traits_proven=saying.proven,
        consents=saying.consents,
    )


def event(
    made: Import, item: Item, saying: Saying, event_id: UUID, place: Placed, now: datetime, name: str | None = None
) -> NewEvent:
    """What happened by a row, under another name if one is given."""
    return NewEvent(
        id=event_id,
        source_id=made.source_id,
        channel=saying.channel,
        kind=saying.kind,
        name=name or saying.name,
        address_id=place.address_id,
        other_address_ids=tuple(place.other_address_ids),
        customer_id=place.customer_id,
        occurred_at=saying.occurred_at,
        received_at=now,
        original_at=None,
        sent_at=None,
        message_id=None,
        body=_encode({**saying.body, "import": made.id, "row": item.number}),
    )


def order_changed(made: Import, order: Order, item: Item, changes: Sequence[Change], now: datetime) -> NewEvent | None:
    """What a row changed of an order, for its customer's thread; None where the order is of nobody."""
    if order.address_id is None or order.customer_id is None:
        return None
    told = [change for change in changes if change.was != change.now][:MOST_CHANGES]
    properties = {"order_id": order.number, "changes": told}
    return NewEvent(
        id=ids.new_id(),
        source_id=made.source_id,
        channel="sheet",
        kind="track",
        name=CHANGED_ORDER,
        address_id=order.address_id,
        other_address_ids=(),
        customer_id=order.customer_id,
        occurred_at=made.made_at,
        received_at=now,
        original_at=None,
        sent_at=None,
        message_id=None,
        body=_encode({"properties": properties, "import": made.id, "row": item.number}),
    )


def packed(made: Import, item: Item, now: datetime, *, introducing: bool) -> Item:
    """A row that says something of somebody packed for its way, other rows as they are.

    Args:
        introducing: rows of a list of customers with all that is to be written if they are of somebody new.
    """
    if not isinstance(item.said, Saying):
        return item
    ready = _ready(made, item, item.said, now) if introducing and made.target == "customers" else None
    return item._replace(said=Packed(_packed(item.said), ready))


def _ready(made: Import, item: Item, saying: Saying, now: datetime) -> Ready | None:
    event_id = ids.new_id()
    introduction = customers.introduce(evidence(made, saying, event_id), now)
    if introduction is None:
        return None
    first, *others = introduction.ids
    happened = event(made, item, saying, event_id, Placed(first, others, first), now)
    return Ready(introduction, event_id, events.prepare([happened]).lines, now - saying.occurred_at > intake.LATE)
