"""What Snowplow's trackers send, as Segment's events.

A tracker knows no key; its application id (`aid`) is the write key, if no header has one. Self-describing contexts come
to stand under `context.snowplow` by the name of their schema, so that a source's mapping can point into them.

Source: Snowplow tracker protocol, https://docs.snowplow.io/docs/events/going-deeper/event-parameters/, and
snowplow-tracker 1.1.0 as it was seen to send; read 2026-11-23.
"""

import base64
import binascii
from datetime import UTC, datetime
from typing import Any

from fadeno.entry.api.collect.dialects.frame import Told, decoded, encoded, gathered, objects, said, text
from fadeno.intake import Unreadable

_CHANNELS = {"web": "web", "mob": "app", "app": "app"}
_NAMES = {"pp": "page_ping", "tr": "transaction", "ti": "transaction_item", "ad": "ad_impression"}
_KNOWN = {
    "e", "eid", "dtm", "stm", "ttm", "uid", "duid", "nuid", "tnuid", "aid", "p", "tv", "tna", "url", "page", "refr",
    "ua", "ip", "lang", "tz", "cx", "co", "ue_px", "ue_pr", "se_ca", "se_ac", "se_la", "se_pr", "se_va",
}  # fmt: skip


def read_snowplow(body: bytes, path: str, now: datetime) -> Told:
    """The events of `{"schema", "data": [...]}`, or of one event's own fields."""
    payload = gathered(body, "data")
    if not isinstance(payload, dict):
        raise Unreadable('Send {"schema": "…", "data": [{"e": "pv", …}]}.')
    found = payload.get("data", [payload])
    if not isinstance(found, list):
        raise Unreadable("`data` is an array of events.")
    first: dict[str, Any] = next((one for one in found if isinstance(one, dict)), {})
    return Told([encoded(_event(one) if isinstance(one, dict) else one) for one in found], {}, text(first.get("aid")))


def _event(event: dict[str, Any]) -> dict[str, Any]:
    contexts = _contexts(event)
    session = objects(contexts.get("client_session"))
    common = said(
        messageId=text(event.get("eid")),
        userId=event.get("uid"),
        anonymousId=event.get("duid") or event.get("tnuid") or event.get("nuid") or session.get("userId"),
        originalTimestamp=_iso(event.get("ttm") or event.get("dtm")),
        sentAt=None if event.get("ttm") else _iso(event.get("stm")),
        channel=_CHANNELS.get(text(event.get("p")) or ""),
        context=_context(event, contexts),
    )
    own = {name: value for name, value in event.items() if name not in _KNOWN}
    match event.get("e"):
        case "pv":
            return common | {"type": "page", "name": event.get("page"), "properties": own}
        case "se":
            return common | {"type": "track", "event": event.get("se_ac"), "properties": own | _structured(event)}
        case "ue":
            return common | _self_describing(event, own)
    kind = text(event.get("e")) or ""
    return common | {"type": "track", "event": _NAMES.get(kind, kind), "properties": own}


def _structured(event: dict[str, Any]) -> dict[str, Any]:
    return said(
        category=event.get("se_ca"), label=event.get("se_la"), property=event.get("se_pr"), value=event.get("se_va")
    )


def _self_describing(event: dict[str, Any], own: dict[str, Any]) -> dict[str, Any]:
    inner = objects(objects(_packed(event, "ue_px", "ue_pr")).get("data"))
    name, data = _schema_name(inner), objects(inner.get("data"))
    if name == "screen_view":
        return {"type": "screen", "name": data.get("name"), "properties": own | data}
    return {"type": "track", "event": name, "properties": own | data}


def _contexts(event: dict[str, Any]) -> dict[str, Any]:
    """What stands beside the event, by the name of its schema; of several with one name the first."""
    found: dict[str, Any] = {}
    items = objects(_packed(event, "cx", "co")).get("data")
    for one in items if isinstance(items, list) else ():
        if name := _schema_name(objects(one)):
            found.setdefault(name, objects(one).get("data"))
    return found


def _schema_name(described: dict[str, Any]) -> str | None:
    """`order_completed` of `iglu:com.example/order_completed/jsonschema/1-0-0`."""
    parts = (text(described.get("schema")) or "").split("/")
    return parts[1] if len(parts) > 1 else None


def _packed(event: dict[str, Any], zipped: str, plain: str) -> Any:
    """JSON inside a field: base64, or as text. None where it is neither."""
    if packed := text(event.get(zipped)):
        try:
            inner = base64.urlsafe_b64decode(packed.replace("+", "-").replace("/", "_") + "=" * (-len(packed) % 4))
        except (ValueError, binascii.Error):
            return None
    else:
        inner = (text(event.get(plain)) or "").encode("utf-8", "replace")
    try:
        return decoded(inner)
    except Unreadable:
        return None


def _context(event: dict[str, Any], contexts: dict[str, Any]) -> dict[str, Any]:
    return said(
        library=said(name="snowplow", version=event.get("tv")),
        page=said(url=event.get("url"), title=event.get("page"), referrer=event.get("refr")),
        userAgent=event.get("ua"),
        ip=event.get("ip"),
        locale=event.get("lang"),
        timezone=event.get("tz"),
        snowplow=contexts,
    )


def _iso(milliseconds: Any) -> Any:
    """Milliseconds since 1970, which trackers send as text; what is none of that is left for intake to judge."""
    try:
        return datetime.fromtimestamp(int(milliseconds) / 1000, UTC).isoformat()
    except (ValueError, TypeError, OverflowError, OSError):
        return milliseconds
