"""Trying a file out: what would happen, in a transaction that leaves nothing behind."""

import asyncio
from collections.abc import Callable, Sequence
from pathlib import Path

from fadeno import sheets
from fadeno.access import Actor
from fadeno.db import Tx
from fadeno.imports.actions.previewing import Previewer
from fadeno.imports.actions.reading import Reader
from fadeno.imports.model import Import, Options, Preview
from fadeno.kit.ids import new_id
from fadeno.sheets import Table
from fadeno.sources import Source


async def try_out(
    tx: Tx,
    actor: Actor,
    source: Source,
    path: Path,
    tables: Sequence[Table],
    options: Options,
    told: Callable[[int], None],
) -> tuple[Import, Preview]:
    """What would happen if a file were brought in; the caller ends the transaction without keeping it.

    Args:
        tables: what the file holds, as `look` found it.
        told: hears how many rows are read, after each batch.

    Returns:
        the import as it would be, and what would become of its rows.

    Raises:
        Unreadable, WrongKind: it is damaged further down, or nearly nothing of its beginning can be used.
    """
    made = _as_if(tx, actor, source, path.name, tables, options)
    seen, batches, read = Previewer(made, source.region), Reader(path, made, source.region).batches(), 0
    while batch := await asyncio.to_thread(next, batches, None):
        await seen.see(tx, batch)
        read = batch.end
        told(read)
    return made, await seen.finished(tx)


def _as_if(tx: Tx, actor: Actor, source: Source, name: str, tables: Sequence[Table], options: Options) -> Import:
    counts = dict.fromkeys(
        ("rows_read", "rows_new", "rows_changed", "rows_unchanged", "rows_refused", "rows_left_out", "rows_gone",
         "rows_joined"), 0,
    )  # fmt: skip
    return Import(
        id=new_id(),
        source_id=source.id,
        source_name=source.name,
        target=tables[0].target,
        file_name=name,
        file_bytes=None,
        file_hash=None,
        tables=tuple(tables),
        options=options,
        state="reading",
        fault=None,
        rows_total=None,
        told={},
        is_stopping=False,
        made_by=actor.name,
        made_at=tx.now,
        heard_at=None,
        finished_at=None,
        **counts,
    )


def rows_of(path: Path, tables: Sequence[Table]) -> int:
    """How many rows the sheets of a file have, nearly: a csv's lines, or the rows of a workbook counted."""
    with sheets.open_book(path) as book:
        if book.kind != "csv":
            return sum(1 for table in tables for row in book.sheet(table.sheet).rows() if row.number >= table.first_row)
    with path.open("rb") as file:
        lines = sum(raw.count(b"\n") for raw in iter(lambda: file.read(1 << 20), b""))
    return max(lines - tables[0].first_row + 2, 0)
