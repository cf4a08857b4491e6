"""What happened last with each customer of a list."""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from fadeno.customers.reads.thread import Item
from fadeno.customers.store import latest as store
from fadeno.db import Tx

_LOOKED_AT = 8  # events, for the channels


@dataclass(frozen=True, slots=True)
class Latest:
    """The last event of a thread.

    Attributes:
        channels: by which ways the last few events came, the newest last, each once where it follows itself.
    """

    item: Item
    channels: tuple[str, ...]


async def latest(tx: Tx, ids: Collection[UUID]) -> dict[UUID, Latest]:
    """The last event of each of these customers, in one question; who has none is left out.

    Exact at every moment, like the thread itself.
    """
    found: dict[UUID, tuple[Item, list[str]]] = {}
    for row in await store.latest(tx, ids, _LOOKED_AT):
        _, came = found.setdefault(row[0], (Item(*row[1:]), []))
        if not came or came[-1] != row[4]:
            came.append(row[4])
    return {id_: Latest(item, tuple(reversed(came))) for id_, (item, came) in found.items()}
