"""One thin function per query of imports."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

import msgspec
from psycopg.types.json import Jsonb

from fadeno.db import Queries, Tx, array
from fadeno.imports.model import Import, Options
from fadeno.sheets import Table

Q = Queries(__package__)


class Kept(NamedTuple):
    """A row that is known from now on; `event_id` is what it said, `thing_id` what it is of."""

    key: UUID
    content: UUID
    event_id: UUID | None = None
    thing_id: UUID | None = None


def _json(value: Any) -> Jsonb:
    return Jsonb(msgspec.to_builtins(value))


def _made(row: Any) -> Import:
    said = row._asdict()
    said["tables"] = msgspec.convert(row.tables, tuple[Table, ...], strict=False)
    said["options"] = msgspec.convert(row.options, Options)
    return Import(**said)


async def add_import(
    tx: Tx,
    id_: UUID,
    *,
    source_id: int,
    target: str | None,
    name: str,
    tables: Sequence[Table],
    options: Options,
    made_by: str,
) -> None:
    await tx.run(
        Q.add_import,
        id=id_,
        source_id=source_id,
        target=target,
        file_name=name,
        file_bytes=None,
        file_hash=None,
        tables=_json(tables),
        options=_json(options),
        made_by=made_by,
        now=tx.now,
    )


async def one(tx: Tx, id_: UUID) -> Import | None:
    row = await tx.maybe(Q.one, id=id_)
    return _made(row) if row else None


async def page(tx: Tx, before: UUID | None, limit: int) -> list[Import]:
    return [_made(row) for row in await tx.all(Q.page, before=before, limit=limit)]


async def lock(tx: Tx, id_: UUID) -> Any | None:
    return await tx.maybe(Q.lock, id=id_)


async def set_state(
    tx: Tx, id_: UUID, state: str, *, fault: Mapping[str, Any] | None = None, is_over: bool = False
) -> None:
    await tx.run(Q.set_state, id=id_, state=state, fault=Jsonb(fault) if fault else None, is_over=is_over, now=tx.now)


async def begin_anew(tx: Tx, id_: UUID) -> None:
    await tx.run(Q.begin_anew, id=id_)
    await tx.run(Q.drop_all_refused, id=id_)
    await tx.run(Q.forget_seen, import_id=id_)


async def set_understood(tx: Tx, id_: UUID, target: str | None, tables: Sequence[Table], options: Options) -> None:
    await tx.run(Q.set_understood, id=id_, target=target, tables=_json(tables), options=_json(options))


async def set_options(tx: Tx, id_: UUID, target: str | None, options: Options) -> None:
    await tx.run(Q.set_options, id=id_, target=target, options=_json(options))


async def set_preview(tx: Tx, id_: UUID, sealed: bytes, total: int) -> None:
    await tx.run(Q.set_preview, id=id_, preview=sealed, total=total)


async def preview(tx: Tx, id_: UUID) -> bytes | None:
    return await tx.value(Q.preview, id=id_)


async def advance(tx: Tx, id_: UUID, read: int, told: Mapping[str, int], **counts: int) -> None:
    """Count what became of some rows more, now that `read` rows of the file are done."""
    names = ("new", "changed", "unchanged", "refused", "left_out", "gone", "joined")
    said = {name: counts.get(name, 0) for name in names}
    await tx.run(Q.advance, id=id_, read=read, told=Jsonb(dict(told)), now=tx.now, **said)


async def stop(tx: Tx, id_: UUID) -> None:
    await tx.run(Q.stop, id=id_)


async def add_chunk(tx: Tx, id_: UUID, ordinal: int, sealed: bytes) -> None:
    await tx.run(Q.add_chunk, id=id_, ordinal=ordinal, sealed=sealed)


async def chunk(tx: Tx, id_: UUID, ordinal: int) -> bytes | None:
    return await tx.value(Q.chunk, id=id_, ordinal=ordinal)


async def drop_chunks(tx: Tx, before: datetime) -> int:
    return await tx.run(Q.drop_chunks, before=before)


async def drop_refused(tx: Tx, before: datetime) -> int:
    return await tx.run(Q.drop_refused, before=before)


async def known(tx: Tx, keys: Iterable[UUID]) -> dict[UUID, Any]:
    return {row.key: row for row in await tx.all(Q.known, keys=array(list(keys)))}


async def add_rows(tx: Tx, import_id: UUID, rows: Sequence[Kept]) -> None:
    mine, nothing = import_id.hex, "\\N"
    text = "".join(
        f"{key.hex}\t{content.hex}\t{mine}\t{event.hex if event else nothing}\t{thing.hex if thing else nothing}\n"
        for key, content, event, thing in rows
    )
    await tx.copy_text("imports.row", ("key", "content", "import_id", "event_id", "thing_id"), text.encode())


async def change_rows(tx: Tx, import_id: UUID, rows: Sequence[Kept]) -> None:
    """Write rows over what was known."""
    if rows:
        keys, contents, events, things = (array(list(column)) for column in zip(*rows, strict=True))
        about = {"keys": keys, "contents": contents, "event_ids": events, "thing_ids": things}
        await tx.run(Q.change_rows, import_id=import_id, **about)


async def gone_things(tx: Tx, ids: Collection[UUID]) -> list[Any]:
    return await tx.all(Q.gone_things, ids=array(ids))


async def gone_customers(tx: Tx, ids: Collection[UUID]) -> list[Any]:
    return await tx.all(Q.gone_customers, ids=array(ids))


async def add_seen(tx: Tx, import_id: UUID, keys: Iterable[UUID]) -> None:
    mine = import_id.hex
    await tx.copy_text("imports.seen", ("import_id", "key"), "".join(f"{mine}\t{k.hex}\n" for k in keys).encode())


async def mark_edits(tx: Tx, keys: Iterable[UUID]) -> None:
    await tx.run(Q.mark_edits, keys=list(keys))


async def mark_gone(tx: Tx, made: Import, limit: int) -> int:
    return await tx.run(Q.mark_gone, source_id=made.source_id, target=made.target, import_id=made.id, limit=limit)


async def count_gone(tx: Tx, made: Import) -> int:
    return await tx.value(Q.count_gone, source_id=made.source_id, target=made.target, import_id=made.id)


async def forget_seen(tx: Tx, import_id: UUID) -> None:
    await tx.run(Q.forget_seen, import_id=import_id)


async def add_refused(tx: Tx, id_: UUID, ordinal: int, sealed: bytes) -> None:
    await tx.run(Q.add_refused, id=id_, ordinal=ordinal, sealed=sealed)


async def refused(tx: Tx, id_: UUID, after: int) -> Any | None:
    return await tx.maybe(Q.refused, id=id_, after=after)


async def mapping(tx: Tx, source_id: int, target: str, fingerprint: UUID) -> Any | None:
    return await tx.maybe(Q.mapping, source_id=source_id, target=target, fingerprint=fingerprint)


async def options_said(tx: Tx, source_id: int) -> dict[str, Any] | None:
    return await tx.value(Q.options_said, source_id=source_id)


async def keep_mapping(
    tx: Tx, source_id: int, target: str, fingerprint: UUID, fields: Mapping[str, str | None], options: Mapping[str, Any]
) -> None:
    await tx.run(
        Q.keep_mapping,
        source_id=source_id,
        target=target,
        fingerprint=fingerprint,
        fields=Jsonb(dict(fields)),
        options=Jsonb(dict(options)),
        now=tx.now,
    )


async def others_at_work(tx: Tx, source_id: int, target: str, id_: UUID) -> bool:
    return await tx.value(Q.others_at_work, source_id=source_id, target=target, id=id_)


async def count_to_take_back(tx: Tx, id_: UUID) -> None:
    await tx.run(Q.count_to_take_back, id=id_)


async def count_taken(tx: Tx, id_: UUID, rows: int) -> None:
    await tx.run(Q.count_taken, id=id_, rows=rows)


async def taken_so_far(tx: Tx, id_: UUID) -> tuple[int, int]:
    row = await tx.one(Q.taken_so_far, id=id_)
    return row.done, row.total


async def rows_to_take_back(tx: Tx, id_: UUID, limit: int) -> list[Any]:
    return await tx.all(Q.rows_to_take_back, id=id_, limit=limit)


async def put_rows_back(tx: Tx, id_: UUID, keys: Sequence[UUID]) -> None:
    await tx.run(Q.put_rows_back, id=id_, keys=array(keys))


async def drop_rows(tx: Tx, keys: Sequence[UUID]) -> None:
    await tx.run(Q.drop_rows, keys=array(keys))


async def overwritten_to_take_back(tx: Tx, id_: UUID, limit: int) -> list[Any]:
    return await tx.all(Q.overwritten_to_take_back, id=id_, limit=limit)


async def splice(tx: Tx, id_: UUID, keys: Sequence[UUID]) -> None:
    await tx.run(Q.splice, id=id_, keys=array(keys))


async def unmark_gone(tx: Tx, id_: UUID) -> None:
    await tx.run(Q.unmark_gone, id=id_)
    await tx.run(Q.unmark_gone_before, id=id_)


async def set_received(tx: Tx, id_: UUID, size_bytes: int, digest: UUID, heard_at: datetime | None) -> None:
    await tx.run(Q.set_received, id=id_, bytes=size_bytes, hash=digest, heard_at=heard_at)


async def beat(tx: Tx, id_: UUID) -> None:
    await tx.run(Q.beat, id=id_, now=tx.now)


async def wanted(tx: Tx, dead: datetime, limit: int) -> list[UUID]:
    return [row.id for row in await tx.all(Q.wanted, now=tx.now, dead=dead, limit=limit)]


async def give_up(tx: Tx, dead: datetime, most: int, fault: Mapping[str, Any]) -> None:
    await tx.run(Q.give_up, dead=dead, most=most, fault=Jsonb(fault), now=tx.now)


async def leave(tx: Tx, id_: UUID, *, is_orderly: bool) -> None:
    await tx.run(Q.leave, id=id_, is_orderly=is_orderly)


async def give_over(tx: Tx, id_: UUID) -> None:
    await tx.run(Q.give_over, id=id_)


async def fail_unreceived(tx: Tx, before: datetime) -> int:
    return await tx.run(Q.fail_unreceived, now=tx.now, before=before)


async def untouched(tx: Tx, before: datetime, limit: int) -> list[UUID]:
    return [row.id for row in await tx.all(Q.untouched, before=before, limit=limit)]


async def held_after(tx: Tx, after: UUID | None, limit: int) -> list[Any]:
    return await tx.all(Q.held_after, after=after, limit=limit)


async def put_out_of_sight(tx: Tx, id_: UUID, tables: Sequence[Table]) -> None:
    await tx.run(Q.put_out_of_sight, id=id_, tables=_json(tables))


async def put_refused(tx: Tx, id_: UUID, ordinal: int, sealed: bytes) -> None:
    await tx.run(Q.put_refused, id=id_, ordinal=ordinal, sealed=sealed)
