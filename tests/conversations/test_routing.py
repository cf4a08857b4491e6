"""To whom cases go: who fits and is there, first whoever knows the customer, and nobody gets more than they take."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fadeno import access, content, conversations, customers
from fadeno.access import SYSTEM
from fadeno.conversations import Area, DeskMember
from fadeno.conversations.model.routing import Waiting, routed
from fadeno.kit.errors import Invalid
from tests.conversations.playing import ADA, answers, writes

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
CASE = Waiting(UUID(int=9), "service", "hu-HU", ["skill:lamps", "vip"])
FITS = DeskMember(UUID(int=1), ["service"], ["hu"], ["lamps"], 3, True, NOW)


@pytest.mark.parametrize(
    ("member", "load", "passed_over"),
    [
        (FITS, 2, None),
        (DeskMember(UUID(int=1), seen_at=NOW, skills=["lamps"]), 0, None),
        (DeskMember(UUID(int=1), ["sales"], ["hu"], ["lamps"], 3, True, NOW), 0, "area"),
        (DeskMember(UUID(int=1), ["service"], ["sr"], ["lamps"], 3, True, NOW), 0, "language"),
        (DeskMember(UUID(int=1), ["service"], ["hu"], [], 3, True, NOW), 0, "skill"),
        (DeskMember(UUID(int=1), ["service"], ["hu"], ["lamps"], 3, False, NOW), 0, "off_duty"),
        (DeskMember(UUID(int=1), ["service"], ["hu"], ["lamps"], 3, True, NOW - timedelta(hours=1)), 0, "absent"),
        (DeskMember(UUID(int=1), ["service"], ["hu"], ["lamps"], 3, True), 0, "absent"),
        (FITS, 3, "full"),
    ],
)
def test_whoever_is_passed_over_is_told_why(member, load, passed_over):
    chosen = routed(CASE, [member], {member.member_id: load}, NOW)
    assert chosen.owner_id == (None if passed_over else member.member_id)
    assert chosen.passed_over == ({member.member_id: passed_over} if passed_over else {})


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 6), st.booleans()), max_size=6, unique_by=lambda m: m[0]))
def test_a_case_goes_to_whoever_knows_the_customer_else_to_whoever_has_the_most_hands_free(people):
    desk = [DeskMember(UUID(int=n), [], [], ["lamps"], 4, is_there, NOW) for n, _, is_there in people]
    loads = {UUID(int=n): load for n, load, _ in people}
    fitting = {UUID(int=n): load for n, load, is_there in people if is_there and load < 4}
    chosen = routed(CASE, desk, loads, NOW).owner_id
    assert chosen in fitting if fitting else chosen is None
    assert not fitting or fitting[chosen] == min(fitting.values())
    for id_ in fitting:
        known = Waiting(CASE.id, CASE.area, CASE.language, CASE.tags, id_)
        assert routed(known, desk, loads, NOW).owner_id == id_


async def _member(tx, name: str, **more) -> UUID:
    id_ = await access.add_member(tx, SYSTEM, f"{name}@example.com", name, "agent", "a long enough password")
    await conversations.set_desk_member(tx, ADA, DeskMember(id_, **more))
    await conversations.seen(tx, access.Actor("member", id_, name, role="agent"))
    return id_


async def test_cases_are_given_out_by_hands_free_and_stay_with_whoever_knows_the_customer(tx):
    await conversations.set_area(tx, ADA, Area("service", is_routed=True))
    bela, cili = await _member(tx, "bela", most_open=2), await _member(tx, "cili", most_open=2)
    ids = [(await writes(tx, f"cookie:c-{n}", "Hello?")).case_id for n in range(5)]
    await conversations.route(tx)
    owners = [(await conversations.case(tx, id_)).owner_id for id_ in ids]
    assert sorted(filter(None, owners)) == sorted([bela, bela, cili, cili])
    acts, _ = await conversations.acts(tx, ids[0])
    assert acts[0].verb == "assign"
    first = owners[0]
    await answers(tx, ADA, ids[0], "Done", then="solved")
    await conversations.set_state(tx, ADA, ids[1], "solved")
    again = await writes(tx, "email:c0@example.com", "Another thing", also=("cookie:c-0",), subject="Another thing")
    assert again.case_id != ids[0]
    await conversations.prioritise(tx, ADA, again.case_id, 1)
    await conversations.route(tx)
    assert (await conversations.case(tx, again.case_id)).owner_id == first


async def test_nothing_is_given_out_while_the_area_is_closed_or_not_routed(tx):
    await _member(tx, "bela")
    case_id = (await writes(tx, "cookie:c", "Hello?")).case_id
    await conversations.route(tx)
    assert (await conversations.case(tx, case_id)).owner_id is None
    await content.create_calendar(tx, SYSTEM, name="Shop", hours="Mo-Su 00:00-24:00 off", zone="UTC", is_main=True)
    await conversations.set_area(tx, ADA, Area("service", is_routed=True))
    await conversations.route(tx)
    assert (await conversations.case(tx, case_id)).owner_id is None


@pytest.mark.parametrize(
    "area", [Area("Service"), Area("service", first_s=0), Area("service", calendar="x"), Area("service", name="x" * 99)]
)
async def test_an_area_that_can_not_be_kept_says_what_is_wrong(tx, area):
    with pytest.raises(Invalid) as refused:
        await conversations.set_area(tx, ADA, area)
    assert refused.value.field in ("key", "first_s", "calendar", "name")


@pytest.mark.parametrize("lacks", ["area", "language", "skill", "duty", "presence", "hands"])
async def test_the_timer_gives_a_case_only_to_who_fits_and_is_there(tx, lacks):
    await conversations.set_area(tx, ADA, Area("service", is_routed=True))
    whole = {"areas": ["service"], "languages": ["hu"], "skills": ["lamps"], "most_open": 1, "is_on_duty": True}
    wrong = {
        "area": {"areas": ["sales"]}, "language": {"languages": ["sr"]}, "skill": {"skills": []},
        "duty": {"is_on_duty": False}, "hands": {"most_open": 0}, "presence": {},
    }  # fmt: skip
    bela = await _member(tx, "bela", **whole | wrong[lacks])
    case_id = (await writes(tx, "cookie:c", "Van itt valaki?", language="hu-HU")).case_id
    await conversations.tag(tx, ADA, case_id, add=["skill:lamps"])
    if lacks == "presence":
        tx.now += timedelta(minutes=6)
    await conversations.route(tx)
    assert (await conversations.case(tx, case_id)).owner_id is None
    await conversations.set_desk_member(tx, ADA, DeskMember(bela, **whole))
    await conversations.seen(tx, access.Actor("member", bela, "bela", role="agent"))
    await conversations.route(tx)
    assert (await conversations.case(tx, case_id)).owner_id == bela


async def test_whoever_leaves_hands_over_where_a_customer_waits_and_somebody_else_is_there(tx):
    await conversations.set_area(tx, ADA, Area("service", is_routed=True))
    bela = await _member(tx, "bela", languages=["hu"])
    waits = (await writes(tx, "cookie:c-1", "Jó napot", language="hu")).case_id
    said = (await writes(tx, "cookie:c-2", "Üdv", language="hu")).case_id
    await conversations.route(tx)
    await answers(tx, ADA, said, "Üdv!")
    await conversations.set_desk_member(tx, ADA, DeskMember(bela, languages=["hu"], is_on_duty=False))
    await _member(tx, "dora", languages=["de"])
    await conversations.route(tx)
    assert (await conversations.case(tx, waits)).owner_id == bela, "nobody else speaks their language"
    cili = await _member(tx, "cili", languages=["hu"])
    await conversations.route(tx)
    assert [(await conversations.case(tx, id_)).owner_id for id_ in (waits, said)] == [cili, bela]
    (thread, _) = await customers.thread(tx, (await conversations.case(tx, waits)).customer_id)
    assert thread[0].body["properties"]["because"] == "owner_left"
    assert [one.kind for one in await conversations.nudges(tx, cili)] == ["assigned"]


async def test_whoever_is_away_keeps_a_case_until_its_answer_is_nearly_due(tx):
    await conversations.set_area(tx, ADA, Area("service", is_routed=True, first_s=2 * 3600))
    bela = await _member(tx, "bela")
    case_id = (await writes(tx, "cookie:c-1", "Hello?")).case_id
    await conversations.route(tx)
    owners = []
    cili = None
    for minutes in (45, 95):
        tx.now = (await conversations.case(tx, case_id)).opened_at + timedelta(minutes=minutes)
        if cili is None:
            cili = await _member(tx, "cili")
        await conversations.seen(tx, access.Actor("member", cili, "cili", role="agent"))
        await conversations.route(tx)
        owners.append((await conversations.case(tx, case_id)).owner_id)
    assert owners == [bela, cili]
