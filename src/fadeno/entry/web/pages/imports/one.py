"""One import: how its columns are read, what would happen, how far it is, what became of it."""

import tempfile
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec
from litestar import Request, Response, get, post
from litestar.params import FromPath
from litestar.response import Redirect

from fadeno import imports, sheets
from fadeno.access import Actor
from fadeno.app import App
from fadeno.db import Tx
from fadeno.entry import door
from fadeno.entry.web import page, reasons
from fadeno.imports import Import
from fadeno.kit.errors import FadenoError

_SEE_OTHER = 303
_SURE = 0.85
_COLUMNS_SHOWN = 2
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_NONE = "-"  # the choice of a column that is no field


@get("/imports/{import_id:uuid}", include_in_schema=False)
async def show_import(request: Request, import_id: FromPath[UUID]) -> Response:
    """The page of one import in whatever state it is."""
    async with door.opened(request, "see", "imports") as (tx, actor):
        return await _show(request, tx, actor, await imports.get(tx, import_id))


@get("/imports/{import_id:uuid}/state", include_in_schema=False)
async def show_state(request: Request, import_id: FromPath[UUID]) -> Response:
    """How far it is, for the page that waits; the whole page is asked for when there is something to decide."""
    async with door.opened(request, "see", "imports") as (tx, actor):
        made = await imports.get(tx, import_id)
        if made.state not in ("receiving", "reading", "applying", "taking_back"):
            return Response(b"", media_type="text/html", headers={"HX-Refresh": "true"})
        return await page.inside(request, tx, actor, "imports/state.html", made=made)


async def _show(request: Request, tx: Tx, actor: Actor, made: Import, *, status: int = 200, **context: Any) -> Response:
    seen = await imports.preview(tx, request.app.state.fadeno.vault, made.id) if made.state == "ready" else None
    only = request.query_params.get("only", "")
    rows = (seen.refused if only == "refused" else seen.rows) if seen else ()
    return await page.inside(
        request,
        tx,
        actor,
        "imports/import.html",
        status=status,
        made=made,
        seen=seen,
        only=only,
        rows=rows,
        heads=_heads(rows),
        fields=[field.name for field in sheets.FIELDS.get(made.target, ())],
        targets=imports.TARGETS,
        sure=_SURE,
        reason=reasons.in_words,
        **{"error": None, **context},
    )


def _heads(rows: Any) -> list[str]:
    """The columns that tell most of the rows shown."""
    counted: dict[str, int] = {}
    for row in rows:
        for name in row.cells:
            counted[name] = counted.get(name, 0) + 1
    most = max(counted.values(), default=0)
    return [name for name, count in counted.items() if count * 2 >= most][:_COLUMNS_SHOWN]


@post("/imports/{import_id:uuid}/columns", include_in_schema=False)
async def understand(request: Request, import_id: FromPath[UUID]) -> Response:
    """Read the file anew with the columns and the kind as they are said."""
    form = {name: value for name, value in (await request.form()).items() if isinstance(value, str)}
    async with door.opened(request, "change", "imports") as (tx, actor):
        made = await imports.get(tx, import_id)
        said = {name.removeprefix("column:"): value for name, value in form.items() if name.startswith("column:")}
        believed = {c.header or c.letter: c.field or _NONE for table in made.tables for c in table.columns}
        changed = {
            name: None if value == _NONE else value for name, value in said.items() if believed.get(name) != value
        }
        target = form.get("target") or made.target
        if target != made.target:
            changed, kept = {}, {}
        else:
            kept = made.options.mapping
        options = msgspec.structs.replace(
            made.options,
            mapping={**kept, **changed},
            is_whole=form.get("whole") == "yes",
            zone=form.get("zone") or made.options.zone,
            currency=form.get("currency", "").upper() or None,
        )
        try:
            async with tx.savepoint():
                await imports.understand(tx, import_id, target, imports.checked(options))
        except FadenoError as error:
            return await _show(request, tx, actor, made, status=422, error=error)
    return Redirect(f"/imports/{import_id}", status_code=_SEE_OTHER)


@post("/imports/{import_id:uuid}/{verb:str}", include_in_schema=False)
async def act(request: Request, import_id: FromPath[UUID], verb: FromPath[str]) -> Response:
    """Bring it in, stop it, or take it back."""
    verbs = {"start": imports.start, "cancel": imports.cancel, "take-back": imports.start_taking_back}
    async with door.opened(request, "change", "imports") as (tx, actor):
        made = await imports.get(tx, import_id)
        if verb not in verbs:
            raise imports.NotNow(field="verb")
        try:
            async with tx.savepoint():
                await verbs[verb](tx, actor, import_id)
        except FadenoError as error:
            return await _show(request, tx, actor, made, status=error.status, error=error)
    return Redirect(f"/imports/{import_id}", status_code=_SEE_OTHER)


@get("/imports/{import_id:uuid}/refused.xlsx", include_in_schema=False)
async def refused(request: Request, import_id: FromPath[UUID]) -> Response[bytes]:
    """The rows that were not brought in, with the reason beside each."""
    app: App = request.app.state.fadeno
    async with door.opened(request, "see", "imports") as (tx, _):
        made = await imports.get(tx, import_id)
    with tempfile.TemporaryDirectory(prefix="fadeno-refused-") as folder:
        path = Path(folder) / "refused.xlsx"
        await imports.write_refused(app.db, app.vault, made.id, path, reasons.in_words)
        said = path.read_bytes()
    return Response(said, media_type=_XLSX, headers={"content-disposition": 'attachment; filename="refused.xlsx"'})


routes = [show_import, show_state, understand, act, refused]
