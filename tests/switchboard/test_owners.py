"""The owner of a mailbox signs in at its provider: only who began ends it, and what fails says what to do."""

import asyncio
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

import pytest

from fadeno import access, channels, jobs, switchboard
from fadeno.access import Actor
from fadeno.db import Database
from fadeno.files import Shelf
from fadeno.kit.seal import Seal
from fadeno.switchboard import Account, NoSignIn, SignInRefused, SignInStray, Tokens, owners, tokens
from tests.switchboard.conftest import Drain, Outbox
from tests.switchboard.test_carrying import _leave
from tests.switchboard.test_signing_in import Provider, provider, served  # noqa: F401 -- fixtures

ADA, EVE = (Actor("member", UUID(int=n), name, role="admin") for n, name in ((1, "Ada"), (2, "Eve")))
BACK = "https://desk.shop.example/channels/signed-in"


@pytest.fixture
async def account(db: Database, vault: Seal, provider: Provider) -> Account:  # noqa: F811
    given = {
        "address": "box@shop.example", "smtp_host": "127.0.0.1:9", "sign_in": "other", "client_id": "fadeno",
        "token_url": f"{provider.url}/token", "device_url": f"{provider.url}/device",
        "page_url": "https://accounts.post.example/authorize?theme=dark", "scope": "mail", "refresh_token": "gone",
    }  # fmt: skip
    async with db.transaction() as tx:
        return await switchboard.add(tx, access.SYSTEM, vault, channel="email", name="Box", credentials=given)


async def _begun(db: Database, vault: Seal, account: Account, actor: Actor = ADA) -> dict[str, str]:
    async with db.transaction() as tx:
        page = await switchboard.sign_in_page(tx, actor, vault, account.id, back_to=BACK)
    assert page.startswith("https://accounts.post.example/authorize?theme=dark&")
    return {name: values[0] for name, values in parse_qs(urlsplit(page).query).items()}


async def _end(db: Database, vault: Seal, state: str, actor: Actor = ADA, **said: str) -> Account:
    said = said or {"code": "4/0AX"}
    return await switchboard.signed_in_by_page(db, actor, vault, {"state": state, **said}, allow_private=True)


async def _kept(db: Database, vault: Seal, account: Account) -> str:
    async with db.transaction() as tx:
        return (await switchboard.credentials(tx, vault, account)).secrets["refresh_token"]


async def test_who_began_comes_back_from_the_page_and_what_it_gave_is_kept(
    db: Database, vault: Seal, account: Account, provider: Provider  # noqa: F811
) -> None:  # fmt: skip
    asked = await _begun(db, vault, account)
    assert (asked["redirect_uri"], asked["scope"], asked["login_hint"]) == (BACK, "mail", "box@shop.example")
    assert str(account.id) not in asked["state"]
    await _end(db, vault, asked["state"])
    assert await _kept(db, vault, account) == "refresh1"
    shown = provider.asked[0]
    assert (shown["grant_type"], shown["redirect_uri"]) == ("authorization_code", BACK)
    assert len(shown["code_verifier"]) >= 43


async def test_nobody_slips_in_a_sign_in_of_theirs(
    db: Database, vault: Seal, account: Account, provider: Provider, monkeypatch: pytest.MonkeyPatch  # noqa: F811
) -> None:  # fmt: skip
    state = (await _begun(db, vault, account))["state"]
    for actor, given in ((EVE, state), (access.SYSTEM, state), (ADA, state[:-6]), (ADA, ""), (ADA, "ő" * 9000)):
        with pytest.raises(SignInStray):
            await _end(db, vault, given, actor)
    with pytest.raises(SignInStray):
        await _end(db, Seal(b"x" * 32), state)
    monkeypatch.setattr(owners, "WITHIN", timedelta(seconds=-1))
    with pytest.raises(SignInStray):
        await _end(db, vault, (await _begun(db, vault, account))["state"])
    assert provider.asked == []


@pytest.mark.parametrize(
    ("back", "says", "words"),
    [
        ({"error": "access_denied", "error_description": "The user has denied access"}, {}, "denied access"),
        ({"code": "old"}, {"error": "invalid_grant", "error_description": "AADSTS70008: expired."}, "AADSTS70008"),
        ({"code": "c"}, {"error": "invalid_client", "error_description": "Unauthorized"}, "client_id"),
        ({"code": "c"}, {"error": "redirect_uri_mismatch"}, "redirect_uri_mismatch"),
    ],
)
async def test_a_provider_that_says_no_leaves_what_was_kept_and_is_quoted(
    db: Database, vault: Seal, account: Account, provider: Provider, back: dict, says: dict, words: str  # noqa: F811
) -> None:  # fmt: skip
    state, provider.says = (await _begun(db, vault, account))["state"], says
    with pytest.raises(SignInRefused, match=words):
        await _end(db, vault, state, **back)
    assert await _kept(db, vault, account) == "gone"


async def _by_code(db: Database, vault: Seal, account: Account) -> list[switchboard.DeviceCode]:
    told: list[switchboard.DeviceCode] = []
    await switchboard.signed_in_by_code(db, ADA, vault, account.id, told.append, allow_private=True)
    return told


@pytest.fixture
def waits(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """How long was waited between two questions; no test waits so long."""
    waited: list[float] = []
    real = asyncio.sleep

    async def sleep(seconds: float) -> None:
        waited.append(seconds)
        await real(0)

    monkeypatch.setattr(tokens, "asyncio", type("Quick", (), {**vars(asyncio), "sleep": staticmethod(sleep)}))
    return waited


async def test_a_code_typed_in_elsewhere_signs_in_however_long_the_provider_takes(
    db: Database, vault: Seal, account: Account, provider: Provider, waits: list[float], monkeypatch: pytest.MonkeyPatch  # noqa: F811
) -> None:  # fmt: skip
    turns = iter([(400, {"error": "slow_down"}), (502, "garbage"), (400, {"error": "authorization_pending"})])
    answered = provider.answer

    def answer(path: str, form: dict[str, str]) -> tuple[int, object]:
        said = next(turns, None) if form.get("device_code") else None
        return said or answered(path, form)

    monkeypatch.setattr(provider, "answer", answer)
    (told,) = await _by_code(db, vault, account)
    assert (told.code, "dc" in repr(told)) == ("ABCD-EFGH", False)
    assert await _kept(db, vault, account) == "refresh1"
    assert waits == [1, 6, 12, 12]


@pytest.mark.parametrize("said", ["expired_token", "authorization_declined", "access_denied"])
async def test_a_code_nobody_typed_in_or_somebody_declined_says_to_sign_in_again(
    db: Database, vault: Seal, account: Account, provider: Provider, waits: list[float], said: str  # noqa: F811
) -> None:  # fmt: skip
    provider.says = {"error": said}
    with pytest.raises(SignInRefused, match="sign in again"):
        await _by_code(db, vault, account)
    assert await _kept(db, vault, account) == "gone"


async def test_a_withdrawn_sign_in_holds_up_what_leaves_until_its_owner_signs_in_again(
    db: Database, vault: Seal, shelf: Shelf, outbox: Outbox, account: Account, provider: Provider, drain: Drain  # noqa: F811
) -> None:  # fmt: skip
    by = []

    async def wire(request: channels.Request, given: channels.Account) -> str:
        by.append(given.secrets["access_token"])
        return "250 taken"

    signed = Tokens(db, vault, allow_private=True).signed
    carrying = switchboard.carrying(vault, shelf, {"smtp": wire}, outbox.compose, outbox.hears, signed)
    ids = [await _leave(db, outbox, account, "anna@home.example") for _ in range(2)]
    await drain({switchboard.CARRY: carrying})
    async with db.transaction() as tx:
        assert "sign in again" in (await switchboard.account(tx, account.id)).health_words
        assert (await jobs.backlog(tx, f"account:{account.id}")).open == 2
    assert (outbox.fared, by) == ([], [])
    await _end(db, vault, (await _begun(db, vault, account))["state"])
    await drain({switchboard.CARRY: carrying})
    assert [id for id, went in outbox.fared if went.state == "sent"] == ids
    async with db.transaction() as tx:
        assert (await switchboard.account(tx, account.id)).health == "works"


async def test_an_account_with_a_password_has_no_page_to_sign_in_at(
    db: Database, vault: Seal, mailbox: Account
) -> None:
    assert switchboard.signs_in_by(mailbox) == ()
    with pytest.raises(NoSignIn):
        await _begun(db, vault, mailbox)
