"""One-time codes (TOTP, RFC 6238) beside the password, and recovery codes for when the phone is lost."""

import secrets
from datetime import datetime
from uuid import UUID

import pyotp

from fadeno.access import limits
from fadeno.access.actions.members import oneself
from fadeno.access.actions.signing_in import Place, SignedIn, count, enter
from fadeno.access.actions.trail import note
from fadeno.access.model import RECOVERY_CODES, STEP_S, Actor, Member, Unauthenticated, digest, require, same
from fadeno.access.reads import member
from fadeno.access.store import Q
from fadeno.db import Tx
from fadeno.kit.errors import Conflict
from fadeno.kit.seal import Seal

_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"


async def begin_totp(tx: Tx, actor: Actor, vault: Seal) -> tuple[str, str]:
    """Make a secret for one-time codes; codes are asked for only after `confirm_totp`.

    Gives the secret and the address an authenticator app reads from the QR code.

    Raises:
        Conflict: codes are asked for already.
    """
    me = await oneself(tx, actor)
    if me.totp_on:
        raise Conflict("One-time codes are on already.", word="codes_on")
    secret = pyotp.random_base32()
    await tx.run(Q.keep_totp, id=me.id, sealed=vault.seal(secret.encode(), _about(me.id)))
    return secret, _address(secret, me)


async def pending_totp(tx: Tx, actor: Actor, vault: Seal) -> tuple[str, str] | None:
    """The secret begun and not confirmed yet, as `begin_totp` gave it; None if there is none."""
    me = await oneself(tx, actor)
    row = await tx.one(Q.totp, id=me.id)
    if me.totp_on or row.totp_sealed is None:
        return None
    secret = vault.open(row.totp_sealed, _about(me.id)).decode()
    return secret, _address(secret, me)


def _address(secret: str, me: Member) -> str:
    return pyotp.TOTP(secret).provisioning_uri(name=me.email, issuer_name="fadeno")


async def confirm_totp(tx: Tx, actor: Actor, vault: Seal, code: str) -> list[str] | None:
    """Ask for one-time codes from now on, if this one is right; gives the recovery codes, shown once.

    None if the code is wrong.
    """
    me = await oneself(tx, actor)
    await count(tx, tuple(limits.code_buckets(str(me.id))))
    if me.totp_on or not await _take_code(tx, me.id, vault, code):
        return None
    await tx.run(Q.totp_on, id=me.id)
    await _forgive(tx, me.id)
    await note(tx, actor, "change", "one-time codes", me.id, {"on": True})
    return await _new_recovery_codes(tx, me.id)


async def renew_recovery_codes(tx: Tx, actor: Actor) -> list[str]:
    """Replace one's recovery codes, after the password was checked."""
    me = await oneself(tx, actor)
    if not me.totp_on:
        raise Conflict("One-time codes are off.", word="codes_off")
    await note(tx, actor, "change", "recovery codes", me.id)
    return await _new_recovery_codes(tx, me.id)


async def clear_totp(tx: Tx, actor: Actor, member_id: UUID) -> None:
    """Ask no more for one-time codes: one's own after the password was checked, or those a member lost."""
    if actor.id != member_id:
        require(actor, "manage", "members")
    await member(tx, actor, member_id)
    await tx.run(Q.totp_off, id=member_id)
    await tx.run(Q.forget_recovery_codes, member_id=member_id)
    await note(tx, actor, "change", "one-time codes", member_id, {"on": False})


async def show_code(tx: Tx, waiting_token: str, vault: Seal, code: str, place: Place) -> SignedIn | None:
    """Finish signing in with a one-time or recovery code; None if it isn't one, or was used before.

    The try stays counted when the caller commits, so a wrong code is an answer and not an exception.

    Raises:
        Unauthenticated: the password has to be given again.
        TooManyTries: too many wrong codes.
    """
    row = await tx.maybe(Q.waiting_member, token_hash=digest(waiting_token), now=tx.now)
    if row is None:
        raise Unauthenticated("That took too long. Sign in again.", word="took_too_long")
    await count(tx, tuple(limits.code_buckets(str(row.id))))
    who = Actor("member", row.id, row.name, row.role)
    by = "code"
    if not await _take_code(tx, row.id, vault, code):
        if not await tx.run(Q.take_recovery_code, member_id=row.id, hash=_recovery_hash(code), now=tx.now):
            return None
        by = "recovery code"
        await note(tx, who, "use", "recovery code", row.id)
    await _forgive(tx, row.id)
    await tx.run(Q.revoke_waiting, id=row.session_id, now=tx.now)
    return await enter(tx, row.id, place, by=by)


async def _take_code(tx: Tx, member_id: UUID, vault: Seal, code: str) -> bool:
    row = await tx.maybe(Q.totp, id=member_id)
    if row is None or row.totp_sealed is None:
        return False
    step = step_of(vault.open(row.totp_sealed, _about(member_id)).decode(), code, tx.now)
    return step is not None and await tx.run(Q.take_totp_step, id=member_id, step=step) == 1


def step_of(secret: str, code: str, now: datetime) -> int | None:
    """The 30-second step a code stands for, one step of clock difference allowed; None if it is wrong."""
    typed = "".join(code.split())
    if len(typed) != 6 or not typed.isascii() or not typed.isdigit():
        return None
    totp, present = pyotp.TOTP(secret), int(now.timestamp()) // STEP_S
    found = None
    for step in (present - 1, present, present + 1):
        if same(totp.generate_otp(step), typed):
            found = step
    return found


async def _new_recovery_codes(tx: Tx, member_id: UUID) -> list[str]:
    codes = ["-".join(_letters(5) for _ in range(2)) for _ in range(RECOVERY_CODES)]
    await tx.run(Q.forget_recovery_codes, member_id=member_id)
    await tx.run(Q.add_recovery_codes, member_id=member_id, hashes=[_recovery_hash(code) for code in codes])
    return codes


async def _forgive(tx: Tx, member_id: UUID) -> None:
    await tx.run(Q.forget_attempts, buckets=[b.digest for b in limits.code_buckets(str(member_id))])


def _letters(n: int) -> str:
    return "".join(secrets.choice(_LETTERS) for _ in range(n))


def _recovery_hash(code: str) -> bytes:
    return digest("".join(ch for ch in code.casefold() if ch.isalnum()))


def _about(member_id: UUID) -> str:
    return f"access.member.totp:{member_id}"
