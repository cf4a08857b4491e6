"""What is told to the chats that listen in this process, and kept nowhere: somebody writes, it is another's now."""

import asyncio
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from uuid import UUID


@dataclass(slots=True, eq=False)
class Hearing:
    """What one who listens has not heard yet."""

    told: asyncio.Event = field(default_factory=asyncio.Event)
    is_writing: bool = False

    def take(self) -> bool:
        """Whether somebody was said to write; from now on it is heard."""
        said = self.is_writing
        self.told.clear()
        self.is_writing = False
        return said


_listening: dict[UUID, set[Hearing]] = {}


def tell_writing(chat_ids: Iterable[UUID]) -> None:
    """Tell these chats that an answer is being written."""
    for id in chat_ids:
        for one in _listening.get(id, ()):
            one.is_writing = True
            one.told.set()


def tell_moved(chat_id: UUID) -> None:
    """Tell a chat that it may be another customer's now, as it was learned who writes there."""
    for one in _listening.get(chat_id, ()):
        one.told.set()


@contextmanager
def hearing(chat_id: UUID) -> Iterator[Hearing]:
    """Hear what is told to a chat, for as long as the block lasts."""
    one = Hearing()
    _listening.setdefault(chat_id, set()).add(one)
    try:
        yield one
    finally:
        _listening[chat_id].discard(one)
        if not _listening[chat_id]:
            del _listening[chat_id]
