"""All likely pairs of a certainty are merged on one word, a few at a time, and all of it is taken back on another."""

from uuid import UUID

import pytest

from fadeno import access, customers
from fadeno.access import SYSTEM, Actor, Asked
from fadeno.customers.actions import rounds
from fadeno.customers.model import AlreadyUndone, NoLikely, NoRound
from tests.customers.test_likely import BORN, HOME, come, look


@pytest.fixture
async def boss(tx) -> Actor:
    id_ = await access.add_member(tx, SYSTEM, "boss@lumo.example", "Boss", "manager", "nine tall cranes over the bay")
    return Actor("member", id_, "Boss", "manager")


@pytest.fixture
async def ids(tx):
    """Three customers who are one person, and two pairs."""
    found = await come(
        tx,
        ("Anna Szűcs", HOME | {}), ("Szucs Anna", HOME | {}), ("Anna Szucs", HOME | {}),
        ("Bea Kis", BORN | {}), ("Kiss Bea", BORN | {}),
        ("Omar Sharif", BORN | {}), ("Омар Шариф", BORN | {}),
    )  # fmt: skip
    assert len(await look(tx)) == 5
    return found


async def owners(tx, ids) -> list[UUID]:
    return [await customers.customer_of(tx, id_) for id_ in ids]


async def worked(tx) -> int:
    steps = 0
    while await customers.go_on_rounds(tx):
        steps += 1
    return steps


async def noted(tx, id_) -> list[tuple[str, str, dict]]:
    """What the audit trail says of a round, the first first."""
    entries = await access.audit(tx, SYSTEM, Asked(object_kind="round", object_id=str(id_)))
    return [(e.actor_name, e.verb, e.detail) for e in reversed(entries)]


async def test_all_but_those_left_out_are_merged_step_by_step(tx, boss, ids, monkeypatch):
    monkeypatch.setattr(rounds, "MOST_AT_ONCE", 2)
    (bea,) = [pair for pair in await look(tx) if "Bea" in pair.one_label]
    id_ = await customers.merge_all_likely(tx, boss, 60, [bea.id])
    begun = await customers.round_of(tx, id_)
    assert (begun.state, begun.total, begun.merged, begun.waiting) == ("merging", 4, 0, 4)
    assert await customers.go_on_rounds(tx)
    assert (await customers.round_of(tx, id_)).waiting == 2
    await worked(tx)
    done = await customers.round_of(tx, id_)
    assert (done.state, done.merged, done.left) == ("done", 3, 1), "the third pair of three is one customer by then"
    now = await owners(tx, ids)
    assert (len(set(now[:3])), len(set(now[3:5])), len(set(now[5:]))) == (1, 2, 1)
    assert await look(tx) == [bea]
    assert {d.made_by for d in await customers.decided_likely(tx)} == {"Boss"}
    assert await customers.rounds(tx) == [done]
    assert await noted(tx, id_) == [
        ("Boss", "start", {"least": 60}), ("Boss", "end", {"state": "done", "count": 3})
    ]  # fmt: skip


async def test_a_round_is_taken_back_whole_and_its_pairs_wait_again(tx, boss, ids):
    before = await look(tx)
    id_ = await customers.merge_all_likely(tx, boss, 60)
    await worked(tx)
    assert len(set(await owners(tx, ids))) == 3
    await customers.undo_round(tx, boss, id_)
    await worked(tx)
    undone = await customers.round_of(tx, id_)
    assert (undone.state, undone.merged, undone.waiting) == ("undone", 0, 0)
    assert await owners(tx, ids) == ids
    assert await look(tx) == before
    assert (await noted(tx, id_))[2:] == [("Boss", "undo", {}), ("Boss", "end", {"state": "undone", "count": 0})]
    with pytest.raises(AlreadyUndone):
        await customers.undo_round(tx, boss, id_)


async def test_a_round_that_is_stopped_takes_back_what_it_did_so_far(tx, boss, ids, monkeypatch):
    monkeypatch.setattr(rounds, "MOST_AT_ONCE", 1)
    id_ = await customers.merge_all_likely(tx, boss, 60)
    await customers.go_on_rounds(tx)
    assert len(set(await owners(tx, ids))) == 6
    await customers.undo_round(tx, boss, id_)
    await worked(tx)
    assert await owners(tx, ids) == ids


async def test_what_one_took_back_by_itself_stays_so(tx, boss, ids):
    id_ = await customers.merge_all_likely(tx, boss, 60)
    await worked(tx)
    first, *_ = await customers.decided_likely(tx)
    await customers.undo(tx, SYSTEM, first.action_id)
    await customers.undo_round(tx, boss, id_)
    await worked(tx)
    assert await owners(tx, ids) == ids


async def removed(tx, boss: Actor) -> None:
    await access.remove_member(tx, SYSTEM, boss.id)


async def made_an_analyst(tx, boss: Actor) -> None:
    await access.set_role(tx, SYSTEM, boss.id, "analyst")


@pytest.mark.parametrize("happens", [removed, made_an_analyst])
async def test_a_round_ends_where_it_is_once_who_began_it_may_no_longer_merge(tx, boss, ids, monkeypatch, happens):
    monkeypatch.setattr(rounds, "MOST_AT_ONCE", 1)
    id_ = await customers.merge_all_likely(tx, boss, 60)
    await customers.go_on_rounds(tx)
    await happens(tx, boss)
    await worked(tx)
    ended = await customers.round_of(tx, id_)
    assert (ended.state, ended.merged, ended.waiting, ended.is_open) == ("ended", 1, 0, False)
    assert (await noted(tx, id_))[-1] == (SYSTEM.name, "end", {"state": "ended", "count": 1})
    assert len(set(await owners(tx, ids))) == 6
    next_ = await customers.merge_all_likely(tx, SYSTEM, 60)  # what was left may be merged by others
    await worked(tx)
    assert len(set(await owners(tx, ids))) == 3
    for round_id in (next_, id_):
        await customers.undo_round(tx, SYSTEM, round_id)
        await worked(tx)
    assert await owners(tx, ids) == ids


async def test_taking_back_ends_too_and_another_may_go_on_with_it(tx, boss, ids, monkeypatch):
    monkeypatch.setattr(rounds, "MOST_AT_ONCE", 1)
    id_ = await customers.merge_all_likely(tx, SYSTEM, 60)
    await worked(tx)
    await customers.undo_round(tx, boss, id_)
    await customers.go_on_rounds(tx)
    await removed(tx, boss)
    await worked(tx)
    ended = await customers.round_of(tx, id_)
    assert (ended.state, ended.merged) == ("ended", 3)
    await customers.undo_round(tx, SYSTEM, id_)
    await worked(tx)
    assert await owners(tx, ids) == ids


async def test_nothing_to_merge_and_no_such_round_are_said(tx, boss):
    with pytest.raises(NoLikely):
        async with tx.savepoint():
            await customers.merge_all_likely(tx, boss, 90)
    with pytest.raises(NoRound):
        await customers.undo_round(tx, boss, UUID(int=5))
    with pytest.raises(NoRound):
        await customers.round_of(tx, UUID(int=5))
    assert not await customers.go_on_rounds(tx)
