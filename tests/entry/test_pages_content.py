"""Pages of opening hours, saved answers and texts."""

from collections.abc import AsyncIterator

import httpx
import pytest

from fadeno import content
from fadeno.access import SYSTEM
from fadeno.app import App
from tests.entry.test_pages_customers import _signed_in, _token, _words


@pytest.fixture
async def admin(app: App, http: httpx.AsyncClient) -> AsyncIterator[httpx.AsyncClient]:
    browser = await _signed_in(app, http, "admin")
    yield browser
    await browser.aclose()


async def test_a_week_is_filled_in_previewed_and_kept(app: App, admin: httpx.AsyncClient) -> None:
    empty = await admin.get("/hours")
    assert "No opening hours yet" in _words(empty)
    made = await admin.post("/hours", data={"_csrf": _token(empty), "name": "Service"})
    assert made.url.path.startswith("/hours/")
    form = {
        "_csrf": _token(made), "name": "Service", "day_mo": "9-12, 13-17", "day_sa": "18:00–02:00",
        "zone": "Europe/Belgrade", "country": "RS", "on_holidays": "own",
        "holiday_hours": "10:00-14:00", "answer_within": "90",
    }  # fmt: skip
    preview = await admin.post(f"{made.url.path}/preview", data=form)
    assert "09:00–12:00" in _words(preview)
    assert "Mo-Fr" in (await admin.get("/hours")).text.replace("Mon", "Mo").replace("Fri", "Fr")
    await admin.post(made.url.path, data=form)
    async with app.db.transaction() as tx:
        (kept,) = await content.calendars(tx)
    assert kept.calendar.hours == "Mo 09:00-12:00,13:00-17:00, Sa 18:00-02:00"
    assert (kept.calendar.on_holidays, kept.answer_within_min) == ("10:00-14:00", 90)
    wrong = await admin.post(made.url.path, data={**form, "day_tu": "all day"})
    assert (wrong.status_code, 'id="day_tu-hint"' in wrong.text, "all day" in wrong.text) == (422, True, True)
    added = {"_csrf": _token(made), "from_on": "2027-01-04", "special_hours": "", "special_name": "Stocktaking"}
    days = await admin.post(f"{made.url.path}/days", data=added)
    assert "Stocktaking" in _words(days)
    gone = {"_csrf": _token(made), "from_on": "2027-01-04", "to_on": "2027-01-04"}
    assert "Stocktaking" not in _words(await admin.post(f"{made.url.path}/days/remove", data=gone))


async def test_weeks_that_differ_are_shown_as_they_are_written(app: App, admin: httpx.AsyncClient) -> None:
    async with app.db.transaction() as tx:
        kept = await content.create_calendar(tx, SYSTEM, "Pool", hours="Jun-Aug Mo-Su 09:00-20:00", zone="UTC")
    page = await admin.get(f"/hours/{kept.id}")
    assert "Jun-Aug Mo-Su 09:00-20:00" in page.text
    assert "differ from each other" in _words(page)


async def test_an_answer_is_saved_found_and_said_in_another_language(admin: httpx.AsyncClient) -> None:
    empty = await admin.get("/answers")
    assert "No saved answers yet" in _words(empty)
    said = {"_csrf": _token(empty), "shortcut": "return", "name": "Returns", "language": "en", "text": "Send it back."}
    made = await admin.post("/answers", data=said)
    more = {"shortcut": "return", "name": "Returns", "text_en": "Send it back.", "more_language": "hu", "areas": "shop"}
    changed = await admin.post(made.url.path, data={"_csrf": _token(made), **more, "more_text": "Küldje vissza."})
    assert "Küldje vissza." in changed.text
    assert "What it said before" in _words(changed)
    assert "EN HU" in _words(await admin.get("/answers", params={"q": "küld"}))
    assert "Nothing fits" in _words(await admin.get("/answers", params={"q": "zzz"}))
    wrong = await admin.post(made.url.path, data={"_csrf": _token(made), **more, "text_en": "{{customer.shoe}}"})
    assert (wrong.status_code, "Nothing is known as" in _words(wrong)) == (422, True)
    again = await admin.post("/answers", data=said)
    assert "Another saved answer has this shortcut." in _words(again)


async def test_a_text_is_said_anew_for_one_channel(admin: httpx.AsyncClient) -> None:
    page = await admin.get("/texts")
    assert "Hello! How can we help you?" in _words(page)
    token = _token(await admin.get("/texts/greeting"))
    said = {"_csrf": token, "channel": "webchat", "calendar": "", "text_en": "Hi, this is Lumo."}
    shown = await admin.post("/texts/greeting", data=said)
    assert shown.url.params["channel"] == "webchat"
    assert "Hi, this is Lumo." in _words(await admin.get("/texts"))
    assert (await admin.get("/texts/boast")).status_code == 400
