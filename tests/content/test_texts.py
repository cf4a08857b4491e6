"""What fadeno says by itself, and answers somebody saved."""

import asyncio
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from fadeno import access, content
from fadeno.access import SYSTEM, Actor
from fadeno.content import SpecialDays
from fadeno.db import Database, Tx
from fadeno.kit.errors import Invalid

TUESDAY_NIGHT = datetime(2026, 11, 24, 20, 30, tzinfo=UTC)  # 21:30 in Belgrade
BELGRADE = {"hours": "Mo-Fr 09:00-17:00", "zone": "Europe/Belgrade", "country": "RS"}
ADA = Actor("member", UUID(int=0x11), "Ada", role="agent")
LANGUAGES = ("en", "hu", "sr", "sr-Cyrl", "ru", "ar", "eo", "de", "fr", "es")


async def test_a_new_installation_says_something_right_in_every_language(tx: Tx) -> None:
    await content.create_calendar(tx, SYSTEM, "Service", **BELGRADE)
    tx.now = TUESDAY_NIGHT
    told = {tag: await content.away_now(tx, tag, "email") for tag in LANGUAGES}
    assert {one.due_at for one in told.values()} == {datetime(2026, 11, 25, 9, tzinfo=UTC)}
    assert told["en"].text.endswith("We answer by 10:00 tomorrow.")
    assert told["hu"].text.endswith("Legkésőbb holnap 10:00-ig válaszolunk.")
    assert told["sr"].text.endswith("Odgovorićemo do 10:00 sutra.")
    assert told["sr-Cyrl"].text.endswith("Одговорићемо до 10:00 сутра.")
    assert told["ar"].text.endswith("سنرد عليك غداً قبل الساعة 10:00.")
    assert (told["en"].basis, told["en"].version) == ("Service", 0)
    assert (await content.saying(tx, "greeting", "xx")).text == "Hello! How can we help you?"


@pytest.mark.parametrize(
    ("hours_later", "when"),
    [(-20, "by 10:00 today"), (0, "by 10:00 tomorrow"), (72, "by 10:00 on Monday"), (24 * 30, "by 10:00 tomorrow")],
)
async def test_when_is_told_as_people_say_it(tx: Tx, hours_later: int, when: str) -> None:
    await content.create_calendar(tx, SYSTEM, "Service", **{**BELGRADE, "country": ""})
    tx.now = TUESDAY_NIGHT + timedelta(hours=hours_later)
    away = await content.away_now(tx, "en")
    assert away is not None
    assert away.text.endswith(f"We answer {when}.")


async def test_while_somebody_is_there_nobody_is_told_otherwise(tx: Tx) -> None:
    tx.now = TUESDAY_NIGHT
    assert await content.away_now(tx, "en") is None  # no hours are known
    await content.create_calendar(tx, SYSTEM, "Service", hours="24/7")
    assert await content.away_now(tx, "en") is None


async def test_a_holiday_is_called_one_and_who_never_opens_promises_nothing(tx: Tx) -> None:
    kept = await content.create_calendar(tx, SYSTEM, "Service", **BELGRADE)
    tx.now = TUESDAY_NIGHT - timedelta(hours=9)
    closed = SpecialDays(tx.now.date(), tx.now.date())
    await content.add_special_days(tx, SYSTEM, kept.id, closed)
    away = await content.away_now(tx, "en")
    assert away is not None
    assert (away.kind, "Today is a holiday" in away.text) == ("holiday", True)
    await content.change_calendar(tx, SYSTEM, kept.id, hours="off")
    never = await content.away_now(tx, "en")
    assert never is not None
    assert (never.due_at, "We answer" in never.text, "⟨" in never.text) == (None, False, False)


async def test_the_most_special_text_holds_and_its_words_are_kept(tx: Tx) -> None:
    kept = await content.create_calendar(tx, SYSTEM, "Service", **BELGRADE)
    id_ = await content.set_text(tx, ADA, "greeting", {"en": "Hi!", "hu": "Szia {{customer.first_name|kedves vevő}}!"})
    await content.set_text(tx, ADA, "greeting", {"en": "Hi there!"}, channel="webchat")
    await content.set_text(tx, ADA, "greeting", {"en": "This is Service."}, calendar_id=kept.id)

    async def greeted(language: str, channel: str, **more) -> str:
        return (await content.saying(tx, "greeting", language, channel, **more)).text

    assert await greeted("en", "webchat") == "This is Service."
    await content.set_text(tx, ADA, "greeting", {}, calendar_id=kept.id)
    assert await greeted("en", "webchat") == "Hi there!"
    assert await greeted("hu", "webchat") == "Hi there!"
    assert await greeted("hu", "email") == "Szia kedves vevő!"
    assert await greeted("hu", "email", values={"customer.first_name": "Anna"}) == "Szia Anna!"
    await content.set_text(tx, ADA, "greeting", {"en": "Welcome!"})
    assert [one.texts.get("en") for one in await content.text_versions(tx, id_)] == ["Welcome!", "Hi!"]
    assert [one.channel for one in await content.texts(tx)] == ["webchat", ""]


async def test_a_text_that_promises_nothing_makes_no_promise(tx: Tx) -> None:
    await content.create_calendar(tx, SYSTEM, "Service", **BELGRADE)
    tx.now = TUESDAY_NIGHT
    await content.set_text(tx, ADA, "away", {"en": "Nobody is here. We open {{opens.when}}."})
    away = await content.away_now(tx, "en")
    assert away is not None
    assert (away.text, away.due_at) == ("Nobody is here. We open at 09:00 tomorrow.", None)


@pytest.mark.parametrize(
    ("kind", "texts"),
    [("boast", {"en": "x"}), ("away", {"en": "{{customer.shoe_size}}"}), ("away", {"english please": "x"})],
)
async def test_a_text_nobody_could_fill_in_is_refused(tx: Tx, kind: str, texts: dict[str, str]) -> None:
    with pytest.raises(Invalid):
        await content.set_text(tx, ADA, kind, texts)


async def test_a_saved_answer_is_found_by_shortcut_name_and_words(tx: Tx) -> None:
    return_ = await content.save_answer(tx, SYSTEM, "/Return", {"en": "Send it back with the label."}, name="Returns")
    hours = await content.save_answer(tx, SYSTEM, "hours", {"en": "Open 9-17", "hu": "Nyitva 9-17"}, areas=["shop"])
    other = await content.save_answer(tx, SYSTEM, "re-label", {"en": "A new label is on its way."})

    async def found(q: str, **more) -> list[str]:
        return [one.shortcut for one in await content.saved_answers(tx, ADA, q, **more)]

    assert await found("return") == ["return"]
    assert await found("/re") == ["re-label", "return"]
    assert await found("label back") == ["return"]
    assert await found("nyitv", area="shop") == ["hours"]
    assert await found("", area="service") == ["re-label", "return"]
    used = await content.use_answer(tx, ADA, hours.id, {}, language="hu")
    assert used.text == "Nyitva 9-17"
    assert await found("") == ["hours", "re-label", "return"]
    await content.remove_answer(tx, SYSTEM, other.id)
    with pytest.raises(content.NoSavedAnswer):
        await content.saved_answer(tx, ADA, other.id)
    await content.save_answer(tx, SYSTEM, "re-label", {"en": "Free again."})
    with pytest.raises(content.ShortcutTaken):
        await content.change_answer(tx, SYSTEM, return_.id, shortcut="re-label")
    changed = await content.change_answer(tx, SYSTEM, return_.id, texts={"en": "Keep it."})
    _, said = await content.saved_answer(tx, ADA, return_.id)
    assert (changed.version, [one.texts["en"] for one in said]) == (2, ["Keep it.", "Send it back with the label."])


async def test_ones_own_answers_are_nobody_elses_and_everybodys_are_for_managers(tx: Tx) -> None:
    mine = await content.save_answer(tx, ADA, "hi", {"en": "Hi, Ada here."}, is_own=True)
    bela = Actor("member", UUID(int=0x12), "Béla", role="agent")
    assert await content.saved_answers(tx, bela) == []
    with pytest.raises(content.NoSavedAnswer):
        await content.use_answer(tx, bela, mine.id, {})
    with pytest.raises(access.Forbidden):
        await content.save_answer(tx, ADA, "all", {"en": "For all."})


async def test_two_who_name_a_calendar_alike_at_once_are_told_apart(db: Database) -> None:
    async def make() -> str:
        async with db.transaction() as tx:
            made = await content.create_calendar(tx, SYSTEM, "Service", hours="24/7")
            await asyncio.sleep(0.05)
            return "main" if made.is_main else "other"

    ends = await asyncio.gather(make(), make(), return_exceptions=True)
    assert sorted(str(type(one).__name__) for one in ends) == ["CalendarNameTaken", "str"]
