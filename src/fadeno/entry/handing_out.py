"""Sheets handed out: small ones written here, big ones by a process of their own; nothing of them stays on disk."""

import asyncio
import sys
import tempfile
from asyncio.subprocess import DEVNULL, PIPE
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import BinaryIO, NamedTuple
from urllib.parse import quote

import structlog
from litestar import Request
from litestar.response import Stream
from litestar.types import Receive

from fadeno import imports
from fadeno.app import App

FEW = 2_000  # rows; more would keep the server from answering others
KINDS = {"csv": "text/csv", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}
_PIECE_BYTES = 1 << 18
_log = structlog.get_logger(__name__)


class Sheet(NamedTuple):
    """What is handed out.

    Attributes:
        name: of the file, in any script; ascii_name: the same for old clients. Both end in .csv or .xlsx.
        write: writes it here if it is small; whether it did.
        command: what `fadeno` is told to write it to that path; told: what it hears on its input.
    """

    name: str
    ascii_name: str
    write: Callable[[Path], Awaitable[bool]]
    command: Callable[[Path], tuple[str, ...]]
    told: bytes = b""


async def hand_out(request: Request, sheet: Sheet) -> Stream:
    """A sheet to keep, sent in pieces; the process that writes it ends when nobody waits for it any more."""
    with tempfile.TemporaryDirectory(prefix="fadeno-sheet-") as folder:
        path = Path(folder) / sheet.ascii_name
        if not await sheet.write(path):
            await _in_child(request, sheet, path)
        size, file = path.stat().st_size, path.open("rb")  # once it is open, its name may go
    said = f"attachment; filename=\"{sheet.ascii_name}\"; filename*=UTF-8''{quote(sheet.name, safe='')}"
    return Stream(
        _pieces(file),
        media_type=KINDS[sheet.name.rpartition(".")[2]],
        headers={"content-disposition": said, "content-length": str(size)},
    )


async def _in_child(request: Request, sheet: Sheet, path: Path) -> None:
    """Let a process of its own write it.

    Raises:
        OurFault: it could not, or the browser left, which then hears nothing of it.
    """
    app: App = request.app.state.fadeno
    program = (sys.executable, "-m", "fadeno", *sheet.command(path), "--data-dir", str(app.settings.data_dir))
    child = await asyncio.create_subprocess_exec(*program, stdin=PIPE, stdout=DEVNULL, stderr=DEVNULL)
    working = asyncio.create_task(child.communicate(sheet.told))
    leaving = asyncio.create_task(_left(request.receive))
    try:
        await asyncio.wait({working, leaving}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        leaving.cancel()
        if child.returncode is None:
            child.kill()
        await working
    if child.returncode:
        _log.warning("a sheet was not written", status=child.returncode)
        name = f"writer: {child.returncode}"
        raise imports.OurFault(f"The process that writes the sheet ended ({name}).", name=name)


async def _left(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _pieces(file: BinaryIO) -> AsyncIterator[bytes]:
    with file:
        while raw := await asyncio.to_thread(file.read, _PIECE_BYTES):
            yield raw
