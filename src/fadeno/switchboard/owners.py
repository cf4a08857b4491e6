"""Letting the owner of a mailbox sign in at its provider: by the provider's page, or by a code typed in elsewhere.

What comes of it, a refresh token, is sealed with the account's other secrets. The page leads back with a *state* that
only we can make and read: it says which account was meant, and who began. So nobody slips in a sign-in of theirs.

Source: RFC 6749 sections 4.1 and 10.12, RFC 7636, RFC 8252 section 7.3 (addresses of one's own machine), RFC 8628,
as known on 2026-11-24, not yet checked against them.
"""

import base64
import binascii
import secrets
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec

from fadeno import channels
from fadeno.access import Actor
from fadeno.db import Database, Tx
from fadeno.kit import clock, outward
from fadeno.kit.errors import Conflict, Invalid
from fadeno.kit.seal import Seal, SealBroken
from fadeno.switchboard import actions, reads, tokens
from fadeno.switchboard.carrying import AccountFails
from fadeno.switchboard.model import Account
from fadeno.switchboard.providers import Provider, provider
from fadeno.switchboard.tokens import DeviceCode, Granted

WITHIN = timedelta(minutes=20)
MOST_STATE_CHARS = 4000
_ABOUT = "switchboard.sign_in"
_VERIFIER_BYTES = 48


class NoSignIn(Conflict):
    """Nobody signs in to this account by a page of a provider."""

    code = "no_sign_in"
    hint = "Set sign_in to microsoft, google or other, and client_id, first."


class SignInStray(Invalid):
    """This sign-in was begun by somebody else, or too long ago."""

    code = "sign_in_stray"
    hint = "Begin it anew. One that was begun at the terminal ends there: paste this page's address."


class SignInRefused(Conflict):
    """The provider did not let anybody in."""

    code = "sign_in_refused"
    hint = "Sign in as the owner of the mailbox and agree to what is asked; else look at client_id."


class _State(msgspec.Struct):
    account_id: UUID
    who: str
    until: datetime
    verifier: str
    back_to: str


async def sign_in_page(tx: Tx, actor: Actor, vault: Seal, id: UUID, *, back_to: str) -> str:
    """The provider's page at which the owner of a mailbox signs in.

    Args:
        back_to: our page it leads back to, as the provider was told it.

    Raises:
        NoAccount: there is none.
        NoSignIn: its provider has no such page.
    """
    account = await reads.account(tx, id)
    by = _by(account)
    if not by.page_url:
        raise NoSignIn("Its provider's page is not known.", word="no_sign_in_page", field="page_url")
    outward.checked_url(by.page_url, allow_private=True)  # a browser of ours goes there: to a web page, wherever
    verifier = secrets.token_urlsafe(_VERIFIER_BYTES)
    state = _State(id, _who(actor), clock.now() + WITHIN, verifier, back_to)
    sealed = base64.urlsafe_b64encode(vault.seal(msgspec.json.encode(state), _ABOUT)).rstrip(b"=").decode()
    given = channels.Account(account.address, account.name, account.options)
    return tokens.sign_in_url(by, given, back_to=back_to, state=sealed, verifier=verifier)


async def signed_in_by_page(
    db: Database, actor: Actor, vault: Seal, said: Mapping[str, str], *, allow_private: bool
) -> Account:
    """Keep what the provider's page led back with.

    Args:
        said: the query of the address it led back to.

    Raises:
        SignInStray: it is not an answer to what this actor began.
        SignInRefused: the provider let nobody in, in its words.
        NoAccount: the account is gone meanwhile.
    """
    state = _opened(vault, said.get("state", ""))
    if state is None or state.who != _who(actor) or state.until < clock.now():
        raise SignInStray
    if said.get("error") or not said.get("code"):
        raise _refused(" ".join(filter(None, (said.get("error"), said.get("error_description")))) or "no code")
    account, by, given = await _given(db, vault, state.account_id)
    try:
        granted = await tokens.granted_for(
            by, given, said["code"], back_to=state.back_to, verifier=state.verifier, allow_private=allow_private
        )
    except AccountFails as fails:
        raise _refused(str(fails)) from fails
    return await _kept(db, actor, vault, account, granted)


async def signed_in_by_code(
    db: Database, actor: Actor, vault: Seal, id: UUID, tell: Callable[[DeviceCode], Any], *, allow_private: bool
) -> Account:
    """Have a code typed in on any other screen, wait for that, and keep what comes of it.

    Args:
        tell: shows where the code is typed in, and the code.

    Raises:
        NoAccount: there is none.
        NoSignIn: its provider gives no such codes.
        SignInRefused: the provider let nobody in, or the code was not typed in in time.
    """
    account, by, given = await _given(db, vault, id)
    if not by.device_url:
        raise NoSignIn("Its provider gives no codes to type in.", word="no_sign_in_code", field="device_url")
    try:
        code = await tokens.device_code(by, given, allow_private=allow_private)
        tell(code)
        granted = await tokens.granted_at_device(by, given, code, allow_private=allow_private)
    except AccountFails as fails:
        raise _refused(str(fails)) from fails
    return await _kept(db, actor, vault, account, granted)


def signs_in_by(account: Account) -> tuple[str, ...]:
    """The ways the owner of an account can sign in: code, page; none where a password does.

    A code comes first: it needs no address the provider leads back to.
    """
    by = provider(account.options)
    ways = (("code", by.device_url), ("page", by.page_url)) if by else ()
    return tuple(name for name, url in ways if url)


async def _given(db: Database, vault: Seal, id: UUID) -> tuple[Account, Provider, channels.Account]:
    async with db.transaction() as tx:
        account = await reads.account(tx, id)
        return account, _by(account), await reads.credentials(tx, vault, account)


async def _kept(db: Database, actor: Actor, vault: Seal, account: Account, granted: Granted) -> Account:
    """Keep it at once, in a transaction of its own: the provider gives it only once."""
    if not granted.refresh:
        raise _refused("it gave a token for now only, none that lasts (offline access)")
    async with db.transaction() as tx:
        changed = await actions.change(tx, actor, vault, account.id, credentials={"refresh_token": granted.refresh})
        for way in ("in", "out"):  # what is wrong besides shows at the next look
            await actions.set_health(tx, account.id, "works", way=way)
    return changed


def _by(account: Account) -> Provider:
    by = provider(account.options)
    if by is None:
        raise NoSignIn
    return by


def _who(actor: Actor) -> str:
    return f"{actor.kind}:{actor.id}"


def _opened(vault: Seal, state: str) -> _State | None:
    try:
        sealed = base64.urlsafe_b64decode(state[:MOST_STATE_CHARS] + "=" * (-len(state) % 4))
        return msgspec.json.decode(vault.open(sealed, _ABOUT), type=_State)
    except (SealBroken, binascii.Error, ValueError):  # what msgspec can't read is a ValueError, too
        return None


def _refused(words: str) -> SignInRefused:
    said = "".join(c for c in words if c.isprintable())[:300]
    return SignInRefused(f"The provider let nobody in: {said}", word="sign_in_refused_as", said=said)
