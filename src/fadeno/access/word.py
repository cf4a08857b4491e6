"""The word that somebody may do less than before, passed on within this process once it is committed.

What is remembered of keys, and streams that are open, hear it at once. Other processes are not told and look again by
themselves: collecting keys after 5 s, open streams after 15 s. Everything else asks the database each time.
"""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from uuid import UUID

from fadeno.db import Tx


class _Word:
    """Who listens in this process, by whose rights they look after."""

    __slots__ = ("listeners", "times")

    def __init__(self) -> None:
        self.times = 0
        self.listeners: defaultdict[UUID, set[Callable[[], None]]] = defaultdict(set)

    def go_out(self, ids: tuple[UUID, ...]) -> None:
        self.times += 1
        for id_ in ids:
            for told in tuple(self.listeners.get(id_, ())):
                told()


_word = _Word()


def say_less(tx: Tx, *ids: UUID) -> None:
    """Once this transaction is committed, tell that rights ended: of a key, a session or a member, by id."""
    tx.after_commit(lambda: _word.go_out(ids))


def times_said() -> int:
    """How often the word went out in this process; what was looked up before it changed must be looked up again."""
    return _word.times


@contextmanager
def hearing(*ids: UUID | None, since: int) -> Iterator[asyncio.Event]:
    """An event that is set whenever the word goes out about one of these.

    Args:
        since: `times_said()` of before their rights were looked up; if it went out meanwhile, the event is set already.
    """
    heard = asyncio.Event()
    wanted = [id_ for id_ in ids if id_ is not None]
    for id_ in wanted:
        _word.listeners[id_].add(heard.set)
    if _word.times != since:
        heard.set()
    try:
        yield heard
    finally:
        for id_ in wanted:
            _word.listeners[id_].discard(heard.set)
            if not _word.listeners[id_]:
                del _word.listeners[id_]
