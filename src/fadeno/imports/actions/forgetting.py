"""Forgetting a customer in what is kept of files: what was seen of them, and the rows that were refused."""

import zlib
from collections.abc import Callable, Sequence
from uuid import UUID

import msgspec

from fadeno.db import Tx
from fadeno.imports import store
from fadeno.imports.model import RefusedRow
from fadeno.kit import mentions
from fadeno.kit.seal import Seal
from fadeno.sheets import Table

_AT_ONCE = 100


async def forget(tx: Tx, vault: Seal, values: Sequence[str]) -> int:
    """Take the rows that name one of these values out of those refused, and whatever a file that names one showed.

    Returns:
        In how many imports something was forgotten. The file itself stays, sealed, until a day after its import ended.
    """
    names, after, forgotten = mentions.finder(values), None, 0
    while names and (rows := await store.held_after(tx, after, _AT_ONCE)):
        after = rows[-1].id
        for row in rows:
            seen = msgspec.json.encode(row.tables).decode()
            if row.preview is not None:
                seen += zlib.decompress(vault.open(row.preview, f"imports.preview:{row.id}")).decode()
            is_named = names(seen)
            if is_named:
                await store.put_out_of_sight(
                    tx, row.id, _unseen(msgspec.convert(row.tables, list[Table], strict=False))
                )
            forgotten += await _forget_refused(tx, vault, row.id, names) or is_named
    return forgotten


def _unseen(tables: Sequence[Table]) -> list[Table]:
    return [
        msgspec.structs.replace(
            table, columns=tuple(msgspec.structs.replace(column, samples=()) for column in table.columns)
        )
        for table in tables
    ]


async def _forget_refused(tx: Tx, vault: Seal, id_: UUID, names: Callable[[str], bool]) -> bool:
    is_changed, after = False, -1
    while block := await store.refused(tx, id_, after):
        after = block.ordinal
        about = f"imports.refused:{id_}:{block.ordinal}"
        rows = msgspec.json.decode(zlib.decompress(vault.open(block.sealed, about)), type=list[RefusedRow])
        left = [row for row in rows if not names("\n".join(row.cells.values()))]
        if len(left) < len(rows):
            sealed = vault.seal(zlib.compress(msgspec.json.encode(left), 1), about)
            await store.put_refused(tx, id_, block.ordinal, sealed)
            is_changed = True
    return is_changed
