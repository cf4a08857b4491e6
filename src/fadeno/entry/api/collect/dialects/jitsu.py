"""What Jitsu's clients send: one event a request, Segment's shape, the kind in the path too.

Source: @jitsu/js 1.11.0 as it was seen to send (`/api/s/{type}` from browsers, `/api/s/s2s/{type}` from servers, the
key as `id:secret` in X-Write-Key), 2026-11-23.
"""

from datetime import datetime
from typing import Any

from fadeno.entry.api.collect.dialects.frame import Told, decoded, encoded, objects, text
from fadeno.intake import Unreadable

_KINDS = {"track", "identify", "page", "screen", "group", "alias"}


def read_jitsu(body: bytes, path: str, now: datetime) -> Told:
    """One event. A kind Segment does not know is something that happened, and its name."""
    event = decoded(body)
    if not isinstance(event, dict):
        raise Unreadable("One event is one JSON object.")
    kind = path.rpartition("/")[2]
    if kind == "event" or kind not in _KINDS:
        kind = text(event.get("type")) or kind
    key = (text(event.pop("writeKey", None)) or "").partition(":")[0]
    return Told([encoded(_event(event, kind))], {}, key or None)


def _event(event: dict[str, Any], kind: str) -> dict[str, Any]:
    if kind not in _KINDS:
        return {"event": kind} | event | {"type": "track"}
    if kind in ("page", "screen") and not event.get("name"):
        event["name"] = objects(event.get("properties")).get("name")
    return event | {"type": kind}
