"""The list of imports, and handing a file in."""

from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID
from zoneinfo import available_timezones

from litestar import Request, Response, get, post
from litestar.datastructures import UploadFile
from litestar.response import Redirect

from fadeno import imports, sources
from fadeno.access import Actor, Forbidden
from fadeno.app import App
from fadeno.db import Tx
from fadeno.entry import door, paging
from fadeno.entry.importing import source_for
from fadeno.entry.web import page
from fadeno.imports import Options
from fadeno.kit.errors import FadenoError, Invalid

_MOST = 50
_PIECE_BYTES = 1 << 20
_MOST_FILE_BYTES = 2 << 30
_SEE_OTHER = 303


@get("/imports", include_in_schema=False)
async def list_imports(request: Request) -> Response:
    """Every import, newest first, and a place to drop a file."""
    async with door.opened(request, "see", "imports") as (tx, actor):
        return await _list(request, tx, actor)


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        return None


async def _list(request: Request, tx: Tx, actor: Actor, *, status: int = 200, **context: Any) -> Response:
    before = _uuid(request.query_params.get("before", ""))
    found = await imports.imports(tx, before=before, limit=_MOST + 1)
    shown, following = paging.cut(found, _MOST)
    return await page.inside(
        request,
        tx,
        actor,
        "imports/list.html",
        status=status,
        found=shown,
        more=following,
        targets=imports.TARGETS,
        sources=await sources.all_sources(tx),
        zones=sorted(zone for zone in available_timezones() if "/" in zone and not zone.startswith("Etc/")),
        **{"error": None, "typed": {}, **context},
    )


@post("/imports", include_in_schema=False, request_max_body_size=_MOST_FILE_BYTES)
async def hand_in(request: Request) -> Response:
    """Keep the file; a process of its own looks at it."""
    app: App = request.app.state.fadeno
    form = await request.form()
    typed = {name: value.strip() for name, value in form.items() if isinstance(value, str)}
    async with door.opened(request, "change", "imports") as (tx, actor):
        try:
            async with tx.savepoint():
                file = _file(form.get("file"))
                options = imports.checked(_options(typed))
                name = typed.get("new_source") or typed.get("source", "")
                source = await source_for(tx, actor, name, typed.get("region", "").upper())
                target = typed.get("target") or None
                id_ = await imports.hand_in(tx, actor, source.id, file.filename, target, (), options)
        except FadenoError as error:
            status = error.status if isinstance(error, Forbidden) else 422
            return await _list(request, tx, actor, status=status, error=error, typed=typed)
    await imports.take_in(app.db, app.vault, id_, _pieces(file), is_given_over=True)
    return Redirect(f"/imports/{id_}", status_code=_SEE_OTHER)


def _file(given: Any) -> UploadFile:
    if not isinstance(given, UploadFile) or not given.filename:
        raise Invalid("Choose a file.", field="file", word="no_file")
    return given


async def _pieces(file: UploadFile) -> AsyncIterator[bytes]:
    await file.seek(0)
    while raw := await file.read(_PIECE_BYTES):
        yield raw


def _options(typed: dict[str, str]) -> Options:
    return Options(
        is_whole=typed.get("whole") == "yes",
        zone=typed.get("zone") or "UTC",
        currency=typed.get("currency", "").upper() or None,
        region=typed.get("region", "").upper() or None,
    )


routes = [list_imports, hand_in]
