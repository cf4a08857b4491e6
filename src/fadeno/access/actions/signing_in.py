"""Signing in and out: tries are counted before they are checked, so that many at once gain nothing.

A try takes three steps at the door: `begin` (own transaction, committed), `check` (no transaction: hashing
takes long), `finish` (own transaction). Whether there is such a member shows neither in the words nor in the
time taken.
"""

import math
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from fadeno.access import limits, passwords
from fadeno.access.actions.members import oneself
from fadeno.access.actions.trail import note
from fadeno.access.model import (
    DEVICE_LIFE,
    SEEN_EVERY,
    SESSION_IDLE,
    SESSION_LIFE,
    WAITING_LIFE,
    Actor,
    NoMatch,
    TooManyTries,
    digest,
    email_key,
    new_token,
)
from fadeno.access.store import Q
from fadeno.access.word import say_less
from fadeno.db import Tx
from fadeno.kit import ids
from fadeno.kit.errors import NotFound


@dataclass(frozen=True, slots=True)
class Place:
    """Where a try comes from: network address, browser, and the token of a browser known from before."""

    address: str = ""
    agent: str = ""
    device: str | None = None


@dataclass(frozen=True, slots=True)
class Try:
    """One counted try to sign in; `kept` is what the password is compared with."""

    key: str
    member_id: UUID | None
    kept: str | None
    buckets: tuple[limits.Bucket, ...]
    left: int


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A fresh session. `waiting` means that the one-time code is still to come and nothing is open yet."""

    token: str
    waiting: bool
    device: str | None
    member_id: UUID


async def begin(tx: Tx, email: str, place: Place) -> Try:
    """Count a try to sign in; commit it before going on.

    Raises:
        TooManyTries: this account or network address has to wait.
    """
    key = email_key(email)[:254]
    buckets = tuple(limits.sign_in_buckets(key, place.address, await _known(tx, key, place)))
    left = await count(tx, buckets)
    row = await tx.maybe(Q.credentials, email_key=key)
    return Try(key, row.id if row else None, row.password_hash if row else None, buckets, left)


async def check(attempt: Try, password: str) -> bool:
    """Whether the password matches; takes as long where there is no such member."""
    return await passwords.matches(attempt.kept, password)


async def finish(tx: Tx, attempt: Try, password: str, place: Place) -> SignedIn:
    """Open a session after the password matched; forgets the failures before it.

    Raises:
        NoMatch: the member was removed or the password changed meanwhile.
    """
    row = await tx.maybe(Q.credentials, email_key=attempt.key)
    if row is None or row.password_hash != attempt.kept:
        raise NoMatch(left=attempt.left)
    await _give_back(tx, attempt.buckets)
    if passwords.worn(row.password_hash):
        await tx.run(Q.set_password, id=row.id, password_hash=await passwords.hashed(password))
    return await admit(tx, row.id, place)


async def admit(tx: Tx, member_id: UUID, place: Place, *, by: str = "password") -> SignedIn:
    """Let a member in who gave the password or came by a link; with one-time codes on, only as far as asking."""
    row = await tx.one(Q.credentials_by_id, id=member_id)
    if row.totp_on:
        token = await _open(tx, member_id, place, waiting=True, life=WAITING_LIFE)
        return SignedIn(token, True, None, member_id)
    return await enter(tx, member_id, place, by=by)


async def enter(tx: Tx, member_id: UUID, place: Place, *, by: str) -> SignedIn:
    """Open a session for a member who proved all that is asked; always with a token made here and now."""
    row = await tx.one(Q.credentials_by_id, id=member_id)
    token = await _open(tx, member_id, place, waiting=False, life=SESSION_LIFE)
    device = place.device if await _known(tx, row.email_key, place) else None
    device = device or new_token()  # one that was planted before signing in is not taken over
    await tx.run(Q.add_device, token_hash=digest(device), member_id=member_id, now=tx.now)
    await note(tx, Actor("member", member_id, row.name, row.role), "sign in", "member", member_id, {"by": by})
    return SignedIn(token, False, device, member_id)


async def _known(tx: Tx, key: str, place: Place) -> bytes | None:
    """The digest of the browser's token, if this member signed in from it before."""
    if not place.device:
        return None
    return await tx.value(Q.device_of, token_hash=digest(place.device), email_key=key, since=tx.now - DEVICE_LIFE)


async def _open(tx: Tx, member_id: UUID, place: Place, *, waiting: bool, life: timedelta) -> str:
    token = new_token()
    await tx.run(
        Q.add_session,
        id=ids.new_id(),
        member_id=member_id,
        token_hash=digest(token),
        waiting=waiting,
        now=tx.now,
        ends_at=tx.now + life,
        address=place.address[:64],
        agent=place.agent[:300],
    )
    return token


async def session_actor(tx: Tx, token: str) -> Actor | None:
    """Who is signed in with this token; None if nobody, any more."""
    row = await tx.maybe(Q.session_actor, token_hash=digest(token), now=tx.now, idle_since=tx.now - SESSION_IDLE)
    if row is None:
        return None
    if tx.now - row.seen_at > SEEN_EVERY:
        await tx.run(Q.touch_session, id=row.session_id, now=tx.now)
    return Actor("member", row.id, row.name, row.role, session_id=row.session_id, language=row.language)


async def sign_out(tx: Tx, actor: Actor) -> None:
    """End the session the actor is in."""
    if actor.session_id is not None:
        await tx.run(Q.revoke_session, id=actor.session_id, member_id=actor.id, now=tx.now)
        say_less(tx, actor.session_id)
        await note(tx, actor, "sign out", "member", actor.id)


async def revoke_session(tx: Tx, actor: Actor, session_id: UUID) -> None:
    """End one of one's own sessions.

    Raises:
        NotFound: it isn't one's own, or ended already.
    """
    me = await oneself(tx, actor)
    if not await tx.run(Q.revoke_session, id=session_id, member_id=me.id, now=tx.now):
        raise NotFound("There is no such session.", word="no_session")
    say_less(tx, session_id)
    await note(tx, actor, "revoke", "session", session_id)


async def revoke_other_sessions(tx: Tx, actor: Actor) -> int:
    """End all of one's own sessions but this one, and forget the browsers; how many ended."""
    me = await oneself(tx, actor)
    ended = await tx.run(Q.revoke_sessions, member_id=me.id, now=tx.now, but=actor.session_id)
    await tx.run(Q.forget_devices, member_id=me.id)
    say_less(tx, me.id)
    await note(tx, actor, "revoke", "sessions", me.id, {"count": ended})
    return ended


async def begin_own_check(tx: Tx, actor: Actor) -> Try:
    """Count a try to show one's own password again, before something that needs it.

    Raises:
        TooManyTries: too many were wrong.
    """
    me = await oneself(tx, actor)
    buckets = tuple(limits.code_buckets(f"password {me.id}"))
    left = await count(tx, buckets)
    row = await tx.one(Q.credentials_by_id, id=me.id)
    return Try(email_key(me.email), me.id, row.password_hash, buckets, left)


async def passed_own_check(tx: Tx, attempt: Try) -> None:
    """Forget the failures before one's own password was right."""
    await _give_back(tx, attempt.buckets)


async def count(tx: Tx, buckets: tuple[limits.Bucket, ...]) -> int:
    """Count one try in every bucket; how many more are free.

    Raises:
        TooManyTries: one of them has to wait; nothing is counted then.
    """
    known = await _locked(tx, buckets)
    wait_s = max(row.wait_s for row in known.values())
    if wait_s > 0:
        raise TooManyTries(math.ceil(wait_s))
    left = limits.LONGEST_WAIT_S
    for bucket in buckets:
        row = known[bucket.digest]
        failures = limits.failures_now(row.failures, row.last_at, tx.now) + 1
        blocked_to = tx.now + timedelta(seconds=limits.wait_s(bucket, failures))
        await tx.run(Q.count_attempt, bucket=bucket.digest, failures=failures, now=tx.now, blocked_to=blocked_to)
        left = min(left, max(0, bucket.free - failures))
    return left


async def _give_back(tx: Tx, buckets: tuple[limits.Bucket, ...]) -> None:
    """A try that succeeded was no failure. What a place did to other accounts stays counted."""
    await _locked(tx, buckets)
    await tx.run(Q.forget_attempts, buckets=[bucket.digest for bucket in buckets if bucket.own])
    for bucket in buckets:
        if not bucket.own:
            await tx.run(Q.uncount_attempt, bucket=bucket.digest)


async def _locked(tx: Tx, buckets: tuple[limits.Bucket, ...]) -> dict[bytes, Any]:
    rows = await tx.all(Q.attempts, buckets=[bucket.digest for bucket in buckets], now=tx.now)
    return {row.bucket: row for row in rows}
