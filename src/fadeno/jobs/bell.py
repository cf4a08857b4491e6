"""Wakes the workers of this process as soon as a job is committed; others find it at their next look."""

import asyncio
import contextlib


class Bell:
    """Rung after commits, heard by every listener of the process."""

    def __init__(self) -> None:
        self._heard: set[asyncio.Event] = set()

    def ring(self) -> None:
        """There is something to do."""
        for event in self._heard:
            event.set()

    @contextlib.contextmanager
    def listening(self):
        """An event that is set at each ring, for as long as the block lasts."""
        event = asyncio.Event()
        self._heard.add(event)
        try:
            yield event
        finally:
            self._heard.discard(event)


bell = Bell()
