"""Rows of lists of events and of messages: what happened, with whom. Pure."""

from collections.abc import Callable
from typing import Any

from fadeno.imports.model.saying import (
    NAME_CHARS,
    WHO,
    Context,
    Reason,
    Refused,
    Saying,
    extras,
    happened,
    mentions,
    plain,
)
from fadeno.intake import CHANNELS
from fadeno.kit import addresses
from fadeno.kit.errors import Invalid
from fadeno.sheets import Row

# What lists call messages that went out.
_SENT = frozenset({"out", "outbound", "outgoing", "sent", "we", "us", "agent", "ki", "kimenő", "gesendet", "ausgehend",
                   "poslato", "enviado", "исходящее"})  # fmt: skip
_OTHER_NAMES = {"order_no": "order_id", "product_no": "product_id", "event": None, "happened_at": None}
_SAID = frozenset({*WHO, "name", "channel", "row_id", "row_version"})


def event(row: Row, context: Context, told: Callable[[str], None]) -> Saying:
    """What a row of a list of events says.

    Raises:
        Refused: it names nobody, or says not what happened.
    """
    name = str(row.values.get("event") or "").strip()
    if not name:
        raise Refused(Reason("says_nothing", context.headers.get("event", "event")))
    return _saying(row, context, told, name[:200], {})


def message(row: Row, context: Context, told: Callable[[str], None]) -> Saying:
    """What a row of a list of messages says.

    Raises:
        Refused: it names nobody, or holds no text.
    """
    values = row.values
    if not values.get("text"):
        raise Refused(Reason("says_nothing", context.headers.get("text", "text")))
    is_ours = str(values.get("direction") or "").strip().casefold() in _SENT
    party = values.get("recipient" if is_ours else "sender")
    if isinstance(party, str) and WHO.isdisjoint(values):
        row = Row(row.number, {**values, **_party(party, context)}, row.extra, row.faults)
    more = {"agent": values["agent"]} if is_ours and values.get("agent") else {}
    return _saying(row, context, told, "Message Sent" if is_ours else "Message Received", more)


def _party(text: str, context: Context) -> dict[str, str]:
    """Whoever a message is from or to, as a column would name them."""
    field = "email" if "@" in text else "phone"
    try:
        addresses.normalise(field, text, context.region)
    except Invalid:
        return {"customer_id": text}
    return {field: text}


def _saying(row: Row, context: Context, told: Callable[[str], None], name: str, more: dict[str, Any]) -> Saying:
    named = mentions(row, context, told)
    if not named:
        raise Refused(Reason("names_nobody"))
    properties: dict[str, Any] = {}
    for field, value in row.values.items():
        called = _OTHER_NAMES.get(field, field)
        if called and field not in _SAID and value is not None:
            properties[called] = plain(value)
    properties |= more
    for header, value in extras(row):
        properties.setdefault(header, value)
    traits = name_said(row)
    return Saying(
        kind="track",
        name=name,
        channel=channel_of(row),
        mentions=named,
        rule="same_event",
        occurred_at=happened(row, "happened_at", context),
        traits=traits,
        consents=(),
        body=with_traits({"properties": properties}, traits),
    )


def name_said(row: Row) -> dict[str, Any]:
    """What a row about something else says of its customer: the name."""
    name = row.values.get("name")
    return {"name": str(name)[:NAME_CHARS]} if name else {}


def with_traits(body: dict[str, Any], traits: dict[str, Any]) -> dict[str, Any]:
    """The body of an event that also says something of its customer."""
    return {**body, "context": {"traits": traits}} if traits else body


def channel_of(row: Row) -> str:
    """The way it came, where the row says one we know; else the sheet itself."""
    said = str(row.values.get("channel") or "").strip().casefold().replace("-", "").replace(" ", "")
    return said if said in CHANNELS else "sheet"
