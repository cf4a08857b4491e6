"""Who becomes a member, with which role, and who is no longer one."""

from typing import Any
from uuid import UUID

from fadeno.access import passwords
from fadeno.access.actions.trail import note
from fadeno.access.limits import account_buckets
from fadeno.access.model import (
    DENSITIES,
    LINK_LIFE,
    RESET_LIFE,
    SYSTEM,
    THEMES,
    Actor,
    AlreadyRuns,
    Forbidden,
    LastAdmin,
    LinkSpent,
    Member,
    checked_email,
    checked_language,
    checked_name,
    checked_role,
    checked_zone,
    digest,
    email_key,
    new_token,
    require,
)
from fadeno.access.reads import has_members, member
from fadeno.access.store import Q
from fadeno.access.word import say_less
from fadeno.db import Tx
from fadeno.kit import ids
from fadeno.kit.errors import Conflict, Invalid, NotFound

_FIRST = "first run"


async def add_member(tx: Tx, actor: Actor, email: str, name: str, role: str, password: str) -> UUID:
    """Make somebody a member with a password.

    Raises:
        Forbidden: the actor may not manage members.
        Invalid: e-mail, name, role or password can't be used.
        Conflict: there is a member with this e-mail.
    """
    require(actor, "manage", "members")
    return await _add(tx, actor, email, name, role, password)


async def add_first_admin(tx: Tx, email: str, name: str, password: str) -> UUID:
    """Make the first administrator, only while nobody is a member; of two at once one wins.

    Raises:
        AlreadyRuns: there are members.
    """
    if await has_members(tx):
        raise AlreadyRuns
    return await _add(tx, SYSTEM, email, name, "admin", password, how=_FIRST)


async def _add(tx: Tx, actor: Actor, email: str, name: str, role: str, password: str, *, how: str = "added") -> UUID:
    email, role = checked_email(email), checked_role(role)
    name = checked_name(name, default=email.partition("@")[0])
    passwords.check_password(password, email, name)
    kept = await passwords.hashed(password)
    await tx.run(Q.lock_members)
    if how == _FIRST and await has_members(tx):
        raise AlreadyRuns
    member_id = ids.new_id()
    added = await tx.run(
        Q.add_member,
        id=member_id,
        email=email,
        email_key=email_key(email),
        name=name,
        role=role,
        password_hash=kept,
        now=tx.now,
    )
    if not added:
        raise Conflict("There is a member with this e-mail.", field="email", word="member_exists")
    who = Actor("member", member_id, name, role) if actor is SYSTEM else actor
    await note(tx, who, "create", "member", member_id, {"role": role, "how": how})
    return member_id


async def set_role(tx: Tx, actor: Actor, member_id: UUID, role: str) -> None:
    """Give a member another role.

    Raises:
        LastAdmin: nobody else is an administrator.
    """
    require(actor, "manage", "members")
    role = checked_role(role)
    await tx.run(Q.lock_members)
    before = await member(tx, actor, member_id)
    if before.role == role:
        return
    if before.role == "admin":
        await _keep_one_admin(tx)
    await tx.run(Q.set_role, id=member_id, role=role)
    say_less(tx, member_id)
    await note(tx, actor, "change", "member", member_id, {"role": [before.role, role]})


async def remove_member(tx: Tx, actor: Actor, member_id: UUID) -> None:
    """Take a member out and end all sessions, links and known browsers of theirs at once.

    Raises:
        LastAdmin: nobody else is an administrator.
    """
    require(actor, "manage", "members")
    await tx.run(Q.lock_members)
    before = await member(tx, actor, member_id)
    if before.role == "admin":
        await _keep_one_admin(tx)
    await tx.run(Q.remove_member, id=member_id, now=tx.now)
    await _end_ways_in(tx, member_id)
    await tx.run(Q.forget_recovery_codes, member_id=member_id)
    await note(tx, actor, "remove", "member", member_id, {"role": before.role})


async def _keep_one_admin(tx: Tx) -> None:
    if await tx.value(Q.count_admins) < 2:
        raise LastAdmin


async def _end_ways_in(tx: Tx, member_id: UUID, but: UUID | None = None) -> None:
    await tx.run(Q.revoke_sessions, member_id=member_id, now=tx.now, but=but)
    await tx.run(Q.end_resets, member_id=member_id, now=tx.now)
    await tx.run(Q.forget_devices, member_id=member_id)
    say_less(tx, member_id)


async def invite(tx: Tx, actor: Actor, email: str, role: str) -> tuple[UUID, str]:
    """Make a link by which this person becomes a member, once, within a week; it replaces earlier ones.

    Raises:
        Conflict: the person is a member already.
    """
    require(actor, "manage", "members")
    email, role = checked_email(email), checked_role(role)
    if await tx.maybe(Q.credentials, email_key=email_key(email)):
        raise Conflict("There is a member with this e-mail.", field="email", word="member_exists")
    await tx.run(Q.revoke_invitations, email=email, now=tx.now)
    invitation_id, token = ids.new_id(), new_token()
    await tx.run(
        Q.add_invitation,
        id=invitation_id,
        token_hash=digest(token),
        email=email,
        role=role,
        made_by=actor.name,
        now=tx.now,
        ends_at=tx.now + LINK_LIFE,
    )
    await note(tx, actor, "create", "invitation", invitation_id, {"role": role})
    return invitation_id, token


async def revoke_invitation(tx: Tx, actor: Actor, invitation_id: UUID) -> None:
    """Withdraw an invitation.

    Raises:
        NotFound: there is none open by this id.
    """
    require(actor, "manage", "members")
    if not await tx.run(Q.revoke_invitation, id=invitation_id, now=tx.now):
        raise NotFound("There is no such open invitation.", word="no_invitation")
    await note(tx, actor, "revoke", "invitation", invitation_id)


async def accept_invitation(tx: Tx, token: str, name: str, password: str) -> UUID:
    """Become a member by a link.

    Raises:
        LinkSpent: used, withdrawn or too old.
    """
    taken = await tx.maybe(Q.take_invitation, token_hash=digest(token), now=tx.now)
    if taken is None:
        raise LinkSpent
    return await _add(tx, SYSTEM, taken.email, name, taken.role, password, how="invited")


async def make_reset(tx: Tx, actor: Actor, member_id: UUID) -> str:
    """Make a link by which a member sets a new password, once, within a day; it replaces earlier ones."""
    require(actor, "manage", "members")
    await member(tx, actor, member_id)
    await tx.run(Q.end_resets, member_id=member_id, now=tx.now)
    token = new_token()
    await tx.run(
        Q.add_reset,
        id=ids.new_id(),
        token_hash=digest(token),
        member_id=member_id,
        made_by=actor.name,
        now=tx.now,
        ends_at=tx.now + RESET_LIFE,
    )
    await note(tx, actor, "create", "reset link", member_id)
    return token


async def use_reset(tx: Tx, token: str, password: str) -> UUID:
    """Set a new password by a link; every session ends and waits after failed tries are lifted.

    Raises:
        LinkSpent: used or too old.
    """
    row = await tx.maybe(Q.reset_member, token_hash=digest(token), now=tx.now)
    if row is None:
        raise LinkSpent
    passwords.check_password(password, row.email, row.name)
    kept = await passwords.hashed(password)
    if not await tx.run(Q.take_reset, token_hash=digest(token), now=tx.now):
        raise LinkSpent
    await tx.run(Q.set_password, id=row.id, password_hash=kept)
    await _end_ways_in(tx, row.id)
    buckets = [bucket.digest for bucket in account_buckets(email_key(row.email))]
    await tx.run(Q.forget_attempts, buckets=buckets)
    who = Actor("member", row.id, row.name, row.role)
    await note(tx, who, "change", "password", row.id, {"how": "reset link"})
    return row.id


async def change_password(tx: Tx, actor: Actor, password: str) -> None:
    """Set one's own password, after the old one was checked; every other session ends."""
    me = await oneself(tx, actor)
    passwords.check_password(password, me.email, me.name)
    await tx.run(Q.set_password, id=me.id, password_hash=await passwords.hashed(password))
    await _end_ways_in(tx, me.id, but=actor.session_id)
    await note(tx, actor, "change", "password", me.id, {"how": "by oneself"})


async def set_preferences(tx: Tx, actor: Actor, **wanted: Any) -> None:
    """How one wants to be called and to see fadeno: name, zone, density, theme, language, and what `Member` says more.

    Raises:
        Invalid: a value that isn't among the choices.
    """
    me = await oneself(tx, actor)
    density, theme = wanted.get("density", me.density), wanted.get("theme", me.theme)
    if density not in DENSITIES:
        raise Invalid(f"Choose one of: {', '.join(DENSITIES)}.", field="density", word="bad_choice")
    if theme not in THEMES:
        raise Invalid(f"Choose one of: {', '.join(THEMES)}.", field="theme", word="bad_choice")
    name = checked_name(wanted.get("name", me.name), default=me.name)
    zone = checked_zone(wanted.get("zone", me.zone))
    await tx.run(
        Q.set_preferences,
        id=me.id,
        name=name,
        zone=zone,
        density=density,
        theme=theme,
        language=checked_language(wanted.get("language", me.language)),
        single_keys=bool(wanted.get("single_keys", me.single_keys)),
        begin_closed=bool(wanted.get("begin_closed", me.begin_closed)),
    )


async def oneself(tx: Tx, actor: Actor) -> Member:
    """The member who acts.

    Raises:
        Forbidden: a machine has no account of its own.
    """
    if actor.kind != "member" or actor.id is None:
        raise Forbidden("Only a member signed in has an account.", word="only_members")
    return await member(tx, actor, actor.id)
