"""That somebody of us writes just now: told to the chats that listen in this process, kept nowhere."""

import asyncio
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from uuid import UUID

_listening: dict[UUID, set[asyncio.Event]] = {}


def tell_writing(chat_ids: Iterable[UUID]) -> None:
    """Tell these chats that an answer is being written."""
    for id in chat_ids:
        for heard in _listening.get(id, ()):
            heard.set()


@contextmanager
def hearing_writing(chat_id: UUID) -> Iterator[asyncio.Event]:
    """An event that is set each time somebody writes to this chat, for as long as the block lasts."""
    heard = asyncio.Event()
    _listening.setdefault(chat_id, set()).add(heard)
    try:
        yield heard
    finally:
        _listening[chat_id].discard(heard)
        if not _listening[chat_id]:
            del _listening[chat_id]
