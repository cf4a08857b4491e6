"""Questions about imports."""

import zlib
from collections.abc import AsyncIterator
from uuid import UUID

import msgspec

from fadeno.db import Tx
from fadeno.imports import model, store
from fadeno.imports.model import Import, NoImport, Options, Preview, RefusedRow, Remembered
from fadeno.kit.seal import Seal
from fadeno.sheets import Table

MOST = 200


async def get(tx: Tx, id_: UUID) -> Import:
    """One import.

    Raises:
        NoImport: there is none by that id.
    """
    made = await store.one(tx, id_)
    if made is None:
        raise NoImport(field="id")
    return made


async def taken_so_far(tx: Tx, id_: UUID) -> tuple[int, int]:
    """How many rows of an import are taken back by now, and of how many; several of one order count once."""
    return await store.taken_so_far(tx, id_)


async def imports(tx: Tx, *, before: UUID | None = None, limit: int = 50) -> list[Import]:
    """Imports, newest first; `before` is the last id of the page before."""
    return await store.page(tx, before, min(limit, MOST))


async def preview(tx: Tx, vault: Seal, id_: UUID) -> Preview | None:
    """What would happen if it were brought in; None unless it is ready."""
    sealed = await store.preview(tx, id_)
    if sealed is None:
        return None
    return msgspec.json.decode(zlib.decompress(vault.open(sealed, f"imports.preview:{id_}")), type=Preview)


async def remembered(tx: Tx, source_id: int, table: Table, target: str | None) -> Remembered:
    """How a table with these headers was understood last; nothing where it is the first.

    Args:
        target: what kind of file it is said to be now; None = whatever it was last.
    """
    has_headers = any(column.header for column in table.columns)
    asked = target or ("" if has_headers or not table.target else table.target)
    row = await store.mapping(tx, source_id, asked, model.fingerprint(table))
    return Remembered(row.target, dict(row.fields)) if row else Remembered()


async def said_before(tx: Tx, source_id: int) -> Options:
    """What was said of the last file of a source: zone, currency, region of phones; nothing where there was none."""
    said = await store.options_said(tx, source_id) or {}
    return Options(zone=said.get("zone") or "", currency=said.get("currency"), region=said.get("region"))


async def refused(tx: Tx, vault: Seal, id_: UUID) -> AsyncIterator[RefusedRow]:
    """Every row that was not brought in, in the order of the file."""
    after = -1
    while row := await store.refused(tx, id_, after):
        after = row.ordinal
        opened = zlib.decompress(vault.open(row.sealed, f"imports.refused:{id_}:{row.ordinal}"))
        for one in msgspec.json.decode(opened, type=list[RefusedRow]):
            yield one
