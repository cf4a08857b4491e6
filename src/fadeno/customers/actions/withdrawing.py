"""Taking back what events said of who is who, as if they had never come; and saying it again.

What another event says too stays. What only these said goes: links, so that grouping is made anew; traits and consents;
and addresses that came with them and with nothing else.
"""

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from fadeno import events, sources
from fadeno.customers import store
from fadeno.customers.actions.labels import relabel
from fadeno.customers.actions.placing import place
from fadeno.customers.actions.regrouping import connected, regroup
from fadeno.customers.actions.telling import by_evidence, tell
from fadeno.customers.model import ATTESTED, CLAIMED, OBSERVED, Evidence, Mention
from fadeno.customers.store import withdrawing as said
from fadeno.db import Tx

TAKEN_BACK = "taken_back"


async def withdraw(tx: Tx, event_ids: Sequence[UUID], *, by: UUID, again: Sequence[UUID] = ()) -> int:
    """Take these events back whole: off the threads, and all that they alone said; how many they were.

    Args:
        by: what takes them back, such as an import; threads that stay are told of it.
        again: events they had superseded, which are said again.
    """
    former = [row for row in await events.restore(tx, again) if not row.body.get("erased")]
    rows = await events.withdraw(tx, event_ids, by)
    addresses = _addresses(rows)
    if rows:
        await _take_back(tx, rows, addresses, by)
    if former:
        spelled = await said.addresses_spelled(tx, _addresses(former))
        proofs = {source.id: _proof(source) for source in await sources.all_sources(tx)}
        known = [row for row in former if row.address_id in spelled]
        await place(tx, [_evidence(row, spelled, proofs.get(row.source_id, CLAIMED)) for row in known])
    return len(rows)


async def _take_back(tx: Tx, rows: Sequence[Any], addresses: Collection[UUID], by: UUID) -> None:
    addresses = await _take(tx, addresses)
    ids = [row.id for row in rows]
    cut = await _drop_links(tx, addresses, ids)
    told = await said.drop_said_by(tx, {row.address_id for row in rows}, ids)
    await _say_again(tx, told)
    await _settle(tx, addresses, is_cut=bool(cut), by=by)


async def supersede(tx: Tx, event_ids: Sequence[UUID]) -> int:
    """Newer word came in the place of these events: what only they said of who is one person is said no more.

    What they said of traits stays as values that lost. They are on the thread no more, until `withdraw` of the newer
    word says them again.
    """
    rows = await events.supersede(tx, event_ids)
    if not rows:
        return 0
    addresses = await _take(tx, _addresses(rows))
    if await _drop_links(tx, addresses, [row.id for row in rows]):
        await _settle(tx, addresses, is_cut=True, by=None)
    return len(rows)


def _addresses(rows: Sequence[Any]) -> set[UUID]:
    return {id_ for row in rows for id_ in (row.address_id, *(row.other_address_ids or ()))}


def _proof(source: sources.Source) -> int:
    return OBSERVED if source.kind == "server" else CLAIMED


def _evidence(row: Any, spelled: dict[UUID, Any], proven: int) -> Evidence:
    """What an event said, from its body and the addresses it came with."""
    named = [spelled[id_] for id_ in (row.address_id, *(row.other_address_ids or ())) if id_ in spelled]
    context = row.body.get("context") or {}
    consent = context.get("consent") or {}
    proof = str(consent.get("proof") or "")
    return Evidence(
        row.id,
        row.source_id,
        row.occurred_at,
        tuple(Mention(one.kind, one.value, min(one.proven, ATTESTED)) for one in named),
        row.kind if row.kind in ("identify", "alias") else "same_event",
        {**(context.get("traits") or {}), **(row.body.get("traits") or {})},
        proven,
        tuple((p, g, proof) for p, g in (consent.get("categoryPreferences") or {}).items() if isinstance(g, bool)),
    )


async def _take(tx: Tx, addresses: Collection[UUID]) -> set[UUID]:
    """Lock the customers of addresses, and all that grouping will look at, in one order; which are not erased."""
    owners = set((await store.customers_of(tx, addresses)).values())
    await store.lock_customers(tx, owners | await connected(tx, owners))
    return set(await said.addresses_spelled(tx, addresses))


async def _drop_links(tx: Tx, addresses: Collection[UUID], event_ids: Sequence[UUID]) -> set[UUID]:
    """Take away the links only these events said; which."""
    links = set(await said.links_said_by(tx, addresses, event_ids))
    if not links:
        return set()
    elsewhere = await said.links_said_elsewhere(tx, links)
    await said.set_links_said(tx, elsewhere)
    gone = links - {row.id for row in elsewhere}
    await said.drop_links(tx, gone)
    return gone


async def _say_again(tx: Tx, told: Sequence[Any]) -> None:
    """Traits that were overwritten by what is taken back, from the events that had said them before."""
    if not told:
        return
    wanted = {(row.address_id, row.source_id): set() for row in told}
    for row in told:
        wanted[row.address_id, row.source_id].add(row.name)
    rows = await said.events_telling(tx, {a for a, _ in wanted}, {s for _, s in wanted})
    proofs = {source.id: _proof(source) for source in await sources.all_sources(tx)}
    evidence = []
    for row in rows:
        names = wanted.get((row.address_id, row.source_id), ())
        context = row.body.get("context") or {}
        traits = {**(context.get("traits") or {}), **(row.body.get("traits") or {})}
        kept = {name: value for name, value in traits.items() if name in names}
        if kept:
            subject = (Mention(row.kind, row.value, CLAIMED),)
            proven = proofs.get(row.source_id, CLAIMED)
            evidence.append(Evidence(row.id, row.source_id, row.occurred_at, subject, "identify", kept, proven))
    if evidence:
        await place(tx, evidence)


async def _settle(tx: Tx, addresses: Collection[UUID], *, is_cut: bool, by: UUID | None) -> None:
    """Let go of addresses of which nothing is said any more, group the others anew, and tell their threads."""
    silent = await said.unspoken(tx, addresses)
    ours = {row.id: row.customer_id for row in silent if row.is_ours} if by else {}
    await said.make_silent(tx, {row.id for row in silent} - ours.keys())
    whole = await _nothing_left(tx, ours)
    alone = {address for address, customer in ours.items() if customer in whole}
    if alone:
        await said.drop_addresses(tx, alone)
        await store.drop_customers(tx, whole)
    rest = set(addresses) - alone
    told: dict[UUID, tuple[str, dict[str, Any]]] = {}
    if rest and is_cut:
        told = by_evidence((await regroup(tx, rest)).became(()))
    parted = ours.keys() - alone
    if parted:  # each stands alone by now, as no link leads to it
        await said.drop_addresses(tx, parted)
        await store.drop_customers(tx, parted)
    await _tell(tx, rest - parted, told, by)


async def _nothing_left(tx: Tx, ours: dict[UUID, UUID]) -> set[UUID]:
    """The customers all of whose addresses are among these."""
    left = await said.address_counts(tx, set(ours.values())) if ours else {}
    for customer in ours.values():
        left[customer] -= 1
    return {customer for customer, count in left.items() if not count}


async def _tell(
    tx: Tx, addresses: Collection[UUID], told: dict[UUID, tuple[str, dict[str, Any]]], by: UUID | None
) -> None:
    if not addresses:
        return
    customers = set((await store.customers_of(tx, addresses)).values())
    await relabel(tx, sorted(customers))
    if by:
        word = {"verb": TAKEN_BACK, "import": by}
        told = {id_: (TAKEN_BACK, {**told.get(id_, ("", {}))[1], **word}) for id_ in customers}
    await tell(tx, {id_: what for id_, what in told.items() if id_ in customers})
