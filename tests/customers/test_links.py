"""The evidence about a customer is shown page by page: every link of theirs once, and nobody else's."""

import contextlib
from random import Random

import pytest

from fadeno import customers
from fadeno.customers import NoCustomer
from fadeno.kit.errors import FadenoError
from fadeno.kit.ids import new_id
from tests.customers.test_deciding import happens, step, who

PLACED = ("admitted", "kept_apart")


async def paged(tx, id_, limit: int) -> list:
    found, after = [], None
    while True:
        items, after = await customers.links(tx, id_, after=after, limit=limit)
        assert len(items) <= limit
        found += items
        if after is None:
            return found


async def true_links(tx) -> dict:
    """Each customer's links by the address they go out from, in order, with the customer at the far end."""
    owner = await who(tx)
    cursor = await tx.connection.execute("SELECT a, b, id FROM customers.link ORDER BY a, id")
    found = {customer: [] for customer in owner.values()}
    for a, b, id_ in await cursor.fetchall():
        found[owner[a]].append((id_, owner[a] == owner[b]))
    return found


@pytest.mark.parametrize("seed", range(4))
async def test_pages_of_any_length_hold_every_link_once(tx, seed):
    random, actions = Random(seed), []
    for _ in range(40):
        with contextlib.suppress(FadenoError):
            async with tx.savepoint():
                await step(tx, random, actions)
    for customer, links in (await true_links(tx)).items():
        for limit in (1, 2, 50):
            shown = await paged(tx, customer, limit)
            assert [one.id for one in shown] == [id_ for id_, _ in links]
            inside = {id_ for id_, is_inside in links if is_inside}
            assert all((one.id in inside) == (one.state == "admitted") for one in shown if one.state in PLACED)


async def test_a_page_begins_nowhere_but_among_ones_own_links(tx):
    anna = await happens(tx, ("user", "anna"), ("email", "anna@example.com"))
    ben = await happens(tx, ("user", "ben"), ("email", "ben@example.com"))
    (link,), _ = await customers.links(tx, ben.customer_id)
    there = f"{link.step.a.id}_00000000-0000-0000-0000-000000000000"
    assert (await customers.links(tx, anna.customer_id, after=there))[0] == []
    assert (await customers.links(tx, ben.customer_id, after=there))[0] == [link]


async def test_nobodys_links_are_nobodys(tx):
    with pytest.raises(NoCustomer):
        await customers.links(tx, new_id())
