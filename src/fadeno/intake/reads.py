"""Questions to the intake: what became of everything."""

from uuid import UUID

from fadeno.db import Tx
from fadeno.intake import cleaning, store
from fadeno.intake.model import Accounts, NotQuarantined, QuarantinedEvent, QuarantinedRaw
from fadeno.kit.seal import Seal

NOTHING = Accounts(0, 0, 0, 0, 0, 0, 0, 0, 0)


async def accounts(tx: Tx, source_id: int) -> Accounts:
    """What became of everything one source sent."""
    return (await store.accounts_by_source(tx, source_id)).get(source_id, NOTHING)


async def accounts_by_source(tx: Tx) -> dict[int, Accounts]:
    """The same for every source that ever sent something."""
    return await store.accounts_by_source(tx, None)


async def quarantine(
    tx: Tx,
    *,
    source_id: int | None = None,
    state: str | None = "waiting",
    reason: str | None = None,
    before: UUID | None = None,
    limit: int = 50,
) -> list[QuarantinedEvent]:
    """Events in quarantine, newest first; `before` is the last id of the page before."""
    return await store.quarantine(tx, source_id, state, reason, before, min(limit, 500))


async def quarantine_counts(tx: Tx) -> list[tuple[int, str, int]]:
    """How many events wait: (source, reason, count), most first."""
    return [(row.source_id, row.reason, row.waiting) for row in await store.quarantine_counts(tx)]


async def quarantined(tx: Tx, vault: Seal, id_: UUID) -> QuarantinedRaw:
    """One event with its content as it came, card numbers and secrets masked.

    Raises:
        NotQuarantined: there is none by that id.
    """
    row = await store.quarantined(tx, id_)
    if row is None:
        raise NotQuarantined
    # What was replayed is in the log; its raw form is kept nowhere but in the journal.
    raw = vault.open(row.raw, about(id_)) if row.raw else b"{}"
    return QuarantinedRaw(QuarantinedEvent(*row[:8]), cleaning.shown(raw))


async def check(tx: Tx) -> tuple[str, list[str]]:
    """Do the accounts add up with the log and the quarantine? What was looked at, and each fault found."""
    faults = []
    books = await store.accounts_by_source(tx, None)
    kept, held = await store.count_events(tx), await store.count_waiting(tx)
    for source_id, book in books.items():
        if not book.balanced:
            faults.append(f"source {source_id}: received is not accepted + duplicate + quarantined")
        if book.accepted != kept.get(source_id, 0):
            faults.append(f"source {source_id}: {book.accepted} accepted, {kept.get(source_id, 0)} in the log")
        if book.quarantined != held.get(source_id, 0):
            faults.append(f"source {source_id}: {book.quarantined} quarantined, {held.get(source_id, 0)} held")
    return f"accounts of {len(books)} sources against {sum(kept.values())} events", faults


def about(id_: UUID) -> str:
    """What a sealed quarantined event is bound to."""
    return f"intake.quarantined:{id_}"
