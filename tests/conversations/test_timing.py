"""Due times: counted on calendars, standing still honestly, warned of before, told once when broken, counted anew."""

import time
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fadeno import access, content, conversations
from fadeno.access import SYSTEM
from fadeno.content import Calendar
from fadeno.conversations.model import Area, times_of
from fadeno.conversations.model.clock import OnCalendar
from fadeno.conversations.store import timing
from tests.conversations.playing import ADA, answers, writes

WEEK = OnCalendar(Calendar("Mo-Fr 09:00-12:30,13:00-17:00; Sa 22:00-26:00", "Europe/Budapest", country="HU"))
NEW_YEAR = datetime(2026, 1, 1, tzinfo=UTC)
MOMENTS = st.integers(0, 330 * 24 * 3600).map(lambda later_s: NEW_YEAR + timedelta(seconds=later_s))
TURNS = st.lists(st.tuples(st.integers(0, 90 * 3600), st.sampled_from(["waiting_customer", "open"])), max_size=8)
HOUR_S = 3600


@dataclass(frozen=True)
class Standing:
    """A case, as far as its due times need it."""

    opened_at: datetime
    state: str = "open"
    waiting_since: datetime | None = None
    first_answered_at: datetime | None = None
    waits_until: datetime | None = None
    resolve_since: datetime | None = None
    resolve_left_s: int | None = None


@given(MOMENTS, st.integers(0, 400 * HOUR_S))
def test_working_time_is_counted_to_the_second(at, seconds):
    due = WEEK.after(at, seconds)
    assert WEEK.between(at, due) == seconds
    assert seconds == 0 or WEEK.between(at, due - timedelta(seconds=1)) == seconds - 1


@given(
    MOMENTS, st.lists(st.tuples(st.integers(0, 90 * HOUR_S), st.sampled_from(["waiting_customer", "open"])), max_size=8)
)
def test_however_often_the_customer_has_the_word_we_have_all_our_time(at, turns):
    target_s = 20 * HOUR_S
    area, case, ours_s = Area("service", resolve_s=target_s), Standing(at), 0
    for later_s, state in turns:
        before, at = at, at + timedelta(seconds=later_s)
        ours_s += WEEK.between(before, at) if case.state == "open" else 0
        case = replace(case, state=state)
        times = times_of(case, area, WEEK, at)
        case = replace(case, resolve_since=times.resolve_since, resolve_left_s=times.resolve_left_s)
        assert (times.due_at is None) == (state == "waiting_customer")
    due = times_of(replace(case, state="open"), area, WEEK, at).resolve_due_at
    if ours_s <= target_s:
        assert WEEK.between(at, due) == target_s - ours_s
    else:
        assert due <= at


def test_putting_a_case_off_ourselves_stops_nothing():
    at = datetime(2026, 3, 2, 9, tzinfo=UTC)
    case = Standing(at, waiting_since=at, state="waiting_until", waits_until=at + timedelta(days=9))
    area = Area("service", first_s=HOUR_S, resolve_s=8 * HOUR_S)
    times = times_of(case, area, WEEK, at)
    assert times == replace(times_of(replace(case, state="open"), area, WEEK, at), waits_until=case.waits_until)


@pytest.fixture
async def in_service(tx):
    """The area service answers within four hours of a calendar that is always open."""
    await content.create_calendar(tx, SYSTEM, name="Shop", hours="24/7", zone="UTC", is_main=True)
    await conversations.set_area(tx, SYSTEM, Area("service", first_s=4 * HOUR_S))
    bela = await access.add_member(tx, SYSTEM, "bela@example.com", "Béla", "agent", "a long enough password")
    return bela


async def test_whoever_owns_a_case_is_warned_once_before_it_is_due_and_told_once_when_it_is_too_late(tx, in_service):
    heard = await writes(tx, "cookie:c-1", "Hello?")
    await conversations.assign(tx, ADA, heard.case_id, in_service)
    due_at = (await conversations.case(tx, heard.case_id)).due_at
    assert due_at == tx.now + timedelta(hours=4)
    kinds = []
    for at in (timedelta(hours=3), timedelta(hours=3.6), timedelta(hours=3.7), timedelta(hours=4), timedelta(hours=5)):
        tx.now = due_at - timedelta(hours=4) + at
        await conversations.warn(tx)
        await conversations.tell_broken(tx)
        kinds.append([nudge.kind for nudge in reversed(await conversations.nudges(tx, in_service))][1:])
    assert kinds == [[], ["due"], ["due"], ["due", "overdue"], ["due", "overdue"]]
    await answers(tx, ADA, heard.case_id, "Sorry!")
    assert (await conversations.case(tx, heard.case_id)).due_at is None


async def test_what_was_told_to_be_too_late_is_not_told_anew_when_a_merge_is_undone(tx, in_service):
    late = await writes(tx, "email:anna@example.com", "Hello?", subject="One")
    await conversations.assign(tx, ADA, late.case_id, in_service)
    tx.now += timedelta(hours=5)
    await conversations.tell_broken(tx)
    other = await writes(tx, "email:anna@example.com", "And this", subject="Two")
    told = len(await conversations.nudges(tx, in_service))
    await conversations.merge(tx, ADA, late.case_id, other.case_id)
    (act, *_), _ = await conversations.acts(tx, other.case_id)
    await conversations.undo(tx, ADA, act.id)
    await conversations.warn(tx)
    await conversations.tell_broken(tx)
    assert (await conversations.case(tx, late.case_id)).due_at < tx.now
    assert len(await conversations.nudges(tx, in_service)) == told


async def test_a_case_put_off_wakes_and_its_owner_hears_of_it(tx, in_service):
    heard = await writes(tx, "cookie:c-1", "Hello?")
    await conversations.assign(tx, ADA, heard.case_id, in_service)
    await conversations.set_state(tx, ADA, heard.case_id, "waiting_until", until=tx.now + timedelta(hours=1))
    assert not await conversations.wake(tx)
    assert (await conversations.case(tx, heard.case_id)).state == "waiting_until"
    tx.now += timedelta(hours=1)
    await conversations.wake(tx)
    assert (await conversations.case(tx, heard.case_id)).state == "open"
    assert [nudge.kind for nudge in await conversations.nudges(tx, in_service)] == ["woken", "assigned"]


async def test_a_changed_calendar_or_target_counts_due_times_anew_some_at_a_time(tx, in_service, monkeypatch):
    monkeypatch.setattr("fadeno.conversations.actions.timing.TIMED_AT_ONCE", 2)
    ids = [(await writes(tx, f"cookie:c-{n}", "Hello?")).case_id for n in range(5)]
    await conversations.set_area(tx, SYSTEM, Area("service", first_s=2 * HOUR_S))
    rounds = 0
    while await conversations.retime(tx):
        rounds += 1
    assert rounds == 3
    assert {(await conversations.case(tx, id_)).due_at for id_ in ids} == {tx.now + timedelta(hours=2)}
    (calendar,) = await content.calendars(tx)
    await content.change_calendar(tx, SYSTEM, calendar.id, hours="Mo-Su 00:00-01:00")
    while await conversations.retime(tx):
        pass
    due = {(await conversations.case(tx, id_)).due_at for id_ in ids}
    assert min(due) > tx.now + timedelta(hours=20)
    assert not await conversations.retime(tx)


def test_a_hundred_thousand_due_times_are_counted_within_two_seconds():
    at = datetime(2026, 3, 2, 9, tzinfo=UTC)
    area = Area("service", first_s=4 * HOUR_S, next_s=8 * HOUR_S, resolve_s=40 * HOUR_S)
    moments = [at + timedelta(seconds=97 * n) for n in range(10_000)]
    cases = [Standing(then, waiting_since=then) for then in moments]
    begun = time.process_time()
    for case in cases:
        times_of(case, area, WEEK, at)
    assert (time.process_time() - begun) * 10 < 4  # twice the goal, as this machine does other things too


async def test_timers_look_their_cases_up(tx):
    await tx.use_indexes()
    for query in (timing.Q.nearly_due, timing.Q.overdue, timing.Q.awake):
        cursor = await tx.connection.execute(
            f"EXPLAIN {query.text}".encode(), {"until": tx.now, "now": tx.now, "limit": 100}
        )
        assert "Index Scan" in (plan := str(await cursor.fetchall())), plan


async def test_a_case_that_changes_while_due_times_are_counted_anew_keeps_what_it_became(tx, in_service):
    heard = await writes(tx, "cookie:c-1", "Hello?")
    case = await conversations.case(tx, heard.case_id)
    stale = [(case.id, case.version - 1, None, None, None, None)]
    assert await timing.write_times(tx, stale) == 0
    assert (await conversations.case(tx, case.id)).due_at == case.due_at


async def test_who_keeps_a_promise_and_who_owns_its_case_are_reminded(tx, in_service):
    heard = await writes(tx, "cookie:c-1", "Hello?")
    await conversations.assign(tx, ADA, heard.case_id, in_service)
    await conversations.remind(tx, heard.case_id, ADA.id)
    assert (await conversations.nudges(tx, in_service))[0].kind == "promised"
    assert [nudge.kind for nudge in await conversations.nudges(tx, ADA.id)] == ["promised"]
