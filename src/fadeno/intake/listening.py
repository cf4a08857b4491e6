"""Who hears of an event in the transaction that keeps it; whatever goes wrong there harms no event."""

from collections import defaultdict
from collections.abc import Awaitable, Callable, Mapping, Sequence
from uuid import UUID

import psycopg
import structlog

from fadeno.db import Tx
from fadeno.events import NewEvent

# Called with the transaction and the events; with `said_in` too where they came in a file.
Listener = Callable[..., Awaitable[None]]

log = structlog.get_logger(__name__)
_listeners: dict[str, Listener] = {}


def listen(listeners: Mapping[str, Listener]) -> None:
    """From now on, tell these of tracked events by name (in small letters); said once, where rooms are joined."""
    _listeners.clear()
    _listeners.update(listeners)


async def tell(tx: Tx, happened: Sequence[NewEvent], said_in: UUID | None = None) -> None:
    """Tell whoever listens, each in a savepoint of its own.

    Args:
        said_in: the import they came in, by which what is learned from them can be taken back.
    """
    told: defaultdict[Listener, list[NewEvent]] = defaultdict(list)
    for event in happened:
        listener = _listeners.get(event.name.casefold()) if event.name else None
        if listener and event.kind == "track":
            told[listener].append(event)
    for listener, events in told.items():
        await _tell(tx, listener, events, {"said_in": said_in} if said_in else {})


async def _tell(tx: Tx, listener: Listener, events: Sequence[NewEvent], about: Mapping[str, UUID]) -> None:
    """Tell of all events at once, and where that fails of each half, until only the bad one is left out."""
    try:
        async with tx.savepoint():
            await listener(tx, events, **about)
    except psycopg.OperationalError:  # the database is gone, or another was first: all is done again
        raise
    except Exception as error:
        if len(events) == 1:
            name = f"{listener.__module__}.{getattr(listener, '__name__', '')}"
            log.error("listener failed", listener=name, error=type(error).__name__, about=str(events[0].id))
            return
        middle = len(events) // 2
        await _tell(tx, listener, events[:middle], about)
        await _tell(tx, listener, events[middle:], about)
