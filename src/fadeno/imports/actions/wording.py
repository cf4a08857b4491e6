"""What a row says, as evidence and as an event; for who reads the file, also in the database's own words."""

from datetime import datetime
from uuid import UUID

import msgspec

from fadeno import customers, events, intake
from fadeno.customers import Evidence, Placed
from fadeno.events import NewEvent
from fadeno.imports.model import Import, Item, Ready, Saying
from fadeno.kit import ids

_encode = msgspec.json.Encoder().encode
_packed = msgspec.msgpack.Encoder().encode


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


def made_ready(made: Import, item: Item, now: datetime) -> Item:
    """A row of a list of customers with all that is to be written if it is of somebody new; other rows as they are."""
    if made.target != "customers" or not isinstance(item.said, Saying):
        return item
    saying, event_id = item.said, ids.new_id()
    introduction = customers.introduce(evidence(made, saying, event_id), now)
    if introduction is None:
        return item
    first, *others = introduction.ids
    happened = event(made, item, saying, event_id, Placed(first, others, first), now)
    is_late = now - saying.occurred_at > intake.LATE
    ready = Ready(_packed(saying), introduction, event_id, events.prepare([happened]).lines, is_late)
    return item._replace(said=ready)
