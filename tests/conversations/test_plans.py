"""Lists and searches read no table through and sort nothing: held on the plans of five thousand cases."""

import pytest

from fadeno.conversations import View
from fadeno.conversations.model.listing import all_marks
from fadeno.conversations.store import listing, seeking
from fadeno.db import Query, Tx
from tests.conversations.playing import ADA

FILLED = (
    "INSERT INTO conversations.case (id, address_id, area, state, owner_id, opened_at, last_at, due_at, marks)"
    " SELECT md5('c' || n)::uuid, md5('a' || n)::uuid, CASE WHEN n % 2 = 0 THEN 'sales' ELSE 'service' END,"
    " CASE WHEN n % 3 = 0 THEN 'solved' ELSE 'open' END, CASE WHEN n % 5 > 0 THEN %(ada)s::uuid END, now(), now(),"
    " now() + n * interval '1 minute', array_to_tsvector(ARRAY['#tag:t' || n % 500, 'w' || n % 500])"
    " FROM generate_series(1, 5000) n",
    "INSERT INTO conversations.finding (position, case_id, words)"
    " SELECT n, md5('c' || n)::uuid, array_to_tsvector(ARRAY['w' || n % 500, 'often']) FROM generate_series(1, 5000) n",
    "ANALYZE conversations.case",
    "ANALYZE conversations.finding",
)


class Explaining(Tx):
    """Keeps the plan of every query it is asked."""

    __slots__ = ("plans",)

    async def all(self, query: Query, into: type | None = None, **params):
        cursor = await self.connection.execute(f"EXPLAIN {query.text}".encode(), params)
        self.plans = [line for (line,) in await cursor.fetchall()]
        return await super().all(query, into, **params)


@pytest.fixture
async def filled(tx):
    for statement in FILLED:
        await tx.connection.execute(statement.replace(" % ", " %% ").encode(), {"ada": ADA.id})
    return Explaining(tx.connection)


async def test_every_list_is_read_in_its_order_from_the_place_on(filled):
    views = [View("mine", ADA.id), View("area", area="sales"), View("unassigned"), View("all"), View("due")]
    for view in views:
        await listing.by_due(filled, view, "", ("-infinity", ADA.id), 51)
        plan = "\n".join(filled.plans)
        assert "Sort" not in plan, (view.kind, plan)
        assert "Index Cond" in plan, (view.kind, plan)
        assert "ROW(due_at, id) >" in plan.partition("Filter")[0], (view.kind, plan)
    await listing.by_last(filled, View("solved"), "", (filled.now, ADA.id), 51)
    plan = "\n".join(filled.plans)
    assert "Sort" not in plan, plan
    assert "ROW(last_at, id) <" in plan, plan


async def test_what_few_have_is_looked_up(filled):
    await listing.with_marks(filled, "open", all_marks(View("all", tag="t7", q="w7")), 1001)
    assert any("case_marks" in line for line in filled.plans), filled.plans
    assert len(await seeking.by_words(filled, "'w7'", 5001, 0, 1000)) == 10
    assert any("finding_rest_words_idx" in line for line in filled.plans), filled.plans
    await seeking.newest(filled, "'often'", 5001, 4901)
    assert not any("words_idx" in line or "Seq Scan" in line for line in filled.plans), filled.plans
