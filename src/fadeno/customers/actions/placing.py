"""Finding the customer of what came in, and learning who is who from it: the hot path.

Where nothing is in dispute, adding evidence to a group can only join groups: every admitted link stays admitted,
because limits, protections and keep-aparts forbid joining and never parting. So groups are joined without reading
their evidence as long as the joined whole keeps every rule; in all other cases everything connected is grouped anew.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from fadeno.customers import store
from fadeno.customers.actions import newcomers
from fadeno.customers.actions.gathering import Key, Known, NewLink, gathered, known_or_made, new_links
from fadeno.customers.actions.labels import relabel
from fadeno.customers.actions.regrouping import Regrouped, connected, regroup
from fadeno.customers.actions.remembering import Told, heard, remember
from fadeno.customers.actions.telling import by_evidence, tell
from fadeno.customers.model import (
    BLOCKED,
    CLAIMED,
    SHARED,
    Evidence,
    Label,
    Placed,
    is_anchor,
    label,
    limit_of,
    traits,
)
from fadeno.db import Tx


@dataclass(slots=True)
class _Cluster:
    """Customers and new addresses that new links join."""

    customers: set[UUID] = field(default_factory=set)
    addresses: list[Known] = field(default_factory=list)
    raised: list[Known] = field(default_factory=list)
    anchored: int = 0
    links: list[NewLink] = field(default_factory=list)

    @property
    def target(self) -> UUID:
        """What the customer is called once all is joined."""
        return min((*self.customers, *(k.id for k in self.addresses)), key=lambda i: i.int)


async def place(tx: Tx, evidence: Sequence[Evidence]) -> list[Placed]:
    """Where each of these events belongs, after learning from all of them.

    The order of `evidence`, and whether something in it came before, makes no difference to who is one person.
    """
    proven, said_by, subjects, pairs = gathered(evidence)
    book = await known_or_made(tx, proven, said_by)
    told = heard(evidence, subjects, book)
    links = await new_links(tx, book, pairs)
    raised = [k for k in book.values() if proven[k.key] > k.proven]
    new = [k for k in book.values() if k.is_new]
    moved: dict[UUID, UUID] = {}
    unlabelled: set[UUID] = set()
    if links or raised or new or told.stirred:
        moved = await _learn(tx, book, links, raised, new, told, proven, unlabelled)
    renamed = await remember(tx, told)
    unlabelled |= {moved.get(k.id, k.customer_id) for k in book.values() if k.id in renamed and not k.is_labelled}
    await relabel(tx, sorted(unlabelled))
    placed = []
    for one, subject in zip(evidence, subjects, strict=True):
        known = book[subject]
        others = [book[m[:2]].id for m in one.mentions if m[:2] != subject]
        placed.append(Placed(known.id, others, moved.get(known.id, known.customer_id)))
    return placed


async def place_many(tx: Tx, evidence: Sequence[Evidence]) -> list[Placed]:
    """As `place`, quicker where many are of people unknown so far; not in an unanswered part of a transaction."""
    placed = await newcomers.settle(tx, evidence)
    rest = [n for n, one in enumerate(placed) if one is None]
    if rest:
        for n, one in zip(rest, await place(tx, [evidence[n] for n in rest]), strict=True):
            placed[n] = one
    return placed


async def _learn(
    tx: Tx,
    book: dict[Key, Known],
    links: list[NewLink],
    raised: list[Known],
    new: list[Known],
    told: Told,
    proven: dict[Key, int],
    unlabelled: set[UUID],
) -> dict[UUID, UUID]:
    """Join or regroup; address to customer for those whose customer is another one now."""
    rows = await _taken(tx, links, raised, told.stirred)
    seeds: set[UUID] = set()
    watched: set[UUID] = set()
    for link in links:
        _hold_off(link, seeds, watched)
    clusters, alone = _clusters(links, raised, new, proven)
    joined, slow = [], []
    for cluster in clusters:
        (joined if _may_join(cluster, rows) else slow).append(cluster)
    for known in raised:
        known.proven = proven[known.key]
    if raised:
        await store.raise_proven(tx, {k.id: k.proven for k in sorted(raised, key=lambda k: k.id.int)})
    alone += [known for cluster in slow for known in cluster.addresses]
    moved = await _join(tx, joined, alone, rows, book, watched, told, unlabelled)
    if links:
        await store.keep_links(tx, [
            (li.id, li.a.id, li.b.id, li.rule, li.strength, li.event_id, li.source_id, li.occurred_at, li.reason)
            for li in sorted(links, key=lambda li: li.id.int)
        ])  # fmt: skip
    seeds |= await _opened_meanwhile(tx, links)
    for cluster in slow:
        seeds.update(k.id for link in cluster.links for k in (link.a, link.b))
        seeds.update(k.id for k in cluster.raised)
    said = by_evidence((id_, c.target) for c in joined if len(c.customers) > 1 for id_ in c.customers)
    if seeds:
        fresh = {k.id for k in new}
        now = await regroup(tx, seeds, fresh=fresh)
        moved |= _regrouped(book, now)
        became = now.became(fresh)
        for old, _ in became:
            said.pop(old, None)  # joined a moment ago, and another one already
        said |= by_evidence(became)
    await tell(tx, said)
    return moved


def _regrouped(book: dict[Key, Known], now: Regrouped) -> dict[UUID, UUID]:
    """Address to customer for those looked at anew; they are called by what was known before these events."""
    moved = {}
    for known in book.values():
        if customer := now.of(known.id):
            moved[known.id] = customer
            known.is_labelled = False
    return moved


async def _taken(tx: Tx, links: list[NewLink], raised: list[Known], stirred: list[Known]) -> dict[UUID, Any]:
    """Lock the customers that may change, and see again where the addresses belong once they are locked."""
    touched = {k.id: k for link in links for k in (link.a, link.b) if not k.is_new and not k.is_out}
    touched |= {k.id: k for k in (*raised, *stirred)}
    wanted = {k.customer_id for k in touched.values()}
    wanted |= await connected(tx, wanted) if links or raised else set()
    rows: dict[UUID, Any] = {}
    while wanted - rows.keys():
        rows |= await store.lock_customers(tx, wanted - rows.keys())
        await _see(tx, touched)
        wanted = {k.customer_id for k in touched.values()}
    return rows


async def _see(tx: Tx, known: dict[UUID, Known]) -> None:
    """Bring what is known of addresses up to date."""
    for row in await store.present(tx, known):
        one = known[row.id]
        one.proven, one.blocked, one.shared = row.proven, row.blocked, row.shared
        one.customer_id, one.is_telling = row.customer_id, row.is_telling


async def _opened_meanwhile(tx: Tx, links: list[NewLink]) -> set[UUID]:
    """Ends of links that were left out for an address which a member opened while we wrote them.

    Whoever opens an address stops the writing of links first, so a link is seen by one of the two.
    """
    out = {k.id: k for link in links if link.reason for k in (link.a, link.b) if k.is_out and not k.is_new}
    if not out:
        return set()
    await _see(tx, out)
    return {end.id for link in links for k, end in ((link.a, link.b), (link.b, link.a)) if k.id in out and not k.is_out}


def _hold_off(link: NewLink, seeds: set[UUID], watched: set[UUID]) -> None:
    """Leave a link to a blocked or shared address out; who else it may show to be shared is looked at anew."""
    if link.a.blocked is not None or link.b.blocked is not None:
        link.reason = BLOCKED
    elif link.a.shared or link.b.shared:
        link.reason = SHARED
        for known in (link.a, link.b):
            if known.shared:
                continue
            if known.is_new and limit_of(known.key[0]) is None:
                watched.add(known.id)
            else:
                seeds.add(known.id)


def _clusters(
    links: Iterable[NewLink], raised: Iterable[Known], new: Iterable[Known], proven: dict[Key, int]
) -> tuple[list[_Cluster], list[Known]]:
    """What new links join, each cluster apart; and new addresses that no link joins to anything."""
    parent: dict[int, int] = {}

    def root(n: int) -> int:
        while (up := parent.setdefault(n, n)) != n:
            n = up
        return n

    joining = [link for link in links if link.reason is None and not link.is_retracted]
    for link in joining:
        one, other = root(link.a.customer_id.int), root(link.b.customer_id.int)
        if one != other:
            parent[max(one, other)] = min(one, other)
    clusters: dict[int, _Cluster] = defaultdict(_Cluster)
    for link in joining:
        cluster = clusters[root(link.a.customer_id.int)]
        cluster.links.append(link)
        cluster.customers.update(k.customer_id for k in (link.a, link.b) if not k.is_new)
    alone = []
    for known in new:
        if known.id.int in parent:
            clusters[root(known.id.int)].addresses.append(known)
        else:
            alone.append(known)
    for known in raised:
        cluster = clusters[root(known.customer_id.int)]
        cluster.raised.append(known)
        cluster.customers.add(known.customer_id)
        kind = known.key[0]
        if not known.is_out and is_anchor(kind, proven[known.key]) and not is_anchor(kind, known.proven):
            cluster.anchored += 1
    return list(clusters.values()), alone


def _may_join(cluster: _Cluster, rows: dict[UUID, Any]) -> bool:
    """Whether everything in a cluster is one customer without looking at older evidence."""
    if _are_leaves(cluster):
        return True
    counts: dict[str, int] = defaultdict(int)
    anchors = cluster.anchored + _anchors(cluster.addresses)
    has_claims = any(link.strength <= CLAIMED for link in cluster.links)
    for id_ in cluster.customers:
        row = rows[id_]
        if row.is_contested:
            return False
        for kind in row.kinds:
            counts[kind] += 1
        anchors += row.anchors
        has_claims = has_claims or row.has_claims
    for known in cluster.addresses:
        if limit_of(known.key[0]) is not None and not known.is_out:
            counts[known.key[0]] += 1
    if has_claims and anchors > 1:
        return False
    return all(count <= (limit_of(kind) or 0) for kind, count in counts.items())


def _anchors(addresses: Iterable[Known]) -> int:
    return sum(1 for k in addresses if not k.is_out and is_anchor(k.key[0], k.proven))


def _are_leaves(cluster: _Cluster) -> bool:
    """Whether a cluster only adds addresses without limit, by one link each, to one customer.

    Such an address changes nobody's limits, anchors or sides, so its one link is admitted whatever else is known.
    """
    if len(cluster.customers) != 1 or cluster.raised or len(cluster.links) != len(cluster.addresses):
        return False
    if any(limit_of(k.key[0]) is not None for k in cluster.addresses):
        return False
    return all(link.a.is_new != link.b.is_new for link in cluster.links)


async def _join(
    tx: Tx,
    joined: list[_Cluster],
    alone: list[Known],
    rows: dict[UUID, Any],
    book: dict[Key, Known],
    watched: set[UUID],
    told: Told,
    unlabelled: set[UUID],
) -> dict[UUID, UUID]:
    """Write new addresses down and join clusters; address to customer for those whose customer is another one now."""
    fresh, puts, groupings = [], [], []
    moves: dict[UUID, UUID] = {}
    for known in alone:
        groupings.append((known.id, known.id, known.is_telling))
        fresh.append((_single_row(known, known.id in watched), _label([known], told)))
    for cluster in joined:
        target = cluster.target
        row = _joined_row(target, cluster, [rows[id_] for id_ in cluster.customers], watched)
        for known in cluster.addresses:
            groupings.append((known.id, target, known.is_telling))
            known.customer_id = target
        moves |= dict.fromkeys(cluster.customers - {target}, target)
        if cluster.customers:
            puts.append(row)
            if len(cluster.customers) > 1 or any(k.is_telling for k in cluster.addresses):
                unlabelled.add(target)
        else:
            fresh.append((row, _label(cluster.addresses, told)))
    await store.add_groupings(tx, groupings)
    await store.repoint_customers(tx, moves)
    await store.add_customers(tx, sorted(fresh, key=lambda f: f[0][0].int))
    await store.put_customers(tx, sorted(puts, key=lambda p: p[0].int))
    await store.drop_customers(tx, moves.keys())
    await store.add_rewrites(tx, moves.items())
    moved: dict[UUID, UUID] = {}
    for known in book.values() if moves else ():
        if known.customer_id in moves:
            known.customer_id = moved[known.id] = moves[known.customer_id]
    return moved


def _label(addresses: Sequence[Known], told: Told) -> Label | None:
    """What a customer of nothing but new addresses is called; None where nothing tells."""
    said = [one for known in addresses for one in told.names.get(known.id, ())]
    for known in addresses:
        known.is_labelled = True
    if not said and not any(k.is_telling for k in addresses):
        return None  # browsers and devices only, as most are
    return label([k.key for k in addresses if k.blocked is None and limit_of(k.key[0]) is not None], traits(said))


def _single_row(known: Known, is_watched: bool) -> tuple[Any, ...]:
    kind = known.key[0]
    tells = limit_of(kind) is not None and known.blocked is None
    return (known.id, 1, [kind] if tells else [], int(tells and is_anchor(kind, known.proven)), False, is_watched, ())


def _joined_row(target: UUID, cluster: _Cluster, old: list[Any], watched: set[UUID]) -> tuple[Any, ...]:
    kinds = [kind for row in old for kind in row.kinds]
    kinds += [k.key[0] for k in cluster.addresses if limit_of(k.key[0]) is not None and not k.is_out]
    return (
        target,
        sum(row.address_count for row in old) + len(cluster.addresses),
        kinds,
        sum(row.anchors for row in old) + cluster.anchored + _anchors(cluster.addresses),
        any(row.has_claims for row in old) or any(link.strength <= CLAIMED for link in cluster.links),
        any(row.is_contested for row in old) or any(k.id in watched for k in cluster.addresses),
        {ruling for row in old for ruling in row.rulings},
    )
