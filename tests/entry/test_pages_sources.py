"""Pages of sources and quarantine: accounts that add up, mapping corrected, events replayed."""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from html import unescape

import httpx
import pytest

from fadeno import access, intake, sources
from fadeno.app import App
from tests.entry.test_pages_customers import _signed_in, _token, _words


@pytest.fixture
async def admin(app: App, http: httpx.AsyncClient) -> AsyncIterator[httpx.AsyncClient]:
    browser = await _signed_in(app, http, "admin")
    yield browser
    await browser.aclose()


async def _send(http: httpx.AsyncClient, key: str, *events: dict) -> None:
    answer = await http.post("/v1/batch", json={"batch": list(events)}, auth=(key, ""))
    assert answer.status_code == 200


async def test_a_source_is_made_and_shows_how_to_send(admin: httpx.AsyncClient, http: httpx.AsyncClient):
    page = await admin.get("/sources")
    made = await admin.post("/sources", data={"_csrf": _token(page), "name": "till", "kind": "server", "region": "hu"})
    assert "Send your first event" in _words(made)
    assert "Server, Hungary." in _words(made)
    with_key = await admin.post(f"{made.url.path}/key", data={"_csrf": _token(made)})
    key = with_key.text.partition("fdn_collect_")[2][:48]
    await _send(http, f"fdn_collect_{key}", {"type": "track", "event": "Hello", "userId": "u-1"})
    assert "1 received = 1 accepted + 0 known already + 0 in quarantine" in _words(await admin.get(made.url.path))


async def test_a_source_past_its_rhythm_is_overdue_and_then_silent(
    app: App, admin: httpx.AsyncClient, http: httpx.AsyncClient, keys: dict[str, str]
):
    assert "Not heard yet" in _words(await admin.get("/sources"))
    await _send(http, keys["collect"], {"type": "track", "event": "Hello", "userId": "u-1"})
    async with app.db.transaction() as tx:
        shop = await sources.by_name(tx, "shop")
        last_at = (await intake.accounts(tx, shop.id)).last_at
        assert last_at is not None
        expected = await sources.change(tx, access.SYSTEM, shop.id, rhythm_s=600)
    judged = [expected.freshness(last_at, last_at + timedelta(seconds=s)) for s in (600, 601, 1800, 1801)]
    assert judged == ["fresh", "overdue", "overdue", "silent"]
    assert expected.freshness(None, expected.created_at + timedelta(seconds=601)) == "overdue"
    assert shop.freshness(last_at, last_at + timedelta(days=365)) is None
    assert "ago · as expected" in _words(await admin.get("/sources"))
    assert "Expected every 10 minutes." in _words(await admin.get(f"/sources/{shop.id}"))
    (seen,) = [
        one
        for one in (await http.get("/api/sources", headers={"X-Api-Key": keys["read"]})).json()["items"]
        if one["name"] == "shop"
    ]
    assert seen["freshness"] == "fresh"
    assert datetime.fromisoformat(seen["last_at"]) == last_at


@pytest.mark.parametrize(
    ("wrong", "said"), [({"name": "A B"}, "made of a-z"), ({"name": "ok", "region": "Hungary"}, "is two letters")]
)
async def test_what_cannot_be_kept_is_said_beside_the_field(admin: httpx.AsyncClient, wrong: dict, said: str):
    page = await admin.get("/sources")
    again = await admin.post("/sources", data={"_csrf": _token(page), "kind": "server", **wrong})
    assert again.status_code == 422
    assert said in again.text
    assert f'value="{wrong["name"]}"' in again.text


async def test_a_corrected_mapping_brings_events_out_of_quarantine(
    admin: httpx.AsyncClient, http: httpx.AsyncClient, keys: dict[str, str]
):
    await _send(
        http,
        keys["collect"],
        {"type": "track", "event": "Paid", "properties": {"mail": "anna@posta.example"}},
        {"type": "track", "userId": "u-9", "event": "Fine"},
    )
    page = await admin.get("/quarantine")
    assert "Nobody named" in _words(page)
    source = page.text.partition("/quarantine?source=")[2].partition('"')[0]
    assert "2 received = 1 accepted + 0 known already + 1 in quarantine" in _words(
        await admin.get(f"/sources/{source}")
    )

    form = await admin.get(f"/sources/{source}")
    changed = {"kind": "server", "region": "HU", "enabled": "yes", "rhythm": "60", "mapping": "properties.mail = email"}
    saved = await admin.post(f"/sources/{source}", data={"_csrf": _token(form), **changed})
    assert "Saved." in _words(saved)
    done = await admin.post("/quarantine", data={"_csrf": _token(page), "act": "all", "source": source, "reason": ""})
    assert "1 accepted, 0 known already, 0 still wait." in _words(done)
    assert "Nothing waits" in _words(done)
    assert "2 received = 2 accepted + 0 known already + 0 in quarantine" in _words(
        await admin.get(f"/sources/{source}")
    )


async def test_events_are_shown_as_they_came_and_dismissed(
    admin: httpx.AsyncClient, http: httpx.AsyncClient, keys: dict[str, str]
):
    await _send(http, keys["collect"], {"type": "dance", "userId": "<b>u-1</b>"}, {"type": "sing", "userId": "u-2"})
    page = await admin.get("/quarantine")
    assert page.text.count('name="event"') == 2
    first = page.text.partition('name="event" value="')[2][:36]
    raw = await admin.get(f"/quarantine/{first}", headers={"HX-Request": "true"})
    assert "<b>" not in raw.text
    assert "userId" in raw.text
    assert "<nav" not in raw.text
    assert 'class="rail"' in (await admin.get(f"/quarantine/{first}")).text  # opened by itself, one goes on from there
    nothing = await admin.post("/quarantine", data={"_csrf": _token(page), "act": "replay"})
    assert "Tick the events first." in nothing.text
    done = await admin.post("/quarantine", data={"_csrf": _token(page), "act": "dismiss", "event": first})
    assert "1 event given up." in done.text
    assert done.text.count('name="event"') == 1
    when = unescape(done.text.partition('name="dismissed_at" value="')[2].partition('"')[0])
    bad = await admin.post("/quarantine/undo", data={"_csrf": _token(page), "dismissed_at": "yesterday"})
    assert bad.status_code == 400
    back = await admin.post("/quarantine/undo", data={"_csrf": _token(page), "dismissed_at": when})
    assert "1 event waits again." in back.text
    assert back.text.count('name="event"') == 2


async def test_an_empty_quarantine_says_so(admin: httpx.AsyncClient):
    assert "Nothing waits" in _words(await admin.get("/quarantine"))


async def test_files_are_kept_for_ever_and_zipped(admin: httpx.AsyncClient):
    page = await admin.get("/customers")
    path = page.text.partition('href="/static/base.')[2].partition('"')[0]
    sheet = await admin.get(f"/static/base.{path}", headers={"accept-encoding": "gzip"})
    assert sheet.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert sheet.headers["content-encoding"] == "gzip"
    assert ".thread" in sheet.text
    assert (await admin.get("/static/base.css")).status_code == 404
