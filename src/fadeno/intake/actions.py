"""Verbs of the intake that people use: counting refusals, and bringing events out of quarantine."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from fadeno import access, sources
from fadeno.db import Tx
from fadeno.intake import keeping, store
from fadeno.intake.model import Bad, Letter
from fadeno.intake.reading import read_event
from fadeno.intake.reads import about
from fadeno.kit import mentions
from fadeno.kit.seal import Seal

AT_ONCE = 200
ERASED = b'{"erased": true}'


@dataclass(frozen=True, slots=True)
class Replayed:
    """What became of events that were read again."""

    accepted: int
    duplicate: int
    still_waiting: int
    last_id: UUID | None = None


async def count_refusal(tx: Tx, source_id: int, *, unreadable: bool) -> None:
    """Count a parcel that was refused as a whole; none of its events was received."""
    counts = {"parcels": 1, "unreadable" if unreadable else "refused": 1}
    await store.add_account(tx, source_id, tx.now.date(), **counts)


async def count_kept(tx: Tx, source_id: int, *, accepted: int, duplicate: int, late: int = 0) -> None:
    """Count events that a room above handed to `keep`, and those it knew already, in the accounts of their source."""
    if accepted or duplicate:
        counts = {"accepted": accepted, "duplicate": duplicate, "late": late}
        await store.add_account(tx, source_id, tx.now.date(), received=accepted + duplicate, **counts)


async def replay(tx: Tx, actor: access.Actor, vault: Seal, ids: list[UUID]) -> Replayed:
    """Read these events again, as their source is understood now; those that are good go into the log.

    At most 200 at once. What can't be read stays, with its present reason.
    """
    rows = await store.waiting_for_update(tx, ids[:AT_ONCE])
    accepted = duplicate = 0
    for row in rows:
        source = await sources.get(tx, row.source_id)
        raw = vault.open(row.raw, about(row.id))
        letter = read_event(raw, row.envelope, source, row.received_at)
        if isinstance(letter, Bad):
            await store.still_bad(tx, row.id, letter.reason, letter.detail)
            continue
        if await _is_known(tx, row, letter):
            await store.settle(tx, [row.id], "replayed", None)
            await store.add_account(tx, row.source_id, tx.now.date(), quarantined=-1, duplicate=1)
            duplicate += 1
        elif await _keep_one(tx, row, letter):
            accepted += 1
    if rows:
        detail = {"events": len(rows), "accepted": accepted, "duplicate": duplicate}
        await access.note(tx, actor, "replay", "quarantine", str(rows[0].id), detail)
    return Replayed(accepted, duplicate, len(rows) - accepted - duplicate, rows[-1].id if rows else None)


async def _is_known(tx: Tx, row: Any, letter: Letter) -> bool:
    """Whether another event with this message id was kept since; the event's own key does not count."""
    return letter.key != row.key and bool(await store.add_keys(tx, [letter.key], tx.now.date()))


async def _keep_one(tx: Tx, row: Any, letter: Letter) -> bool:
    kept, faults = await keeping.keep_what_can_be_kept(tx, [letter])
    if faults:
        await store.still_bad(tx, row.id, "not_storable", f"the database refused it ({faults[0][1]})")
        return False
    await store.settle(tx, [row.id], "replayed", kept[0].evidence.event_id)
    counts = {"late": int(letter.is_late), "skewed": int(letter.is_skewed)}
    await store.add_account(tx, row.source_id, tx.now.date(), quarantined=-1, accepted=1, **counts)
    return True


async def replay_all(
    tx: Tx,
    actor: access.Actor,
    vault: Seal,
    *,
    source_id: int | None = None,
    reason: str | None = None,
    after: UUID | None = None,
) -> Replayed:
    """The same for the next 200 that wait; call again with `after=last_id` until `last_id` is None."""
    waiting = await store.waiting_ids(tx, source_id, reason, after, AT_ONCE)
    if not waiting:
        return Replayed(0, 0, 0)
    return replace(await replay(tx, actor, vault, waiting), last_id=waiting[-1])


async def dismiss(tx: Tx, actor: access.Actor, ids: list[UUID]) -> int:
    """Give these events up: they stay in the accounts as quarantined and are not read again."""
    settled = await store.settle(tx, ids[:AT_ONCE], "dismissed", None)
    if settled:
        await access.note(tx, actor, "dismiss", "quarantine", str(ids[0]), {"events": settled})
    return settled


async def wait_again(tx: Tx, actor: access.Actor, dismissed_at: datetime) -> int:
    """Undo a dismissal, named by the time of its transaction: its events wait as before; how many."""
    again = await store.wait_again(tx, dismissed_at)
    if again:
        await access.note(tx, actor, "undo", "quarantine", "", {"events": again})
    return again


async def forget(tx: Tx, vault: Seal, values: list[str]) -> int:
    """Empty every quarantined event that names one of these values; how many. They stay in the accounts."""
    names = mentions.finder(values)
    after, emptied = None, 0
    while names and (rows := await store.readable_after(tx, after, AT_ONCE)):
        after = rows[-1].id
        named = {
            row.id: vault.seal(ERASED, about(row.id))
            for row in rows
            if names(vault.open(row.raw, about(row.id)).decode("utf-8", "replace"))
        }
        if named:
            emptied += await store.empty(tx, named)
    return emptied
