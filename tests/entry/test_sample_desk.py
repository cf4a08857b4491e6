"""The desk of the sample company: sixty cases in many languages, played by the verbs of real ones; nothing leaves."""

from collections import Counter
from datetime import UTC, datetime

from fadeno import access, conversations, promises, switchboard
from fadeno.access import SYSTEM
from fadeno.app import App
from fadeno.conversations import View
from fadeno.entry.cli import demo_desk
from fadeno.entry.sample import desk
from fadeno.kit import clock

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


def test_a_desk_is_full_of_what_desks_are_full_of():
    cases = [desk.told(1, number, 150, NOW) for number in range(desk.CASES)]
    assert cases == [desk.told(1, number, 150, NOW) for number in range(desk.CASES)]
    assert len({one.person.language for one in cases}) >= 6
    assert {one.area for one in cases} == {"service", "sales", "shop"}
    assert set(Counter(one.fate for one in cases)) == {"solved", "answered", "asked", "late", "off"}
    assert max(len(one.turns) for one in cases) > 60
    assert {turn.file for one in cases for turn in one.turns} == {"", "pdf", "photo"}
    for one in cases:
        times = [turn.at for turn in one.turns]
        assert times == sorted(times)
        assert times[-1] < NOW
        assert all("{" not in turn.text for turn in one.turns)


async def test_cases_are_played_once_and_break_no_law(app: App):
    async with app.db.transaction() as tx:
        for name in ("Ada", "Béla"):
            await access.add_member(tx, SYSTEM, f"{name[0]}@lumo.example".lower(), name, "agent", "three plain words")
    played: list[int] = []
    for _ in range(2):
        set_up = await demo_desk.set_up(app)
        await demo_desk.play(set_up, 1, 12, max(played, default=desk.CASES - 9), clock.now(), played.append)
    assert played == list(range(desk.CASES - 8, desk.CASES + 1))
    async with app.db.transaction() as tx:
        assert {one.name: one.is_test for one in await switchboard.accounts(tx)} == {
            "Lumo mail": True,
            "lumo.example": False,
        }
        kinds = ("all", "waiting", "solved")
        assert sum([len((await conversations.cases_in(tx, View(kind)))[0]) for kind in kinds]) == 9
        assert (await conversations.check(tx))[1] == (await promises.check(tx))[1] == []
