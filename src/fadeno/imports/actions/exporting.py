"""Lists as rows of a sheet: those of customers, goods and orders with ids and versions, so that they can come back."""

from collections.abc import Iterable, Sequence
from pathlib import Path

from fadeno import sheets
from fadeno.access import Actor
from fadeno.db import Tx
from fadeno.imports.actions import listing, showing
from fadeno.imports.actions.listing import Asked, Shown
from fadeno.imports.model import lists
from fadeno.sheets import Out, Value

RETURNING = tuple(lists.COLUMNS)
LISTS = (*RETURNING, *showing.COLUMNS)

Page = tuple[list[Sequence[Value]], str | None]


async def page_of(tx: Tx, actor: Actor, what: str, asked: Asked, after: str | None) -> Page:
    """The next rows of a list, and what to ask for the ones after them; None at its end."""
    if what not in RETURNING:
        return await showing.page_of(tx, actor, what, asked, after)
    rows, following = await listing.page_of(tx, what, asked, after)
    return [_row(what, row, asked.zone) for row in rows], following


def write(to: Path, what: str, asked: Asked, rows: Iterable[Sequence[Value]]) -> int:
    """Write the rows of a list to a sheet that ends in .csv or .xlsx; how many."""
    columns: tuple[Out, ...] = lists.outs(what) if what in RETURNING else showing.COLUMNS[what]
    if to.suffix.lower() == ".csv":
        return sheets.write_csv(to, columns, rows).rows
    return sheets.write_xlsx(to, columns, rows, name=what, right_to_left=asked.right_to_left).rows


def _row(what: str, row: Shown, zone: str) -> Sequence[Value]:
    id_ = f"{row.id}/{row.part}" if row.part else str(row.id)
    cells = [lists.typed(row.cells.get(one.field), one.kind, zone) for one in lists.COLUMNS[what]]
    return (id_, lists.version_of(what, row.texts(what, zone), zone), *cells, *row.shown)
