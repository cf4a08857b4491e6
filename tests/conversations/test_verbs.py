"""What members do to cases, and that each can be taken back."""

from dataclasses import asdict
from datetime import timedelta
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fadeno import access, conversations, customers, promises
from fadeno.conversations import ChangedSince, Gone, NoAct, NotMovable
from fadeno.db import Tx
from fadeno.kit.errors import Invalid, NotFound
from fadeno.kit.money import Money
from tests.conversations.playing import ADA, answers, texts, whose, writes


def short(case: conversations.Case) -> dict:
    """A case but for what counts its changes."""
    return {k: v for k, v in asdict(case).items() if k not in ("version", "warned_at")}


async def a_case(tx: Tx, text: str = "Hello?", who: str = "cookie:c-1", **more) -> conversations.Case:
    heard = await writes(tx, who, text, **more)
    return await conversations.case(tx, heard.case_id)


async def last_act(tx: Tx, case_id: UUID) -> UUID:
    acts, _ = await conversations.acts(tx, case_id)
    return next(act.id for act in acts if act.undone_at is None)


VERBS = {
    "hand": lambda tx, id_: conversations.hand(tx, ADA, id_, "sales"),
    "solve": lambda tx, id_: conversations.set_state(tx, ADA, id_, "solved"),
    "wait": lambda tx, id_: conversations.set_state(tx, ADA, id_, "waiting_until", until=tx.now + timedelta(days=1)),
    "prioritise": lambda tx, id_: conversations.prioritise(tx, ADA, id_, 1),
    "tag": lambda tx, id_: conversations.tag(tx, ADA, id_, add=["VIP", "vip", "lamp"]),
    "entitle": lambda tx, id_: conversations.entitle(tx, ADA, id_, "The lamp"),
    "expect": lambda tx, id_: conversations.expect(
        tx, ADA, id_, value=Money(990_00, "EUR"), stage="offered", expected_on=tx.now.date()
    ),
}


@pytest.mark.parametrize("verb", VERBS)
async def test_every_verb_can_be_taken_back(tx, verb):
    before = await a_case(tx)
    changed = await VERBS[verb](tx, before.id)
    assert short(changed) != short(before)
    assert short(await conversations.case(tx, before.id)) == short(changed)
    act = await last_act(tx, before.id)
    assert short(await conversations.undo(tx, ADA, act)) == short(before)
    with pytest.raises(NoAct):
        await conversations.undo(tx, ADA, act)
    assert short(await conversations.undo(tx, ADA, await last_act(tx, before.id))) == short(changed)


async def test_what_was_changed_since_is_not_taken_back_alone(tx):
    case = await a_case(tx)
    await conversations.prioritise(tx, ADA, case.id, 1)
    first = await last_act(tx, case.id)
    await conversations.prioritise(tx, ADA, case.id, 4)
    with pytest.raises(ChangedSince):
        await conversations.undo(tx, ADA, first)
    await conversations.undo(tx, ADA, await last_act(tx, case.id))


async def test_the_customers_word_opens_a_waiting_or_solved_case_again(tx):
    case = await a_case(tx)
    await conversations.set_state(tx, ADA, case.id, "solved")
    heard = await writes(tx, "cookie:c-1", "One more thing")
    case = await conversations.case(tx, case.id)
    assert (heard.case_id, heard.is_reopened, case.state, case.reopened_count) == (case.id, True, "open", 1)


async def test_a_note_reaches_who_it_mentions_and_never_the_customer(tx):
    case = await a_case(tx)
    bela_id = await access.add_member(tx, access.SYSTEM, "bela@example.com", "Béla", "agent", "a long enough password")
    written = await conversations.note(tx, ADA, case.id, "Is that true?", mentions=[bela_id])
    (nudge,) = await conversations.nudges(tx, bela_id)
    assert (nudge.case_id, nudge.kind) == (case.id, "mentioned")
    assert await conversations.outgoing(tx, written.id) is None
    with pytest.raises(Invalid):
        await conversations.note(tx, ADA, case.id, "?", mentions=[UUID(int=1)])
    thread, _ = await customers.thread(tx, case.customer_id)
    assert "Is that true?" not in repr(thread)


@pytest.mark.parametrize("left", ["Hi {{customer.first_name}}", "Your ⟨order number⟩ is here", "{{ order.number }}?"])
async def test_what_has_a_gap_left_is_not_sent(tx, left):
    heard = await writes(tx, "email:jelena@example.org", "Where is it?")
    with pytest.raises(Invalid, match="Fill in"):
        await answers(tx, ADA, heard.case_id, left)
    with pytest.raises(Invalid, match="Fill in"):
        await answers(tx, ADA, heard.case_id, "Here.", subject=left)
    await answers(tx, ADA, heard.case_id, "In your template write {{ name }}, then a < b > c.")
    assert len(await texts(tx, heard.case_id)) == 2


async def test_a_draft_is_kept_until_it_is_sent(tx):
    case = await a_case(tx)
    await conversations.save_draft(tx, ADA, case.id, "Dear cust")
    await conversations.save_draft(tx, ADA, case.id, "Dear customer")
    assert (await conversations.draft(tx, case.id, ADA.id)).text == "Dear customer"
    await answers(tx, ADA, case.id, "Dear customer, yes.")
    assert await conversations.draft(tx, case.id, ADA.id) is None


async def test_merged_cases_are_one_and_come_apart_again(tx):
    one = await a_case(tx, "My lamp is broken", "email:anna@example.com", subject="Broken lamp")
    two = await a_case(tx, "And the bill?", "email:anna@example.com", subject="Invoice", provider_id="<2@a>")
    assert one.id != two.id
    merged = await conversations.merge(tx, ADA, two.id, one.id)
    assert await texts(tx, one.id) == ["My lamp is broken", "And the bill?"]
    assert merged.message_count == 2
    with pytest.raises(Gone):
        await conversations.prioritise(tx, ADA, two.id, 1)
    late = await writes(tx, "email:anna@example.com", "Hello?", references=("<2@a>",))
    assert late.case_id == one.id
    await conversations.undo(tx, ADA, await last_act(tx, one.id))
    assert await texts(tx, one.id) == ["My lamp is broken", "Hello?"]
    assert short(await conversations.case(tx, two.id)) == short(two)


async def test_cases_of_two_customers_are_not_merged(tx):
    one, two = await a_case(tx), await a_case(tx, who="cookie:c-2")
    with pytest.raises(NotMovable):
        await conversations.merge(tx, ADA, one.id, two.id)
    assert await whose(tx, "cookie:c-1") != await whose(tx, "cookie:c-2")


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.sampled_from("ms"), st.integers(0, 5), st.integers(0, 5)), max_size=6))
async def test_merges_and_splits_taken_back_in_turn_are_nothing_and_lose_no_message(shared_tx, steps):
    async with shared_tx() as tx:
        cases = [
            await a_case(tx, f"{n} {word}", "email:anna@example.com", subject=f"s{n}") for n in range(3) for word in "a"
        ]
        for case in cases:
            for n in range(2):
                await writes(tx, "email:anna@example.com", f"more {n}", subject=case.title)
        acts, known = [], [case.id for case in cases]
        before = [short(await conversations.case(tx, id_)) for id_ in known]
        for verb, a, b in steps:
            one, two = known[a % len(known)], known[b % len(known)]
            try:
                if verb == "m":
                    await conversations.merge(tx, ADA, one, two)
                    acts.append(await last_act(tx, two))
                else:
                    page, _ = await conversations.stream(tx, one)
                    made = await conversations.split(tx, ADA, one, [m.id for m in page[: 1 + b % 2]])
                    known.append(made.id)
                    acts.append(await last_act(tx, one))
            except (NotMovable, Gone):
                continue
            assert sum([len(await texts(tx, id_)) for id_ in known]) == 9
            assert (await conversations.check(tx))[1] == []
        for act in reversed(acts):
            await conversations.undo(tx, ADA, act)
        assert [short(await conversations.case(tx, case.id)) for case in cases] == before
        assert (await conversations.check(tx))[1] == []


async def test_the_check_finds_what_breaks_a_law(tx):
    one = await a_case(tx, "My lamp", "email:anna@example.com", subject="Lamp")
    two = await a_case(tx, "My bill", "email:anna@example.com", subject="Bill")
    looked_at, faults = await conversations.check(tx)
    assert (looked_at, faults) == ("2 cases with 2 messages", [])
    await tx.connection.execute("UPDATE conversations.case SET due_at = now() WHERE id = %s", (two.id,))
    await tx.connection.execute("UPDATE conversations.case SET merged_into = %s WHERE id = %s", (two.id, one.id))
    await tx.connection.execute("UPDATE conversations.message SET case_id = %s", (one.id,))
    _, faults = await conversations.check(tx)
    assert [" ".join(fault.split()[2:6]) for fault in faults] == [
        "went into another and", "says 1 messages and", "says 1 messages and", "is due at another",
    ]  # fmt: skip


async def test_many_cases_are_changed_alike_and_taken_back_at_once(tx):
    cases = [await a_case(tx, who=f"cookie:c-{n}") for n in range(4)]
    await conversations.tag(tx, ADA, cases[3].id, add=[f"t{n}" for n in range(20)])
    before = [short(await conversations.case(tx, case.id)) for case in cases]
    wanted = conversations.Together(priority=1, state="solved", add_tags=("spam",))
    done = await conversations.change_together(tx, ADA, [case.id for case in cases], wanted)
    assert (len(done.changed), [e.field for e in done.refused.values()]) == (3, ["tags"])
    changed = [await conversations.case(tx, case.id) for case in cases]
    assert [(case.priority, case.state) for case in changed] == [(1, "solved")] * 3 + [(3, "open")]
    await conversations.prioritise(tx, ADA, cases[0].id, 4)
    back = await conversations.undo_together(tx, ADA, done.id)
    assert set(back.refused) == {cases[0].id}
    assert [short(await conversations.case(tx, case.id)) for case in cases[1:]] == before[1:]
    assert (await conversations.undo_together(tx, ADA, done.id)).changed == []


async def test_who_sees_no_cases_owns_none_and_is_not_mentioned_in_one(tx):
    heard = await writes(tx, "email:anna@example.com", "It flickers")
    heike = await access.add_member(tx, access.SYSTEM, "heike@x.example", "Heike", "marketing", "three plain words")
    with pytest.raises(Invalid, match="role"):
        await conversations.assign(tx, ADA, heard.case_id, heike)
    with pytest.raises(Invalid):
        await conversations.note(tx, ADA, heard.case_id, "@Heike look", mentions=[heike])
    case = await conversations.case(tx, heard.case_id)
    due = tx.now + timedelta(hours=1)
    with pytest.raises(Invalid, match="role"):
        await promises.make(tx, ADA, promises.NewPromise("call_back", case.id, case.address_id, due, owner_id=heike))


async def test_what_one_began_to_write_goes_along_when_cases_are_merged_and_comes_back(tx):
    one = await writes(tx, "email:anna@example.com", "A lamp", subject="Lamp")
    two = await writes(tx, "email:anna@example.com", "A bell", subject="Bell")
    await conversations.save_draft(tx, ADA, one.case_id, "About the lamp")
    await conversations.merge(tx, ADA, one.case_id, two.case_id)
    assert (await conversations.draft(tx, two.case_id, ADA.id)).text == "About the lamp"
    await conversations.save_draft(tx, ADA, one.case_id, "About both")  # a window that did not hear of it yet
    assert (await conversations.draft(tx, two.case_id, ADA.id)).text == "About both"
    (act, *_), _ = await conversations.acts(tx, two.case_id)
    await conversations.undo(tx, ADA, act.id)
    assert (await conversations.draft(tx, one.case_id, ADA.id)).text == "About the lamp"
    await conversations.merge(tx, ADA, one.case_id, two.case_id)
    await answers(tx, ADA, two.case_id, "Here are both")
    assert await conversations.draft(tx, two.case_id, ADA.id) is None


async def test_only_what_is_there_is_linked(tx):
    heard = await writes(tx, "email:anna@example.com", "A lamp")
    for kind in ("case", "order"):
        with pytest.raises(NotFound):
            await conversations.link(tx, ADA, heard.case_id, kind, UUID(int=9))
        await conversations.link(tx, ADA, heard.case_id, kind, UUID(int=9), is_on=False)
