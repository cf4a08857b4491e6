"""A person of 10,000 addresses is merged, split and read like any other."""

from datetime import UTC, datetime

import pytest

from fadeno import customers
from fadeno.access import SYSTEM
from fadeno.customers import Evidence, Mention
from fadeno.kit.ids import new_id
from tests.customers.test_deciding import who

MANY = 10_000
AT = datetime(2026, 1, 1, tzinfo=UTC)


def said(*mentions: tuple[str, str, int]) -> Evidence:
    return Evidence(new_id(), 1, AT, tuple(Mention(*m) for m in mentions), "same_event")


@pytest.fixture
async def large(tx):
    """One user id on 9,999 browsers, and a small older customer."""
    await customers.place(tx, [said(("user", "small", 3))])
    for start in range(0, MANY - 1, 2_000):
        stop = min(start + 2_000, MANY - 1)
        await customers.place(tx, [said(("user", "large", 3), ("cookie", f"c{n}", 2)) for n in range(start, stop)])
    return await customers.find(tx, "user", "large")


async def test_what_is_done_to_a_person_of_10_000_addresses_is_undone_exactly(tx, large):
    before = await who(tx)
    small = await customers.find(tx, "user", "small")
    person = await customers.person(tx, large, limit=20)
    assert (person.address_count, len(person.addresses)) == (MANY, 21)

    merged = await customers.merge(tx, SYSTEM, [small, large])
    assert [s.address_count for s in merged.after] == [MANY + 1]
    undone = await customers.undo(tx, SYSTEM, merged.action_id)
    assert await who(tx) == before
    await customers.undo(tx, SYSTEM, undone.action_id)
    assert len(set((await who(tx)).values())) == 1
    await customers.split(tx, SYSTEM, small, [small])
    assert await who(tx) == before

    half = sorted(i for i, owner in before.items() if owner == large)[::2]
    split = await customers.split(tx, SYSTEM, large, half)
    assert sorted(s.address_count for s in split.after) == [MANY // 2, MANY // 2]
    await customers.place(tx, [said(("user", "large", 3), ("cookie", "new", 2))])
    await customers.undo(tx, SYSTEM, split.action_id)
    assert len(set((await who(tx)).values())) == 2
    assert (await customers.check(tx))[1] == []
