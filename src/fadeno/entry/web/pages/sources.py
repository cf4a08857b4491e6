"""Systems we read from: what became of everything they sent, and how they are understood."""

from typing import Any

from litestar import Request, Response, get, post
from litestar.params import FromPath
from litestar.response import Redirect

from fadeno import access, intake, sources
from fadeno.access import Actor
from fadeno.db import Tx
from fadeno.entry import door, links
from fadeno.entry.web import page
from fadeno.intake import Accounts
from fadeno.kit.errors import FadenoError, Invalid
from fadeno.sources import Source

_NOTHING = Accounts(0, 0, 0, 0, 0, 0, 0, 0, 0)
_KINDS = ("server", "browser")
_MINUTE_S = 60


@get("/sources", include_in_schema=False)
async def list_sources(request: Request) -> Response:
    """Every source with its accounts."""
    async with door.opened(request, "see", "sources") as (tx, actor):
        return await _list(request, tx, actor)


async def _list(request: Request, tx: Tx, actor: Actor, *, status: int = 200, **context: Any) -> Response:
    books = await intake.accounts_by_source(tx)
    return await page.inside(
        request,
        tx,
        actor,
        "sources/list.html",
        status=status,
        rows=[_row(one, books.get(one.id, _NOTHING), tx) for one in await sources.all_sources(tx)],
        kinds=_KINDS,
        **{"error": None, "typed": {}, **context},
    )


def _row(source: Source, book: Accounts, tx: Tx) -> tuple[Source, Accounts, str]:
    return source, book, source.freshness(book.last_at, tx.now) or ""


@post("/sources", include_in_schema=False)
async def create_source(request: Request) -> Response:
    """Make a source known, and go on to its first event."""
    form = await _form(request)
    async with door.opened(request, "change", "sources") as (tx, actor):
        try:
            async with tx.savepoint():
                region = form.get("region", "").upper() or "ZZ"
                made = await sources.create(tx, actor, form.get("name", ""), kind=form.get("kind", ""), region=region)
        except FadenoError as error:
            return await _list(request, tx, actor, status=422, error=error, typed=form)
    return Redirect(f"/sources/{made.id}", status_code=303)


@get("/sources/{source_id:int}", include_in_schema=False)
async def show_source(request: Request, source_id: FromPath[int]) -> Response:
    """One source."""
    async with door.opened(request, "see", "sources") as (tx, actor):
        saved = request.query_params.get("saved", "")
        return await _show(request, tx, actor, await sources.get(tx, source_id), saved=saved)


async def _show(
    request: Request, tx: Tx, actor: Actor, source: Source, *, status: int = 200, **context: Any
) -> Response:
    _, book, freshness = _row(source, await intake.accounts(tx, source.id), tx)
    return await page.inside(
        request,
        tx,
        actor,
        "sources/source.html",
        status=status,
        source=source,
        book=book,
        freshness=freshness,
        waiting=[row for row in await intake.quarantine_counts(tx) if row[0] == source.id],
        mapping="\n".join(f"{path} = {target}" for path, target in source.mapping.items()),
        mappable=sources.MAPPABLE,
        kinds=_KINDS,
        here_url=links.link_seen(request, ""),
        **{"error": None, "typed": {}, "key": "", "saved": "", **context},
    )


@post("/sources/{source_id:int}", include_in_schema=False)
async def change_source(request: Request, source_id: FromPath[int]) -> Response:
    """Say anew how a source is to be understood; what it sends from now on, and replays, follow it."""
    form = await _form(request)
    async with door.opened(request, "change", "sources") as (tx, actor):
        source = await sources.get(tx, source_id)
        try:
            changes = _changes(form)
            async with tx.savepoint():
                await sources.change(tx, actor, source_id, **changes)
        except FadenoError as error:
            return await _show(request, tx, actor, source, status=422, error=error, typed=form)
    return Redirect(f"/sources/{source_id}?saved=yes", status_code=303)


def _changes(form: dict[str, str]) -> dict[str, Any]:
    return {
        "kind": form.get("kind", ""),
        "region": form.get("region", "").strip().upper() or "ZZ",
        "enabled": form.get("enabled") == "yes",
        "mapping": _mapping(form.get("mapping", "")),
        "rhythm_s": _rhythm(form.get("rhythm", "")),
    }


def _mapping(text: str) -> dict[str, str]:
    """Lines of `path = what it holds`.

    Raises:
        Invalid: a line says something else.
    """
    found = {}
    for line in filter(str.strip, text.splitlines()):
        path, sign, target = line.partition("=")
        if not sign:
            said = line.strip()[:60]
            raise Invalid(f"Write “{said}” as path = what it holds.", field="mapping", word="bad_line", line=said)
        found[path.strip()] = target.strip()
    return found


def _rhythm(text: str) -> int | None:
    if not text.strip():
        return None
    if not (text.strip().isascii() and text.strip().isdigit()) or len(text.strip()) > 6:
        raise Invalid("Write a number of minutes, or nothing.", field="rhythm", word="bad_rhythm")
    return int(text) * _MINUTE_S


@post("/sources/{source_id:int}/key", include_in_schema=False)
async def make_key(request: Request, source_id: FromPath[int]) -> Response:
    """Make a key that may only bring events of this source; shows it this one time."""
    async with door.opened(request, "manage", "keys") as (tx, actor):
        source = await sources.get(tx, source_id)
        key = await access.create_key(tx, actor, source.name, "collect", source.id)
        return await _show(request, tx, actor, source, key=key)


async def _form(request: Request) -> dict[str, str]:
    return {name: value for name, value in (await request.form()).items() if isinstance(value, str)}


routes = [list_sources, create_source, show_source, change_source, make_key]
