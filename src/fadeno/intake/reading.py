"""What one raw event says: who, what, when, where. Pure.

Source: Segment spec (common fields, identify, track, page, screen, group, alias),
https://segment.com/docs/connections/spec/common/, and the clients' wire behaviour, read and run 2026-11-23.
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import blake2b
from typing import Any

import msgspec

from fadeno.customers import Evidence, Mention
from fadeno.intake import cleaning
from fadeno.intake.model import EVENT_LIMIT_BYTES, Bad, Letter
from fadeno.kit import addresses, ids
from fadeno.kit.errors import Invalid
from fadeno.sources import Source

KINDS = {"track", "identify", "page", "screen", "group", "alias"}
CHANNELS = {
    "web", "app", "server", "till", "counter", "phone", "email", "whatsapp", "telegram", "messenger", "instagram",
    "viber", "sms", "push", "chat", "letter", "fax",
}  # fmt: skip
LATE = timedelta(hours=1)
SKEWED = timedelta(minutes=5)
AHEAD = timedelta(hours=24)
EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)
MOST_TRAITS = 200
MESSAGE_ID_CHARS = 100
CLAIMED, OBSERVED, ATTESTED = 1, 2, 3

_KIND_WORD = re.compile(r"[^a-z0-9_:.-]+")
_UUID = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}", re.IGNORECASE)
_EXTERNAL = {
    "user_id": "user",
    "userid": "user",
    "anonymous_id": "cookie",
    "e-mail": "email",
    "phone_number": "phone",
}
_encode = msgspec.json.Encoder().encode


class _Refused(Exception):
    """Why an event can't be read: a reason code and a sentence."""

    def __init__(self, reason: str, detail: str) -> None:
        self.reason = reason
        self.detail = detail
        super().__init__(detail)


@dataclass(frozen=True, slots=True)
class _Times:
    occurred_at: datetime
    original_at: datetime | None
    sent_at: datetime | None
    is_late: bool
    is_skewed: bool


def message_key(source_id: int, message_id: str) -> str:
    """The digest by which an event is known again, as 32 hex digits."""
    return blake2b(f"{source_id}\0{message_id}".encode("utf-8", "replace"), digest_size=16).hexdigest()


def read_event(raw: bytes, envelope: dict[str, Any], source: Source, received_at: datetime) -> Letter | Bad:
    """Understand one event, or say why not. Never raises for what a stranger sent."""
    key = None
    try:
        if len(raw) > EVENT_LIMIT_BYTES:
            raise _Refused("too_large", f"{len(raw)} bytes; {EVENT_LIMIT_BYTES} is the most")
        event = _decoded(raw)
        message_id = _word(event.get("messageId"))
        key = message_key(source.id, message_id) if message_id else None
        return _letter(event, envelope, source, received_at, key or ids.new_id().hex, message_id, raw)
    except _Refused as refused:
        reason, detail = refused.reason, refused.detail
    key = key or message_key(source.id, blake2b(raw, digest_size=16).hexdigest())
    return Bad(key, source.id, received_at, reason, detail, raw, envelope)


def _decoded(raw: bytes) -> dict[str, Any]:
    try:
        event = cleaning.decode(raw)
        if cleaning.may_be_too_big(raw):
            cleaning.check_size(event)
    except cleaning.TooBig as error:
        raise _Refused("too_complex", str(error)) from None
    except (ValueError, UnicodeDecodeError) as error:
        raise _Refused("malformed_json", str(error)[:200]) from None
    if not isinstance(event, dict):
        raise _Refused("not_an_object", "an event is a JSON object")
    return cleaning.masked(event) if cleaning.may_hold_secrets(raw) else event


def _letter(
    event: dict[str, Any],
    envelope: dict[str, Any],
    source: Source,
    received_at: datetime,
    key: str,
    message_id: str | None,
    raw: bytes,
) -> Letter:
    kind = envelope.get("type") or event.get("type")
    if not isinstance(kind, str) or kind not in KINDS:
        raise _Refused("unknown_type", f"type is one of {', '.join(sorted(KINDS))}")
    context = _context(event, envelope)
    if source.mapping:
        _apply(source.mapping, event)
    name = _word(event.get("event") if kind == "track" else event.get("name"))
    if kind == "track" and not name:
        raise _Refused("no_event_name", "a track call names its event")
    times = _times(event, envelope, received_at)
    traits = _traits(event, context, kind)
    mentions = _mentions(event, context, traits, kind, source)
    evidence = Evidence(
        event_id=ids.new_id(),
        source_id=source.id,
        occurred_at=times.occurred_at,
        mentions=mentions,
        rule=kind if kind in ("identify", "alias") else "same_event",
        traits=traits if kind == "identify" else {},
        traits_proven=OBSERVED if source.kind == "server" else CLAIMED,
        consents=_consents(context, times.occurred_at),
    )
    for word in ("writeKey", "messageId", "type", "sentAt", "_mapped"):
        event.pop(word, None)
    event.pop("event" if kind == "track" else "name", None)
    return Letter(
        key=key,
        kind=kind,
        name=name[:200] if name else None,
        channel=_channel(event, context, source),
        evidence=evidence,
        received_at=received_at,
        original_at=times.original_at,
        sent_at=times.sent_at,
        message_id=message_id[:MESSAGE_ID_CHARS] if message_id else None,
        body=_encode(event),
        is_late=times.is_late,
        is_skewed=times.is_skewed,
        raw=raw,
        envelope=envelope,
    )


def _context(event: dict[str, Any], envelope: dict[str, Any]) -> dict[str, Any]:
    for part in ("context", "integrations"):
        common, own = envelope.get(part), event.get(part)
        if isinstance(common, dict):
            event[part] = common | own if isinstance(own, dict) else common
    context = event.get("context")
    return context if isinstance(context, dict) else {}


def _word(value: Any) -> str | None:
    """An id or name as text; numbers are taken as they are written."""
    if isinstance(value, str):
        return value.strip() or None
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    return None


def _at_path(event: dict[str, Any], path: str) -> Any:
    value: Any = event
    for step in path.split("."):
        if not isinstance(value, dict):
            return None
        value = value.get(step)
    return value


def _apply(mapping: dict[str, str], event: dict[str, Any]) -> None:
    """Put what the source's mapping points at where the reading expects it."""
    found: dict[str, str] = {}
    for path, target in mapping.items():
        value = _word(_at_path(event, path))
        if value is None:
            continue
        if target in ("userId", "anonymousId", "event", "channel"):
            event.setdefault(target, value)
            event[target] = event[target] or value
        else:
            found[target] = value
    event["_mapped"] = found


# When ------------------------------------------------------------------------------------------------------------


def _time(value: Any) -> datetime | None:
    """A time of the wire: ISO text or epoch seconds or milliseconds; None where it says nothing.

    Raises:
        _Refused: it is there and is no time.
    """
    if value is None or value == "":
        return None
    try:
        if isinstance(value, str):
            moment = datetime.fromisoformat(value)
            return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        if isinstance(value, int | float) and not isinstance(value, bool):
            return datetime.fromtimestamp(value / 1000 if value > 1e11 else value, UTC)
    except (ValueError, OverflowError, OSError):
        pass
    raise _Refused("absurd_time", f"{str(value)[:40]!r} is no time")


def _times(event: dict[str, Any], envelope: dict[str, Any], received_at: datetime) -> _Times:
    original = _time(event.get("originalTimestamp") or event.get("timestamp"))
    sent = _time(event.get("sentAt") or envelope.get("sentAt"))
    occurred = received_at
    try:
        if original and sent:
            occurred = received_at - (sent - original)
        elif original:
            occurred = original
        if not EARLIEST <= occurred <= received_at + AHEAD:
            raise _Refused("absurd_time", f"it would have happened at {occurred.isoformat()}")
    except OverflowError:
        raise _Refused("absurd_time", "its times lie outside every calendar") from None
    occurred = min(occurred, received_at)
    skewed = sent is not None and abs(received_at - sent) > SKEWED
    return _Times(occurred, original, sent, received_at - occurred > LATE, skewed)


# Who -------------------------------------------------------------------------------------------------------------


def _traits(event: dict[str, Any], context: dict[str, Any], kind: str) -> dict[str, Any]:
    """Traits from both places; `traits` itself wins over `context.traits`. A group's traits are not the person's."""
    own = event.get("traits") if kind != "group" else None
    common = context.get("traits")
    if isinstance(own, dict) and own:
        traits = common | own if isinstance(common, dict) and common else own
    elif isinstance(common, dict):
        traits = common
    else:
        return {}
    if len(traits) > MOST_TRAITS:
        raise _Refused("too_complex", f"{len(traits)} traits; {MOST_TRAITS} is the most")
    return traits


def _mentions(
    event: dict[str, Any], context: dict[str, Any], traits: dict[str, Any], kind: str, source: Source
) -> tuple[Mention, ...]:
    """Every address the event names, the strongest first."""
    trusted = source.kind == "server"
    said = OBSERVED if trusted else CLAIMED
    found: list[tuple[str, Any, int]] = [("user", event.get("userId"), ATTESTED if trusted else OBSERVED)]
    mapped = event.get("_mapped") or {}
    found.extend((k, v, said) for k, v in mapped.items())
    if kind == "alias":
        previous = _word(event.get("previousId"))
        # Clients alias from the anonymous id or from an older user id, and do not say which. A UUID is made up by a
        # client; any other may be either, and only who is known by it already has more to it than the name.
        if previous and not _UUID.fullmatch(previous):
            found.append(("user", previous, said))
        found.append(("cookie", previous, said))
    external = context.get("externalIds")
    if isinstance(external, list):
        found.extend(_external(external[:20], said))
    if traits:
        found.append(("email", traits.get("email"), said))
        found.append(("phone", traits.get("phone"), said))
    found.append(("cookie", event.get("anonymousId"), OBSERVED))
    device = context.get("device")
    if isinstance(device, dict):
        found.append(("device", device.get("id"), OBSERVED))
    mentions: list[Mention] = []
    for address_kind, value, proven in found:
        word = _word(value) if value is not None else None
        if word is None:
            continue
        mention = _mention(address_kind, word, proven, source.region)
        if mention is not None and mention not in mentions:
            mentions.append(mention)
    if not mentions:
        raise _Refused("no_id", "give userId or anonymousId (or another id this source's mapping names)")
    return tuple(mentions)


def _mention(kind: str, value: str, proven: int, region: str) -> Mention | None:
    try:
        return Mention(kind, addresses.normalise(kind, value, region), proven)
    except Invalid:
        # A mistyped phone number is no reason to lose the event; it stays in the body and names nobody.
        return None


def _external(external: list[Any], said: int) -> list[tuple[str, Any, int]]:
    found = []
    for one in external:
        if isinstance(one, dict) and isinstance(one.get("type"), str) and one.get("encoding", "none") == "none":
            kind = _KIND_WORD.sub("_", one["type"].strip().lower())[:40]
            found.append((_EXTERNAL.get(kind, kind), one.get("id"), said))
    return [f for f in found if f[0]]


def _consents(context: dict[str, Any], at: datetime) -> tuple[tuple[str, bool, str], ...]:
    consent = context.get("consent")
    choices = consent.get("categoryPreferences") if isinstance(consent, dict) else None
    if not isinstance(choices, dict):
        return ()
    proof = f"context.consent of an event at {at.isoformat(timespec='seconds')}"
    return tuple((str(p)[:100], c, proof) for p, c in list(choices.items())[:50] if isinstance(c, bool))


# Where -----------------------------------------------------------------------------------------------------------


def _channel(event: dict[str, Any], context: dict[str, Any], source: Source) -> str:
    for said in (event.get("channel"), context.get("channel")):
        if isinstance(said, str) and said in CHANNELS and said != "server":
            return said
    if isinstance(context.get("device"), dict) and "page" not in context:
        return "app"
    return "web" if source.kind == "browser" or "page" in context else "server"
