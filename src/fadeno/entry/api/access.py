"""Members, invitations, keys, one's own sessions and the audit trail over the API."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from litestar import Request, delete, get, patch, post
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath, FromQuery, JSONBody
from litestar.status_codes import HTTP_201_CREATED

from fadeno import access, sources
from fadeno.access import Asked, Member
from fadeno.entry import paging
from fadeno.entry.door import entered, opened
from fadeno.entry.links import link_seen
from fadeno.kit.errors import Invalid

Read = Callable[..., Awaitable[Sequence[Any]]]


class NewMember(msgspec.Struct, forbid_unknown_fields=True):
    """Somebody to be a member at once, with a password you tell them."""

    email: str
    role: str
    password: str
    name: str = ""


class MemberChange(msgspec.Struct, forbid_unknown_fields=True):
    """What is to be different about a member."""

    role: str


class NewInvitation(msgspec.Struct, forbid_unknown_fields=True):
    """Somebody to be invited."""

    email: str
    role: str


class NewKey(msgspec.Struct, forbid_unknown_fields=True):
    """A key to be made; a collecting one names its source."""

    name: str
    scope: str
    source: str | None = None


class OneTimeLink(msgspec.Struct):
    """A link that works once; it can't be read again."""

    id: UUID
    link: str


class MadeKey(msgspec.Struct):
    """A key, in full this once."""

    id: UUID
    key: str


async def _listed(request: Request, what: str, read: Read, limit: int, **asked: Any) -> dict[str, Any]:
    """A page of what `read` finds, for who may see it."""
    async with opened(request, "see", what) as (tx, actor):
        return paging.answer(await read(tx, actor, limit=paging.checked(limit) + 1, **asked), limit)


# Members ---------------------------------------------------------------------------------------------------------


@get("/api/members", summary="Who works here")
async def list_members(
    request: Request, limit: FromQuery[int] = 50, after: FromQuery[str | None] = None
) -> dict[str, Any]:
    """Who works here, by name."""
    return await _listed(request, "members", access.members, limit, after=after)


@post("/api/members", summary="Make somebody a member")
async def add_member(request: Request, data: JSONBody[NewMember]) -> Member:
    """Make somebody a member at once; an invitation lets them choose their password themselves."""
    async with opened(request, "manage", "members") as (tx, actor):
        member_id = await access.add_member(tx, actor, data.email, data.name, data.role, data.password)
        return await access.member(tx, actor, member_id)


@get("/api/members/me", summary="Who I am")
async def show_me(request: Request) -> dict[str, Any]:
    """Who acts with this session or key, and what they may do."""
    async with entered(request) as (_, actor):
        rights = [f"{verb} {what}" for verb, what in access.PERMISSIONS if access.may(actor, verb, what)]
        return {
            "kind": actor.kind,
            "id": actor.id,
            "name": actor.name,
            "role": actor.role,
            "scope": actor.scope,
            "source_id": actor.source_id,
            "may": rights,
        }


@get("/api/members/{member_id:uuid}", summary="One member")
async def show_member(request: Request, member_id: FromPath[UUID]) -> Member:
    """One member."""
    async with opened(request, "see", "members") as (tx, actor):
        return await access.member(tx, actor, member_id)


@patch("/api/members/{member_id:uuid}", summary="Give a member another role")
async def change_member(request: Request, member_id: FromPath[UUID], data: JSONBody[MemberChange]) -> Member:
    """Give a member another role; it counts at once."""
    async with opened(request, "manage", "members") as (tx, actor):
        await access.set_role(tx, actor, member_id, data.role)
        return await access.member(tx, actor, member_id)


@delete("/api/members/{member_id:uuid}", summary="End a membership")
async def remove_member(request: Request, member_id: FromPath[UUID]) -> None:
    """End a membership and every session of it at once."""
    async with opened(request, "manage", "members") as (tx, actor):
        await access.remove_member(tx, actor, member_id)


@post("/api/members/{member_id:uuid}/reset", summary="Make a link to a new password")
async def reset_member(request: Request, member_id: FromPath[UUID]) -> OneTimeLink:
    """Make a link by which the member sets a new password, once, within a day."""
    async with opened(request, "manage", "members") as (tx, actor):
        token = await access.make_reset(tx, actor, member_id)
        return OneTimeLink(member_id, link_seen(request, f"/reset/{token}"))


@delete("/api/members/{member_id:uuid}/codes", summary="Ask no more for one-time codes")
async def clear_codes(request: Request, member_id: FromPath[UUID]) -> None:
    """Ask a member who lost the phone no more for one-time codes."""
    async with opened(request, "manage", "members") as (tx, actor):
        await access.clear_totp(tx, actor, member_id)


# Invitations -----------------------------------------------------------------------------------------------------


@get("/api/invitations", summary="Open invitations")
async def list_invitations(
    request: Request, limit: FromQuery[int] = 50, after: FromQuery[str | None] = None
) -> dict[str, Any]:
    """Invitations that can still be accepted, latest first."""
    return await _listed(request, "members", access.invitations, limit, after=after)


@post("/api/invitations", summary="Invite somebody")
async def invite(request: Request, data: JSONBody[NewInvitation]) -> OneTimeLink:
    """Make a link by which somebody becomes a member, once, within a week; hand it to them yourself."""
    async with opened(request, "manage", "members") as (tx, actor):
        invitation_id, token = await access.invite(tx, actor, data.email, data.role)
        return OneTimeLink(invitation_id, link_seen(request, f"/invitation/{token}"))


@delete("/api/invitations/{invitation_id:uuid}", summary="Withdraw an invitation")
async def revoke_invitation(request: Request, invitation_id: FromPath[UUID]) -> None:
    """Withdraw an invitation."""
    async with opened(request, "manage", "members") as (tx, actor):
        await access.revoke_invitation(tx, actor, invitation_id)


# Keys ------------------------------------------------------------------------------------------------------------


@get("/api/keys", summary="Keys of machines")
async def list_keys(
    request: Request, limit: FromQuery[int] = 50, after: FromQuery[str | None] = None
) -> dict[str, Any]:
    """Keys of machines, latest first, revoked ones too; never the secret part."""
    return await _listed(request, "keys", access.keys, limit, after=after)


@post("/api/keys", summary="Make a key", status_code=HTTP_201_CREATED)
async def create_key(request: Request, data: JSONBody[NewKey]) -> MadeKey:
    """Make a key; this answer is the only place it stands in full."""
    async with opened(request, "manage", "keys") as (tx, actor):
        source_id = (await sources.by_name(tx, data.source)).id if data.source else None
        plain = await access.create_key(tx, actor, data.name, data.scope, source_id)
        made = await access.key_actor(tx, plain)
        if made is None or made.id is None:
            raise LookupError("the key just made")
        return MadeKey(made.id, plain)


@delete("/api/keys/{key_id:uuid}", summary="Revoke a key")
async def revoke_key(request: Request, key_id: FromPath[UUID]) -> None:
    """Refuse a key from now on."""
    async with opened(request, "manage", "keys") as (tx, actor):
        await access.revoke_key(tx, actor, key_id)


# One's own sessions ----------------------------------------------------------------------------------------------


@get("/api/sessions", summary="Where I am signed in")
async def list_sessions(request: Request) -> dict[str, Any]:
    """Where one is signed in, latest first; `here` marks the session that asks."""
    async with entered(request) as (tx, actor):
        me = await access.oneself(tx, actor)
        found = await access.sessions(tx, me.id)
        items = [msgspec.to_builtins(s, builtin_types=(UUID, datetime)) for s in found]
        return {"items": [{**item, "here": item["id"] == actor.session_id} for item in items], "next": None}


@delete("/api/sessions/{session_id:uuid}", summary="End one of my sessions")
async def revoke_session(request: Request, session_id: FromPath[UUID]) -> None:
    """End one of one's own sessions."""
    async with entered(request) as (tx, actor):
        await access.revoke_session(tx, actor, session_id)


# Audit -----------------------------------------------------------------------------------------------------------


def _asked(
    q: FromQuery[str] = "",
    actor: FromQuery[str] = "",
    verb: FromQuery[str] = "",
    kind: FromQuery[str] = "",
    object_id: FromQuery[str] = "",
    since: FromQuery[datetime | None] = None,
    until: FromQuery[datetime | None] = None,
) -> Asked:
    return Asked(q, actor, verb, kind, object_id, _aware(since, "since"), _aware(until, "until"))


@get(
    "/api/audit",
    summary="Who saw or changed what",
    dependencies={"asked": Provide(_asked, sync_to_thread=False)},
)
async def list_audit(
    request: Request, asked: NamedDependency[Asked], limit: FromQuery[int] = 50, before: FromQuery[str | None] = None
) -> dict[str, Any]:
    """Who saw or changed what, latest first; `q` finds lines by the beginnings of their words."""
    return await _listed(request, "audit", access.audit, limit, asked=asked, before=before)


def _aware(moment: datetime | None, field: str) -> datetime | None:
    if moment is not None and moment.tzinfo is None:
        raise Invalid("Give a time with its offset, as 2026-11-23T09:00:00Z.", field=field)
    if moment is not None and not 1970 <= moment.year <= 9998:  # beyond that an offset leaves the calendar
        raise Invalid("Give a time since 1970.", field=field)
    return moment


routes = [
    list_members,
    add_member,
    show_me,
    show_member,
    change_member,
    remove_member,
    reset_member,
    clear_codes,
    list_invitations,
    invite,
    revoke_invitation,
    list_keys,
    create_key,
    revoke_key,
    list_sessions,
    revoke_session,
    list_audit,
]
