"""Imports over the API: hand a file in, see what would happen, bring it in, take it back."""

from typing import Any
from uuid import UUID

import msgspec
from litestar import Request, get, post
from litestar.params import FromPath, FromQuery, JSONBody
from litestar.response import Stream

from fadeno import imports
from fadeno.app import App
from fadeno.entry import paging
from fadeno.entry.door import opened
from fadeno.entry.importing import looked_through, refused_sheet, source_for, to_hand_out
from fadeno.entry.web import reasons
from fadeno.imports import Import, Options, Preview
from fadeno.kit.errors import Invalid

MOST_FILE_BYTES = 2 << 30


_SAID = ("is_whole", "zone", "currency", "region", "header_row", "sheets", "overwrites", "taken")


class Understanding(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True):
    """How a file is to be understood; what is left out stays.

    Attributes:
        overwrites: where a cell was changed on both sides, the sheet's word counts. taken: ids of rows of which alone.
    """

    target: str | None = None
    is_whole: bool | None = None
    zone: str | None = None
    currency: str | None = None
    region: str | None = None
    header_row: int | None = None
    sheets: tuple[str, ...] | None = None
    overwrites: bool | None = None
    taken: tuple[str, ...] | None = None
    mapping: dict[str, str | None] | None = None


class Seen(msgspec.Struct, frozen=True):
    """An import, and what would happen where that is known and nothing is written yet."""

    import_: Import = msgspec.field(name="import")
    preview: Preview | None = None


@get("/api/imports", summary="Every import, newest first")
async def list_imports(
    request: Request, before: FromQuery[UUID | None] = None, limit: FromQuery[int] = 50
) -> dict[str, Any]:
    """Files brought in, or being brought in."""
    limit = paging.checked(limit)
    async with opened(request, "see", "imports") as (tx, _):
        return paging.answer(await imports.imports(tx, before=before, limit=limit + 1), limit)


@post("/api/imports", summary="Hand a file in", request_max_body_size=MOST_FILE_BYTES, status_code=202)
async def hand_in(
    request: Request,
    name: FromQuery[str],
    source: FromQuery[str],
    target: FromQuery[str | None] = None,
    is_whole: FromQuery[bool] = False,
    zone: FromQuery[str] = "UTC",
    currency: FromQuery[str | None] = None,
    region: FromQuery[str | None] = None,
) -> Import:
    """The body is the file as it is. It is looked at next; when its state is `ready`, `preview` says what would happen.

    Without `target` it is guessed. A new source is made known, if one may change sources.
    """
    app: App = request.app.state.fadeno
    options = imports.checked(Options(is_whole=is_whole, zone=zone, currency=currency, region=region))
    async with opened(request, "change", "imports") as (tx, actor):
        known = await source_for(tx, actor, source, region)
        id_ = await imports.hand_in(tx, actor, known.id, name, target, (), options)
    await imports.take_in(app.db, app.vault, id_, request.stream(), is_given_over=True)
    async with app.db.transaction() as tx:
        return await imports.get(tx, id_)


@get("/api/imports/{import_id:uuid}", summary="One import")
async def show_import(request: Request, import_id: FromPath[UUID]) -> Seen:
    """How far it is, and what would happen."""
    async with opened(request, "see", "imports") as (tx, actor):
        made = await imports.get(tx, import_id)
        return Seen(made, await looked_through(tx, actor, request.app.state.fadeno.vault, made))


@post("/api/imports/{import_id:uuid}/understand", summary="Say how a file is to be understood", status_code=202)
async def understand(request: Request, import_id: FromPath[UUID], data: JSONBody[Understanding]) -> Import:
    """Correct kind, columns or options before anything is written; it is looked at again."""
    async with opened(request, "change", "imports") as (tx, _):
        made = await imports.get(tx, import_id)
        said = {name: value for name in _SAID if (value := getattr(data, name)) is not None}
        mapping = {**made.options.mapping, **data.mapping} if data.mapping is not None else made.options.mapping
        options = imports.checked(msgspec.structs.replace(made.options, **said, mapping=mapping))
        await imports.understand(tx, import_id, data.target or made.target or None, options)
        return await imports.get(tx, import_id)


@post("/api/imports/{import_id:uuid}/start", summary="Bring it in", status_code=202)
async def start(request: Request, import_id: FromPath[UUID]) -> Import:
    """Write its rows down; also goes on with one that failed or was cancelled."""
    async with opened(request, "change", "imports") as (tx, actor):
        await imports.start(tx, actor, import_id)
        return await imports.get(tx, import_id)


@post("/api/imports/{import_id:uuid}/cancel", summary="Stop it", status_code=202)
async def cancel(request: Request, import_id: FromPath[UUID]) -> Import:
    """It stops after the rows it is at; what is written stays until it is taken back."""
    async with opened(request, "change", "imports") as (tx, actor):
        await imports.cancel(tx, actor, import_id)
        return await imports.get(tx, import_id)


@post("/api/imports/{import_id:uuid}/take-back", summary="Take it back whole", status_code=202)
async def take_back(request: Request, import_id: FromPath[UUID]) -> Import:
    """What it alone said is said no more, and what it overwrote stands again."""
    async with opened(request, "change", "imports") as (tx, actor):
        await imports.start_taking_back(tx, actor, import_id)
        return await imports.get(tx, import_id)


@get("/api/imports/{import_id:uuid}/refused", summary="The refused rows as a sheet")
async def refused(request: Request, import_id: FromPath[UUID], format: FromQuery[str] = "xlsx") -> Stream:
    """Each row as it stood in the file, with the reason beside it."""
    if format not in ("xlsx", "csv"):
        raise Invalid("A sheet is xlsx or csv.", field="format")
    async with opened(request, "see", "imports") as (tx, actor):
        made = await to_hand_out(tx, actor, import_id)
    return await refused_sheet(request, made, format, reasons.in_words)


routes = [list_imports, hand_in, show_import, understand, start, cancel, take_back, refused]
