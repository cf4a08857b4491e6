"""Verbs about sources."""

from dataclasses import replace
from typing import Any

from fadeno import access
from fadeno.db import Tx
from fadeno.sources import model, reads, store
from fadeno.sources.model import NameTaken, Source


async def create(
    tx: Tx,
    actor: access.Actor,
    name: str,
    *,
    kind: str = "server",
    region: str = "ZZ",
    mapping: dict[str, str] | None = None,
    rhythm_s: int | None = None,
) -> Source:
    """Make a source known.

    Raises:
        Invalid: a value can't be kept; `field` names it.
        NameTaken: choose another name.
    """
    model.checked(name, kind, region, mapping or {}, rhythm_s)
    source = await store.create(tx, name, kind, region, mapping or {}, rhythm_s)
    if source is None:
        raise NameTaken(f"A source named {name} exists already.", field="name", word="source_exists")
    await access.note(tx, actor, "create", "source", str(source.id), {"name": name})
    return source


async def change(tx: Tx, actor: access.Actor, source_id: int, **changes: Any) -> Source:
    """Set kind, region, enabled, mapping or rhythm_s of a source.

    Raises:
        UnknownSource: there is none by that number.
        Invalid: a value can't be kept; `field` names it.
    """
    source = replace(await reads.get(tx, source_id), **changes)
    model.checked(source.name, source.kind, source.region, source.mapping, source.rhythm_s)
    await store.change(tx, source)
    access.say_less(tx)  # what is remembered of its keys holds the source as it was
    await access.note(tx, actor, "change", "source", str(source_id), {"fields": sorted(changes)})
    return source
