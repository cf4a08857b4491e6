"""Lists of cases and the search through messages: what stands in each, page by page, narrowed."""

import contextlib
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fadeno import conversations
from fadeno.conversations import Filters, View
from fadeno.kit.errors import Invalid
from tests.conversations.playing import ADA, BELA, answers, last, writes

ADAS = View("mine", ADA.id)


async def titles(tx, view: View, limit: int = 50) -> list[str]:
    """The titles of a whole list, page by page."""
    shown, after = [], None
    while True:
        page, after = await conversations.cases_in(tx, view, after=after, limit=limit)
        shown += [case.title for case in page]
        if after is None:
            return shown


@pytest.fixture
async def desk(tx, monkeypatch):
    """Five cases: two of Ada's, one of Béla's in sales, one that waits, one solved."""
    monkeypatch.setattr("fadeno.conversations.actions.keeping.are_members", _yes)
    made = {}
    for n, title in enumerate(["Broken lamp", "Late parcel", "Big order", "Ask later", "Thanks"]):
        heard = await writes(
            tx, f"email:c{n}@example.com", f"about {title}", subject=title, earlier_s=500 - n, language="hu"
        )
        made[title] = heard.case_id
    await conversations.assign(tx, ADA, made["Broken lamp"], ADA.id)
    await conversations.assign(tx, ADA, made["Late parcel"], ADA.id)
    await conversations.hand(tx, ADA, made["Big order"], "sales")
    await conversations.assign(tx, ADA, made["Big order"], BELA.id)
    await conversations.set_state(tx, ADA, made["Ask later"], "waiting_until", until=tx.now + timedelta(minutes=30))
    await conversations.set_state(tx, ADA, made["Thanks"], "solved")
    await conversations.tag(tx, ADA, made["Late parcel"], add=["it's \\ odd"])
    await conversations.prioritise(tx, ADA, made["Late parcel"], 1)
    return made


async def _yes(*_) -> bool:
    return True


async def test_each_list_holds_what_belongs_there(tx, desk):
    assert sorted(await titles(tx, ADAS)) == ["Broken lamp", "Late parcel"]
    assert sorted(await titles(tx, View("all"))) == ["Big order", "Broken lamp", "Late parcel"]
    assert await titles(tx, View("area", area="sales")) == ["Big order"]
    assert await titles(tx, View("unassigned")) == []
    assert await titles(tx, View("waiting")) == ["Ask later"]
    assert await titles(tx, View("solved")) == ["Thanks"]
    await conversations.follow(tx, BELA, desk["Broken lamp"])
    assert await titles(tx, View("followed", BELA.id)) == ["Broken lamp"]
    counted = await conversations.counts(tx, ADA)
    shown = ("mine", "unread", "all", "waiting", "unassigned", "area:sales", "due")
    assert [counted[name] for name in shown] == [2, 2, 3, 1, 0, 1, 0]
    with pytest.raises(Invalid):
        await conversations.cases_in(tx, View("nothing"))


@pytest.mark.parametrize(
    "narrowed",
    [
        {"tag": "It's \\ odd"}, {"priority": 1}, {"q": "parc"}, {"q": "late PAR"}, {"q": "#"},
        {"channel": "email", "language": "hu", "q": "late"},
    ],
)  # fmt: skip
async def test_a_list_is_narrowed_however_many_cases_fit(tx, desk, narrowed, monkeypatch):
    number = (await conversations.case(tx, desk["Late parcel"])).number
    narrowed = {"q": f"#{number}"} if narrowed == {"q": "#"} else narrowed
    assert await titles(tx, replace(ADAS, **narrowed)) == ["Late parcel"]
    for looks in ((1, 9), (1, 1, 9)):  # looked up, and as if thousands fitted
        monkeypatch.setattr("fadeno.conversations.reads.listing._LOOKS", looks)
        assert await titles(tx, replace(ADAS, **narrowed), 1) == ["Late parcel"]
        monkeypatch.setattr("fadeno.conversations.reads.listing.FEW", 0)
    assert await titles(tx, replace(ADAS, **narrowed)) == ["Late parcel"]
    assert await titles(tx, replace(View("solved"), **narrowed)) == []


@pytest.mark.parametrize("few", [0, 1000])
async def test_pages_show_every_case_once_in_the_order_of_what_is_due(tx, few, monkeypatch):
    monkeypatch.setattr("fadeno.conversations.reads.listing.FEW", few)
    monkeypatch.setattr("fadeno.conversations.reads.listing._LOOKS", (1, 2, 2))
    for n in range(7):
        heard = await writes(tx, f"cookie:c{n}", f"case {n}")
        if n % 2:
            until = tx.now + timedelta(minutes=90 - 10 * n)
            await conversations.set_state(tx, ADA, heard.case_id, "waiting_until", until=until)
            await conversations.tag(tx, ADA, heard.case_id, add=["odd"])
    assert await titles(tx, View("waiting"), 2) == ["case 5", "case 3", "case 1"]
    assert await titles(tx, View("waiting", tag="odd"), 2) == ["case 5", "case 3", "case 1"]
    assert len(set(await titles(tx, View("all"), 3))) == 4
    assert len(set(await titles(tx, View("all", channel="webchat"), 3))) == 4


async def test_a_list_says_what_one_has_not_read_and_began_to_write(tx, desk):
    (case, _), _ = await conversations.cases_in(tx, ADAS)
    assert (case.is_unread, case.draft) == (True, "")
    await conversations.mark_read(tx, ADA, case.id, await last(tx, case.id))
    await conversations.save_draft(tx, ADA, case.id, "Dear")
    again, same = (await conversations.cases_in(tx, ADAS))[0]
    assert (again.is_unread, again.draft, same.is_unread) == (False, "Dear", True)
    assert not (await conversations.cases_in(tx, replace(ADAS, member_id=ADA.id)))[0][0].is_unread


async def test_lists_are_kept_under_a_name_for_oneself_or_for_all(tx):
    mine = await conversations.save_view(tx, ADA, "Urgent", replace(ADAS, priority=1))
    await conversations.save_view(tx, ADA, "Sales", View("area", area="sales"), is_shared=True)
    again = await conversations.save_view(tx, ADA, " Urgent ", replace(ADAS, priority=2))
    assert again.id == mine.id
    kept = [(view.name, view.kind, view.narrowed) for view in await conversations.views(tx, ADA)]
    assert kept == [("Sales", "area", {"area": "sales"}), ("Urgent", "mine", {"priority": 2})]
    assert [view.name for view in await conversations.views(tx, BELA)] == ["Sales"]
    with pytest.raises(conversations.NoView):
        await conversations.remove_view(tx, BELA, mine.id)
    await conversations.remove_view(tx, ADA, mine.id)


# Looking through messages ----------------------------------------------------------------------------------------

SAID = {
    "The lámpás is broken": "lampas",
    "Где моя посылка?": "posylka",
    "Молим вас, рачун": "racun",
    "أين طلبي": "أين",
    "Ĉu vi havas ĝin?": "gin",
    "It’s Müller's order": "mull order",
}


@pytest.mark.parametrize("text", SAID)
async def test_messages_are_found_in_every_language_of_the_interface(tx, text, monkeypatch):
    for other in SAID:
        await writes(tx, f"cookie:{hash(other)}", other)
    for read_through in (2_000, 0):
        monkeypatch.setattr("fadeno.conversations.reads.seeking.READ_THROUGH", read_through)
        found = await conversations.found(tx, SAID[text])
        assert [item.words for item in found.items] == [text]
        assert found.next is None


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=40) | st.sampled_from(["a & !b", "':*", "\\", "<->", "(", "a:* | b", "''", "\0x"]))
async def test_nothing_typed_breaks_a_search_or_a_list(shared_tx, q):
    async with shared_tx() as tx:
        await conversations.cases_in(tx, View("all", q=q, tag=q, channel=q, language=q))
        with contextlib.suppress(Invalid):  # nothing to look for
            assert (await conversations.found(tx, q, Filters(channel=q, area=q))).items == []


async def test_a_search_is_narrowed_and_goes_on_where_it_stopped(tx, monkeypatch):
    monkeypatch.setattr("fadeno.conversations.reads.seeking.READ_THROUGH", 3)
    mails = [await writes(tx, f"email:a{n}@example.com", f"lamp {n}") for n in range(4)]
    await writes(tx, "cookie:c", "lamp in the chat")
    await answers(tx, ADA, mails[1].case_id, "Which lamp?")
    await conversations.make_pieces(tx)
    every, before = [], None
    while True:
        page = await conversations.found(tx, "lamp", before=before, limit=2)
        every += [item.words for item in page.items]
        if (before := page.next) is None:
            break
    assert every == ["Which lamp?", "lamp in the chat", "lamp 3", "lamp 2", "lamp 1", "lamp 0"]
    customer = (await conversations.case(tx, mails[1].case_id)).customer_id
    for filters, wanted in [
        (Filters(channel="webchat"), ["lamp in the chat"]),
        (Filters(direction="out"), ["Which lamp?"]),
        (Filters(customer_id=customer), ["Which lamp?", "lamp 1"]),
        (Filters(stand="waiting"), ["Which lamp?", "lamp 1"]),
        (Filters(has_attachment=True), []),
        (Filters(until=tx.now - timedelta(days=1)), []),
    ]:
        assert [item.words for item in (await conversations.found(tx, "lamp", filters)).items] == wanted
