"""Questions about sources."""

from fadeno.db import Tx
from fadeno.sources import store
from fadeno.sources.model import Source, UnknownSource, can_be_name


async def all_sources(tx: Tx) -> list[Source]:
    """Every source, by name."""
    return await store.all_sources(tx)


async def get(tx: Tx, source_id: int) -> Source:
    """One source.

    Raises:
        UnknownSource: there is none by that number.
    """
    source = await store.get(tx, source_id)
    if source is None:
        raise UnknownSource
    return source


async def by_name(tx: Tx, name: str) -> Source:
    """One source.

    Raises:
        UnknownSource: there is none by that name.
    """
    source = await store.by_name(tx, name) if can_be_name(name) else None
    if source is None:
        raise UnknownSource(f"There is no source named {name}.", word="unknown_source")
    return source
