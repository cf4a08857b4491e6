"""The audit trail, searched."""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any
from urllib.parse import urlencode
from uuid import UUID
from zoneinfo import ZoneInfo

from litestar import Request, Response, get

from fadeno import access, customers
from fadeno.access import Actor, Asked, Entry
from fadeno.db import Tx
from fadeno.entry import door, paging
from fadeno.entry.web import words
from fadeno.entry.web.page import inside
from fadeno.entry.web.pages.customers import seeing
from fadeno.kit.errors import Invalid

_MOST = 50
FIELDS = ("q", "verb", "kind", "object", "by", "since", "until")


@get("/audit", include_in_schema=False)
async def show_audit(request: Request) -> Response:
    """Who saw or changed what, latest first."""
    typed = {name: request.query_params.get(name, "")[:200] for name in FIELDS}
    before = request.query_params.get("before")
    async with door.opened(request, "see", "audit") as (tx, actor):
        error, found = None, []
        try:
            asked = await asked_for(tx, actor, typed)
            found = await access.audit(tx, actor, asked, limit=_MOST + 1, before=before)
        except Invalid as wrong:
            error = wrong
        kept = {name: value for name, value in typed.items() if value}
        shown, following = paging.cut(found, _MOST)
        return await inside(
            request,
            tx,
            actor,
            "access/audit.html",
            status=422 if error else 200,
            entries=shown,
            older=urlencode({**kept, "before": following}) if following else None,
            newest=urlencode(kept) if before else None,
            typed=typed,
            asked_for=bool(kept),
            error=error,
            verbs=_verbs(await access.audit_words(tx, actor)),
            names=await names_of(tx, actor, shown),
        )


async def names_of(tx: Tx, actor: Actor, entries: Sequence[Entry]) -> dict[tuple[str, str], str]:
    """What the things in a part of the trail are called now, by kind and id, as far as this viewer may know.

    Nothing is kept for it: who was erased, or is not there any more, stays an id.
    """
    ids: dict[str, set[str]] = {}
    for entry in entries:
        ids.setdefault(entry.object_kind, set()).add(entry.object_id)
    found: dict[tuple[str, str], str] = {}
    if access.may(actor, "see", "customers"):
        owners = await customers.owners(tx, list(_uuids(ids.get("customer", ()))))
        now = {one.id: one.label for one in await customers.summaries(tx, sorted(set(owners.values())))}
        for id_, owner in owners.items():
            found["customer", str(id_)] = seeing.label_shown(actor, now.get(owner, ""))
    if "source" in ids and access.may(actor, "see", "sources"):
        found |= {("source", str(id_)): name for id_, name in (await seeing.source_names(tx)).items()}
    if "key" in ids and access.may(actor, "see", "keys"):
        found |= {("key", str(one.id)): one.name for one in await access.all_keys(tx, actor)}
    if "member" in ids and access.may(actor, "see", "members"):
        found |= {("member", str(one.id)): one.name for one in await access.all_members(tx, actor)}
    return {thing: name for thing, name in found.items() if name}


def _uuids(texts: Iterable[str]) -> Iterable[UUID]:
    for text in texts:
        with suppress(ValueError):
            yield UUID(text)


async def asked_for(tx: Tx, actor: Actor, typed: Mapping[str, Any]) -> Asked:
    """What the fields of the page's form ask for.

    Raises:
        Invalid: a day is none.
    """
    zone = (await access.oneself(tx, actor)).zone if actor.kind == "member" else ""
    return Asked(
        q=typed["q"],
        by=typed["by"],
        verb=typed["verb"],
        object_kind=typed["kind"],
        object_id=typed["object"],
        from_at=_midnight(typed["since"], zone, "since"),
        to_at=_midnight(typed["until"], zone, "until", days=1),
    )


def _verbs(known: list[str]) -> list[str]:
    """The verbs to choose from, in the order of the viewer's alphabet."""
    lang = words.spoken()
    return words.ordered(lang, known, partial(words.called, lang, "access.audit.verbs"))


def _midnight(day: str, zone: str, field: str, days: int = 0) -> datetime | None:
    """The beginning of a day in the viewer's zone, or of the day after it."""
    if not day:
        return None
    try:
        start = datetime.fromisoformat(day) + timedelta(days=days)
        return start.replace(tzinfo=ZoneInfo(zone) if zone else UTC).astimezone(UTC)
    except (ValueError, OverflowError):
        raise Invalid("Write a day as 2026-11-23.", field=field, word="bad_day") from None


routes = [show_audit]
