"""Questions about accounts and parcels."""

from collections.abc import Sequence
from uuid import UUID

import msgspec

from fadeno import channels
from fadeno.db import Tx
from fadeno.kit.seal import Seal
from fadeno.switchboard import store
from fadeno.switchboard.model import Account, NoAccount, Parcel, Traffic, lane_out

_MOST_FAULTS = 20


async def accounts(tx: Tx) -> list[Account]:
    """Every account, by name."""
    return await store.accounts(tx)


async def account(tx: Tx, id: UUID) -> Account:
    """One account.

    Raises:
        NoAccount: there is none.
    """
    found = await store.account(tx, id)
    if found is None:
        raise NoAccount
    return found


async def account_named(tx: Tx, name: str) -> Account:
    """One account, by its name.

    Raises:
        NoAccount: there is none.
    """
    found = await store.account_named(tx, name)
    if found is None:
        raise NoAccount(f"There is no account {name[:60]!r}.")
    return found


async def secrets(tx: Tx, vault: Seal, id: UUID) -> dict[str, str]:
    """What an account signs in with; for the room alone, and for nobody to see."""
    sealed = await store.sealed(tx, id)
    if sealed is None:
        raise NoAccount
    return msgspec.json.decode(vault.open(sealed, about(id)), type=dict[str, str])


async def credentials(tx: Tx, vault: Seal, account: Account) -> channels.Account:
    """An account as its adapter and its wire need it, secrets and all; never shown."""
    opened = await secrets(tx, vault, account.id)
    return channels.Account(account.address, account.name, account.options, opened)


def about(id: UUID) -> str:
    """What the sealed secrets of an account are bound to."""
    return f"switchboard.account:{id}"


async def parcels(
    tx: Tx, account_id: UUID, *, state: str = "failed", before: UUID | None = None, limit: int = 50
) -> list[Parcel]:
    """Parcels of an account in a state, the newest first."""
    return await store.parcels(tx, account_id, state, before or UUID(int=2**128 - 1), limit)


async def traffic(tx: Tx, accounts: Sequence[Account]) -> dict[UUID, Traffic]:
    """How each of these accounts fares, asked once for all of them."""
    return await store.traffic(tx, [one.id for one in accounts], [lane_out(one.id) for one in accounts])


async def check(tx: Tx) -> tuple[str, list[str]]:
    """The law of parcels on the data at hand: what waits will be understood."""
    faults = [f"parcel {id} waits and no job is there for it" for id in await store.stuck(tx, _MOST_FAULTS)]
    return f"{await store.count_parcels(tx)} parcels of channels", faults
