"""Lists as rows of a sheet: those of customers, goods and orders with ids and versions, so that they can come back."""

import asyncio
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from pathlib import Path

from fadeno import access, sheets
from fadeno.access import Actor
from fadeno.db import Database, Tx
from fadeno.imports.actions import listing, showing
from fadeno.imports.actions.listing import Asked, Shown
from fadeno.imports.model import lists
from fadeno.kit.money import EXPONENTS
from fadeno.sheets import Out, Value

RETURNING = tuple(lists.COLUMNS)
LISTS = (*RETURNING, *showing.COLUMNS)

Page = tuple[list[Sequence[Value]], str | None]


async def export(
    db: Database, actor: Actor, what: str, to: Path, asked: Asked = Asked(), most: int | None = None
) -> int | None:
    """Write a list, or what is asked for of it, to a sheet, page by page; how many rows, None where nothing is written.

    Args:
        what: one of LISTS.
        to: ends in .csv or .xlsx.
        most: with more rows than these, nothing is written.
    """
    loop = asyncio.get_running_loop()
    first: list[Sequence[Value]] = []
    following: str | None = ""

    async def page(after: str | None) -> Page:
        async with db.transaction() as tx:
            return await page_of(tx, actor, what, asked, after)

    def rows() -> Iterator[Sequence[Value]]:
        yield from first
        after = following
        while after is not None:
            some, after = asyncio.run_coroutine_threadsafe(page(after or None), loop).result()
            yield from some

    while most is not None and following is not None:
        some, following = await page(following or None)
        first += some
        if len(first) > most:
            return None
    async with db.transaction() as tx:
        await access.note(tx, actor, "export", what, None)
    return await asyncio.to_thread(write, to, what, asked, rows())


async def page_of(tx: Tx, actor: Actor, what: str, asked: Asked, after: str | None) -> Page:
    """The next rows of a list, and what to ask for the ones after them; None at its end."""
    if what not in RETURNING:
        return await showing.page_of(tx, actor, what, asked, after)
    rows, following = await listing.page_of(tx, actor, what, asked, after)
    return [_row(what, row, asked.zone) for row in rows], following


def write(to: Path, what: str, asked: Asked, rows: Iterable[Sequence[Value]]) -> int:
    """Write the rows of a list to a sheet that ends in .csv or .xlsx; how many."""
    columns: tuple[Out, ...] = lists.outs(what, asked.headers) if what in RETURNING else showing.COLUMNS[what]
    if to.suffix.lower() == ".csv":
        delimiter = ";" if asked.decimal == "," else ","
        return sheets.write_csv(to, columns, rows, delimiter=delimiter, decimal=asked.decimal).rows
    return sheets.write_xlsx(to, columns, rows, name=what, right_to_left=asked.right_to_left).rows


def _row(what: str, row: Shown, zone: str) -> Sequence[Value]:
    id_ = f"{row.id}/{row.part}" if row.part else str(row.id)
    cells: list[Value] = [lists.typed(row.cells.get(one.field), one.kind, zone) for one in lists.COLUMNS[what]]
    if "unit_price" in row.cells:
        at = [one.field for one in lists.COLUMNS[what]].index("unit_price")
        cells[at] = _as_paid(cells[at], row.cells["currency"])
    return (id_, lists.version_of(what, row.texts(what, zone), zone), *lists.in_order(what, cells, row.shown))


def _as_paid(value: Value, currency: str | None) -> Value:
    """A price with as many places as the amounts beside it have, and more where it has more."""
    places = EXPONENTS.get(currency, 0)
    if isinstance(value, Decimal) and -value.as_tuple().exponent < places:
        return value.quantize(Decimal(1).scaleb(-places))
    return value
