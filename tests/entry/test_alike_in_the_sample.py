"""How good the certainty of pairs is, on the sample company, whose generator knows who is who.

One made-up company, so no promise for a real one; but what households, namesakes, slips and doubles do to the score
shows here first.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import combinations
from uuid import UUID

import pytest

from fadeno import access, customers, sources
from fadeno.app import App
from fadeno.customers import Likely
from fadeno.db import Tx
from fadeno.entry import sample
from fadeno.entry.cli.demo import hand_in

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
SEED, PEOPLE, AT_ONCE = 1, 400, 500
LEAST_PRECISION = 0.98  # of pairs at 90 or more
LEAST_RECALL = 0.75  # of doubles known by a name, among pairs that wait
LARGEST_HOUSEHOLD = 50


@dataclass(frozen=True)
class Labelled:
    """What was found, and who is behind each customer: numbers of people."""

    pairs: list[Likely]
    behind: dict[UUID, frozenset[int]]
    named: set[UUID]

    def is_right(self, pair: Likely) -> bool:
        return len(self.behind[pair.one] | self.behind[pair.other]) == 1

    def is_household(self, pair: Likely) -> bool:
        people = [sample.person(SEED, index) for index in self.behind[pair.one] | self.behind[pair.other]]
        return len(people) > 1 and len({who.index if who.house is None else who.house for who in people}) == 1

    def doubles(self) -> set[frozenset[UUID]]:
        """Pairs of customers, known by a name, with one and the same person behind them."""
        of_person = defaultdict(list)
        for id_, people in self.behind.items():
            if len(people) == 1 and id_ in self.named:
                of_person[people].append(id_)
        return {frozenset(pair) for ids in of_person.values() for pair in combinations(ids, 2)}


@pytest.fixture
async def found(app: App) -> Labelled:
    async with app.db.transaction() as tx:
        known = {
            name: await sources.create(tx, access.SYSTEM, name, kind=kind, region=region)
            for name, kind, region, _ in sample.SOURCES
        }
    history = sample.history(SEED, PEOPLE, NOW)
    for begin in range(0, len(history), AT_ONCE):
        await hand_in(app, known, history[begin : begin + AT_ONCE])
    async with app.db.transaction() as tx:
        while await customers.find_likely(tx):
            pass
        pairs, after = await customers.likely(tx, limit=200)
        while after:
            more, after = await customers.likely(tx, after=after, limit=200)
            pairs += more
        return Labelled(pairs, *await _behind(tx))


async def _behind(tx: Tx) -> tuple[dict[UUID, frozenset[int]], set[UUID]]:
    owners = _owners()
    cursor = await tx.connection.execute(
        "SELECT g.customer_id, a.kind, a.value, c.name IS NOT NULL FROM customers.grouping g"
        " JOIN customers.address a ON a.id = g.address_id JOIN customers.customer c ON c.id = g.customer_id"
    )
    behind: dict[UUID, set[int]] = defaultdict(set)
    named = set()
    for id_, kind, value, has_name in await cursor.fetchall():
        people = owners[kind, value]
        behind[id_] |= people if len(people) == 1 else set()  # what a household shares says nothing
        if has_name:
            named.add(id_)
    return {id_: frozenset(people) for id_, people in behind.items()}, named


def _owners() -> dict[tuple[str, str], set[int]]:
    """Whose each address is."""
    owners: dict[tuple[str, str], set[int]] = defaultdict(set)
    for who in (sample.person(SEED, index) for index in range(PEOPLE)):
        held: Iterable[tuple[str, str | None]] = (
            ("user", who.user_id), ("email", who.email), ("email", who.mistyped), ("phone", who.phone),
            ("phone", who.second_phone), ("phone", who.landline), ("whatsapp", who.phone), ("card", who.card),
            ("device", who.device), *(("cookie", cookie) for cookie in who.cookies),
            *(("crm:old", number) for number in who.crm),
        )  # fmt: skip
        for kind, value in held:
            if value:
                owners[kind, value].add(who.index)
    return owners


async def test_what_is_called_very_likely_is_right_and_households_are_not(found: Labelled) -> None:
    sure = [pair for pair in found.pairs if pair.certainty >= 90]
    right = [pair for pair in sure if found.is_right(pair)]
    asked = {frozenset((pair.one, pair.other)) for pair in found.pairs if found.is_right(pair) and pair.certainty >= 60}
    doubles = found.doubles()
    figures = f"{len(right)} of {len(sure)} right at 90, {len(asked & doubles)} of {len(doubles)} doubles found"
    assert len(sure) >= 10, figures
    assert len(right) >= LEAST_PRECISION * len(sure), figures
    assert len(asked & doubles) >= LEAST_RECALL * len(doubles), figures
    households = [pair for pair in found.pairs if found.is_household(pair)]
    assert households, "evidence ties them, so they wait to be told apart"
    assert max(pair.certainty for pair in households) <= LARGEST_HOUSEHOLD
