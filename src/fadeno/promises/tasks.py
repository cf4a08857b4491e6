"""What timers do about promises."""

from collections.abc import Awaitable, Callable

from fadeno.db import Tx
from fadeno.promises import actions, store
from fadeno.promises.model.promise import Promise

AT_ONCE = 100
Warned = Callable[[Tx, Promise], Awaitable[None]]


async def break_overdue(tx: Tx) -> bool:
    """Call promises broken whose time is over; whether there may be more."""
    found = await store.overdue(tx, AT_ONCE)
    for promise in found:
        await actions.broken(tx, promise)
    return len(found) == AT_ONCE


async def warn(tx: Tx, *, tell: Warned | None = None) -> bool:
    """Remind whoever keeps them of promises nearly due, once; whether there may be more.

    Args:
        tell: has somebody hear of it; without, it is only kept that it is time.
    """
    found = await store.nearly_due(tx, AT_ONCE)
    for promise in found:
        if tell is not None:
            await tell(tx, promise)
    await store.note_warned(tx, [promise.id for promise in found])
    return len(found) == AT_ONCE
