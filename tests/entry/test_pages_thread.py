"""How events become lines, addresses a chain, and moments words."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from fadeno.customers import Address, End, Item, Step
from fadeno.entry import speaking
from fadeno.entry.web import thread, who, words
from fadeno.entry.web.times import Times, zone_of
from fadeno.kit.ids import new_id

BELGRADE = ZoneInfo("Europe/Belgrade")
NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
TIMES = Times("en", BELGRADE, NOW.astimezone(BELGRADE))


def _item(name: str | None, at: datetime = NOW, /, kind: str = "track", channel: str = "web", **said: Any) -> Item:
    return Item(new_id(), kind, name, channel, 1, at, at, new_id(), {"properties": said})


def _lines(*items: Item) -> list[thread.Line]:
    return thread.lines([thread.shown(one, lambda amount, code: f"{amount} {code}") for one in items], TIMES)


def test_days_follow_the_clock_of_the_viewer_not_ours():
    late = _item("Signed Up", datetime(2026, 11, 22, 23, 30, tzinfo=UTC))
    lines = _lines(late)
    assert [line.kind for line in lines] == ["day", "event"]
    assert lines[0].day.isoformat() == "2026-11-23"


def test_a_moment_keeps_together_beside_words_of_another_direction():
    assert 'dir="auto"' in TIMES.when(NOW)


@pytest.mark.parametrize("lang", list(words.LANGUAGES))
def test_what_becomes_of_cases_promises_and_ratings_is_said_in_the_readers_words(lang: str):
    for kind, names in thread._OWN.items():
        for name in names:
            (line,) = [
                one for one in _lines(_item(name, NOW, kind, "house", case_id="12", rating=5)) if one.kind == "event"
            ]
            assert line.shown.shape in ("dot", "ok")
            assert words.has(lang, f"thread.event.{line.shown.word}"), line.shown.word
    assert thread.shown(_item("opened", NOW, "case", "house", case_id="12"), str).what == "#12"
    assert thread.shown(_item("anything", NOW, "case"), str).shape == "unknown"


def test_messages_of_cases_stand_as_messages_and_acts_of_a_day_are_folded():
    acts = [_item(name, NOW, "case", "house", case_id="12") for name in ("assign", "tag", "solve")]
    lines = _lines(_item("Message Received", NOW, "message", "email", text="Hi"), *acts)
    shown = [(one.kind, one.shown.shape) for one in lines if one.kind in ("event", "fold")]
    assert shown == [("event", "them"), ("fold", "dot")]


@pytest.mark.parametrize(("lang", "said"), [("en", "Monday 23 November"), ("hu", "november 23., hétfő")])
def test_the_weekday_stands_where_the_language_puts_it(lang: str, said: str):
    assert Times(lang, BELGRADE, NOW.astimezone(BELGRADE)).day_head(NOW.date())[1] == said


@pytest.mark.parametrize("name", ["evidence_joined", "evidence_parted", "evidence_changed", "merge", "split"])
def test_what_changed_who_somebody_is_has_plain_words(name: str):
    (line,) = [line for line in _lines(_item(name, kind="regrouped", channel="house")) if line.shown]
    said = words.say("en", f"thread.event.{line.shown.word}")
    assert ("evidence" if name.startswith("evidence") else "another customer") in said


@pytest.mark.parametrize(("marked", "cause"), [("shared", "used by many"), ("own", "only theirs")])
def test_what_a_member_said_of_an_address_is_named_as_the_cause(marked: str, cause: str):
    said = _item("mark_parted", kind="regrouped", channel="house", marked=marked, by="Mirjana")
    (line,) = [line for line in _lines(said) if line.shown]
    assert "evidence" not in words.say("en", f"thread.event.{line.shown.word}")
    assert line.shown.rest == (f"an address is {cause}", "Mirjana")


def test_what_an_import_changed_of_an_order_is_told_as_it_was_and_as_it_is():
    changes = [
        {"what": "status", "was": "paid", "now": "delivered"},
        {"what": "quantity", "was": "2", "now": "", "of": "Tea"},
    ]
    item = _item("Order Updated", channel="sheet", order_id="A-1", changes=changes)
    item.body["import"] = str(item.id)
    (line,) = [line for line in _lines(item) if line.kind == "event"]
    assert line.shown.rest == ("Status: paid → delivered", "Tea, Quantity: 2 → –")
    assert line.shown.brought_in == item.id


def test_well_known_codes_of_a_hand_over_are_said_in_the_readers_language(request: pytest.FixtureRequest):
    request.addfinalizer(lambda: speaking.speak(""))
    speaking.speak("hu")
    known = ["order number", "phone", "Kundennummer"]
    (line,) = [x for x in _lines(_item("Case Handed Off", reason="asks for a person", known=known)) if x.shown]
    assert line.shown.known == ("rendelésszám", "telefon", "Kundennummer")
    assert line.shown.rest == ("embert kér",)


def test_a_matter_is_named_once_where_it_changes():
    talk = [
        _item("Message Sent", order_id="2"),
        _item("Message Received", order_id="1"),
        _item("Call Ended", order_id="1"),
        _item("Visit Noted"),
        _item("Order Completed", order_id="1", products=[{"name": "Lamp"}]),
    ]
    lines = _lines(*talk)
    matters = [(line.matter.id, line.title) for line in lines if line.kind == "matter"]
    assert matters == [("2", ""), ("1", "Lamp")]


def test_passing_by_a_product_is_no_matter_but_asking_about_it_is():
    assert not [x for x in _lines(_item("Product Viewed", product_id="ilka")) if x.kind == "matter"]
    assert [x for x in _lines(_item("Message Received", product_id="ilka")) if x.kind == "matter"]


def test_many_alike_are_folded_with_what_they_were_and_none_is_lost():
    seen = [_item("Product Viewed", name=f"Lamp {n}") for n in range(5)]
    lines = _lines(_item("Message Received", text="hi"), *seen, _item("Order Completed", order_id="1"))
    (fold,) = [line for line in lines if line.kind == "fold"]
    assert [one.id for one in fold.folded] == [one.id for one in seen]
    assert fold.names == ("Lamp 0", "Lamp 1", "Lamp 2", "Lamp 3")
    assert fold.is_browsing


def test_two_alike_are_not_worth_folding():
    assert all(line.kind != "fold" for line in _lines(_item("Product Viewed"), _item("Product Viewed")))


def test_what_is_unknown_keeps_its_own_name():
    one = thread.shown(_item("Lamp Hummed", pitch="g"), str)
    assert (one.shape, one.word, one.group) == ("unknown", "Lamp Hummed", "other")


def test_every_line_has_a_key_of_its_own():
    keys = [line.key for line in _lines(*(_item("Order Completed", order_id=str(n)) for n in range(20)))]
    assert len(keys) == len(set(keys))


# The chain


def _address(value: str, kind: str = "user", proven: int = 2) -> Address:
    return Address(new_id(), kind, value, proven, None, None, False, 1)


def _step(a: Address, b: Address, strength: int = 2) -> Step:
    ends = [End(one.id, one.kind, one.value) for one in (a, b)]
    return Step("why.identify", *ends, "identify", strength, NOW, 1, None, new_id())


def _chain(known: list[Address], *steps: Step) -> list[who.Bead]:
    return who.chain(known, steps, {1: "shop"}, {})


def test_a_chain_goes_from_the_first_address_link_by_link():
    a, b, c = (_address(value) for value in "abc")
    beads = _chain([c, a, b], _step(b, c), _step(a, b))
    assert [(bead.value, bead.level) for bead in beads] == [("a", 0), ("b", 0), ("c", 0)]
    assert beads[0].reason is None
    assert beads[2].reason.beside == ""


def test_a_branch_is_indented_and_the_line_goes_on_behind_it():
    a, b, c, d = (_address(value) for value in "abcd")
    beads = _chain([a, b, c, d], _step(a, b), _step(a, c), _step(c, d))
    assert [(bead.value, bead.level) for bead in beads] == [("a", 0), ("b", 1), ("c", 0), ("d", 0)]
    assert beads[2].reason.beside == "a", "it is not the one above"


def test_an_address_no_step_reaches_is_shown_all_the_same():
    a, b = _address("a"), _address("b")
    assert [bead.value for bead in _chain([a, b])] == ["a", "b"]


def test_steps_in_a_circle_show_each_address_once():
    a, b, c = (_address(value) for value in "abc")
    beads = _chain([a, b, c], _step(a, b), _step(b, c), _step(c, a))
    assert sorted(bead.value for bead in beads) == ["a", "b", "c"]


def test_a_claim_is_a_weak_link():
    a, b = _address("a"), _address("b")
    first, second = _chain([a, b], _step(a, b, strength=1))
    assert first.next_is_weak
    assert second.reason.is_weak


# Moments


@pytest.mark.parametrize(
    ("ago", "said"),
    [
        (timedelta(minutes=5), "today 12:55"),
        (timedelta(hours=20), "yesterday 17:00"),
        (timedelta(days=3), "Fri 13:00"),
        (timedelta(days=30), "24 Oct"),
        (timedelta(days=400), "19 Oct 2025"),
    ],
)
def test_near_moments_are_said_by_word_and_far_ones_by_date(ago: timedelta, said: str):
    assert TIMES.near(NOW - ago) == said


def test_a_moment_carries_its_whole_date_for_machines_and_for_the_curious():
    drawn = str(TIMES.when(NOW))
    assert 'datetime="2026-11-23T12:00:00+00:00"' in drawn
    assert "Monday" in drawn


@pytest.mark.parametrize(("seconds", "said"), [(5, "5 s"), (240, "4 min"), (3 * 3600, "3 h"), (3 * 86_400, "3 d")])
def test_ages_have_one_unit(seconds: int, said: str):
    assert TIMES.age(NOW - timedelta(seconds=seconds)) == said


@pytest.mark.parametrize("name", ["", "Nowhere/Land", "../etc/passwd", "\0", "a" * 5000])
def test_a_zone_nobody_knows_is_utc(name: str):
    assert zone_of(name) is UTC


def test_ids_of_folds_name_their_oldest_event_so_that_more_browsing_grows_the_same_fold():
    seen = [_item("Product Viewed") for _ in range(4)]
    older = [line.key for line in _lines(*seen) if line.kind == "fold"]
    grown = [line.key for line in _lines(_item("Product Viewed"), *seen) if line.kind == "fold"]
    assert older == grown
    assert UUID(older[0].removeprefix("fold-")) == seen[-1].id
