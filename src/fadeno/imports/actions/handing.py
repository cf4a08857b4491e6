"""An import's life beside its rows: handed in, begun, ended, stopped."""

import zlib
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
from psycopg.errors import UniqueViolation

from fadeno import access, jobs, sources
from fadeno.access import Actor
from fadeno.db import Tx
from fadeno.imports import model, store
from fadeno.imports.model import WORKING, Import, NoImport, NotNow, Options, Preview, RefusedRow
from fadeno.kit.errors import FadenoError
from fadeno.kit.ids import new_id
from fadeno.kit.seal import Seal
from fadeno.sheets import Table, Unreadable

CHUNK_BYTES = 4 << 20
DEAD_AFTER_S = 30
MOST_TRIES = 3
AT_ONCE = 100
_MOST_NAME_CHARS = 200


async def hand_in(
    tx: Tx, actor: Actor, source_id: int, name: str, target: str | None, tables: Sequence[Table], options: Options
) -> UUID:
    """Note that a file is to be brought in; its pieces follow, and then `received`.

    Args:
        name: of the file; what can't be shown of it is left out, and what is beyond 200 characters.
        tables: what its sheets hold; empty where nobody looked yet.

    Raises:
        UnknownTarget: there is no such kind of file.
    """
    if target is not None and target not in model.TARGETS:
        raise model.UnknownTarget(field="target")
    await sources.get(tx, source_id)
    id_ = new_id()
    name = "".join(letter for letter in name if letter.isprintable())[:_MOST_NAME_CHARS]
    await store.add_import(
        tx, id_, source_id=source_id, target=target, name=name, tables=tables, options=options, made_by=actor.name
    )
    await access.note(tx, actor, "import", "import", id_, {"target": target, "source": source_id})
    return id_


async def received(tx: Tx, id_: UUID, size_bytes: int, digest: UUID, *, is_given_over: bool) -> None:
    """The whole file is here.

    Args:
        is_given_over: a process of the worker is to look at it; else the caller does.
    """
    await store.set_received(tx, id_, size_bytes, digest, None if is_given_over else tx.now)
    if is_given_over:
        tx.after_commit(jobs.bell.ring)


async def give_over(tx: Tx, id_: UUID) -> None:
    """Some process of the worker is to work on an import, at once if there is room."""
    await store.give_over(tx, id_)
    tx.after_commit(jobs.bell.ring)


async def start(tx: Tx, actor: Actor, id_: UUID) -> None:
    """Have an import that is ready, failed or cancelled brought in by a process of the worker.

    Where nothing of it is written yet after it failed or was cancelled, it is looked at again first.

    Raises:
        NotNow, AnotherAtWork: as for `begin`.
    """
    row = await held(tx, id_, "ready", "applying", "failed", "cancelled")
    if row.state in ("failed", "cancelled") and not row.rows_read:
        await store.set_state(tx, id_, "reading")
    else:
        await begin(tx, id_)
    await give_over(tx, id_)
    await access.note(tx, actor, "start", "import", id_)


async def wanted(tx: Tx, limit: int) -> list[UUID]:
    """Imports a process is to work on now; whoever asks has to start one for each.

    One whose processes died so often without getting further is given up.
    """
    await store.fail_unreceived(tx, tx.now - timedelta(hours=1))
    dead = tx.now - timedelta(seconds=DEAD_AFTER_S)
    await store.give_up(tx, dead, MOST_TRIES, fault_of(model.GaveUp()))
    return await store.wanted(tx, dead, limit)


async def leave(tx: Tx, id_: UUID, *, is_orderly: bool, ran_out_of_memory: bool = False) -> None:
    """The process at work on an import is gone; if it was not done, the next one takes it up at once.

    Args:
        is_orderly: it was ended on purpose, which says nothing against the file.
        ran_out_of_memory: the next one would end just so, therefore the import does.
    """
    row = await store.lock(tx, id_)
    if ran_out_of_memory and row is not None and row.state in WORKING:
        await fail(tx, id_, MemoryError(), while_looking=row.state == "reading")
    else:
        await store.leave(tx, id_, is_orderly=is_orderly)


def sealed_chunk(vault: Seal, id_: UUID, ordinal: int, raw: bytes) -> bytes:
    """A piece of the file as it is kept, so that any process can go on with the import; safe to call in a thread."""
    return vault.seal(zlib.compress(raw, 1), _about_chunk(id_, ordinal))


async def chunk(tx: Tx, vault: Seal, id_: UUID, ordinal: int) -> bytes | None:
    """A piece of the file; None after the last one."""
    sealed = await store.chunk(tx, id_, ordinal)
    if sealed is None:
        return None
    return zlib.decompressobj().decompress(vault.open(sealed, _about_chunk(id_, ordinal)), 2 * CHUNK_BYTES)


async def remember(tx: Tx, made: Import) -> None:
    """Keep how this file is understood for the next one of the same headers."""
    said = made.options
    options = {"zone": said.zone, "is_whole": said.is_whole, "currency": said.currency, "region": said.region}
    for table in made.tables:
        fields = model.fields_of(table)
        await store.keep_mapping(tx, made.source_id, made.target, model.fingerprint(table), fields, options)


async def keep_preview(tx: Tx, vault: Seal, made: Import, seen: Preview, total: int) -> None:
    """Keep what would happen until it is decided; it holds what the file holds, so it is sealed.

    Where somebody said meanwhile that the file is to be understood otherwise, it is left to be looked at anew.
    """
    id_ = made.id
    await held(tx, id_, "reading")
    now = await store.one(tx, id_)
    if now is None or is_said_anew(now, made):
        return
    sealed = vault.seal(zlib.compress(msgspec.json.encode(seen), 1), f"imports.preview:{id_}")
    await store.set_preview(tx, id_, sealed, total)
    await store.set_state(tx, id_, "ready")


def is_said_anew(now: Import, made: Import) -> bool:
    """Whether an import is to be understood otherwise than when it began to be looked at."""
    return (now.options, now.target) != (made.options, made.target)


async def understand(tx: Tx, id_: UUID, target: str | None, options: Options) -> None:
    """Say anew how a file is to be understood, before anything of it is written; it is looked at again.

    Raises:
        NotNow: it is written already.
    """
    row = await held(tx, id_, "reading", "ready", "asking", "failed", "cancelled")
    if row.rows_read and row.state in ("failed", "cancelled"):
        raise NotNow("Some of its rows are written already.", field="id", word="import_written")
    await store.set_options(tx, id_, target, options)
    await store.set_state(tx, id_, "reading")
    await give_over(tx, id_)


async def begin_looking(tx: Tx, id_: UUID) -> None:
    """From now on the file is read to see what would happen.

    Raises:
        NotNow: it is written already, or was cancelled.
    """
    await held(tx, id_, "reading", "ready")
    await store.begin_anew(tx, id_)
    await store.set_state(tx, id_, "reading")


async def fail(tx: Tx, id_: UUID, error: Exception, *, while_looking: bool) -> None:
    """What went wrong is written down; what somebody can answer waits for the answer instead.

    Args:
        while_looking: nothing of the file is written yet.
    """
    if while_looking:
        await store.begin_anew(tx, id_)
    made = await store.one(tx, id_)
    is_seen = while_looking and made is not None and made.tables
    if is_seen and isinstance(error, FadenoError) and model.can_be_answered(error):
        await store.set_state(tx, id_, "asking", fault=fault_of(error))
    else:
        await end(tx, id_, "failed", fault_of(error))


def fault_of(error: Exception) -> dict[str, Any]:
    """What went wrong, as it is kept: in our words, and by the word and values another language says it with."""
    if isinstance(error, MemoryError):
        error = model.TooMuchMemory()
    if not isinstance(error, FadenoError):
        error = model.OurFault(f"Something went wrong on our side ({type(error).__name__}).", name=type(error).__name__)
    said = {"code": error.code, "message": error.message, "hint": error.hint, "field": error.field}
    said["row"] = error.row if isinstance(error, Unreadable) else None
    values = {name: value if isinstance(value, int) else str(value) for name, value in error.values.items()}
    return {**said, "word": error.word or error.code, "values": values}


async def begin(tx: Tx, id_: UUID) -> None:
    """From now on rows are written.

    Raises:
        NotNow: it is done, or being taken back.
        AnotherAtWork: a file of the same source and kind is being brought in.
    """
    row = await held(tx, id_, "reading", "ready", "applying", "failed", "cancelled")
    if await store.others_at_work(tx, row.source_id, row.target, id_):
        raise model.AnotherAtWork
    if row.state in ("reading", "ready"):
        await store.begin_anew(tx, id_)
    await set_at_work(tx, id_, "applying")


async def set_at_work(tx: Tx, id_: UUID, state: str) -> None:
    """An import goes on to a state of which a source and kind has one at most.

    Raises:
        AnotherAtWork: another began in this very moment.
    """
    try:
        async with tx.savepoint():
            await store.set_state(tx, id_, state)
    except UniqueViolation as error:
        raise model.AnotherAtWork from error


async def end(tx: Tx, id_: UUID, state: str, fault: Mapping[str, Any] | None = None) -> None:
    """Nothing more is done on an import."""
    await store.set_state(tx, id_, state, fault=fault, is_over=True)
    if state != "failed":
        await store.forget_seen(tx, id_)


async def cancel(tx: Tx, actor: Actor, id_: UUID) -> None:
    """Ask that an import stops; what is written stays until it is resumed or taken back.

    Raises:
        NotNow: it is over already.
    """
    row = await held(tx, id_, *WORKING, "ready", "asking")
    if row.state in ("reading", "ready", "asking"):
        await store.begin_anew(tx, id_)
        await end(tx, id_, "cancelled")
    elif is_dead(row, tx):
        await end(tx, id_, "cancelled")
    else:
        await store.stop(tx, id_)
    await access.note(tx, actor, "cancel", "import", id_)


async def cancel_untouched(tx: Tx, before: datetime) -> int:
    """Cancel imports nobody went on with since, before anything of them was written; how many."""
    ids = await store.untouched(tx, before, AT_ONCE)
    for id_ in ids:
        await store.begin_anew(tx, id_)
        await end(tx, id_, "cancelled")
        await access.note(tx, access.SYSTEM, "cancel", "import", id_)
    return len(ids)


def is_dead(row: Any, tx: Tx) -> bool:
    """Whether whoever worked on an import gave no sign of life for a minute."""
    return row.heard_at is None or (tx.now - row.heard_at).total_seconds() > DEAD_AFTER_S


async def keep_refused(tx: Tx, vault: Seal, id_: UUID, ordinal: int, rows: Sequence[RefusedRow]) -> None:
    """Keep rows that are not brought in, to be handed back with their reasons."""
    if rows:
        about = f"imports.refused:{id_}:{ordinal}"
        await store.add_refused(tx, id_, ordinal, vault.seal(zlib.compress(msgspec.json.encode(rows), 1), about))


async def held(tx: Tx, id_: UUID, *states: str) -> Any:
    """The import, taken, in one of these states.

    Raises:
        NoImport: there is none by that id.
        NotNow: it is in another state.
    """
    row = await store.lock(tx, id_)
    if row is None:
        raise NoImport(field="id")
    if row.state not in states:
        raise NotNow(f"This import is {row.state.replace('_', ' ')}.", field="id", word="import_is", state=row.state)
    return row


def _about_chunk(id_: UUID, ordinal: int) -> str:
    return f"imports.chunk:{id_}:{ordinal}"
