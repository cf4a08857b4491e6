"""Events find their customer, in whatever order and however often they come."""

from collections import defaultdict
from datetime import UTC, datetime, timedelta
from uuid import UUID

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fadeno import customers
from fadeno.customers import Evidence, Mention
from fadeno.customers.actions.labels import relabel
from fadeno.customers.model import Address, Link, blocked_because, group, link_id
from fadeno.kit.ids import new_id

START = datetime(2026, 1, 1, tzinfo=UTC)
EXAMPLES = settings(
    max_examples=60, deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)  # fmt: skip
VALUES = {
    "user": ["u1", "u2", "u3", "u4", "u5", "undefined"],
    "cookie": ["c1", "c2", "c3"],
    "email": [f"e{n}@x.de" for n in range(7)],
    "crm:sap": ["1000", "2000"],
}


def said(*mentions: tuple[str, str, int], minute: int = 0, rule: str = "same_event", **more) -> Evidence:
    return Evidence(new_id(), 1, START + timedelta(minutes=minute), tuple(Mention(*m) for m in mentions), rule, **more)


@st.composite
def _event(draw):
    names = [(kind, value) for kind, values in VALUES.items() for value in values]
    some = draw(st.lists(st.sampled_from(names), min_size=1, max_size=3, unique=True))
    traits = draw(st.sampled_from([{}, {}, {"name": "Anna"}, {"name": "Ben"}, {"city": "Ulm"}]))
    return said(*((*name, draw(st.integers(1, 3))) for name in some), minute=draw(st.integers(0, 9)), traits=traits)


def in_theory(evidence: list[Evidence]) -> set[frozenset[tuple[str, str]]]:
    """Who is one person by the pure function, from the whole set at once."""
    proven: dict = {}
    links: dict = {}
    for one in evidence:
        for kind, value, how in one.mentions:
            proven[kind, value] = max(proven.get((kind, value), 0), how)
    ids = {key: UUID(int=n + 1) for n, key in enumerate(sorted(proven))}
    for one in evidence:
        first = next((m for m in one.mentions if not blocked_because(m.kind, m.value)), one.mentions[0])
        for other in one.mentions:
            if other[:2] == first[:2]:
                continue
            id_ = link_id(first[:2], other[:2], one.rule)
            strength, at = min(first.proven, other.proven), one.occurred_at
            if id_ in links:
                strength, at = max(strength, links[id_].strength), min(at, links[id_].occurred_at)
            a, b = sorted((ids[first[:2]], ids[other[:2]]))
            links[id_] = Link(id_, a, b, one.rule, strength, at)
    addresses = [Address(ids[k], k[0], proven[k], blocked_because(*k)) for k in ids]
    answer = group(addresses, list(links.values()), [])
    found = defaultdict(set)
    for key, id_ in ids.items():
        found[answer.customer_of[id_]].add(key)
    return {frozenset(keys) for keys in found.values()}


async def on_disk(tx) -> set[frozenset[tuple[str, str]]]:
    cursor = await tx.connection.execute(
        "SELECT g.customer_id, a.kind, a.value"
        " FROM customers.grouping g JOIN customers.address a ON a.id = g.address_id"
    )
    found = defaultdict(set)
    for customer, kind, value in await cursor.fetchall():
        found[customer].add((kind, value))
    return {frozenset(keys) for keys in found.values()}


async def called(tx) -> list[tuple]:
    """What everybody is called and found by."""
    cursor = await tx.connection.execute(
        "SELECT id, name, label, search_keys::text, sort_key FROM customers.customer ORDER BY id"
    )
    return await cursor.fetchall()


@given(st.data())
@EXAMPLES
async def test_events_in_any_order_and_number_give_the_grouping_of_their_set(tx, data):
    evidence = data.draw(st.lists(_event(), min_size=1, max_size=14))
    again = data.draw(st.lists(st.sampled_from(evidence), max_size=4))
    order = data.draw(st.permutations(evidence + again))
    cuts = data.draw(st.lists(st.integers(1, 4), min_size=len(order), max_size=len(order)))
    async with tx.connection.transaction(force_rollback=True):
        while order:
            size = cuts.pop()
            await customers.place(tx, order[:size])
            order = order[size:]
        assert await on_disk(tx) == in_theory(evidence)
        before = await called(tx)
        await relabel(tx, [id_ for id_, *_ in before])
        assert await called(tx) == before


async def test_an_anonymous_visitor_who_signs_in_is_one_person_with_all_before(tx):
    (before,) = await customers.place(tx, [said(("cookie", "c1", 2))])
    (signed_in,) = await customers.place(tx, [said(("user", "u1", 3), ("cookie", "c1", 2))])
    assert signed_in.customer_id == before.customer_id == before.address_id
    assert signed_in.address_id != before.address_id
    assert signed_in.other_address_ids == [before.address_id]


async def test_two_people_at_one_computer_stay_two(tx):
    anna, ben = await customers.place(
        tx,
        [
            said(("user", "anna", 3), ("cookie", "shared", 2), minute=1),
            said(("user", "ben", 3), ("cookie", "shared", 2), minute=2),
        ],
    )
    assert anna.customer_id != ben.customer_id


async def test_undefined_joins_nobody(tx):
    placed = await customers.place(tx, [said(("user", "undefined", 3), ("cookie", f"c{n}", 2)) for n in range(4)])
    assert len({p.customer_id for p in placed}) == 4
    assert all(p.address_id == p.customer_id for p in placed)


async def test_a_tablet_in_the_shop_becomes_shared_and_its_people_part(tx):
    for n in range(4):
        await customers.place(tx, [said(("user", f"u{n}", 3), ("cookie", "tablet", 2), minute=n)])
    assert frozenset({("cookie", "tablet")}) in await on_disk(tx)
    cursor = await tx.connection.execute("SELECT shared FROM customers.address WHERE value = 'tablet'")
    assert await cursor.fetchone() == (True,)
    (fifth,) = await customers.place(tx, [said(("user", "u9", 3), ("cookie", "tablet", 2))])
    assert fifth.customer_id == fifth.address_id


async def told(tx, customer_id: UUID) -> list[str]:
    """What the thread of a customer says about its having become another one."""
    items, _ = await customers.thread(tx, customer_id, kinds=["regrouped"])
    assert all(item.channel == "house" for item in items)
    return [item.name for item in items]


async def test_two_known_customers_whom_evidence_joins_read_so_on_their_thread(tx):
    (visitor,) = await customers.place(tx, [said(("cookie", "c1", 2))])
    (anna,) = await customers.place(tx, [said(("user", "anna", 3), ("cookie", "c0", 2))])
    assert await told(tx, visitor.customer_id) == await told(tx, anna.customer_id) == []
    again = [said(("user", "anna", 3), ("cookie", "c1", 2))]
    (one,) = await customers.place(tx, again)
    await customers.place(tx, again)
    assert await told(tx, one.customer_id) == ["evidence_joined"]


async def test_a_new_browser_of_a_known_customer_is_no_news(tx):
    (anna,) = await customers.place(tx, [said(("user", "anna", 3))])
    await customers.place(tx, [said(("user", "anna", 3), ("cookie", f"c{n}", 2)) for n in range(3)])
    await customers.place(tx, [said(("user", "anna", 3), ("email", "anna@x.de", 2))])
    assert await told(tx, anna.customer_id) == []


async def test_whoever_late_stronger_evidence_gives_to_another_is_told_of_on_both_threads(tx):
    (anna,) = await customers.place(tx, [said(("user", "anna", 3), ("cookie", "c1", 2), minute=5)])
    await customers.place(tx, [said(("user", "ben", 3), ("cookie", "c1", 1), minute=6)])
    (ben,) = await customers.place(tx, [said(("user", "ben", 3), ("cookie", "c2", 2), minute=7)])
    assert await told(tx, anna.customer_id) == await told(tx, ben.customer_id) == []
    (late,) = await customers.place(tx, [said(("user", "ben", 3), ("cookie", "c1", 3), minute=8)])
    assert late.address_id == ben.address_id
    assert await customers.customer_of(tx, anna.address_id) == anna.address_id
    assert await told(tx, anna.address_id) == ["evidence_parted"]
    assert await told(tx, late.customer_id) == ["evidence_changed"]


async def test_the_people_of_a_shared_tablet_read_that_they_parted(tx):
    placed = []
    for n in range(4):
        placed += await customers.place(tx, [said(("user", f"u{n}", 3), ("cookie", "tablet", 2), minute=n)])
    assert await told(tx, placed[0].address_id) == ["evidence_parted"]
    assert await told(tx, placed[3].address_id) == []
