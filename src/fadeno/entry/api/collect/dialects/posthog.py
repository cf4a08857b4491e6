"""What PostHog's clients send, as Segment's events.

`$set` in an event becomes traits. What the client says of the browser goes to `context`, so that `properties` holds
what the shop itself sent. Who a `distinct_id` is depends: browsers say whether they are identified, servers send
personless events under a UUID made for the occasion.

Source: posthog 7.91.1, posthog-node 5.70.0 and posthog-js 1.449.2 as they were seen to send; capture API,
https://posthog.com/docs/api/capture, read 2026-11-23.
"""

import base64
import binascii
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import parse_qs

from fadeno.entry.api.collect.dialects.frame import Told, decoded, encoded, gathered, is_uuid, objects, said, text
from fadeno.intake import Unreadable

_APPS = {"posthog-ios", "posthog-android", "posthog-react-native", "posthog-flutter"}
_IDENTIFYING = {"$identify", "$set"}
_TAKEN = {
    "$set", "$set_once", "$current_url", "$pathname", "$referrer", "$raw_user_agent", "$ip", "$timezone", "$lib",
    "$lib_version", "$browser_language", "$group_type", "$group_key", "$group_set", "$screen_name", "$anon_distinct_id",
}  # fmt: skip
_NAMED = {"$pageview": "page", "$screen": "screen", "$create_alias": "alias", "$groupidentify": "group"}


def read_posthog(body: bytes, path: str, now: datetime) -> Told:
    """The events of `{"api_key", "batch": [...]}`, of a bare array, or the one event; also as a form with `data=`."""
    said_all = gathered(_of_form(body) if body.startswith(b"data=") else body, "batch", bare=True)
    if isinstance(said_all, list):
        said_all = {"batch": said_all}
    if not isinstance(said_all, dict):
        raise Unreadable("Send one event, or an array of events as `batch`.")
    batch = said_all.get("batch", [said_all])
    if not isinstance(batch, list):
        raise Unreadable("`batch` is an array of events.")
    sent_at = said_all.get("sent_at")
    events = [encoded(_event(one, sent_at, now) if isinstance(one, dict) else one) for one in batch]
    return Told(events, {"sentAt": sent_at} if sent_at else {}, _key(said_all, batch))


def posthog_key(body: bytes) -> str | None:
    """The project's key in a question that is no event, such as for flags."""
    try:
        return _key(objects(decoded(_of_form(body) if body.startswith(b"data=") else body)), [])
    except Unreadable:
        return None


def _key(said_all: dict[str, Any], batch: list[Any]) -> str | None:
    """The key: beside the batch, or in its first event that can be read."""
    first: dict[str, Any] = next((one for one in batch if isinstance(one, dict)), {})
    places = (said_all.get("api_key"), said_all.get("token"), first.get("api_key"), first.get("token"))
    return next(filter(None, map(text, (*places, objects(first.get("properties")).get("token")))), None)


def _of_form(body: bytes) -> bytes:
    """The JSON in a form that a browser sends while its page goes away."""
    try:
        fields = parse_qs(body.decode("ascii"), max_num_fields=10)
        return base64.b64decode(fields["data"][0], validate=True)
    except (ValueError, KeyError, binascii.Error):
        raise Unreadable("The form's `data` is not base64.") from None


def _event(event: dict[str, Any], sent_at: Any, now: datetime) -> dict[str, Any]:
    properties = objects(event.get("properties"))
    name = event.get("event")
    name = name if isinstance(name, str) else None
    kind = "identify" if name in _IDENTIFYING else _NAMED.get(name or "", "track")
    own = {k: v for k, v in properties.items() if not k.startswith("$") and k not in ("token", "distinct_id")}
    traits = _traits(event, properties)
    common = said(
        type=kind,
        messageId=text(event.get("uuid")),
        context=_context(properties, own, traits if kind != "identify" else {}),
        channel=_channel(properties),
        **_when(event, sent_at, now),
    )
    distinct_id = event.get("distinct_id", properties.get("distinct_id", event.get("$distinct_id")))
    match kind:
        case "identify":
            who = said(userId=distinct_id, anonymousId=properties.get("$anon_distinct_id"))
            return common | who | {"traits": traits}
        case "alias":
            return common | _alias(distinct_id, own.get("alias"))
        case "group":
            return common | _group(distinct_id, properties)
    who = {"anonymousId" if _anonymous(distinct_id, properties) else "userId": distinct_id}
    if kind == "track":
        return common | who | {"event": name, "properties": own}
    shown = properties.get("$screen_name") if kind == "screen" else own.get("title")
    return common | who | {"name": shown, "properties": own}


def _traits(event: dict[str, Any], properties: dict[str, Any]) -> dict[str, Any]:
    """What it says of the person; what PostHog itself measured (`$initial_…`) is nothing they said."""
    found: dict[str, Any] = {}
    for place in ("$set_once", "$set"):
        found |= objects(properties.get(place)) | objects(event.get(place))
    return {k: v for k, v in found.items() if v is not None and not k.startswith("$")}


def _context(properties: dict[str, Any], own: dict[str, Any], traits: dict[str, Any]) -> dict[str, Any]:
    referrer = properties.get("$referrer")
    page = said(
        url=properties.get("$current_url"),
        path=properties.get("$pathname"),
        referrer=None if referrer == "$direct" else referrer,
        title=own.get("title"),
    )
    rest = {k: v for k, v in properties.items() if k.startswith("$") and k not in _TAKEN}
    return said(
        library=said(name=properties.get("$lib"), version=properties.get("$lib_version")),
        page=page if properties.get("$lib") == "web" or "url" in page else None,
        userAgent=properties.get("$raw_user_agent"),
        ip=properties.get("$ip"),
        timezone=properties.get("$timezone"),
        locale=properties.get("$browser_language"),
        traits=traits,
        posthog=rest,
    )


def _channel(properties: dict[str, Any]) -> str | None:
    library = properties.get("$lib")
    if library == "web":
        return "web"
    return "app" if isinstance(library, str) and library in _APPS else None


def _when(event: dict[str, Any], sent_at: Any, now: datetime) -> dict[str, Any]:
    """Its time, or how many milliseconds before sending it happened."""
    offset = event.get("offset")
    if event.get("timestamp") or isinstance(offset, bool) or not isinstance(offset, int | float):
        return {"timestamp": event.get("timestamp")}
    try:
        sent = datetime.fromisoformat(sent_at) if isinstance(sent_at, str) else now
        return {"timestamp": (sent - timedelta(milliseconds=offset)).isoformat(), "sentAt": sent.isoformat()}
    except (ValueError, OverflowError):
        return {}


def _anonymous(distinct_id: Any, properties: dict[str, Any]) -> bool:
    if properties.get("$is_identified") is False or distinct_id == properties.get("$device_id", ""):
        return True
    return properties.get("$process_person_profile") is False and is_uuid(distinct_id)


def _alias(one: Any, other: Any) -> dict[str, Any]:
    """Two ids of one person; clients differ in which they call the alias, so the made-up one is the earlier."""
    if is_uuid(one) and not is_uuid(other):
        one, other = other, one
    return {"userId": one, "previousId": other}


def _group(distinct_id: Any, properties: dict[str, Any]) -> dict[str, Any]:
    """A group and its traits. Under an id made up for the group it is about nobody, and waits in quarantine."""
    kind, key = properties.get("$group_type"), properties.get("$group_key")
    nobody = is_uuid(distinct_id) or distinct_id == f"${kind}_{key}"
    who = {} if nobody else {"userId": distinct_id}
    return who | {"groupId": key, "traits": objects(properties.get("$group_set")), "properties": {"group_type": kind}}
