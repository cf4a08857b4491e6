"""Keeping orders as sources say them: the same again changes nothing, a corrected one changes just that."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from fadeno.commerce import store
from fadeno.commerce.model import Kept, NewOrder, Word
from fadeno.commerce.model.orders import COMPARED, differences, first_state, order_row, unsaid
from fadeno.db import Tx
from fadeno.kit.errors import FadenoError
from fadeno.kit.ids import new_id

_NEEDS_CURRENCY = "A new order needs a currency."


@dataclass(slots=True)
class _Said:
    """One order of a batch, read: what is said of it, and its lines."""

    at: int
    id: UUID
    row: dict[str, Any]
    lines: list[str] | None
    said_at: datetime | None
    said_in: UUID | None


async def keep_orders(
    tx: Tx,
    source_id: int,
    orders: Sequence[NewOrder],
    *,
    said_in: UUID,
    said_at: datetime | None = None,
    is_import: bool = False,
) -> list[Kept]:
    """Record what a source says of orders, a few thousand a call; what became of each, in their order.

    Nothing here raises for one bad order: it is refused, with why, and the others are kept. Where a call says one
    number twice, the later counts.

    Args:
        said_in: the import or event that says it.
        said_at: when the source said it; older words only add what nobody said. Now where it is not given.
        is_import: whether it may be taken back whole (`withdraw`): what is overwritten is kept.
    """
    kept: list[Kept] = [Kept("refused")] * len(orders)
    said = [one for at, order in enumerate(orders) if (one := _read(at, order, kept)) is not None]
    said = await _with_known_addresses(tx, said, kept)
    for together in _rounds(said):
        word = Word(source_id, said_in, said_at or tx.now, is_import)
        await _keep(tx, word, together, kept)
    return kept


async def judge_orders(tx: Tx, source_id: int, orders: Sequence[NewOrder], *, said_at: datetime) -> list[Kept]:
    """What `keep_orders` would make of orders said each once, to be shown first; nothing is written."""
    kept: list[Kept] = [Kept("refused")] * len(orders)
    said = [one for at, order in enumerate(orders) if (one := _read(at, order, kept)) is not None]
    known = {row.number: row for row in await store.known_orders(tx, source_id, [one.row["number"] for one in said])}
    word = Word(source_id, new_id(), said_at, is_import=True)
    for one in said:
        if row := known.get(one.row["number"]):
            _judged(one, row, word, kept)
        else:
            kept[one.at] = Kept("new")
    return kept


def _read(at: int, order: NewOrder, kept: list[Kept]) -> _Said | None:
    try:
        row, lines = order_row(order)
    except FadenoError as no:
        kept[at] = Kept("refused", why=no.message, field=no.field)
        return None
    return _Said(at, new_id(), row, lines, order.said_at, order.said_in)


async def _with_known_addresses(tx: Tx, said: list[_Said], kept: list[Kept]) -> list[_Said]:
    """Those whose customer address there is, or who name none."""
    wanted = {one.row["address_id"] for one in said} - {None}
    unknown = wanted - await store.known_addresses(tx, wanted) if wanted else set()
    if not unknown:
        return said
    for one in said:
        if one.row["address_id"] in unknown:
            kept[one.at] = Kept("refused", why="There is no such customer address.", field="address_id")
    return [one for one in said if one.row["address_id"] not in unknown]


def _rounds(said: list[_Said]) -> Iterator[list[_Said]]:
    """The same in parts in which each number stands once: nearly always one part."""
    while said:
        first: dict[str, _Said] = {}
        later = []
        for one in said:
            if first.setdefault(one.row["number"], one) is not one:
                later.append(one)
        yield list(first.values())
        said = later


async def _keep(tx: Tx, word: Word, said: list[_Said], kept: list[Kept]) -> None:
    complete = [one for one in said if one.row["currency"]]
    added = await store.add_orders(tx, [_new_row(one, word) for one in complete]) if complete else set()
    for one in said:
        if one.id in added:
            kept[one.at] = Kept("new", one.id)
    await store.add_lines(tx, [(one.id, one.lines) for one in complete if one.id in added and one.lines])
    rest = [one for one in said if one.id not in added]
    if rest:
        await _correct(tx, word, rest, kept)


def _new_row(one: _Said, word: Word) -> dict[str, Any]:
    return {
        "lines_minor": None,
        "line_count": 0,
        **one.row,
        "id": one.id,
        "source_id": word.source_id,
        "state": one.row["state"] or first_state(one.row),
        "placed_at": one.row["placed_at"] or one.said_at or word.said_at,
        "tax_included": bool(one.row["tax_included"]),
        **word.about(one.said_at, one.said_in),
    }


async def _correct(tx: Tx, word: Word, said: list[_Said], kept: list[Kept]) -> None:
    """Change what is known of orders where it differs; only those are taken."""
    known = {row.number: row for row in await store.known_orders(tx, word.source_id, [o.row["number"] for o in said])}
    differing = [one for one in said if _judged(one, known.get(one.row["number"]), word, kept)]
    if not differing:
        return
    numbers = [one.row["number"] for one in differing]
    known = {row.number: row for row in await store.take_orders(tx, word.source_id, numbers)}
    differing = [one for one in differing if _judged(one, known.get(one.row["number"]), word, kept)]
    ids = {one.at: known[one.row["number"]].id for one in differing}
    if word.is_import:
        await store.keep_before_orders(tx, word.said_in, list(ids.values()))
    await store.change_orders(tx, [_changed_row(one, known[one.row["number"]], word, kept) for one in differing])
    relined = [
        (ids[one.at], one.lines) for one in differing if one.lines is not None and "lines" in kept[one.at].changes
    ]
    if relined:
        await store.drop_lines(tx, [id_ for id_, _ in relined])
        await store.add_lines(tx, relined)


def _changed_row(one: _Said, known: Any, word: Word, kept: list[Kept]) -> dict[str, Any]:
    """The columns to write: of an older word only those it fills, which make the order no older."""
    about = word.about(one.said_at, one.said_in)
    row = {**one.row, "id": known.id, **about}
    if about["said_at"] >= known.said_at:
        return row
    filled = {"lines_digest" if name == "lines" else name for name in kept[one.at].changes}
    return {**row, **dict.fromkeys(set(COMPARED) - filled), "said_at": known.said_at}


def _judged(one: _Said, known: Any | None, word: Word, kept: list[Kept]) -> bool:
    """Whether what is said differs from what is known; the judgement is noted."""
    if known is None:
        why = "It was taken back at this very moment. Say it again." if one.row["currency"] else _NEEDS_CURRENCY
        kept[one.at] = Kept("refused", why=why, field=None if one.row["currency"] else "currency")
        return False
    if known.erased_at:
        kept[one.at] = Kept("unchanged", known.id)
        return False
    changes = differences(known, one.row)
    if changes and known.said_at > (one.said_at or word.said_at):
        changes = unsaid(known, changes)
        if not changes:
            kept[one.at] = Kept("older", known.id)
            return False
    kept[one.at] = Kept("changed" if changes else "unchanged", known.id, changes)
    return bool(changes)
