"""One import: how its columns are read, what would happen, how far it is, what became of it."""

from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from litestar import Request, Response, get, post
from litestar.params import FromPath
from litestar.response import Redirect

from fadeno import imports, sheets, sources
from fadeno.access import Actor
from fadeno.db import Tx
from fadeno.entry import door
from fadeno.entry.importing import looked_through
from fadeno.entry.web import notices, page, reasons, values
from fadeno.entry.web.pages.imports import telling
from fadeno.imports import Import, Options, Preview, ShownRow
from fadeno.kit.errors import FadenoError, Invalid
from fadeno.sheets import Column

_SEE_OTHER = 303
_SURE, _LIKELY = 0.85, 0.65
_COLUMNS_SHOWN = 5
_MOST_ROW = 1_048_576
_ICONS = ("check", "risk", "saved", "warn", "info", "x", "plus", "fresh", "merge", "export", "undo")  # come in later
# Where what came in is seen.
_LISTS = {
    "customers": "/customers",
    "orders": "/orders",
    "products": "/products",
    "stock": "/products",
    "places": "/places",
}
_MOMENTS = ("ordered_at", "happened_at")
_AT_WORK = ("receiving", "reading", "applying", "taking_back")
_NONE = "-"  # the choice of a column that is no field
_COLUMN = "column:"


@get("/imports/{import_id:uuid}", include_in_schema=False)
async def show_import(request: Request, import_id: FromPath[UUID]) -> Response:
    """The page of one import in whatever state it is."""
    async with door.opened(request, "see", "imports") as (tx, actor):
        return await _show(request, tx, actor, await imports.get(tx, import_id))


@get("/imports/{import_id:uuid}/state", include_in_schema=False)
async def show_state(request: Request, import_id: FromPath[UUID]) -> Response:
    """How far it is, for the page that waits; where it waits no more, the page in its place."""
    async with door.opened(request, "see", "imports") as (tx, actor):
        made = await imports.get(tx, import_id)
        if made.state in _AT_WORK:
            done = await _done(tx, made)
            return await page.inside(request, tx, actor, "imports/state.html", made=made, done=done)
        whole = await _show(request, tx, actor, made)
        whole.headers.update({"HX-Retarget": "#import", "HX-Reselect": "#import", "HX-Reswap": "outerHTML"})
        return whole


async def _done(tx: Tx, made: Import) -> tuple[int, int]:
    """Rows that are read, written or taken back by now, and of how many; 0 where nobody knows."""
    if made.state == "taking_back":
        return await imports.taken_so_far(tx, made.id)
    return made.rows_read, made.rows_total or 0


async def _show(request: Request, tx: Tx, actor: Actor, made: Import, *, status: int = 200, **context: Any) -> Response:
    vault = request.app.state.fadeno.vault
    seen = await looked_through(tx, actor, vault, made) if made.state == "ready" else None
    only = request.query_params.get("only", "")
    rows = {"changed": seen.changing, "refused": seen.refused}.get(only, seen.rows) if seen else ()
    before = await imports.said_before(tx, made.source_id)
    known = await sources.all_sources(tx)
    likely, all_currencies = telling.currencies([one.region for one in known], made.options.currency or before.currency)
    columns = made.tables[0].columns if made.tables else ()
    return await page.inside(
        request,
        tx,
        actor,
        "imports/import.html",
        status=status,
        icons=_ICONS,
        made=made,
        done=await _done(tx, made),
        seen=seen,
        only=only,
        rows=rows,
        heads=_heads(rows),
        moment_of=_moment_of,
        valued=values.cell,
        fields=[field.name for field in sheets.FIELDS.get(made.target, ())],
        targets=imports.TARGETS,
        columns=[(column, _names(columns)[column.at], _how_sure(column, made)) for column in columns],
        is_remembered=any(_how_sure(column, made) == "as_before" for column in columns),
        notices=list(dict.fromkeys(filter(None, (notices.in_words(n) for t in made.tables for n in t.notices)))),
        sheet_names=telling.sheet_names(made),
        lists=_LISTS,
        has_amounts=any(column.format.kind == "money" for column in columns),
        likely=likely,
        currencies=all_currencies,
        likely_regions=telling.likely_regions(_countries(made, seen), [one.region for one in known]),
        regions=telling.regions(),
        asks_region=_asks_region(made, seen, tx.now)
        and any(one.id == made.source_id and one.region == "ZZ" for one in known),
        fault=telling.of_fault(made.fault) if made.fault else None,
        reason=reasons.in_words,
        **{"error": None, **context},
    )


def _asks_region(made: Import, seen: Preview | None, now: datetime) -> bool:
    """Whether numbers were not read that a country would make readable, and the file is here to be looked at again."""
    if made.options.region:
        return False
    if made.state == "asking":
        return ((made.fault or {}).get("values") or {}).get("why") == "bad_phone"
    if made.state == "done":
        return "bad_phone" in made.told and now < made.finished_at + imports.KEPT_FILES
    return seen is not None and "bad_phone" in seen.told


def _countries(made: Import, seen: Preview | None) -> list[str]:
    """The countries the rows of a file name, most often first; as far as was looked where it was not read through."""
    if seen is not None:
        return list(seen.countries)
    samples = (text for table in made.tables if (column := table.column("country")) for text in column.samples)
    return list(dict.fromkeys(filter(None, map(sheets.country_code, samples))))


def _names(columns: tuple[Column, ...]) -> dict[int, str]:
    """What each column is called when something is said of it: its header, its letter where that is not its own."""
    headers = [column.header for column in columns]
    return {c.at: c.header if c.header and headers.count(c.header) == 1 else c.letter for c in columns}


def _how_sure(column: Column, made: Import) -> str:
    if column.field is None:
        return "kept_as_is"
    if column.reasons == (("said",),):
        is_now = column.header in made.options.mapping or column.letter in made.options.mapping
        is_ours = made.tables[0].column("row_id") is not None  # a sheet of ours says itself what it holds
        return "said" if is_now else "sure" if is_ours else "as_before"
    return "sure" if column.confidence >= _SURE else "likely" if column.confidence >= _LIKELY else "check"


def _moment_of(row: ShownRow, name: str) -> datetime | None:
    """When a cell says something happened, for the clocks of whoever looks; refused rows stand as they are."""
    if row.fate == "refused" or name not in _MOMENTS:
        return None
    try:
        at = datetime.fromisoformat(row.cells.get(name, ""))
    except ValueError:
        return None
    return at if at.tzinfo else None


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
    """Read the file anew as it is said; what is left out stays as it was."""
    form = await request.form()
    typed = {name: value.strip() for name, value in form.items() if isinstance(value, str)}
    async with door.opened(request, "change", "imports") as (tx, actor):
        made = await imports.get(tx, import_id)
        try:
            async with tx.savepoint():
                options = imports.checked(_said(made, typed, form.getall("sheet", [])))
                await imports.understand(tx, import_id, typed.get("target") or made.target or None, options)
        except FadenoError as error:
            return await _show(request, tx, actor, made, status=422, error=telling.of(error))
    return Redirect(f"/imports/{import_id}", status_code=_SEE_OTHER)


@post("/imports/{import_id:uuid}/again", include_in_schema=False)
async def look_again(request: Request, import_id: FromPath[UUID]) -> Response:
    """Look at the file of an import that is done once more, with what is said of it now, as another import."""
    app = request.app.state.fadeno
    form = await request.form()
    typed = {name: value.strip() for name, value in form.items() if isinstance(value, str)}
    async with door.opened(request, "change", "imports") as (tx, actor):
        made = await imports.get(tx, import_id)
        try:
            async with tx.savepoint():
                options = imports.checked(_said(made, typed, []))
                again = await imports.hand_in(tx, actor, made.source_id, made.file_name, made.target, (), options)
        except FadenoError as error:
            return await _show(request, tx, actor, made, status=422, error=telling.of(error))
    await imports.take_in(app.db, app.vault, again, imports.kept(app.db, app.vault, import_id), is_given_over=True)
    return Redirect(f"/imports/{again}", status_code=_SEE_OTHER)


def _said(made: Import, typed: dict[str, str], of_sheets: list[Any]) -> Options:
    """What somebody says of a file, beside what was said before."""
    said: dict[str, Any] = {"mapping": _mapping(made, typed)}
    if "whole" in typed:
        said["is_whole"] = typed["whole"] == "yes"
    if typed.get("zone"):
        said["zone"] = typed["zone"]
    for name in ("currency", "region"):
        if name in typed:
            said[name] = typed[name].upper() or None
    if "header_row" in typed:
        text = typed["header_row"]
        if text and not (text.isdecimal() and len(text) < 8 and int(text) <= _MOST_ROW):
            raise Invalid("The row of the headers is a number, 0 where there are none.", word="bad_header_row")
        found = made.tables[0].header_row if made.tables else None
        said["header_row"] = made.options.header_row if not text or int(text) == found else int(text)
    if "sheets_shown" in typed:
        chosen = tuple(str(name) for name in of_sheets)
        is_same = chosen == tuple(table.sheet for table in made.tables)
        said["sheets"] = made.options.sheets if is_same else chosen or None
    if typed.get("conflicts"):
        said |= _settled(made, typed)
    options = msgspec.structs.replace(made.options, **said)
    if (options.header_row, options.sheets) == (made.options.header_row, made.options.sheets):
        return options
    return msgspec.structs.replace(options, mapping={})  # what was said of other headers says nothing of these


def _mapping(made: Import, typed: dict[str, str]) -> dict[str, str | None]:
    target = typed.get("target") or made.target
    columns = made.tables[0].columns if made.tables else ()
    names = _names(columns)
    known = {field.name for field in sheets.FIELDS.get(target, ())}
    mapping = {name: field for name, field in made.options.mapping.items() if field is None or field in known}
    for column in columns:
        value = typed.get(f"{_COLUMN}{column.letter}")
        if value is None or value == (column.field or _NONE):
            continue
        if value == _NONE:
            mapping[names[column.at]] = None
        elif value in known:
            mapping = {name: field for name, field in mapping.items() if field != value}
            mapping[names[column.at]] = value
    return mapping


def _settled(made: Import, typed: dict[str, str]) -> dict[str, Any]:
    """Whose word counts where a cell was changed on both sides."""
    match typed["conflicts"].partition(":"):
        case ("all", _, _):
            return {"overwrites": True}
        case ("none", _, _):
            return {"overwrites": False, "taken": ()}
        case ("take", _, row):
            return {"taken": tuple(dict.fromkeys((*made.options.taken, row)))}
    return {}


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
            return await _show(request, tx, actor, made, status=error.status, error=telling.of(error))
    return Redirect(f"/imports/{import_id}", status_code=_SEE_OTHER)


routes = [show_import, show_state, understand, look_again, act]
