"""What a composer shows: which ways there are to a customer, and what any of us said to them lately."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from fadeno import channels, customers, switchboard
from fadeno.conversations.model import Case, NoCase
from fadeno.conversations.model.composer import Onward, ProposedWay, Speaking, ways_to
from fadeno.conversations.store import cases_by_id, composing
from fadeno.conversations.store import onward as store
from fadeno.db import Tx

MOST_SENT = 100
MOST_WAYS = 50
_PREFERRED = frozenset({"preferred_channel", "preferredChannel", "preferred_contact_method", "contact_preference"})
_WRITTEN_TO = ("email", "phone", "whatsapp", "telegram")  # shown also where no account of ours reaches them yet


@dataclass(frozen=True, slots=True)
class Sent:
    """Something we said to a customer, or are about to.

    Attributes:
        state: queued, sent, delivered, read, failed or unknown.
        words: how it begins.
    """

    message_id: UUID
    case_id: UUID
    case_number: int
    area: str
    channel: str
    said_at: datetime
    state: str
    author_kind: str
    author_name: str
    is_automatic: bool
    subject: str
    words: str


async def ways(tx: Tx, case_id: UUID) -> list[ProposedWay]:
    """Every way to answer in a case: the proposed one first, with reasons; refused ones last, with what can instead.

    Raises:
        NoCase: there is no such case.
    """
    for case in await cases_by_id(tx, [case_id]):
        return await _ways(tx, case, await _accounts(tx))
    raise NoCase(field="id")


async def _ways(tx: Tx, case: Case, accounts: Sequence[Speaking]) -> list[ProposedWay]:
    if case.customer_id is None:
        return []
    kinds = sorted({account.reaches for account in accounts} | set(_WRITTEN_TO))
    addresses = await composing.reached(tx, case.customer_id, case.id, kinds, MOST_WAYS)
    person = await customers.person(tx, case.customer_id, limit=1)
    consents = {said.purpose: said.granted for said in person.consents}
    return ways_to(addresses, accounts, case.area, consents, tx.now, _preferred(person.traits))


async def speaking(tx: Tx, account_id: UUID) -> Speaking | None:
    """The account of ours by that id, as what answers leave by."""
    return next((one for one in await _accounts(tx) if one.id == account_id), None)


async def refused(tx: Tx, case: Case, account: Speaking, address_id: UUID) -> tuple[str, UUID | None]:
    """Why an answer can't go by an account to an address, and to which it can instead; empty = it can."""
    mine = [one for one in await _accounts(tx) if one.id == account.id or one.reaches != account.reaches]
    for way in await _ways(tx, case, mine):
        if way.address_id == address_id:
            return (way.refused, way.instead) if way.account_id == account.id else ("no_account", way.instead)
    return "", None


async def onward(tx: Tx, case_id: UUID) -> list[Onward]:
    """What became of answers of a case that did not arrive in time, the latest first."""
    return await store.onward(tx, case_id)


async def _accounts(tx: Tx) -> list[Speaking]:
    known = channels.adapters()
    return [
        Speaking(
            one.id, one.name, one.channel, known[one.channel].label.address_kind, one.area, one.is_on, one.is_test,
            one.health == "fails", known[one.channel].label.limits.reply_window_s,
        )
        for one in await switchboard.accounts(tx)
        if one.channel in known
    ]  # fmt: skip


def _preferred(traits: Iterable[customers.Trait]) -> str:
    """The channel a customer said they would rather be written to by, as sources and members note it."""
    said = next((one.value for one in traits if one.name in _PREFERRED and isinstance(one.value, str)), "")
    return said.strip().casefold()


async def lately_sent(tx: Tx, customer_id: UUID, *, days: int = 7) -> list[Sent]:
    """What any of us, of whatever area, said to a customer lately, what still waits too; the latest first."""
    since = tx.now - timedelta(days=max(1, min(days, 366)))
    return await composing.lately_sent(tx, customer_id, since, MOST_SENT, Sent)
