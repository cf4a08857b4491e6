"""Lists as sheets: what the button on a list hands out, of exactly what is listed."""

from pathlib import Path
from typing import Any
from urllib.parse import unquote
from uuid import UUID

import msgspec
from litestar import Request, get
from litestar.params import FromPath
from litestar.response import Stream

from fadeno import access, imports
from fadeno.access import Actor
from fadeno.app import App
from fadeno.db import Tx
from fadeno.entry import door, handing_out
from fadeno.entry.handing_out import Sheet, hand_out
from fadeno.entry.web import headings, page, words
from fadeno.entry.web.pages import suggestions
from fadeno.entry.web.pages.access import audit
from fadeno.entry.web.pages.customers import narrowing, seeing
from fadeno.entry.web.times import zone_of
from fadeno.kit.errors import NotFound

# What one must be allowed beside seeing the list. Where customers stand in it, to hand them out with their addresses;
# goods and accounts name nobody, and orders only to who may.
_CUSTOMERS = (("export", "customers"), ("export", "contacts"))
_NOBODY = (("export", "events"),)
_MAY: dict[str, tuple[tuple[str, str], ...]] = {
    "customers": (("see", "customers"), *_CUSTOMERS),
    "suggestions": (("see", "customers"), *_CUSTOMERS),
    "audit": (("see", "audit"), *_CUSTOMERS),
    "members": (("see", "members"), *_CUSTOMERS),
    "quarantine": (("see", "quarantine"), *_NOBODY),
    "orders": (("see", "orders"), *_NOBODY),
    "products": (("see", "products"), *_NOBODY),
    "stock": (("see", "products"), *_NOBODY),
    "places": (("see", "products"), *_NOBODY),
    "sources": (("see", "sources"), *_NOBODY),
}


@get("/export/{name:str}", include_in_schema=False)
async def export(request: Request, name: FromPath[str]) -> Stream:
    """A list as `customers.xlsx`, `orders.csv` …, narrowed as its page is with the same query.

    Customers, orders, products, stock and places can be edited in it and brought in again.
    """
    app: App = request.app.state.fadeno
    what, _, ending = name.partition(".")
    needed = _MAY.get(what, _MAY["customers"])
    async with door.opened(request, *needed[0]) as (tx, actor):
        if what not in imports.LISTS or ending not in handing_out.KINDS:
            raise NotFound
        for verb, kind in needed[1:]:
            access.require(actor, verb, kind)
        asked = (await _asked(tx, actor, what, request.query_params))._replace(
            zone=getattr(zone_of((await page.look_of(tx, actor)).zone or _zone(request)), "key", "UTC"),
            right_to_left=words.direction(words.spoken()) == "rtl",
            decimal=headings.decimal_mark(),
            headers=headings.headers(what),
        )

    async def write(path: Path) -> bool:
        return await imports.export(app.db, actor, what, path, asked, most=handing_out.FEW) is not None

    def command(path: Path) -> tuple[str, ...]:
        return ("export", what, str(path), "--asked")

    return await hand_out(request, Sheet(name, name, write, command, msgspec.json.encode((actor, asked))))


def _zone(request: Request) -> str:
    return unquote(request.cookies.get(page.ZONE_COOKIE, ""))


async def _asked(tx: Tx, actor: Actor, what: str, given: Any) -> imports.Asked:
    """What the page of the list would show for this query."""
    asked = imports.Asked(by_address=seeing.sees_contacts(actor))
    match what:
        case "customers":
            fields = narrowing.asked(given)
            return asked._replace(q=fields.get("q", ""), narrow=narrowing.narrow(fields))
        case "orders":
            if whose := _uuid(given.get("customer", "")):
                access.require(actor, "see", "customers")
            return asked._replace(number=given.get("number", "")[:100], customer_id=whose)
        case "products" | "stock":
            return asked._replace(q=given.get("q", "")[:256])
        case "suggestions":
            return asked._replace(reason=given.get("reason", ""), certainty=suggestions.between(given.get("sure", "")))
        case "quarantine":
            source = given.get("source", "")
            id_ = int(source) if source.isdecimal() and len(source) < 10 else None
            return asked._replace(source_id=id_, reason=given.get("reason", "")[:60])
        case "audit":
            typed = {name: given.get(name, "")[:200] for name in audit.FIELDS}
            return asked._replace(trail=await audit.asked_for(tx, actor, typed))
    return asked


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


routes = [export]
