"""Promises are kept, broken, moved or withdrawn, and nothing else becomes of them."""

from datetime import timedelta
from uuid import UUID

import pytest

from fadeno import access, customers, promises
from fadeno.access import SYSTEM, Actor
from fadeno.db import Tx
from fadeno.kit.errors import Invalid
from fadeno.kit.ids import new_id
from fadeno.promises import NewPromise, Promise
from tests.customers.test_placing import said

ADA = Actor("member", UUID(int=0x11), "Ada", role="agent")
HOUR = timedelta(hours=1)


async def promised(tx: Tx, actor: Actor = SYSTEM, kind: str = "answer_by", *, due=HOUR, **more) -> Promise:
    """Something promised to somebody who writes from a mail address."""
    (placed,) = await customers.place(tx, [said(("email", more.pop("to", "jelena@example.org"), 2))])
    case_id = more.pop("case_id", None) or new_id()
    more.setdefault("area", "service")
    return await promises.make(tx, actor, NewPromise(kind, case_id, placed.address_id, tx.now + due, **more))


async def on_thread(tx: Tx, promise: Promise) -> list[str]:
    """What the customer's thread says of promises, from the first on."""
    items = (await customers.thread(tx, promise.customer_id, limit=50))[0]
    return [item.name for item in reversed(items) if item.kind == "promise"]


async def test_a_promised_answer_is_kept_by_the_first_answer_of_a_person(tx: Tx) -> None:
    promise = await promised(tx, said="We answer by 10:00 tomorrow.")
    tx.now += HOUR / 2
    (kept,) = await promises.answered(tx, promise.case_id, tx.now)
    assert (kept.state, kept.done_at, kept.owner_id) == ("kept", tx.now, None)
    assert await promises.answered(tx, promise.case_id, tx.now) == []
    assert await on_thread(tx, promise) == ["made", "kept"]


async def test_a_promised_answer_is_found_through_the_cases_merged_since(tx: Tx) -> None:
    promise = await promised(tx)
    tx.now += HOUR / 2
    assert await promises.answered(tx, new_id(), tx.now) == []
    assert [one.id for one in await promises.answered(tx, new_id(), tx.now, also=[promise.case_id])] == [promise.id]


async def test_what_is_overdue_is_broken_and_says_when_it_was_done_after_all(tx: Tx) -> None:
    promise = await promised(tx)
    tx.now += HOUR
    assert not await promises.break_overdue(tx)
    assert (await promises.promise(tx, promise.id)).state == "open"  # at the very moment it is due it can be kept
    tx.now += timedelta(seconds=1)
    await promises.break_overdue(tx)
    tx.now += HOUR
    (late,) = await promises.answered(tx, promise.case_id, tx.now)
    assert (late.state, late.done_at - late.due_at) == ("broken", HOUR + timedelta(seconds=1))
    assert await on_thread(tx, promise) == ["made", "broken"]


async def test_an_answer_given_in_time_and_heard_of_later_kept_its_promise(tx: Tx) -> None:
    promise = await promised(tx)
    in_time = promise.due_at - timedelta(seconds=1)
    tx.now += 2 * HOUR
    await promises.break_overdue(tx)
    (kept,) = await promises.answered(tx, promise.case_id, in_time)
    assert (kept.state, kept.done_at) == ("kept", in_time)
    assert (await promises.check(tx))[1] == []


async def test_a_call_some_minutes_late_is_no_broken_word_and_a_later_one_is(tx: Tx) -> None:
    call = await promised(tx, ADA, "call_back")
    assert call.owner_id == ADA.id
    tx.now = call.due_at + timedelta(minutes=9)
    await promises.break_overdue(tx)
    assert (await promises.keep(tx, ADA, call.id, outcome="Spoke with her")).state == "kept"
    other = await promised(tx, ADA, "call_back")
    tx.now = other.due_at + timedelta(minutes=11)
    late = await promises.keep(tx, ADA, other.id)
    assert (late.state, late.done_at) == ("broken", tx.now)
    with pytest.raises(promises.PromiseOver):
        await promises.keep(tx, ADA, other.id)


async def test_nobody_calls_before_they_promised_or_tomorrow(tx: Tx) -> None:
    call = await promised(tx, ADA, "call_back")
    for at in (call.made_at - HOUR, tx.now + HOUR):
        with pytest.raises(Invalid):
            await promises.keep(tx, ADA, call.id, at=at)


async def test_a_promise_that_is_moved_keeps_its_history(tx: Tx) -> None:
    first = await promised(tx, ADA, "call_back", said="I'll call you at ten")
    then = await promises.move(tx, ADA, first.id, first.due_at + HOUR, outcome="She is in a meeting")
    before = await promises.promise(tx, first.id)
    assert (before.state, before.outcome, before.moved_to) == ("moved", "She is in a meeting", then.id)
    assert (then.state, then.moved_from, then.said, then.owner_id) == ("open", first.id, first.said, ADA.id)
    with pytest.raises(promises.PromiseOver):
        await promises.move(tx, ADA, first.id, first.due_at + 2 * HOUR)
    tx.now = then.breaks_at + timedelta(seconds=1)  # the timer has not come round yet
    with pytest.raises(promises.PromiseOver):
        await promises.move(tx, ADA, then.id, tx.now + HOUR)
    assert await on_thread(tx, first) == ["made", "moved"]


async def test_fadeno_never_puts_off_its_own_word_and_a_member_does_openly(tx: Tx) -> None:
    first = await promised(tx)
    assert await promised(tx, case_id=first.case_id, due=2 * HOUR) == first
    moved = await promised(tx, ADA, case_id=first.case_id, due=3 * HOUR)
    assert (moved.moved_from, moved.owner_id) == (first.id, ADA.id)
    assert [one.state for one in await promises.in_case(tx, first.case_id)] == ["open", "moved"]


async def test_what_a_message_promised_that_was_held_back_is_withdrawn(tx: Tx) -> None:
    message = new_id()
    promise = await promised(tx, ADA, message_id=message)
    (unsaid,) = await promises.unsay(tx, ADA, message)
    assert (unsaid.id, unsaid.state) == (promise.id, "withdrawn")
    tx.now += 2 * HOUR
    await promises.break_overdue(tx)
    assert (await promises.promise(tx, promise.id)).state == "withdrawn"


async def test_whoever_keeps_it_is_reminded_once_and_a_new_owner_again(tx: Tx) -> None:
    member = await access.add_member(tx, SYSTEM, "bela@lumo.example", "Béla", "agent", "three plain words")
    promise = await promised(tx, ADA, due=4 * HOUR)
    heard: list[UUID | None] = []

    async def tell(_tx: Tx, one: Promise) -> None:
        heard.append(one.owner_id)

    await promises.warn(tx, tell=tell)
    assert heard == []
    tx.now = promise.due_at - timedelta(minutes=29)
    await promises.warn(tx, tell=tell)
    await promises.warn(tx, tell=tell)
    await promises.give(tx, ADA, promise.id, member)
    await promises.warn(tx, tell=tell)
    assert heard == [ADA.id, member]


@pytest.mark.parametrize("due", [timedelta(0), -HOUR, timedelta(days=400)])
async def test_only_a_time_to_come_within_a_year_can_be_promised(tx: Tx, due: timedelta) -> None:
    with pytest.raises(Invalid):
        await promised(tx, due=due)


async def test_somebody_keeps_every_promise(tx: Tx) -> None:
    with pytest.raises(Invalid):
        await promised(tx, area="")


async def test_promises_are_listed_by_due_time_page_by_page(tx: Tx) -> None:
    made = [await promised(tx, ADA, "call_back", due=n * HOUR) for n in (3, 1, 2)]
    first, place = await promises.listed(tx, limit=2)
    rest, end = await promises.listed(tx, after=place, limit=2)
    assert [one.id for one in first + rest] == [made[1].id, made[2].id, made[0].id]
    assert end is None
    await promises.withdraw(tx, ADA, made[2].id)
    await promises.withdraw(tx, ADA, made[1].id)
    over, _ = await promises.listed(tx, state="withdrawn", owner_id=ADA.id)
    assert [one.id for one in over] == [made[2].id, made[1].id]
    assert (await promises.listed(tx, owner_id=new_id()))[0] == []


async def test_promises_follow_the_address_and_are_forgotten_with_the_customer(tx: Tx) -> None:
    promise = await promised(tx, ADA, said="I'll call you about the knee")
    (handed_out,) = await promises.export(tx, promise.customer_id)
    assert handed_out["said"] == "I'll call you about the knee"
    assert await promises.erase(tx, ADA, promise.customer_id) == 1
    (left,) = await promises.to_customer(tx, promise.customer_id)
    assert (left.said, left.state, left.due_at) == ("", "open", promise.due_at)
    assert await promises.erase(tx, ADA, promise.customer_id) == 0
