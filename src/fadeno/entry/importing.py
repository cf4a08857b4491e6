"""What both doors of imports share: the source a file is handed in for, and the refused rows handed out."""

import asyncio
import sys
import tempfile
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from urllib.parse import quote
from uuid import UUID

from litestar.response import Stream

from fadeno import access, imports, sources
from fadeno.access import Actor
from fadeno.app import App
from fadeno.db import Tx
from fadeno.entry import speaking
from fadeno.imports import Import, Reason
from fadeno.sources import Source, UnknownSource

_FEW = 2_000  # more would keep the server from answering others
_PIECE_BYTES = 1 << 18
_KINDS = {"csv": "text/csv", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}


async def source_for(tx: Tx, actor: Actor, name: str, region: str | None) -> Source:
    """The source of that name; made known if it is new and the actor may make one.

    Raises:
        Forbidden: there is none, and the actor may not make one.
    """
    try:
        return await sources.by_name(tx, name)
    except UnknownSource:
        if access.may(actor, "change", "sources"):
            return await sources.create(tx, actor, name, region=region or "ZZ")
    raise access.Forbidden(
        "There is no such source, and this role or key may not make one.",
        field="source",
        hint="Name an existing source, or ask an administrator.",
        word="no_new_source",
    )


async def refused_sheet(app: App, made: Import, ending: str, say: Callable[[Reason], str]) -> Stream:
    """The refused rows of an import as a sheet to keep: many are written by a process of their own.

    Args:
        ending: xlsx or csv.
        say: puts a reason into words.
    """
    folder = tempfile.TemporaryDirectory(prefix="fadeno-refused-")
    path = Path(folder.name) / f"refused.{ending}"
    try:
        if made.rows_refused <= _FEW:
            await imports.write_refused(app.db, app.vault, made.id, path, say)
        else:
            await _in_child(app, made.id, path)
    except BaseException:
        folder.cleanup()
        raise
    stem = made.file_name.rpartition(".")[0] or made.file_name
    name = quote(f"{stem} - refused.{ending}", safe="")
    return Stream(
        _pieces(path, folder),
        media_type=_KINDS[ending],
        headers={
            "content-disposition": f"attachment; filename=\"refused.{ending}\"; filename*=UTF-8''{name}",
            "content-length": str(path.stat().st_size),
        },
    )


async def _in_child(app: App, id_: UUID, path: Path) -> None:
    program = (sys.executable, "-m", "fadeno", "import", "--refused", str(id_), str(path))
    more = ("--language", speaking.language(), "--data-dir", str(app.settings.data_dir))
    quiet = asyncio.subprocess.DEVNULL
    process = await asyncio.create_subprocess_exec(*program, *more, stdin=quiet, stdout=quiet, stderr=quiet)
    try:
        status = await process.wait()
    except asyncio.CancelledError:
        process.kill()
        raise
    if status:
        raise imports.OurFault


async def _pieces(path: Path, folder: tempfile.TemporaryDirectory[str]) -> AsyncIterator[bytes]:
    try:
        with path.open("rb") as file:
            while raw := await asyncio.to_thread(file.read, _PIECE_BYTES):
                yield raw
    finally:
        folder.cleanup()
