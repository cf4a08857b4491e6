"""What is known of a customer: traits with those that lost, consent with the strictest word."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fadeno import customers
from fadeno.access import SYSTEM
from fadeno.customers.model import Consent, Said, allowed, called, order_as, traits
from tests.customers.test_placing import said

START = datetime(2026, 1, 1, tzinfo=UTC)
some_said = st.builds(
    Said,
    address_id=st.integers(1, 3).map(lambda n: UUID(int=n)),
    name=st.sampled_from(["name", "city"]),
    value=st.sampled_from(["a", "b", "c"]),
    source_id=st.integers(1, 2),
    proven=st.integers(1, 3),
    said_at=st.integers(0, 3).map(lambda n: START + timedelta(days=n)),
    event_id=st.integers(1, 50).map(lambda n: UUID(int=n)),
)


@given(st.lists(some_said, unique_by=lambda s: s.event_id), st.randoms(use_true_random=False))
def test_which_value_wins_does_not_depend_on_the_order(said_, random):
    before = traits(said_)
    random.shuffle(said_)
    assert traits(said_) == before
    for trait in before:
        best = max(s.proven for s in said_ if s.name == trait.name)
        assert trait.said.proven == best
        assert all(other.value != trait.value for other in trait.others)


def line(address: int, granted: bool, day: int) -> Consent:
    return Consent(UUID(int=address), "news", granted, START + timedelta(days=day), "x", 1, "form", None)


def test_the_latest_word_of_an_address_counts_and_any_no_wins():
    assert allowed([line(1, True, 1), line(1, False, 2)])[0].granted is False
    assert allowed([line(1, False, 1), line(1, True, 2)])[0].granted is True
    assert allowed([line(1, True, 1), line(1, False, 1)])[0].granted is False
    assert allowed([line(1, True, 9), line(2, False, 1)])[0].granted is False


async def test_the_value_that_lost_stays_visible_and_comes_back_with_a_split(tx):
    news = (("newsletter", True, "form 1"),)
    no_news = (("newsletter", False, "call 7"),)
    (a,) = await customers.place(tx, [said(("user", "a", 3), traits={"city": "Pécs"}, consents=news)])
    later = said(("user", "b", 3), traits={"city": "Győr"}, consents=no_news, minute=5)
    (b,) = await customers.place(tx, [later])
    done = await customers.merge(tx, SYSTEM, [a.customer_id, b.customer_id])
    one = await customers.person(tx, a.customer_id)
    assert [(t.value, [o.value for o in t.others]) for t in one.traits] == [("Győr", ["Pécs"])]
    assert [(c.purpose, c.granted) for c in one.consents] == [("newsletter", False)]
    await customers.undo(tx, SYSTEM, done.action_id)
    alone = await customers.person(tx, a.customer_id)
    assert [(t.value, t.others) for t in alone.traits] == [("Pécs", ())]
    assert alone.consents[0].granted is True


async def test_what_a_member_was_told_about_consent_counts_from_then_on(tx):
    (a,) = await customers.place(tx, [said(("user", "a", 3), consents=(("calls", True, "form 1"),))])
    await customers.say_consent(tx, SYSTEM, a.address_id, "calls", granted=False, proof="told me on the phone")
    one = await customers.person(tx, a.customer_id)
    assert (one.consents[0].granted, one.consents[0].decided_by.said_by) == (False, "fadeno")


async def test_the_same_event_twice_says_it_once(tx):
    one = said(("cookie", "c", 2), traits={"name": "Anna", "tags": {"b": 1, "a": 2}}, consents=(("x", True, "p"),))
    for _ in range(2):
        placed, _ = await customers.place(tx, [one, one])
    person = await customers.person(tx, placed.customer_id)
    assert [t.name for t in person.traits] == ["name", "tags"]
    assert len(person.ledger) == 1
    assert person.name == "Anna"


async def test_any_text_a_trait_can_hold_is_kept_as_it_came(tx):
    odd = {"name": 'A"n\\na\tЖ', "line\nbreak": "a\nb\\n{},'", "list": ['"', "\\", None, {"k": "\u2028"}], "x" * 300: 1}
    (placed,) = await customers.place(tx, [said(("user", "a{,}'\"\\b", 3), traits=odd)])
    person = await customers.person(tx, placed.customer_id)
    assert {t.name: t.value for t in person.traits} == {k[:200]: v for k, v in odd.items()}
    assert person.addresses[0].value == "a{,}'\"\\b"
    assert person.name == odd["name"]


@pytest.mark.parametrize(("language", "shown"), [("", "Imre Nagy"), ("hu-HU", "Nagy Imre"), ("sr", "Imre Nagy")])
def test_a_name_in_parts_is_put_together_as_the_companys_language_does(language, shown):
    order_as(language)
    try:
        assert called([], {"firstName": "Imre", "lastName": "Nagy"}).name == shown
        assert called([], {"lastName": "Nagy"}).name == "Nagy"
    finally:
        order_as("")


named = st.text(min_size=1, max_size=40).filter(lambda name: any(map(str.isalpha, name)) and "@" not in name)
unnamed = st.one_of(st.from_regex(r"\+?[0-9]{1,15}", fullmatch=True), st.emails())


@given(named, unnamed, st.sampled_from(["", "hu", "sr", "ar", "ru"]))
def test_a_name_in_any_script_stands_before_an_address_in_any_language(name, value, language):
    order_as(language)
    try:
        of_somebody, of_nobody = called([], {"name": name}).sort_key, called([("user", value)], {}).sort_key
        assert of_somebody.encode() < of_nobody.encode()
        assert called([], {"name": value}).sort_key == of_nobody
    finally:
        order_as("")
