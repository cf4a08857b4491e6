"""Mailboxes that sign in by a provider's page: tokens are renewed, kept sealed, and said to be over when they are."""

import asyncio
import contextlib
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from fadeno import channels, switchboard
from fadeno.access import SYSTEM
from fadeno.db import Database
from fadeno.intake import Journal
from fadeno.kit.errors import Invalid
from fadeno.kit.seal import Seal
from fadeno.switchboard import Account, Tokens, mailbox, providers, reading, tokens
from tests.switchboard import dovecot
from tests.switchboard.test_mailboxes import mail


class Provider:
    """Gives out tokens, and tells a mail server whose they are; each renewal renews what is renewed from, too."""

    def __init__(self) -> None:
        self.refresh, self.given, self.says = "first", 0, {}
        self.pending = 0
        self.asked: list[dict[str, str]] = []
        provider = self

        class Answers(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                size = int(self.headers.get("content-length") or 0)
                form = {k: v[0] for k, v in parse_qs(self.rfile.read(size).decode()).items()}
                status, said = provider.answer(self.path, form)
                body = json.dumps(said).encode()
                self.send_response(status)
                self.send_header("content-type", "application/json")
                self.send_header("content-length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: Any) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
        self.url = f"http://127.0.0.1:{self.server.server_port}"

    def answer(self, path: str, form: dict[str, str]) -> tuple[int, dict[str, Any]]:
        if path == "/introspect":
            name = form.get("token", "").partition(".")[0]
            return 200, {"active": name != "", "username": name}
        if path == "/device":
            return 200, {
                "device_code": "dc", "user_code": "ABCD-EFGH", "verification_uri": "https://x.example/device",
                "expires_in": 60, "interval": 1,
            }  # fmt: skip
        self.asked.append(form)
        if self.says:
            return 400, self.says
        if self.pending and form.get("device_code"):
            self.pending -= 1
            return 400, {"error": "authorization_pending"}
        if form["grant_type"] == "refresh_token" and form["refresh_token"] != self.refresh:
            return 400, {"error": "invalid_grant", "error_description": "AADSTS70008: it has expired"}
        self.given += 1
        self.refresh = f"refresh{self.given}"
        return 200, {"access_token": f"box.{self.given}", "refresh_token": self.refresh, "expires_in": 3600}


@pytest.fixture(scope="module")
def served() -> Iterator[Provider]:
    provider = Provider()
    thread = threading.Thread(target=provider.server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    yield provider
    provider.server.shutdown()
    provider.server.server_close()


@pytest.fixture
def provider(served: Provider) -> Provider:
    served.refresh, served.given, served.says, served.asked, served.pending = "first", 0, {}, [], 0
    return served


async def _account(db: Database, vault: Seal, provider: Provider, **settings: str) -> Account:
    given = {
        "address": "box@shop.example", "login": "box", "smtp_host": "127.0.0.1:9", "sign_in": "other",
        "client_id": "fadeno", "client_secret": "s3cret", "token_url": f"{provider.url}/token",
        "refresh_token": "first",
    } | settings  # fmt: skip
    async with db.transaction() as tx:
        return await switchboard.add(tx, SYSTEM, vault, channel="email", name="Box", credentials=given)


async def _given(db: Database, vault: Seal, account: Account) -> channels.Account:
    async with db.transaction() as tx:
        return await switchboard.credentials(tx, vault, account)


async def test_a_token_is_taken_once_for_all_and_what_it_is_renewed_from_is_kept(
    db: Database, vault: Seal, provider: Provider
) -> None:
    account = await _account(db, vault, provider)
    ours = Tokens(db, vault, allow_private=True)
    given = await _given(db, vault, account)
    signed = await asyncio.gather(*(ours.signed(account.id, given) for _ in range(5)))
    assert {one.secrets["access_token"] for one in signed} == {"box.1"}
    assert provider.given == 1
    assert provider.asked[0] | {"client_id": "fadeno", "client_secret": "s3cret"} == provider.asked[0]
    assert (await _given(db, vault, account)).secrets["refresh_token"] == "refresh1"
    assert "refresh1" not in repr(account)
    # Another process comes with what it read before that: it looks again instead of asking the owner.
    other = Tokens(db, vault, allow_private=True)
    assert (await other.signed(account.id, given)).secrets["access_token"] == "box.2"


@pytest.mark.parametrize(
    ("says", "words"),
    [
        ({"error": "invalid_grant", "error_description": "it was revoked"}, "sign in again"),
        ({"error": "invalid_client"}, "does not take client_id"),
    ],
)
async def test_what_only_its_owner_can_mend_is_said_so(
    db: Database, vault: Seal, provider: Provider, says: dict[str, str], words: str
) -> None:
    account = await _account(db, vault, provider)
    provider.says = says
    given = await _given(db, vault, account)
    ours = Tokens(db, vault, allow_private=True)
    with pytest.raises(tokens.SignInAgain, match=words):
        await ours.signed(account.id, given)
    label = channels.adapter("email").label
    tried = await switchboard.tried(label, given, allow_private=True, id=account.id, tokens=ours)
    assert not tried.works
    async with db.transaction() as tx:
        await switchboard.note_tried(tx, account.id, tried)
        assert words in (await switchboard.account(tx, account.id)).health_words


async def test_no_provider_of_a_private_network_is_asked_unless_that_is_allowed(
    db: Database, vault: Seal, provider: Provider
) -> None:
    account = await _account(db, vault, provider)
    with pytest.raises(tokens.AccountFails, match="token_url"):
        await Tokens(db, vault, allow_private=False).signed(account.id, await _given(db, vault, account))
    assert provider.asked == []


async def test_a_code_typed_in_elsewhere_signs_in(provider: Provider) -> None:
    by = providers.Provider("Box", f"{provider.url}/token", device_url=f"{provider.url}/device", scope="mail")
    account = channels.Account("box@shop.example", options={"client_id": "fadeno"})
    given = await tokens.device_code(by, account, allow_private=True)
    assert (given.code, given.url) == ("ABCD-EFGH", "https://x.example/device")
    provider.pending = 1
    granted = await tokens.granted_at_device(by, account, given, allow_private=True)
    assert granted.refresh == "refresh1"


async def test_a_page_of_the_provider_leads_back_with_a_code_that_signs_in(provider: Provider) -> None:
    by = providers.provider({"sign_in": "google", "client_id": "fadeno"})
    account = channels.Account("box@shop.example", options={"client_id": "fadeno"})
    verifier = "v" * 43
    url = urlsplit(tokens.sign_in_url(by, account, back_to="http://127.0.0.1/back", state="st", verifier=verifier))
    asked = {k: v[0] for k, v in parse_qs(url.query).items()}
    assert (url.netloc, asked["code_challenge_method"], asked["state"]) == ("accounts.google.com", "S256", "st")
    here = providers.Provider("Box", f"{provider.url}/token")
    granted = await tokens.granted_for(
        here, account, "code", back_to="http://127.0.0.1/back", verifier=verifier, allow_private=True
    )
    assert (granted.access, provider.asked[0]["code_verifier"]) == ("box.1", verifier)


def test_settings_that_lack_something_are_refused() -> None:
    for options, named in (({"sign_in": "yahoo"}, "sign_in"), ({"sign_in": "google"}, "client_id")):
        with pytest.raises(Invalid) as refused:
            providers.provider(options)
        assert refused.value.field == named


@pytest.mark.skipif(dovecot.PROGRAM is None, reason=dovecot.MISSING)
async def test_a_real_server_lets_a_token_in_and_refuses_a_wrong_one(
    db: Database, vault: Seal, journal: Journal, provider: Provider
) -> None:
    with dovecot.running(f"{provider.url}/introspect") as server:
        server.put("box", mail(1))
        where = {"imap_host": f"127.0.0.1:{server.port}", "imap_tls": "none", "imap_days": "1"}
        account = await _account(db, vault, provider, **where)
        ours = Tokens(db, vault, allow_private=True)
        stopping = asyncio.Event()
        tools = reading.Tools(db, vault, journal, ours.signed, allow_private=True)
        running = asyncio.create_task(reading.read_mailboxes(tools, stopping))
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(10):
                while not await _parcels(db, account):  # noqa: ASYNC110
                    await asyncio.sleep(0.05)
        stopping.set()
        await asyncio.wait_for(running, 3)
        assert len(await _parcels(db, account)) == 1
        box = mailbox.asked(account.options)
        wrong = channels.Account("box@shop.example", secrets={"access_token": "nobody.1"})
        async with reading.connected(box, allow_private=True) as line:
            with pytest.raises(reading.CantRead, match="sign in again"):
                await reading.signed_in(line, wrong)


async def _parcels(db: Database, account: Account) -> list:
    async with db.transaction() as tx:
        return await switchboard.parcels(tx, account.id, state="waiting")
