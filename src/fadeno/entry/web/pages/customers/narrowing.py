"""What the list of customers is narrowed to, from the page's form, and keeping that under a name."""

from collections.abc import Mapping
from datetime import timedelta
from functools import partial
from time import monotonic
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from litestar import Request, post
from litestar.params import FromPath
from litestar.response import Redirect

from fadeno import access, customers, sources
from fadeno.access import Actor
from fadeno.app import App
from fadeno.customers import Narrow
from fadeno.db import Tx
from fadeno.entry import door
from fadeno.entry.web import words
from fadeno.kit import clock, lists
from fadeno.kit.errors import Invalid

DAYS = ("7", "30", "90", "365")
_LIST = "customers"
_FIELDS = {"q": 256, "reached": 10, "channel": 40, "source": 10, "days": 4, "allows": 100}
_KEPT_S = 60.0
_KEY = "narrowing"


def asked(given: Mapping[str, Any]) -> dict[str, str]:
    """The fields that say anything, as they were given."""
    found = {name: lists.kept(str(given.get(name, "")))[:most] for name, most in _FIELDS.items()}
    return {name: value for name, value in found.items() if value.strip()}


def narrow(given: Mapping[str, str]) -> Narrow:
    """What these fields narrow a list to.

    Raises:
        Invalid: a field holds what its form does not offer.
    """
    reached, source, days = given.get("reached", ""), given.get("source", ""), given.get("days", "")
    if reached not in ("", *customers.REACHED_BY) or days not in ("", *DAYS) or (source and not source.isdecimal()):
        raise Invalid("Choose from the list.", field="reached", word="bad_choice")
    return Narrow(
        reached_by=reached,
        channel=given.get("channel", ""),
        source_id=min(int(source), 2**31 - 1) if source else None,
        since=clock.now() - timedelta(days=int(days)) if days else None,
        purpose=given.get("allows", ""),
    )


async def choices(app: App, tx: Tx, actor: Actor, given: Mapping[str, str]) -> dict[str, Any]:
    """What the form offers: only what there is."""
    (ways, purposes), until = app.remembered.get(_KEY, (([], []), 0.0))
    if monotonic() >= until:
        ways, purposes = await customers.known_channels(tx), await customers.known_purposes(tx)
        app.remembered[_KEY] = ((ways, purposes), monotonic() + _KEPT_S)
    known = await sources.all_sources(tx) if access.may(actor, "see", "sources") else []
    mine = await access.saved_filters(tx, actor, _LIST) if actor.kind == "member" else []
    lang = words.spoken()
    purposes = purposes if access.may(actor, "see", "consent") else []
    mine = words.ordered(lang, mine, lambda one: one.name)
    return {
        "ways": words.ordered(lang, ways, partial(words.called, lang, "channel")) if len(ways) > 1 else [],
        "purposes": words.ordered(lang, purposes, partial(words.called, lang, "customers.purpose")),
        "known_sources": {str(one.id): one.name for one in known} if len(known) > 1 else {},
        "reached_by": customers.REACHED_BY,
        "days": DAYS,
        "filters": [(one, urlencode(one.asked), one.asked == dict(given)) for one in mine],
        "without": lambda name: urlencode({key: value for key, value in given.items() if key != name}),
    }


@post("/customers/filters", include_in_schema=False)
async def save_filter(request: Request) -> Redirect:
    """Keep what the list is narrowed to."""
    form = await request.form()
    given = asked(form)
    narrow(given)
    async with door.opened(request, "see", "customers") as (tx, actor):
        name, is_shared = str(form.get("filter", ""))[:200], "shared" in form
        await access.save_filter(tx, actor, _LIST, name, given, is_shared=is_shared)
    return Redirect(f"/customers?{urlencode(given | {'done': 'kept'})}", status_code=303)


@post("/customers/filters/{filter_id:uuid}/rename", include_in_schema=False)
async def rename_filter(request: Request, filter_id: FromPath[UUID]) -> Redirect:
    """Call a filter otherwise, and share it or no longer; the list stays as it is."""
    form = await request.form()
    async with door.opened(request, "see", "customers") as (tx, actor):
        name = str(form.get("filter", ""))[:200]
        await access.rename_filter(tx, actor, filter_id, name, is_shared="shared" in form)
    return Redirect(f"/customers?{urlencode(asked(form) | {'done': 'kept'})}", status_code=303)


@post("/customers/filters/{filter_id:uuid}/forget", include_in_schema=False)
async def forget_filter(request: Request, filter_id: FromPath[UUID]) -> Redirect:
    """Forget a filter; the list stays as it is, and says how the filter is kept again."""
    form = await request.form()
    told = {"done": "forgotten"} | {name: str(form[name])[:200] for name in ("filter", "shared") if name in form}
    async with door.opened(request, "see", "customers") as (tx, actor):
        await access.forget_filter(tx, actor, filter_id)
    return Redirect(f"/customers?{urlencode(asked(form) | told)}", status_code=303)


routes = [save_filter, rename_filter, forget_filter]
