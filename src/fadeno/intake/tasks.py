"""What timers do for the intake; each call is one small batch and may be repeated at will."""

from datetime import timedelta

from fadeno.db import Tx
from fadeno.intake import store
from fadeno.kit import ids

MESSAGE_KEY_DAYS = 90
BATCH = 2000


async def fold_accounts(tx: Tx) -> bool:
    """Fold the account lines of past days; True while there may be more."""
    return await store.fold_accounts(tx, tx.now.date()) > 0


async def forget_old_messages(tx: Tx) -> bool:
    """Forget client message ids after 90 days; True while there may be more."""
    before = tx.now.date() - timedelta(days=MESSAGE_KEY_DAYS)
    return await store.forget_keys(tx, before, BATCH) == BATCH


async def destroy_old_keys(tx: Tx, journal_days: int) -> bool:
    """Destroy day keys older than the journal is kept, and then the noise they leave; True while there may be more."""
    edge = tx.now - timedelta(days=journal_days)
    await store.destroy_keys(tx, edge.date())
    return await store.drop_parcels(tx, ids.first_id_at(edge), BATCH) == BATCH
