"""Questions about promises."""

from datetime import UTC, datetime
from uuid import UUID

import msgspec

from fadeno.db import Tx
from fadeno.kit import lists
from fadeno.kit.errors import Invalid
from fadeno.promises import store
from fadeno.promises.model.promise import KINDS, STATES, NoPromise, Promise

MOST = 200
_FIRST = (datetime(1970, 1, 1, tzinfo=UTC), UUID(int=0))


async def promise(tx: Tx, id_: UUID) -> Promise:
    """One promise.

    Raises:
        NoPromise: there is no such id.
    """
    for found in await store.promises(tx, [id_]):
        return found
    raise NoPromise(field="id")


async def in_case(tx: Tx, *case_ids: UUID, only_open: bool = False, limit: int = MOST) -> list[Promise]:
    """What was promised in a case, and in those merged into it where they are named: open ones first, soonest due."""
    return await store.of_cases(tx, case_ids, only_open=only_open, limit=min(limit, MOST))


async def to_customer(tx: Tx, customer_id: UUID, *, only_open: bool = False, limit: int = 20) -> list[Promise]:
    """What a customer was promised, by any of their birth ids: open ones first, soonest due, then the latest."""
    return await store.of_customer(tx, customer_id, only_open=only_open, limit=min(limit, MOST))


async def listed(
    tx: Tx,
    *,
    state: str = "open",
    owner_id: UUID | None = None,
    area: str = "",
    kind: str = "",
    after: str | None = None,
    limit: int = 50,
) -> tuple[list[Promise], str | None]:
    """Promises in a state and the `after` of the next page: open ones with the soonest due first, else the latest.

    Raises:
        Invalid: there is no such state or kind, or `after` is no place in the list.
    """
    if state not in STATES or kind not in ("", *KINDS):
        raise Invalid(
            f"Choose a state of {', '.join(STATES)} and a kind of {', '.join(KINDS)}.", field="state", word="bad_choice"
        )
    limit = max(1, min(limit, MOST))
    which = {"state": state, "owner_id": owner_id, "area": area, "kind": kind}
    if state == "open":
        place = lists.at_time(after, "after") if after else _FIRST
        rows, last = lists.cut(await store.due(tx, place, limit + 1, **which), limit)
    else:
        place = lists.at_time(after, "after") if after else lists.LATEST
        rows, last = lists.cut(await store.latest(tx, place, limit + 1, **which), limit)
    found = await store.promises(tx, [row.id for row in rows])
    return found, lists.by_time(last.due_at, last.id) if last else None


async def export(tx: Tx, customer_id: UUID) -> list[dict[str, object]]:
    """Every promise to a customer, ready for JSON; who hands it out notes it."""
    return msgspec.to_builtins(await store.of_customer(tx, customer_id, only_open=False, limit=100_000))


async def check(tx: Tx) -> tuple[str, list[str]]:
    """Has each promise one outcome, or is it open with somebody who keeps it? What was looked at, each fault found."""
    counted = await store.counts(tx)
    told = ", ".join(f"{n} {state}" for state, n in counted.items())
    return f"{sum(counted.values())} promises" + (f": {told}" if told else ""), await store.faults(tx)
