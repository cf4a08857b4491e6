"""Whatever is typed or narrowed to, no table is read through: held on the plans of 20,000 customers."""

import re
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import psycopg
import pytest

from fadeno import customers
from fadeno.customers import Narrow
from fadeno.customers.reads import narrowing as reads
from fadeno.customers.store import narrowing, ways
from fadeno.db import Query, Tx
from fadeno.kit.ids import first_id_at
from tests.conftest import TestServer

PEOPLE = 20_000
# A first name everybody bears, a family name for each forty, numbers that begin the same: where an index says little.
FILLED = (
    "INSERT INTO customers.address (id, kind, value, proven)"
    " SELECT md5('a' || n)::uuid, 'phone', '+3620' || 1000000 + n, 2 FROM generate_series(1, %(people)s) n",
    "INSERT INTO customers.grouping"
    " SELECT md5('a' || n)::uuid, md5('a' || n)::uuid, true FROM generate_series(1, %(people)s) n",
    "INSERT INTO customers.customer (id, address_count, name, label, sort_key, search_keys)"
    " SELECT md5('a' || n)::uuid, 1, 'Anna Berg' || n %% 500, 'Anna Berg' || n %% 500, 'anna berg' || n,"
    " array_to_tsvector(ARRAY['anna', 'berg' || n %% 500, '~ann', '~brg', '#' || 1000 + n %% 9000])"
    " FROM generate_series(1, %(people)s) n",
    "INSERT INTO customers.spelling (word, shortened) SELECT 'berg' || n, ARRAY['berg' || n, 'brg' || n]"
    " FROM generate_series(1, 500) n",
    "INSERT INTO customers.consent (id, address_id, purpose, granted, said_at, said_by, proof)"
    " SELECT md5('c' || n)::uuid, md5('a' || n)::uuid, 'news', true, now(), 'shop', 'ticked'"
    " FROM generate_series(1, %(people)s) n",
    "INSERT INTO events.event (id, source_id, channel, kind, address_id, customer_id, occurred_at, received_at, body)"
    " SELECT overlay(md5('e' || n) placing '01a8' from 1)::uuid, 1, 'web', 'track', md5('a' || n)::uuid,"
    " md5('a' || n)::uuid, now(), now(), '{}'"
    " FROM generate_series(1, %(people)s) n",
)


class Explaining(Tx):
    """Keeps the plan of every query it is asked."""

    __slots__ = ("plans",)

    def __init__(self, connection: Any) -> None:
        super().__init__(connection)
        self.plans: dict[str, str] = {}

    async def all(self, query: Query, into: type | None = None, **params: Any) -> list[Any]:
        await self.explain(query, params)
        return await super().all(query, into, **params)

    async def explain(self, query: Query, params: dict[str, Any]) -> None:
        cursor = await self.connection.execute(f"EXPLAIN {query.text}".encode(), params)
        self.plans[query.name] = "\n".join(line for (line,) in await cursor.fetchall())

    def read_through(self) -> dict[str, str]:
        return {name: plan for name, plan in self.plans.items() if "Seq Scan on" in plan}


@pytest.fixture(scope="module")
def filled(test_server: TestServer, template: str) -> Iterator[str]:
    """A database with very many of a kind, for all tests here: none of them writes."""
    name = test_server.clone(template)
    with psycopg.connect(test_server.url(name), autocommit=True) as connection:
        for statement in FILLED:
            connection.execute(statement.encode(), {"people": PEOPLE})
        connection.execute("ANALYZE")
    yield test_server.url(name)
    test_server.drop(name)


@pytest.fixture
async def many(filled: str) -> AsyncIterator[Explaining]:
    async with await psycopg.AsyncConnection.connect(filled, autocommit=True) as connection, connection.transaction():
        yield Explaining(connection)


async def test_where_few_came_nobody_else_is_looked_at(many: Explaining) -> None:
    await ways.rare_page(many, "till", None, 0, ("", UUID(int=0)), 9)
    assert many.plans.keys() == {"rare_page"}
    assert not re.search(r"Seq Scan on (customer|grouping|event)", many.plans["rare_page"])


async def test_where_few_were_heard_of_since_nobody_else_is_looked_at(
    filled: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Three of twenty thousand, the last of all by name among them: one page says so, in order."""
    since = datetime(2030, 1, 2, tzinfo=UTC)
    heard = [one.label for one in await _heard_of(filled, since, 3, monkeypatch, most=10)]
    assert heard == sorted(heard)
    assert len(heard) == 3
    assert len(await _heard_of(filled, since, 3, monkeypatch, most=2)) == 3, "looked for among all, they are the same"


async def _heard_of(
    filled: str, since: datetime, people: int, monkeypatch: pytest.MonkeyPatch, most: int
) -> list[customers.Found]:
    monkeypatch.setattr(reads, "_MOST_HEARD", most)
    async with await psycopg.AsyncConnection.connect(filled) as connection:
        first = first_id_at(since).int
        await connection.execute(
            "INSERT INTO events.event"
            " (id, source_id, channel, kind, address_id, customer_id, occurred_at, received_at, body)"
            " SELECT u.event_id, 1, 'web', 'track', c.id, c.id, %(since)s, %(since)s, '{}'"
            " FROM (SELECT id, row_number() OVER (ORDER BY sort_key DESC) AS n FROM customers.customer) c"
            " JOIN unnest(%(ids)s::uuid[]) WITH ORDINALITY AS u (event_id, n) USING (n)",
            {"since": since, "ids": [UUID(int=first + n) for n in range(people)]},
        )
        tx, found, after = Explaining(connection), [], ""
        while after is not None:
            some, after = await customers.narrowed(tx, Narrow(since=since), limit=50, after=after or None)
            found += some
        await connection.rollback()
    assert ("named_page" in tx.plans) is (most < people)
    if most >= people:
        assert not re.search(r"Seq Scan on (customer|grouping|event)", tx.plans["heard_page"])
    return found


@pytest.mark.parametrize(
    "typed", ["", "a", "anna", "anna berg7", "berg77", "brg7", "Анна", "1234", "+36201000", "x@y.de"]
)
async def test_no_search_reads_a_table_through(many: Explaining, typed: str) -> None:
    found, _ = await customers.search(many, typed, limit=20)
    assert len(found) <= 20
    assert many.read_through() == {}


@pytest.mark.parametrize(
    ("narrow", "least"),
    [
        (Narrow(reached_by="phone"), 50),
        (Narrow(reached_by="email"), 0),
        (Narrow(channel="web"), 50),
        (Narrow(channel="till"), 0),
        (Narrow(source_id=1, since=datetime(2026, 1, 1, tzinfo=UTC)), 50),
        (Narrow(source_id=9), 0),
        (Narrow(purpose="news", channel="web", reached_by="phone"), 50),
        (Narrow(purpose="none"), 0),
    ],
)
async def test_no_narrowing_reads_a_table_through(
    many: Explaining, monkeypatch: pytest.MonkeyPatch, narrow: Narrow, least: int
) -> None:
    fetched = narrowing.fetched

    async def explained(tx: Explaining, query: Query, **params: Any) -> list[Any]:
        await tx.explain(query, params)
        return await fetched(tx, query, **params)

    monkeypatch.setattr(narrowing, "fetched", explained)
    monkeypatch.setattr(reads, "_LOOKING_S", 0)
    found, after = await customers.narrowed(many, narrow, limit=50)
    assert len(found) == least
    assert after is not None
    assert many.plans.keys() >= {"fitting", "named_page"}
    assert many.read_through() == {}


async def test_who_is_last_in_a_narrow_list_is_reached_and_nobody_before_is_missed(
    many: Explaining, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reads, "_LOOKED_AT", (900, 4_000))
    monkeypatch.setattr(reads, "_LOOKING_S", 0)
    seen, after, pages = [], None, 0
    while pages == 0 or after:
        found, after = await customers.narrowed(many, Narrow(reached_by="phone"), limit=5_000, after=after)
        seen += [one.id for one in found]
        pages += 1
    assert len(set(seen)) == len(seen) == PEOPLE
    assert pages > 1


async def test_of_very_many_who_match_three_hundred_are_read(many: Explaining) -> None:
    seen, after = set(), None
    while True:
        found, after = await customers.search(many, "anna", limit=100, after=after)
        seen |= {one.id for one in found}
        if after is None:
            break
    assert 100 <= len(seen) <= 300
