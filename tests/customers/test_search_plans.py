"""Whatever is typed, a search reads no table through: held on the plans of 20,000 customers."""

from typing import Any

import pytest

from fadeno import customers
from fadeno.db import Query, Tx

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
)


class Explaining(Tx):
    """Keeps the plan of every query it is asked."""

    __slots__ = ("plans",)

    def __init__(self, connection: Any) -> None:
        super().__init__(connection)
        self.plans: dict[str, str] = {}

    async def all(self, query: Query, into: type | None = None, **params: Any) -> list[Any]:
        cursor = await self.connection.execute(f"EXPLAIN {query.text}".encode(), params)
        self.plans[query.name] = "\n".join(line for (line,) in await cursor.fetchall())
        return await super().all(query, into, **params)


@pytest.fixture
async def many(tx: Tx) -> Explaining:
    for statement in FILLED:
        await tx.connection.execute(statement.encode(), {"people": PEOPLE})
    await tx.connection.execute("ANALYZE customers.address, customers.grouping, customers.customer, customers.spelling")
    return Explaining(tx.connection)


@pytest.mark.parametrize(
    "typed", ["", "a", "anna", "anna berg7", "berg77", "brg7", "Анна", "1234", "+36201000", "x@y.de"]
)
async def test_no_search_reads_a_table_through(many: Explaining, typed: str) -> None:
    found, _ = await customers.search(many, typed, limit=20)
    assert len(found) <= 20
    read_through = {name: plan for name, plan in many.plans.items() if "Seq Scan on" in plan}
    assert read_through == {}


async def test_of_very_many_who_match_three_hundred_are_read(many: Explaining) -> None:
    seen, after = set(), None
    while True:
        found, after = await customers.search(many, "anna", limit=100, after=after)
        seen |= {one.id for one in found}
        if after is None:
            break
    assert 100 <= len(seen) <= 300
