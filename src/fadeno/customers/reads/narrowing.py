"""Lists of customers narrowed to those one may reach, who were heard of, or who allowed something."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from itertools import chain, repeat
from time import monotonic
from typing import Any
from uuid import UUID

from fadeno import events
from fadeno.customers.reads.search import MOST, Found, as_found, matching, page_of, search, started
from fadeno.customers.store import narrowing as store
from fadeno.customers.store import ways
from fadeno.customers.store.finding import named_page
from fadeno.db import Tx
from fadeno.kit import addresses, ids, lists

_LOOKED_AT = (100, 400, 1_500)  # at once, and the last again and again while few fit and there is time
_LOOKING_S = 0.05
_MOST_UNKNOWN = 2_000  # events since ways were noted last that are looked through themselves
_MOST_HEARD = 10_000  # events since the moment asked for that are looked through instead of all customers
_MOST_AHEAD = timedelta(days=1)  # by which what happened may be later than when it came
_AMONG = 20_000
_KINDS = {"email": frozenset({"email"}), "phone": addresses.PHONE_KINDS}
REACHED_BY = tuple(_KINDS)


@dataclass(frozen=True, slots=True)
class Narrow:
    """What a list of customers is narrowed to; empty is all.

    Attributes:
        reached_by: `email` or `phone`: they have such an address.
        channel, source_id, since: something of them came so, from there, since then.
        purpose: they allow it, and nowhere refused it.
    """

    reached_by: str = ""
    channel: str = ""
    source_id: int | None = None
    since: datetime | None = None
    purpose: str = ""

    @property
    def is_all(self) -> bool:
        """Whether nothing is narrowed."""
        return self == Narrow()


async def narrowed(
    tx: Tx, narrow: Narrow, q: str = "", *, limit: int = 50, after: str | None = None, by_address: bool = True
) -> tuple[list[Found], str | None]:
    """Customers that match what was typed and fit, in the order of `search`, and where to go on.

    They are looked through for a twentieth of a second in one go, so that a narrow list is nearly as quick as a whole
    one; there may be more to look at although few were found.
    """
    if narrow.is_all:
        return await search(tx, q, limit=limit, after=after, by_address=by_address)
    limit = max(1, min(limit, MOST))
    if lists.typed(q):
        rows, start = await matching(tx, q, by_address=by_address), started(after)
        fit = await _fitting(tx, narrow, rows, len(rows))
        return page_of(fit, start, limit)
    place, fit, until = lists.after_key(after), [], monotonic() + _LOOKING_S
    page_after = await _pages(tx, narrow)
    for most in chain(_LOOKED_AT, repeat(_LOOKED_AT[-1])):
        rows = await page_after(place, most)
        found = await _fitting(tx, narrow, rows, limit + 1 - len(fit))
        fit += found
        if len(fit) > limit:
            page, last = lists.cut(fit, limit)
            return [as_found(row) for row in page], lists.by_key(last.sort_key, last.id)
        if len(rows) < most:
            return [as_found(row) for row in fit], None
        place = rows[-1].sort_key, rows[-1].id
        if monotonic() >= until:
            break
    return [as_found(row) for row in fit], lists.by_key(*place)


async def _pages(tx: Tx, narrow: Narrow) -> Callable[[tuple[str, UUID], int], Awaitable[list[Any]]]:
    """What gives the customers to look at, page by page: where few came so, or since, these alone, else all."""
    channel, source_id = narrow.channel or None, narrow.source_id
    if channel or source_id is not None:
        known = await ways.known_ways(tx)
        is_near = known is not None and await events.last_position(tx) - known <= _MOST_UNKNOWN
        if known is not None and is_near and not await ways.is_common(tx, channel, source_id):
            return partial(ways.rare_page, tx, channel, source_id, known)
    if narrow.since:
        since_id = ids.first_id_at(narrow.since - _MOST_AHEAD)
        if await ways.count_heard(tx, since_id, _MOST_HEARD + 1) <= _MOST_HEARD:
            return partial(ways.heard_page, tx, narrow.since, since_id)
    return partial(named_page, tx)


async def _fitting(tx: Tx, narrow: Narrow, rows: Sequence[Any], limit: int) -> list[Any]:
    """The first of some customers that fit."""
    fit = await store.fitting(
        tx,
        [row.id for row in rows],
        kinds=_KINDS.get(narrow.reached_by),
        channel=narrow.channel or None,
        source_id=narrow.source_id,
        since=narrow.since,
        purpose=narrow.purpose or None,
        limit=limit,
    )
    of = {row.id: row for row in rows}
    return [of[id_] for id_ in fit]


async def known_channels(tx: Tx) -> list[str]:
    """The channels that the latest events came by: a shop of two channels has two."""
    return await store.recent_channels(tx, _AMONG)


async def known_purposes(tx: Tx) -> list[str]:
    """What customers were asked to allow."""
    return await store.known_purposes(tx, _AMONG)
