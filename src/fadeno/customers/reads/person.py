"""Who a customer is and what is known of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from fadeno.customers import store
from fadeno.customers.model import Allowed, Consent, NoCustomer, Said, Trait, allowed, traits
from fadeno.db import Tx
from fadeno.kit import addresses
from fadeno.kit.errors import Invalid

MOST_TELLING = 200
MOST_SAID = 2_000
_FIRST = UUID(int=0)


@dataclass(frozen=True, slots=True)
class Summary:
    """A customer in short."""

    id: UUID
    name: str | None
    label: str
    address_count: int


@dataclass(frozen=True, slots=True)
class Address:
    """One address of a customer, as it is shown."""

    id: UUID
    kind: str
    value: str
    proven: int
    verified_at: datetime | None
    blocked: str | None
    shared: bool
    source_id: int | None


@dataclass(frozen=True, slots=True)
class Person:
    """A customer with what is known of them.

    Attributes:
        addresses: those that tell who they are, then the first of the others; `more_addresses` says there are more.
        is_disputed: some evidence about them is left out or held off.
    """

    id: UUID
    label: str
    name: str | None
    address_count: int
    addresses: list[Address]
    more_addresses: str | None
    traits: list[Trait]
    consents: list[Allowed]
    ledger: list[Consent]
    is_disputed: bool
    erased_at: datetime | None


_addresses = msgspec.json.Decoder(list[Address]).decode
_said = msgspec.json.Decoder(list[Said]).decode
_ledger = msgspec.json.Decoder(list[Consent]).decode


async def find(tx: Tx, kind: str, value: str, region: str | None = None) -> UUID | None:
    """The customer of an address, if anybody ever used it."""
    try:
        spelled = addresses.normalise(kind, value, region)
    except Invalid:
        return None
    return await store.find(tx, kind, spelled)


async def find_address(tx: Tx, kind: str, value: str, region: str | None = None) -> UUID | None:
    """The birth id of an address, if anybody ever used it."""
    try:
        spelled = addresses.normalise(kind, value, region)
    except Invalid:
        return None
    return await store.find_address(tx, kind, spelled)


async def summaries(tx: Tx, ids: Sequence[UUID]) -> list[Summary]:
    """Customers in short, by the ids they have now."""
    return [Summary(*row) for row in await store.summaries(tx, ids)]


async def resolve(tx: Tx, id_: UUID) -> Any:
    """The customer any birth id leads to now.

    Raises:
        NoCustomer: there is no such id; search by address or name.
    """
    row = await store.customer(tx, id_)
    if row is None:
        raise NoCustomer(field="id")
    return row


async def customer_of(tx: Tx, id_: UUID) -> UUID:
    """The id of the customer any birth id leads to now.

    Raises:
        NoCustomer: there is no such id; search by address or name.
    """
    return (await resolve(tx, id_)).id


async def person(tx: Tx, id_: UUID, *, limit: int = 50) -> Person:
    """A customer by any of their birth ids.

    Raises:
        NoCustomer: there is no such id; search by address or name.
    """
    row = await store.person(tx, id_, limit + 1, MOST_TELLING, MOST_SAID)
    if row is None:
        raise NoCustomer(field="id")
    others, more = _page(_addresses(row.silent), limit)
    ledger = _ledger(row.ledger)
    return Person(
        row.id, row.label, row.name, row.address_count, _addresses(row.telling) + others, more,
        traits(_said(row.said)), allowed(ledger), ledger, row.is_contested, row.erased_at,
    )  # fmt: skip


async def addresses_of(
    tx: Tx, id_: UUID, *, after: str | None = None, limit: int = 50
) -> tuple[list[Address], str | None]:
    """A page of the addresses that do not tell who a customer is (browsers, devices), and where the next begins."""
    start = UUID(after) if after else _FIRST
    return _page([Address(*row) for row in await store.silent_page(tx, id_, start, limit + 1)], limit)


def _page(found: list[Address], limit: int) -> tuple[list[Address], str | None]:
    return found[:limit], str(found[limit - 1].id) if len(found) > limit else None
