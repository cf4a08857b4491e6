"""Finding customers by name in any script and by any address, as one types."""

from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from fadeno.customers import store
from fadeno.customers.model.contacts import without_contacts
from fadeno.customers.model.finding import Query, rank, sought, sought_digits
from fadeno.customers.model.profile import ordered_as
from fadeno.db import Tx
from fadeno.kit import addresses, lists, text
from fadeno.kit.errors import Invalid

MOST = 100
MOST_FOUND = 200  # looked at of those who match; who types on finds the others
_MOST_NAMED = 100  # of those whose name begins so: when there are more, they are all there is to see
_MOST_ADDRESSES = 20  # of each kind
_MOST_DATED = 60
_LATELY = timedelta(days=60)
_ENOUGH = 20  # that many found, slips are not looked for
_MOST_ALIKE = 2_000
_MOST_SLIPS = 8


@dataclass(frozen=True, slots=True)
class Found:
    """A customer in a list."""

    id: UUID
    name: str | None
    label: str
    address_count: int


async def search(
    tx: Tx,
    q: str = "",
    *,
    limit: int = 20,
    after: str | None = None,
    region: str | None = None,
    by_address: bool = True,
) -> tuple[list[Found], str | None]:
    """Customers that match what was typed, the best match first, and where the next page begins.

    An address that is exactly right comes first, then names: the same word, its beginning, the word in another script
    or spelling, a slip of the finger; then what addresses hold; among equals whoever was heard of last. Nothing typed
    lists everybody who is known by something: people with names in their order, then those without one.

    Args:
        by_address: without it only names answer: for those who may not learn an address, not even by guessing.
    """
    limit = max(1, min(limit, MOST))
    if lists.typed(q):
        start = started(after)
        return page_of(await matching(tx, q, region, by_address=by_address), start, limit)
    rows, more = lists.cut(await store.named_page(tx, lists.after_key(after), limit + 1), limit)
    return [as_found(row) for row in rows], lists.by_key(more.sort_key, more.id) if more else None


async def matching(tx: Tx, q: str, region: str | None = None, *, by_address: bool = True) -> list[Any]:
    """All rows that `search` shows page by page, the best match first."""
    typed = lists.typed(q)
    shown = {row.id: row for row in await _exactly(tx, typed, region, by_address=by_address)}
    shown |= {row.id: row for row in await _ranked(tx, typed, by_address=by_address) if row.id not in shown}
    return list(shown.values())


def started(after: str | None) -> int:
    """How many matches stood on the pages before."""
    key, _ = lists.after_key(after)
    return int(key) if key.isdecimal() and len(key) < 5 else 0


def page_of(rows: Sequence[Any], start: int, limit: int) -> tuple[list[Found], str | None]:
    """A page of matches, and where the next begins."""
    page = [as_found(row) for row in rows[start : start + limit]]
    return page, lists.by_key(str(start + limit), page[-1].id) if len(rows) > start + limit else None


def as_found(row: Any) -> Found:
    """A row as lists show it."""
    return Found(row.id, row.name, row.label, row.address_count)


async def _exactly(tx: Tx, typed: str, region: str | None, *, by_address: bool) -> list[Any]:
    """Customers of the very address or id that was typed."""
    rows = []
    with suppress(ValueError):
        rows += [await store.customer(tx, UUID(typed))]
    if not by_address:
        return [row for row in rows if row]
    if ":" in typed:
        try:
            kind, value = addresses.split(typed)
            return [*filter(None, rows), *await _of(tx, kind, addresses.normalise(kind, value, region))]
        except Invalid:
            pass
    for kind in ("email", "phone"):
        try:
            rows += await _of(tx, kind, addresses.normalise(kind, typed, region))
        except Invalid:
            continue
    return [*filter(None, rows), *await store.any_address(tx, typed)]


async def _of(tx: Tx, kind: str, value: str) -> list[Any]:
    id_ = await store.find(tx, kind, value)
    return [await store.customer(tx, id_)] if id_ else []


async def _ranked(tx: Tx, typed: str, *, by_address: bool) -> list[Any]:
    """Whoever matches, by how well; of very many, some."""
    found = [*await _by_number(tx, typed), *await _by_address(tx, typed)] if by_address else []
    wanted = text.wanted(typed) if "@" not in typed.lstrip("@") else []
    if not wanted:
        return found
    named = await _by_name(tx, typed, wanted)
    if len(named) + len(found) >= _ENOUGH or all(len(want.words[-1]) == 1 for want in wanted):
        return await _best_first(tx, Query(typed, wanted, {}), found, named, by_address=by_address)
    slips = await _slips(tx, wanted)
    if any(slips.values()):
        named |= {
            row.id: row for row in await store.with_keys(tx, sought(wanted, widely=True, slips=slips), MOST_FOUND)
        }
    return await _best_first(tx, Query(typed, wanted, slips), found, named, by_address=by_address)


async def _best_first(
    tx: Tx, query: Query, found: Iterable[Any], named: dict[UUID, Any], *, by_address: bool
) -> list[Any]:
    ranked = []
    for row in named.values():
        how = rank(query, row.name, row.label)
        if how is not None and (by_address or _is_by_name(how, row)):
            ranked.append((how, -row.version, row))
    ranked.sort(key=lambda r: r[:2])
    by_name = {row.id: row for row in await _latest_first(tx, ranked)}
    return [*by_name.values(), *(row for row in found if row.id not in by_name)]


async def _latest_first(tx: Tx, ranked: list[tuple[Any, int, Any]]) -> list[Any]:
    """The first of those ranked by when something came of them, among equals; further down by when evidence did."""
    rows, first = [row for _, _, row in ranked], ranked[:_MOST_DATED]
    if len({how for how, _, _ in first}) == len(first):
        return rows
    heard = await store.heard_since(tx, [row.id for row in rows[:_MOST_DATED]], tx.now - _LATELY)
    first.sort(key=lambda r: (r[0], -heard[r[2].id].timestamp() if r[2].id in heard else 0, r[1]))
    return [row for _, _, row in first] + rows[_MOST_DATED:]


def _is_by_name(how: tuple[int, ...], row: Any) -> bool:
    """Whether a name alone answers, and one that is no address itself."""
    return not how[1] and without_contacts(row.name) == row.name


async def _by_number(tx: Tx, typed: str) -> list[Any]:
    for digits in text.typed_digits(typed):
        if rows := await store.with_number(tx, sought_digits(digits), digits, addresses.PHONE_KINDS, MOST_FOUND):
            return rows
    return []


async def _by_address(tx: Tx, typed: str) -> list[Any]:
    """Customers of addresses that begin so: of what looks like a part of one."""
    if " " in typed or not any(c.isdigit() or c in "@._-" for c in typed[1:]):
        return []
    rows = []
    for letters in dict.fromkeys((typed.casefold(), typed)):
        rows += await store.address_begins_with(tx, letters, _MOST_ADDRESSES)
    return rows


async def _by_name(tx: Tx, typed: str, wanted: list[text.Wanted]) -> dict[UUID, Any]:
    rows: list[Any] = []
    for written in (typed, " ".join(text.words(typed))):  # as it is, then in Latin letters
        letters = text.beginning(written, ordered_as())
        if letters and len(rows) < _MOST_NAMED:
            rows += await store.begins_with(tx, letters, _MOST_NAMED)
    widely, closely = sought(wanted, widely=True), sought(wanted, widely=False)
    if widely and len(rows) < _MOST_NAMED:
        if len(wanted) == 1 and len(some := await store.new_with_keys(tx, closely, MOST_FOUND)) == MOST_FOUND:
            return {row.id: row for row in (*rows, *some)}  # a tenth of all: an index would gather them first
        more = await store.with_keys(tx, widely, MOST_FOUND)
        if len(more) == MOST_FOUND and widely != closely:  # too many to see all: better matches first
            more = [*await store.with_keys(tx, closely, MOST_FOUND), *more][:MOST_FOUND]
        rows += more
    return {row.id: row for row in rows}


async def _slips(tx: Tx, wanted: list[text.Wanted]) -> dict[str, list[str]]:
    """For each word, the words somebody is found by that are a slip or two away."""
    found = {}
    for want in wanted:
        word = want.words[0]
        most = text.slips_forgiven(word)
        if not most or word.isdigit():
            continue
        alike = await store.spelled_alike(tx, text.shortened(word), _MOST_ALIKE)
        near = sorted((text.slips(word, other, most), other) for other in alike if other != word)
        found[word] = [other for far, other in near if far <= most][:_MOST_SLIPS]
    return found
