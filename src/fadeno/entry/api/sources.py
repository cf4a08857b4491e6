"""Sources over the API: what they are, and what became of everything they sent."""

from typing import Any

import msgspec
from litestar import Request, get, patch, post
from litestar.params import FromPath, JSONBody

from fadeno import intake, sources
from fadeno.entry.door import opened
from fadeno.intake import Accounts
from fadeno.sources import Source


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


@get("/api/sources", summary="Every source")
async def list_sources(request: Request) -> dict[str, Any]:
    """Every source, by name."""
    async with opened(request, "see", "sources") as (tx, _):
        return {"items": await sources.all_sources(tx), "next": None}


@post("/api/sources", summary="Make a source known")
async def create_source(request: Request, data: JSONBody[NewSource]) -> Source:
    """Make a source known; then make a key for it."""
    async with opened(request, "change", "sources") as (tx, actor):
        return await sources.create(
            tx,
            actor,
            data.name,
            kind=data.kind,
            region=data.region,
            mapping=data.mapping,
            rhythm_s=data.rhythm_s,
        )


@get("/api/sources/{source_id:int}", summary="One source")
async def show_source(request: Request, source_id: FromPath[int]) -> Source:
    """One source."""
    async with opened(request, "see", "sources") as (tx, _):
        return await sources.get(tx, source_id)


@patch("/api/sources/{source_id:int}", summary="Change a source")
async def change_source(request: Request, source_id: FromPath[int], data: JSONBody[SourceChange]) -> Source:
    """Change a source; a corrected mapping is used from now on, and by replays."""
    changes = {k: v for k in data.__struct_fields__ if (v := getattr(data, k)) is not msgspec.UNSET}
    async with opened(request, "change", "sources") as (tx, actor):
        return await sources.change(tx, actor, source_id, **changes)


@get("/api/sources/{source_id:int}/accounts", summary="What became of everything a source sent")
async def show_accounts(request: Request, source_id: FromPath[int]) -> Accounts:
    """received = accepted + duplicate + quarantined, events; unreadable and refused count parcels."""
    async with opened(request, "see", "sources") as (tx, _):
        await sources.get(tx, source_id)
        return await intake.accounts(tx, source_id)


routes = [list_sources, create_source, show_source, change_source, show_accounts]
