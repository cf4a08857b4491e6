"""The list of imports, and handing files in."""

from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import unquote
from uuid import UUID

import msgspec
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
from fadeno.entry.web.pages.imports import telling
from fadeno.entry.web.times import zone_of
from fadeno.kit.errors import FadenoError, Invalid

_MOST = 50
_MOST_FILES = 50
_PIECE_BYTES = 1 << 20
_MOST_FILE_BYTES = 2 << 30
_SEE_OTHER = 303
_NAME = "sheets"  # what a source is called that nobody named


@get("/imports", include_in_schema=False)
async def list_imports(request: Request) -> Response:
    """Every import, newest first, and a place to drop files."""
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
        usual_source=shown[0].source_name if shown else _NAME,
        **{"error": None, "typed": {}, **context},
    )


async def zone_here(request: Request, tx: Tx, actor: Actor) -> str:
    """The zone of whoever looks, by its name."""
    look = await page.look_of(tx, actor)
    zone = zone_of(look.zone or unquote(request.cookies.get(page.ZONE_COOKIE, "")))
    return getattr(zone, "key", "UTC")


@post("/imports", include_in_schema=False, request_max_body_size=_MOST_FILE_BYTES)
async def hand_in(request: Request) -> Response:
    """Keep the files; a process of its own looks at each."""
    app: App = request.app.state.fadeno
    form = await request.form()
    typed = {name: value.strip() for name, value in form.items() if isinstance(value, str)}
    given: list[tuple[UUID, UploadFile]] = []
    async with door.opened(request, "change", "imports") as (tx, actor):
        try:
            async with tx.savepoint():
                files = _files(form.getall("file", []))
                source = await source_for(tx, actor, typed.get("source") or _NAME, "")
                before = await imports.said_before(tx, source.id)
                zone = before.zone or await zone_here(request, tx, actor)
                options = imports.checked(msgspec.structs.replace(before, zone=zone))
                for file in files:
                    target = typed.get("target") or None
                    given.append(
                        (await imports.hand_in(tx, actor, source.id, file.filename, target, (), options), file)
                    )
        except FadenoError as error:
            status = error.status if isinstance(error, Forbidden) else 422
            return await _list(request, tx, actor, status=status, error=telling.of(error), typed=typed)
    for id_, file in given:
        await imports.take_in(app.db, app.vault, id_, _pieces(file), is_given_over=True)
    return Redirect(f"/imports/{given[0][0]}" if len(given) == 1 else "/imports", status_code=_SEE_OTHER)


def _files(given: list[Any]) -> list[UploadFile]:
    files = [one for one in given if isinstance(one, UploadFile) and one.filename]
    if not files:
        raise Invalid("Choose a file.", field="file", word="no_file")
    return files[:_MOST_FILES]


async def _pieces(file: UploadFile) -> AsyncIterator[bytes]:
    await file.seek(0)
    while raw := await file.read(_PIECE_BYTES):
        yield raw


routes = [list_imports, hand_in]
