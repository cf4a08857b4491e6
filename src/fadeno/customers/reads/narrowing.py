"""Lists of customers narrowed to those one may reach, who were heard of, or who allowed something."""

from dataclasses import dataclass
from datetime import datetime

from fadeno.customers.reads.search import MOST, Found, search
from fadeno.customers.store import narrowing as store
from fadeno.db import Tx
from fadeno.kit import addresses

_MOST_LOOKED_AT = 20  # pages of a hundred, in one request
_AMONG = 20_000
_KINDS = {"email": frozenset({"email"}), "phone": addresses.PHONE_KINDS}
REACHED_BY = tuple(_KINDS)


@dataclass(frozen=True, slots=True)
class Narrow:
    """What a list of customers is narrowed to; empty is all.

    Attributes:
        reached_by: `email` or `phone`: they have such an address.
        channel, source_id, since: something of them came so, from there, since then.
        purpose: they allow it, and nowhere refused it.
    """

    reached_by: str = ""
    channel: str = ""
    source_id: int | None = None
    since: datetime | None = None
    purpose: str = ""

    @property
    def is_all(self) -> bool:
        """Whether nothing is narrowed."""
        return self == Narrow()


async def narrowed(
    tx: Tx, narrow: Narrow, q: str = "", *, limit: int = 50, after: str | None = None, by_address: bool = True
) -> tuple[list[Found], str | None]:
    """Customers that match what was typed and fit, in the order of `search`, and where to go on.

    At most two thousand are looked at in one go, so that a narrow list is as quick as a whole one; there may be more
    to look at although few were found, and somewhat more are given than were asked for.
    """
    if narrow.is_all:
        return await search(tx, q, limit=limit, after=after, by_address=by_address)
    fit: list[Found] = []
    for _ in range(_MOST_LOOKED_AT):
        found, after = await search(tx, q, limit=MOST, after=after, by_address=by_address)
        rows = await store.fitting(
            tx,
            [one.id for one in found],
            kinds=_KINDS.get(narrow.reached_by),
            channel=narrow.channel or None,
            source_id=narrow.source_id,
            since=narrow.since,
            purpose=narrow.purpose or None,
        )
        ids = {row.id for row in rows}
        fit += [one for one in found if one.id in ids]
        if len(fit) >= limit or after is None:
            break
    return fit, after


async def known_channels(tx: Tx) -> list[str]:
    """The channels that the latest events came by: a shop of two channels has two."""
    return await store.recent_channels(tx, _AMONG)


async def known_purposes(tx: Tx) -> list[str]:
    """What customers were asked to allow."""
    return await store.known_purposes(tx, _AMONG)
