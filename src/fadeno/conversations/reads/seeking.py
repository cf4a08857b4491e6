"""Full-text search over messages, the newest first.

A word that many messages hold is met soon among the newest, which are read through; a rarer one is looked up piece by
piece, from the newest on and in ever larger steps. So neither costs more as the messages grow.
"""

import re
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

from fadeno.conversations.model import asked, in_short
from fadeno.conversations.model.finding import PIECE
from fadeno.conversations.model.sought import Filters, FoundMessage, FoundMessages
from fadeno.conversations.store import seeking as store
from fadeno.db import Tx
from fadeno.kit.errors import Invalid
from fadeno.kit.lists import kept
from fadeno.kit.text import words

MOST = 100
READ_THROUGH = 2_000  # of the newest messages
_CANDIDATES = 1_000
_MOST_CANDIDATES = 5_000
_AROUND_CHARS = 80
_WORD = re.compile(r"[\w'’]+")
_NOTHING = Filters()


async def found(
    tx: Tx, q: str, filters: Filters = _NOTHING, *, before: int | None = None, limit: int = 50
) -> FoundMessages:
    """Messages in which each word of `q` begins a word, the newest first, in any script.

    A page may be short and still have a next one, where filters let hardly a message through.

    Raises:
        Invalid: nothing to look for was typed.
    """
    query = asked(kept(q))
    if not query:
        raise Invalid("Type what to look for.", field="q", word="empty_text")
    said = {name: kept(getattr(filters, name)) for name in ("area", "channel", "stand", "direction")}
    filters, limit = replace(filters, **said), max(1, min(limit, MOST))
    items: list[Any] = []
    upto = before if before is not None else await store.last_position(tx) + 1
    async for positions, next_ in _candidates(tx, query, filters, upto):
        items += await store.fitting(tx, positions, filters, limit - len(items))
        if len(items) >= limit:
            return FoundMessages([_shown(row, q) for row in items], items[-1].position)
        upto = next_
    return FoundMessages([_shown(row, q) for row in items], upto if upto > 0 else None)


async def _candidates(tx: Tx, query: str, filters: Filters, upto: int) -> AsyncIterator[tuple[list[int], int]]:
    """Positions of messages with the words, by and by, and where to go on after each lot; 0 = all were looked at."""
    looked_at = 0
    if filters.customer_id:
        while upto > 0 and looked_at < _MOST_CANDIDATES:
            lot = await store.of_customer(tx, query, filters.customer_id, upto, _CANDIDATES)
            looked_at, upto = looked_at + len(lot), lot[-1] if len(lot) == _CANDIDATES else 0
            yield lot, upto
        return
    after = max(0, upto - READ_THROUGH)
    yield await store.newest(tx, query, upto, after), after
    upto, pieces = after, 1
    while upto > 0 and looked_at < _MOST_CANDIDATES:
        after = max(0, ((upto - 1) // PIECE - pieces + 1) * PIECE)
        lot = await store.by_words(tx, query, upto, after, _CANDIDATES)
        looked_at, upto, pieces = looked_at + len(lot), lot[-1] if len(lot) == _CANDIDATES else after, 2 * pieces
        yield lot, upto


def _shown(row: Any, q: str) -> FoundMessage:
    return FoundMessage(
        row.id, row.position, row.case_id, row.number, row.title, row.customer_id, row.area, row.stand, row.owner_id,
        row.direction, row.channel, row.author_name, row.said_at, piece_with(row.text or row.subject, q),
    )  # fmt: skip


def piece_with(text: str, q: str) -> str:
    """The piece of a text around the first word that was looked for, on one line."""
    begun = tuple(words(q))
    for met in _WORD.finditer(text):
        if any(word.startswith(begun) for word in words(met[0])):
            start = max(0, met.start() - _AROUND_CHARS)
            start = 0 if start == 0 else text.find(" ", start, met.start()) + 1 or met.start()
            return ("…" if start else "") + in_short(text[start:])
    return in_short(text)
