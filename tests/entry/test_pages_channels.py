"""Pages of channels: connecting an account, what it says of itself, and what could not be read."""

from collections.abc import AsyncIterator

import httpx
import pytest

from fadeno import access, switchboard
from fadeno.app import App
from fadeno.switchboard import Account
from tests.entry.test_pages_customers import _signed_in, _token, _words, manager

__all__ = ["manager"]

MAILBOX = {"name": "Service", "c_address": "service@shop.example", "c_smtp_host": "127.0.0.1:9"}


@pytest.fixture
async def admin(app: App, http: httpx.AsyncClient) -> AsyncIterator[httpx.AsyncClient]:
    browser = await _signed_in(app, http, "admin")
    yield browser
    await browser.aclose()


@pytest.fixture
async def chat(app: App) -> Account:
    async with app.db.transaction() as tx:
        return await switchboard.add(
            tx, access.SYSTEM, app.vault, channel="webchat", name="Shop chat", credentials={"sites": "*"}
        )


def _meta(page: httpx.Response) -> str:
    return page.text.partition('<meta name="csrf" content="')[2].partition('"')[0]


async def test_where_nothing_is_connected_the_page_says_what_can_be(admin: httpx.AsyncClient):
    page = await admin.get("/channels")
    assert "Connect your first channel" in _words(page)
    assert "A mailbox of yours" in _words(page)
    assert "No public address is set" in _words(page)
    assert "What most do without" in _words(await admin.get("/channels/new/email"))
    assert (await admin.get("/channels/new/pigeon")).status_code == 404


async def test_a_mailbox_is_connected_and_what_its_server_says_is_shown(admin: httpx.AsyncClient):
    form = {"_csrf": _token(await admin.get("/channels/new/email")), **MAILBOX, "c_password": "n0t-to-be-seen"}
    made = await admin.post("/channels/new/email", data=form)
    assert "Connected. Try whether it works." in _words(made)
    assert "kept, and shown to nobody" in made.text
    assert "n0t-to-be-seen" not in made.text
    tried = await admin.post(f"{made.url.path}/try", headers={"X-CSRF-Token": _token(made), "HX-Request": "true"})
    assert "Sending" in _words(tried)
    assert "Nothing is lost meanwhile" in _words(tried)
    listed = _words(await admin.get("/channels"))
    assert "does not work" in listed
    assert "service@shop.example" in listed


async def test_what_is_wrong_is_said_at_its_field_and_what_was_typed_stays(admin: httpx.AsyncClient):
    page = await admin.get("/channels/new/webchat")
    form = {"_csrf": _token(page), "name": "Shop", "c_sites": "shop.example/help", "area": "service"}
    refused = await admin.post("/channels/new/webchat", data=form)
    assert refused.status_code == 400
    assert "“shop.example/help” is none" in _words(refused)
    assert ">shop.example/help</textarea>" in refused.text
    assert 'value="Shop"' in refused.text


async def test_a_secret_left_empty_stays_and_other_things_change(app: App, admin: httpx.AsyncClient):
    form = {"_csrf": _token(await admin.get("/channels/new/email")), **MAILBOX, "c_password": "first"}
    made = await admin.post("/channels/new/email", data=form)
    form = {
        "_csrf": _token(made),
        **MAILBOX,
        "c_smtp_host": "mail.shop.example:587",
        "c_password": "",
        "language": "hu",
    }
    changed = await admin.post(made.url.path, data=form)
    assert "Saved." in _words(changed)
    async with app.db.transaction() as tx:
        account = await switchboard.account_named(tx, "Service")
        given = await switchboard.credentials(tx, app.vault, account)
    assert (given.secrets["password"], given.options["smtp_host"]) == ("first", "mail.shop.example:587")
    assert account.language == "hu"


async def test_an_account_is_switched_off_and_to_test_mode(app: App, admin: httpx.AsyncClient, chat: Account):
    page = await admin.get(f"/channels/{chat.id}")
    assert f'data-account="{chat.id}"' in page.text
    for to, said in (("test", "nothing leaves by it to anybody"), ("off", "switched off"), ("on", "Switched on.")):
        page = await admin.post(f"/channels/{chat.id}/switch", data={"_csrf": _token(page), "to": to})
        assert said in _words(page)
    refused = await admin.post(f"/channels/{chat.id}/switch", data={"_csrf": _token(page), "to": "gone"})
    assert refused.status_code == 400


async def test_what_could_not_be_read_is_read_again_or_put_aside(app: App, admin: httpx.AsyncClient, chat: Account):
    async with app.db.transaction() as tx:
        for n in range(2):
            packed = await switchboard.pack(app.db, app.journal, b"%d" % n)
            await switchboard.actions.put_failed(tx, chat, packed, "unreadable", "a mail of 3 bytes")
    page = await admin.get(f"/channels/{chat.id}")
    assert "a mail of 3 bytes" in _words(page)
    async with app.db.transaction() as tx:
        first = (await switchboard.parcels(tx, chat.id))[0]
    form = {"_csrf": _token(page), "verb": "dismiss", "id": str(first.id)}
    after = await admin.post(f"/channels/{chat.id}/parcels", data=form)
    assert "Put aside." in _words(after)
    await admin.post(f"/channels/{chat.id}/parcels", data={"_csrf": _token(page), "verb": "replay"})
    async with app.db.transaction() as tx:
        assert await switchboard.parcels(tx, chat.id) == []
        assert len(await switchboard.parcels(tx, chat.id, state="waiting")) == 1


async def test_who_may_only_look_changes_nothing(manager: httpx.AsyncClient, chat: Account):
    page = await manager.get(f"/channels/{chat.id}")
    assert page.status_code == 200
    assert "Switch off" not in _words(page)
    refused = await manager.post(f"/channels/{chat.id}/switch", data={"_csrf": _token(page), "to": "off"})
    assert refused.status_code == 403
    assert (await manager.get("/channels/new/email")).status_code == 403


async def test_nobody_asks_an_address_that_is_not_ours(admin: httpx.AsyncClient):
    page = await admin.get("/channels")
    said = await admin.post("/channels/public-address", headers={"X-CSRF-Token": _meta(page), "HX-Request": "true"})
    assert "No public address is set." in _words(said)
