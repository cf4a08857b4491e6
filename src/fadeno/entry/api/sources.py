"""Sources over the API: what they are, and what became of everything they sent."""

from dataclasses import asdict
from datetime import datetime
from typing import Any

import msgspec
from litestar import Request, get, patch, post
from litestar.params import FromPath, JSONBody

from fadeno import intake, sources
from fadeno.entry.door import opened
from fadeno.intake import Accounts
from fadeno.kit import clock
from fadeno.sources import Freshness, Source


class NewSource(msgspec.Struct, forbid_unknown_fields=True):
    """A source to be made known."""

    name: str
    kind: str = "server"
    region: str = "ZZ"
    mapping: dict[str, str] = {}
    rhythm_s: int | None = None


class SourceChange(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True):
    """What is to be different; what is left out stays."""

    kind: str | msgspec.UnsetType = msgspec.UNSET
    region: str | msgspec.UnsetType = msgspec.UNSET
    enabled: bool | msgspec.UnsetType = msgspec.UNSET
    mapping: dict[str, str] | msgspec.UnsetType = msgspec.UNSET
    rhythm_s: int | msgspec.UnsetType | None = msgspec.UNSET


class HeardSource(msgspec.Struct, frozen=True):
    """A source and how lately an event of it came in: fresh, overdue or silent; null where nothing is expected."""

    id: int
    name: str
    kind: str
    region: str
    enabled: bool
    mapping: dict[str, str]
    rhythm_s: int | None
    created_at: datetime
    last_at: datetime | None
    freshness: Freshness | None


def _heard(source: Source, book: Accounts | None) -> HeardSource:
    last_at = book.last_at if book else None
    return HeardSource(**asdict(source), last_at=last_at, freshness=source.freshness(last_at, clock.now()))


@get("/api/sources", summary="Every source")
async def list_sources(request: Request) -> dict[str, Any]:
    """Every source, by name, and when it was last heard."""
    async with opened(request, "see", "sources") as (tx, _):
        books = await intake.accounts_by_source(tx)
        return {"items": [_heard(one, books.get(one.id)) for one in await sources.all_sources(tx)], "next": None}


@post("/api/sources", summary="Make a source known")
async def create_source(request: Request, data: JSONBody[NewSource]) -> HeardSource:
    """Make a source known; then make a key for it."""
    async with opened(request, "change", "sources") as (tx, actor):
        made = await sources.create(
            tx,
            actor,
            data.name,
            kind=data.kind,
            region=data.region,
            mapping=data.mapping,
            rhythm_s=data.rhythm_s,
        )
        return _heard(made, None)


@get("/api/sources/{source_id:int}", summary="One source")
async def show_source(request: Request, source_id: FromPath[int]) -> HeardSource:
    """One source, and when it was last heard."""
    async with opened(request, "see", "sources") as (tx, _):
        return _heard(await sources.get(tx, source_id), await intake.accounts(tx, source_id))


@patch("/api/sources/{source_id:int}", summary="Change a source")
async def change_source(request: Request, source_id: FromPath[int], data: JSONBody[SourceChange]) -> HeardSource:
    """Change a source; a corrected mapping is used from now on, and by replays."""
    changes = {k: v for k in data.__struct_fields__ if (v := getattr(data, k)) is not msgspec.UNSET}
    async with opened(request, "change", "sources") as (tx, actor):
        changed = await sources.change(tx, actor, source_id, **changes)
        return _heard(changed, await intake.accounts(tx, source_id))


@get("/api/sources/{source_id:int}/accounts", summary="What became of everything a source sent")
async def show_accounts(request: Request, source_id: FromPath[int]) -> Accounts:
    """received = accepted + duplicate + quarantined, events; unreadable and refused count parcels."""
    async with opened(request, "see", "sources") as (tx, _):
        await sources.get(tx, source_id)
        return await intake.accounts(tx, source_id)


routes = [list_sources, create_source, show_source, change_source, show_accounts]
