"""What the palette finds while one types: a part of a page, never a whole one."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

import msgspec
from litestar import Request, Response, get

from fadeno import access, customers
from fadeno.access import Actor
from fadeno.app import FINDERS
from fadeno.db import Tx
from fadeno.entry import door
from fadeno.entry.web import amounts, page
from fadeno.entry.web.pages.customers import seeing

_MOST = 6
_ICONS = {"customers": "people", "cases": "desk", "orders": "orders", "products": "stock"}


@dataclass(frozen=True, slots=True)
class Hit:
    """One thing found.

    Attributes:
        worth: what it comes to, or costs.
        at: when it happened, where that tells it from others.
        codes: numbers that mean this one thing.
    """

    path: str
    label: str
    more: str = ""
    worth: str = ""
    at: Any = None
    codes: tuple[str, ...] = ()


@get("/find", include_in_schema=False)
async def find(request: Request) -> Response:
    """What matches in every room one may see; nothing typed gives the customers one looked at last."""
    q = request.query_params.get("q", "")[:256].strip()
    async with door.entered(request) as (tx, actor):
        groups = await _found(tx, actor, q) if q else await _lately(tx, actor)
        look = await page.look_of(tx, actor)
        context: Mapping[str, Any] = {
            "groups": {kind: hits for kind, hits in groups.items() if hits},
            "icons_of": _ICONS,
        }
        return page.render(request, "palette/found.html", actor=actor, look=look, **context)


async def _found(tx: Tx, actor: Actor, q: str) -> dict[str, list[Hit]]:
    seen = [what for what in FINDERS if access.may(actor, "see", what)]
    found = {what: [_hit(actor, what, one) for one in await FINDERS[what](tx, actor, q, _MOST)] for what in seen}
    if found.get("customers"):
        found["customers"] = await _told_apart(tx, actor, found["customers"], q)
    meant = _plain(q)
    return dict(sorted(found.items(), key=lambda kind: not any(meant in hit.codes for hit in kind[1])))


def _plain(code: str) -> str:
    """A number as it is compared: whatever signs stand in it."""
    return "".join(c for c in code.casefold() if c.isalnum())


async def _lately(tx: Tx, actor: Actor) -> dict[str, list[Hit]]:
    if not access.may(actor, "see", "customers"):
        return {}
    ids = [UUID(id_) for id_ in await access.seen_lately(tx, actor, "customer", limit=_MOST)]
    found = {one.id: one for one in await customers.summaries(tx, ids)}
    hits = [_hit(actor, "customers", found[id_]) for id_ in ids if id_ in found]
    return {"lately": await _told_apart(tx, actor, hits)}


async def _told_apart(tx: Tx, actor: Actor, hits: list[Hit], q: str = "") -> list[Hit]:
    """The same with where each one lives and how to reach them, as far as the viewer may know."""
    ids = [UUID(hit.path.rpartition("/")[2]) for hit in hits]
    more = await seeing.told_apart(tx, actor, ids, q if seeing.sees_contacts(actor) else "")
    return [
        replace(hit, more=seeing.listed(more.get(id_, ()), but=hit.label)) for id_, hit in zip(ids, hits, strict=True)
    ]


def _hit(actor: Actor, what: str, found: Any) -> Hit:
    one = msgspec.to_builtins(found)
    path = f"/{what}/{one['id']}"
    if what == "customers":
        return Hit(path, seeing.label_shown(actor, one["label"]))
    if what == "orders":
        codes = (_plain(one["number"]),)
        return Hit(path, one["number"], worth=amounts.amount(found["total"]), at=found["placed_at"], codes=codes)
    if what == "cases":
        title = seeing.words_shown(actor, one["title"]) or f"#{one['number']}"
        return Hit(f"/desk/{one['id']}", title, f"#{one['number']}", at=found["last_at"], codes=(str(one["number"]),))
    codes = tuple(_plain(code) for code in (one["sku"], one["gtin"]) if code)
    price = found["price"]
    worth = amounts.price(price["amount"], price["currency"]) if price else ""
    return Hit(path, one["label"], one["sku"] if one["sku"] != one["label"] else "", worth=worth, codes=codes)


routes = [find]
