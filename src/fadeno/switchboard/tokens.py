"""Signing in by a provider's own page instead of a password: OAuth 2.0.

Whoever owns the mailbox signs in at the provider once; what we keep of it, sealed, is a *refresh token*, from which the
short-lived tokens are made that mail servers take. Nobody's password passes through here.

Source: RFC 6749, RFC 7636 (PKCE), RFC 8628 (device codes);
https://learn.microsoft.com/exchange/client-developer/legacy-protocols/how-to-authenticate-an-imap-pop-smtp-application-by-using-oauth;
https://developers.google.com/identity/protocols/oauth2/native-app, read 2026-11-24.
"""

import asyncio
import base64
import hashlib
import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from urllib.parse import parse_qsl, urlencode
from uuid import UUID

import httpx
import msgspec

from fadeno import channels
from fadeno.db import Database
from fadeno.kit import outward
from fadeno.kit.errors import Invalid
from fadeno.kit.seal import Seal
from fadeno.switchboard import actions, reads
from fadeno.switchboard.carrying import AccountFails
from fadeno.switchboard.providers import Provider, provider

EARLY_S = 120  # a token is renewed before it ends, not after
SHORTEST_S = 300
ASK_S = 15.0
_SLOWER_S = 5.0
_SLOWEST_S = 30.0


# Words of a provider that mean: ask the person again. Source: RFC 6749 section 5.2, OpenID Connect Core 3.1.2.6.
_AGAIN = frozenset({"invalid_grant", "interaction_required", "consent_required", "login_required", "access_denied"})
# A code that was typed in by nobody in time, or to which its owner said no.
# Source: RFC 8628 section 3.5, and what is known of Microsoft on 2026-11-24, not yet checked against its pages.
_CODE_OVER = frozenset({"expired_token", "authorization_declined", "bad_verification_code"})
_OUR_NAME = frozenset({"invalid_client", "unauthorized_client"})


class SignInAgain(AccountFails):
    """The provider no longer lets us in by what we keep: whoever owns the mailbox must sign in once more."""


class _Said(AccountFails):
    """The provider said no.

    Attributes:
        error: in the words of the protocol.
    """

    def __init__(self, error: str, words: str) -> None:
        super().__init__(words)
        self.error = error


@dataclass(frozen=True, slots=True)
class Granted:
    """What a provider gave.

    Attributes:
        refresh: what later tokens are made from; empty where it stays what it was.
    """

    access: str = field(repr=False)
    refresh: str = field(repr=False)
    lasts_s: float


@dataclass(frozen=True, slots=True)
class DeviceCode:
    """What its owner types in at `url`, on any screen, within `lasts_s`."""

    url: str
    code: str
    lasts_s: float
    every_s: float
    secret: str = field(repr=False)


class _Answer(msgspec.Struct):
    access_token: str = ""
    refresh_token: str = ""
    expires_in: float = 3600
    error: str = ""
    error_description: str = ""
    device_code: str = ""
    user_code: str = ""
    verification_uri: str = ""
    verification_url: str = ""
    interval: float = _SLOWER_S


class Tokens:
    """Tokens of accounts as long as they last; one for each process."""

    def __init__(self, db: Database, vault: Seal, *, allow_private: bool) -> None:
        self._db, self._vault, self._allow_private = db, vault, allow_private
        # What each was made from, as it was and as it was renewed: whoever waited for it comes with the former.
        self._known: dict[UUID, tuple[tuple[str, ...], str, float]] = {}
        self._turns: dict[UUID, asyncio.Lock] = {}

    async def signed(self, id: UUID, account: channels.Account) -> channels.Account:
        """The account with the token its servers take; as it is where it signs in by password.

        Raises:
            SignInAgain: its owner must sign in once more.
            AccountFails: no token is to be had now.
        """
        by = provider(account.options)
        if by is None:
            return account
        async with self._turns.setdefault(id, asyncio.Lock()):
            token = await self._token(id, by, account)
        return replace(account, secrets={**account.secrets, "access_token": token})

    async def _token(self, id: UUID, by: Provider, account: channels.Account) -> str:
        refresh = came_with = account.secrets.get("refresh_token", "")
        sources, token, until = self._known.get(id, ((), "", 0.0))
        if refresh in sources and time.monotonic() < until:
            return token
        if not refresh:
            raise SignInAgain(f"nobody signed in at {by.title} yet: refresh_token is missing")
        try:
            granted = await refreshed(by, account, refresh, allow_private=self._allow_private)
        except SignInAgain:
            kept = await self._kept(id)
            if kept in ("", refresh):
                raise
            # Another process was given a newer one while we asked with the one before.
            refresh = kept
            granted = await refreshed(by, account, refresh, allow_private=self._allow_private)
        if granted.refresh and granted.refresh != refresh:
            async with self._db.transaction() as tx:
                await actions.renew(tx, self._vault, id, {"refresh_token": granted.refresh})
            refresh = granted.refresh
        until = time.monotonic() + max(granted.lasts_s - EARLY_S, min(granted.lasts_s, SHORTEST_S))
        self._known[id] = ((came_with, refresh), granted.access, until)
        return granted.access

    async def _kept(self, id: UUID) -> str:
        async with self._db.transaction() as tx:
            return (await reads.secrets(tx, self._vault, id)).get("refresh_token", "")


async def refreshed(by: Provider, account: channels.Account, refresh: str, *, allow_private: bool) -> Granted:
    """A new token from what is kept of a sign-in.

    Raises:
        SignInAgain: it is worth nothing any more.
        AccountFails: the provider does not answer, or does not know our client id.
    """
    form = {"grant_type": "refresh_token", "refresh_token": refresh, **_ours(account)}
    if by.scope and by.device_url:  # Microsoft wants to know for what; Google goes by what was granted
        form["scope"] = by.scope
    return _granted(by, await _asked(by, by.token_url, form, allow_private=allow_private))


def sign_in_url(by: Provider, account: channels.Account, *, back_to: str, state: str, verifier: str) -> str:
    """The provider's page where the mailbox's owner signs in; it leads back to `back_to` with a code.

    Args:
        state: comes back with the code, so that nobody slips in theirs.
        verifier: a secret of this one sign-in, shown again with the code; 43 to 128 characters.
    """
    digest = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
    asked = {
        "client_id": account.options.get("client_id", ""), "response_type": "code", "redirect_uri": back_to,
        "scope": by.scope, "state": state, "code_challenge": digest, "code_challenge_method": "S256",
        "login_hint": account.options.get("login") or account.address, **dict(parse_qsl(by.page_asks)),
    }  # fmt: skip
    return f"{by.page_url}{'&' if '?' in by.page_url else '?'}{urlencode({k: v for k, v in asked.items() if v})}"


async def granted_for(
    by: Provider, account: channels.Account, code: str, *, back_to: str, verifier: str, allow_private: bool
) -> Granted:
    """What a provider gives for the code its page led back with.

    Raises:
        SignInAgain: the code is too old, or was used before.
        AccountFails: the provider does not answer, or does not know our client id.
    """
    form = {
        "grant_type": "authorization_code", "code": code, "redirect_uri": back_to, "code_verifier": verifier,
        **_ours(account),
    }  # fmt: skip
    return _granted(by, await _asked(by, by.token_url, form, allow_private=allow_private))


async def device_code(by: Provider, account: channels.Account, *, allow_private: bool) -> DeviceCode:
    """A code to be typed in on any other screen.

    Raises:
        AccountFails: the provider gives none.
    """
    form = {"client_id": account.options.get("client_id", ""), "scope": by.scope}
    said = await _asked(by, by.device_url, form, allow_private=allow_private)
    url = said.verification_uri or said.verification_url
    if not said.device_code or not said.user_code or not url:
        raise AccountFails(f"{by.title} gave no code")
    return DeviceCode(url, said.user_code, said.expires_in, max(said.interval, 1.0), said.device_code)


async def granted_at_device(
    by: Provider, account: channels.Account, given: DeviceCode, *, allow_private: bool
) -> Granted:
    """Wait until the code was typed in.

    Raises:
        SignInAgain: it never was, or its owner said no.
        AccountFails: the provider does not answer.
    """
    form = {
        "grant_type": "urn:ietf:params:oauth:grant-type:device_code",
        "device_code": given.secret, "client_id": account.options.get("client_id", ""),
    }  # fmt: skip
    every_s, until = given.every_s, time.monotonic() + given.lasts_s
    while time.monotonic() < until:
        await asyncio.sleep(every_s)
        try:
            return _granted(by, await _asked(by, by.token_url, form, allow_private=allow_private))
        except _Said as said:
            if said.error == "slow_down":
                every_s += _SLOWER_S
            elif said.error != "authorization_pending":
                raise
        except SignInAgain:
            raise
        except AccountFails:  # it does not answer: the code may be typed in all the same
            every_s = min(every_s * 2, _SLOWEST_S)
    raise SignInAgain("the code was not typed in in time")


def _ours(account: channels.Account) -> dict[str, str]:
    ours = {"client_id": account.options.get("client_id", "")}
    secret = account.secrets.get("client_secret", "")
    return ours | ({"client_secret": secret} if secret else {})


def _granted(by: Provider, said: _Answer) -> Granted:
    if not said.access_token or not said.access_token.isascii() or "\1" in said.access_token:
        raise AccountFails(f"{by.title} gave no token")
    return Granted(said.access_token, said.refresh_token, said.expires_in)


async def _asked(by: Provider, url: str, form: Mapping[str, str], *, allow_private: bool) -> _Answer:
    try:
        checked = outward.checked_url(url, allow_private=allow_private)
        async with asyncio.timeout(ASK_S), outward.client(allow_private=allow_private) as http:
            status, body = await _posted(http, checked, form)
    except Invalid as wrong:
        raise AccountFails(f"token_url: {wrong.message}") from wrong
    except (TimeoutError, httpx.HTTPError, OSError, UnicodeError) as error:
        raise AccountFails(f"{by.title} gives no token now: {type(error).__name__}") from error
    try:
        said = msgspec.json.decode(body, type=_Answer, strict=False)
    except msgspec.DecodeError:
        raise AccountFails(f"{by.title} gives no token now: it answers {status}, and not in its own way") from None
    if status != 200 or said.error:
        raise _no(by, status, said)
    return said


async def _posted(http: httpx.AsyncClient, url: str, form: Mapping[str, str]) -> tuple[int, bytes]:
    plain = {"Accept": "application/json", "Accept-Encoding": "identity"}
    async with http.stream("POST", url, data=dict(form), headers=plain) as answer:
        body = b""
        async for chunk in answer.aiter_bytes():
            body += chunk
            if len(body) > outward.MOST_ANSWER_BYTES:
                return answer.status_code, b""
        return answer.status_code, body


def _no(by: Provider, status: int, said: _Answer) -> AccountFails:
    words = " ".join(said.error_description.split())[:160]
    told = f"{said.error[:60] or status}: {words}" if words else said.error[:60] or str(status)
    if said.error in _AGAIN | _CODE_OVER:
        return SignInAgain(f"sign in again at {by.title} ({told})")
    if said.error in _OUR_NAME:
        return SignInAgain(f"{by.title} does not take client_id and client_secret ({told})")
    return _Said(said.error, f"{by.title} gives no token now ({told})")
