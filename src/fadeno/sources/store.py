"""One thin function per query of the sources."""

from psycopg.types.json import Jsonb

from fadeno.db import Queries, Tx
from fadeno.sources.model import Source

Q = Queries(__package__)


async def all_sources(tx: Tx) -> list[Source]:
    return await tx.all(Q.all_sources, into=Source)


async def get(tx: Tx, source_id: int) -> Source | None:
    return await tx.maybe(Q.get, into=Source, id=source_id)


async def by_name(tx: Tx, name: str) -> Source | None:
    return await tx.maybe(Q.by_name, into=Source, name=name)


async def create(
    tx: Tx, name: str, kind: str, region: str, mapping: dict[str, str], rhythm_s: int | None
) -> Source | None:
    return await tx.maybe(
        Q.create,
        into=Source,
        name=name,
        kind=kind,
        region=region,
        mapping=Jsonb(mapping),
        rhythm_s=rhythm_s,
        now=tx.now,
    )


async def change(tx: Tx, source: Source) -> None:
    await tx.run(
        Q.change,
        id=source.id,
        kind=source.kind,
        region=source.region,
        enabled=source.enabled,
        mapping=Jsonb(source.mapping),
        rhythm_s=source.rhythm_s,
    )
