"""What is known of many customers at once, as lists need it."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from fadeno.customers import store
from fadeno.customers.model import Said, limit_of, traits
from fadeno.db import Tx


@dataclass(frozen=True, slots=True)
class Profile:
    """Some of what is known of a customer.

    Attributes:
        values: trait -> the value that wins.
        addresses: (kind, value, proven) of those that tell who they are, the most proven and then the oldest first.
    """

    id: UUID
    values: dict[str, Any] = field(default_factory=dict)
    addresses: tuple[tuple[str, str, int], ...] = ()


async def profiles(tx: Tx, ids: Collection[UUID], names: Sequence[str]) -> dict[UUID, Profile]:
    """These customers, each by the birth id that was asked for; who is not there is left out.

    Args:
        names: the traits that are wanted.
    """
    now = await store.customers_of(tx, ids) if ids else {}
    wanted = set(now.values())
    held: dict[UUID, list[Any]] = defaultdict(list)
    for row in await store.telling_addresses(tx, wanted) if wanted else ():
        if not row.blocked and limit_of(row.kind) is not None:
            held[row.customer_id].append(row)
    said: dict[UUID, list[Said]] = defaultdict(list)
    for row in await store.name_traits(tx, wanted, names) if wanted else ():
        one = Said(row.address_id, row.name, row.value, row.source_id, row.proven, row.said_at, row.event_id)
        said[row.customer_id].append(one)
    found = {
        id_: Profile(
            id_,
            {trait.name: trait.value for trait in traits(said[id_])},
            tuple((a.kind, a.value, a.proven) for a in sorted(held[id_], key=lambda a: (-a.proven, a.id.int))),
        )
        for id_ in wanted
    }
    return {asked: found[id_] for asked, id_ in now.items()}
