"""Parcels for tests."""

import json
from typing import Any

from fadeno.intake import Bad, Parcel, read_event
from fadeno.kit import clock, ids
from fadeno.sources import Source


def parcel(source: Source, *events: dict[str, Any] | bytes, envelope: dict[str, Any] | None = None) -> Parcel:
    """What the door makes of one request with these events."""
    now = clock.now()
    raws = [e if isinstance(e, bytes) else json.dumps(e).encode() for e in events]
    made = Parcel(ids.new_id(), source.id, now, b'{"batch":[' + b",".join(raws) + b"]}")
    for raw in raws:
        read = read_event(raw, envelope or {}, source, now)
        (made.bad if isinstance(read, Bad) else made.letters).append(read)
    return made


def track(name: str, user: str, message_id: str | None = None, **more: Any) -> dict[str, Any]:
    """One track call."""
    return {"type": "track", "event": name, "userId": user, "messageId": message_id or str(ids.new_id()), **more}
