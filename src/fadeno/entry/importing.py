"""What both doors of imports share: the source a file is handed in for, and the refused rows handed out."""

from collections.abc import Callable
from pathlib import Path
from uuid import UUID

from litestar import Request
from litestar.response import Stream

from fadeno import access, imports, sources
from fadeno.access import Actor
from fadeno.app import App
from fadeno.db import Tx
from fadeno.entry import speaking
from fadeno.entry.handing_out import FEW, Sheet, hand_out
from fadeno.imports import Import, Preview, Reason
from fadeno.kit.seal import Seal
from fadeno.sources import Source, UnknownSource


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


async def looked_through(tx: Tx, actor: Actor, vault: Seal, made: Import) -> Preview | None:
    """What would happen, where that is known: it shows rows of people, so it is noted who looked."""
    seen = await imports.preview(tx, vault, made.id)
    if seen is not None:
        await access.note(tx, actor, "see", "import", made.id)
    return seen


async def to_hand_out(tx: Tx, actor: Actor, id_: UUID) -> Import:
    """An import whose refused rows are handed out now: they hold people's addresses, so it is noted who took them."""
    made = await imports.get(tx, id_)
    await access.note(tx, actor, "export", "import", id_)
    return made


async def refused_sheet(request: Request, made: Import, ending: str, say: Callable[[Reason], str]) -> Stream:
    """The refused rows of an import as a sheet to keep.

    Args:
        ending: xlsx or csv.
        say: puts a reason into words.
    """
    app: App = request.app.state.fadeno

    async def write(path: Path) -> bool:
        if made.rows_refused > FEW:
            return False
        await imports.write_refused(app.db, app.vault, made.id, path, say)
        return True

    def command(path: Path) -> tuple[str, ...]:
        return ("import", "--refused", str(made.id), str(path), "--language", speaking.language())

    stem = made.file_name.rpartition(".")[0] or made.file_name
    return await hand_out(request, Sheet(f"{stem} - refused.{ending}", f"refused.{ending}", write, command))
