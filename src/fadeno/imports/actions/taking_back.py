"""Taking an import back whole, some rows at a time: what it alone said goes, what it overwrote stands again."""

from uuid import UUID

from fadeno import access, commerce, customers
from fadeno.access import Actor
from fadeno.db import Tx
from fadeno.imports import store
from fadeno.imports.actions.handing import held, set_at_work
from fadeno.imports.model import OVER, AnotherAtWork, Import

AT_ONCE = 1_000


async def begin(tx: Tx, actor: Actor, id_: UUID) -> None:
    """From now on an import is taken back.

    Raises:
        NotNow: it is being looked at, or taken back already.
        AnotherAtWork: a file of the same source and kind is being brought in.
    """
    row = await held(tx, id_, "taking_back", "applying", *(state for state in OVER if state != "taken_back"))
    if await store.others_at_work(tx, row.source_id, row.target, id_):
        raise AnotherAtWork
    if row.state != "taking_back":
        await access.note(tx, actor, "take_back", "import", id_)
    await set_at_work(tx, id_, "taking_back")
    await store.count_to_take_back(tx, id_)


async def start(tx: Tx, actor: Actor, id_: UUID) -> None:
    """Have an import taken back by a process of the worker.

    Raises:
        NotNow: as for `begin`.
    """
    await begin(tx, actor, id_)
    await store.give_over(tx, id_)


async def take_some(tx: Tx, made: Import) -> int:
    """Take the next rows back; how many, 0 when all are."""
    taken = await _take_rows(tx, made)
    if taken:
        await store.count_taken(tx, made.id, taken)
    return taken


async def _take_rows(tx: Tx, made: Import) -> int:
    rows = await store.rows_to_take_back(tx, made.id, AT_ONCE)
    if rows:
        again = [row.was_event_id for row in rows if row.was_event_id]
        said = [row.event_id for row in rows if row.event_id]
        await customers.withdraw(tx, said, by=made.id, again=again)
        await store.put_rows_back(tx, made.id, [row.key for row in rows if row.was_known])
        await store.drop_rows(tx, [row.key for row in rows if not row.was_known])
        return len(rows)
    rows = await store.overwritten_to_take_back(tx, made.id, AT_ONCE)
    if rows:
        await customers.withdraw(tx, [row.event_id for row in rows if row.event_id], by=made.id)
        await store.splice(tx, made.id, [row.key for row in rows])
    return len(rows)


async def take_goods(tx: Tx, actor: Actor, made: Import) -> bool:
    """Take back the next part of what commerce learned; whether anything is left."""
    if made.target not in ("orders", "products", "stock", "events", "places"):
        return False
    return not (await commerce.withdraw(tx, actor, made.id)).is_done


async def finish(tx: Tx, made: Import) -> None:
    """All is taken back, and the import is over."""
    await store.unmark_gone(tx, made.id)
    await store.set_state(tx, made.id, "taken_back", is_over=True)
