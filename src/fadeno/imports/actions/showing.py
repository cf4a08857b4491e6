"""Pages of lists that leave the house as sheets only to be read: nothing in them comes back."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import msgspec

from fadeno import access, customers, intake, sources
from fadeno.access import Actor
from fadeno.db import Tx
from fadeno.imports.actions.listing import Asked
from fadeno.imports.model import lists
from fadeno.sheets import Out, Value

AT_ONCE = 200
_COUNTS = ("received", "accepted", "duplicate", "quarantined", "late", "skewed", "parcels", "unreadable", "refused")
COLUMNS: dict[str, tuple[Out, ...]] = {
    "sources": (
        Out("Source"), Out("Kind"), Out("Region", "country"), Out("Enabled", "bool"), Out("Freshness"),
        Out("Last heard at", "datetime"), *(Out(name.capitalize(), "number") for name in _COUNTS),
    ),
    "quarantine": (
        Out("Received at", "datetime"), Out("Source"), Out("Reason"), Out("Detail"), Out("State"), Out("Id", "id"),
    ),
    "suggestions": (
        Out("Certainty", "number"), Out("One"), Out("Other"), Out("Reasons"), Out("Found at", "datetime"),
        Out("Id of one", "id"), Out("Id of other", "id"),
    ),
    "audit": (
        Out("At", "datetime"), Out("By"), Out("By what"), Out("Did"), Out("To what"), Out("Id", "id"), Out("Detail"),
    ),
    "members": (Out("Name", "name"), Out("Email", "email"), Out("Role"), Out("Second factor", "bool"), Out("Language"),
                Out("Time zone"), Out("Member since", "datetime"), Out("Last seen at", "datetime")),
}  # fmt: skip

Rows = tuple[list[Sequence[Any]], str | None]


async def page_of(tx: Tx, actor: Actor, what: str, asked: Asked, after: str | None) -> Rows:
    """The next rows of a list, and what to ask for the ones after them; None at its end.

    Raises:
        Forbidden: the actor may not see it.
    """
    match what:
        case "sources":
            rows, following = await _sources(tx), None
        case "quarantine":
            rows, following = await _quarantine(tx, asked, after)
        case "suggestions":
            rows, following = await _suggestions(tx, asked, after)
        case "audit":
            rows, following = await _audit(tx, actor, asked, after)
        case _:
            rows, following = await _members(tx, actor), None
    return [tuple(_cell(value, asked.zone) for value in row) for row in rows], following


def _cell(value: Any, zone: str) -> Value:
    match value:
        case datetime():
            return lists.typed(value, "datetime", zone)
        case bool() | None | str():
            return value
        case int():
            return Decimal(value)
        case UUID():
            return str(value)
    return msgspec.json.encode(value).decode() if value else None


async def _sources(tx: Tx) -> list[Sequence[Any]]:
    books = await intake.accounts_by_source(tx)
    rows = []
    for one in await sources.all_sources(tx):
        book = books.get(one.id) or await intake.accounts(tx, one.id)
        told = (one.name, one.kind, one.region, one.enabled, one.freshness(book.last_at, tx.now), book.last_at)
        rows.append((*told, *(getattr(book, name) for name in _COUNTS)))
    return rows


async def _quarantine(tx: Tx, asked: Asked, after: str | None) -> Rows:
    names = {one.id: one.name for one in await sources.all_sources(tx)}
    found = await intake.quarantine(
        tx,
        source_id=asked.source_id,
        reason=asked.reason or None,
        before=UUID(after) if after else None,
        limit=AT_ONCE,
    )
    rows = [(one.received_at, names.get(one.source_id), one.reason, one.detail, one.state, one.id) for one in found]
    return rows, str(found[-1].id) if len(found) == AT_ONCE else None


async def _suggestions(tx: Tx, asked: Asked, after: str | None) -> Rows:
    least, most = asked.certainty
    found, following = await customers.likely(
        tx, least=least, most=most, reason=asked.reason or None, after=after, limit=AT_ONCE
    )
    rows = [
        (pair.certainty, pair.one_label, pair.other_label, ", ".join(word.replace("_", " ") for word in pair.reasons),
         pair.found_at, pair.one, pair.other)
        for pair in found
    ]  # fmt: skip
    return rows, following


async def _audit(tx: Tx, actor: Actor, asked: Asked, after: str | None) -> Rows:
    found = await access.audit(tx, actor, asked.trail, limit=AT_ONCE, before=after)
    rows = [
        (one.made_at, one.actor_name, one.actor_kind, one.verb, one.object_kind, one.object_id, one.detail)
        for one in found
    ]
    return rows, str(found[-1].id) if len(found) == AT_ONCE else None


async def _members(tx: Tx, actor: Actor) -> list[Sequence[Any]]:
    return [
        (one.name, one.email, one.role, one.totp_on, one.language, one.zone, one.created_at, one.seen_at)
        for one in await access.all_members(tx, actor)
    ]
