"""Putting it on the threads when who is one person changed, so that who looks at one sees it and systems hear it."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

import msgspec

from fadeno import events
from fadeno.db import Tx
from fadeno.events import OURSELVES, NewEvent
from fadeno.kit.ids import new_id

MOST_NAMED = 20  # customers in the body of one event: a tablet in a shop may part hundreds
_encode = msgspec.json.Encoder().encode


async def tell(tx: Tx, said: Mapping[UUID, tuple[str, dict[str, Any]]]) -> None:
    """Write one event on the thread of each of these customers: its name, and its properties."""
    await events.append_own(
        tx,
        [
            NewEvent(
                id=new_id(),
                source_id=OURSELVES,
                channel="house",
                kind="regrouped",
                name=name,
                address_id=id_,  # a customer is called by one of its addresses
                other_address_ids=(),
                customer_id=id_,
                occurred_at=tx.now,
                received_at=tx.now,
                original_at=None,
                sent_at=None,
                message_id=None,
                body=_encode({"properties": properties}),
            )
            for id_, (name, properties) in sorted(said.items())
        ],
    )


def by_evidence(became: Iterable[tuple[UUID, UUID]], cause: str = "evidence") -> dict[UUID, tuple[str, dict[str, Any]]]:
    """What to tell of customers that evidence regrouped, or another `cause`.

    Args:
        became: each pair of a customer before and a customer now that have an address in common, of every customer
            that lost or got one.
        cause: what the event is named after: `evidence`, or `mark` where a member said something of an address.
    """
    before: dict[UUID, set[UUID]] = defaultdict(set)
    after: dict[UUID, set[UUID]] = defaultdict(set)
    for old, new in became:
        before[new].add(old)
        after[old].add(new)
    told = {}
    for now, olds in before.items():
        is_parted = any(len(after[old]) > 1 for old in olds)
        how = "joined" if not is_parted else "parted" if len(olds) == 1 else "changed"
        name = f"{cause}_{how}"
        all_now = set().union(*(after[old] for old in olds))
        told[now] = name, {"verb": name, "from": sorted(olds)[:MOST_NAMED], "to": sorted(all_now)[:MOST_NAMED]}
    return told
