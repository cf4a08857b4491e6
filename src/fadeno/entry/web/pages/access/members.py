"""Members and invitations."""

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.params import FromPath, FromQuery

from fadeno import access
from fadeno.access import Actor, LastAdmin
from fadeno.db import Tx
from fadeno.entry import door, paging
from fadeno.entry.links import link_seen
from fadeno.entry.web.page import inside
from fadeno.entry.web.pages.access.forms import fields, go
from fadeno.kit.errors import Conflict, Invalid

_MOST = 200


@get("/members", include_in_schema=False)
async def show_members(
    request: Request,
    after: FromQuery[str | None] = None,
    saved: FromQuery[str] = "",
    by: FromQuery[str] = "name",
    down: FromQuery[bool] = False,
) -> Response:
    """Who works here, and who is invited."""
    async with door.opened(request, "see", "members") as (tx, actor):
        by = by if by in access.MEMBER_ORDERS else "name"
        return await _show(request, tx, actor, after=after, saved=saved, by=by, down=down)


@post("/members/invite", include_in_schema=False)
async def invite(request: Request) -> Response:
    """Invite somebody; shows the link this one time."""
    form = await fields(request)
    email, role = form.get("email", ""), form.get("role", "")
    async with door.opened(request, "manage", "members") as (tx, actor):
        try:
            _, token = await access.invite(tx, actor, email, role)
        except (Invalid, Conflict) as error:
            typed = {"email": email, "role": role}
            return await _show(request, tx, actor, status=422, error=error, typed=typed)
        made = link_seen(request, f"/invitation/{token}")
        return await _show(request, tx, actor, made={"kind": "invitation", "link": made, "whose": email})


@post("/members/{member_id:uuid}/role", include_in_schema=False)
async def change_role(request: Request, member_id: FromPath[UUID]) -> Response:
    """Give a member another role."""
    form = await fields(request)
    async with door.opened(request, "manage", "members") as (tx, actor):
        was = (await access.member(tx, actor, member_id)).role
        try:
            await access.set_role(tx, actor, member_id, form.get("role", ""))
        except LastAdmin as error:
            return await _show(request, tx, actor, status=409, error=error)
    return go("/members?" + urlencode({"saved": "role", "member": str(member_id), "was": was}))


@post("/members/{member_id:uuid}/reset", include_in_schema=False)
async def make_reset(request: Request, member_id: FromPath[UUID]) -> Response:
    """Make a link to a new password; shows it this one time."""
    async with door.opened(request, "manage", "members") as (tx, actor):
        token = await access.make_reset(tx, actor, member_id)
        whose = (await access.member(tx, actor, member_id)).name
        made = link_seen(request, f"/reset/{token}")
        return await _show(request, tx, actor, made={"kind": "reset", "link": made, "whose": whose})


@post("/members/{member_id:uuid}/codes-off", include_in_schema=False)
async def clear_codes(request: Request, member_id: FromPath[UUID]) -> Response:
    """Ask a member who lost the phone no more for one-time codes."""
    async with door.opened(request, "manage", "members") as (tx, actor):
        await access.clear_totp(tx, actor, member_id)
    return go("/members?saved=codes")


@post("/members/{member_id:uuid}/remove", include_in_schema=False)
async def remove(request: Request, member_id: FromPath[UUID]) -> Response:
    """End a membership."""
    async with door.opened(request, "manage", "members") as (tx, actor):
        try:
            await access.remove_member(tx, actor, member_id)
        except LastAdmin as error:
            return await _show(request, tx, actor, status=409, error=error)
    return go("/members?saved=removed")


@post("/members/invitations/{invitation_id:uuid}/withdraw", include_in_schema=False)
async def withdraw(request: Request, invitation_id: FromPath[UUID]) -> Response:
    """Withdraw an invitation."""
    async with door.opened(request, "manage", "members") as (tx, actor):
        await access.revoke_invitation(tx, actor, invitation_id)
    return go("/members?saved=withdrawn")


async def _show(
    request: Request, tx: Tx, actor: Actor, *, status: int = 200, after: str | None = None, **context: Any
) -> Response:
    order = {"by": context.get("by", "name"), "down": context.get("down", False)}
    shown, more = paging.cut(await access.members(tx, actor, limit=_MOST + 1, after=after, **order), _MOST)
    return await inside(
        request,
        tx,
        actor,
        "access/members.html",
        status=status,
        members=shown,
        more=more,
        invitations=await access.invitations(tx, actor, limit=_MOST),
        roles=access.ROLES,
        can_manage=access.may(actor, "manage", "members"),
        me_id=actor.id,
        **{"error": None, "typed": {}, "made": None, "saved": "", **order, **context},
    )


routes = [show_members, invite, change_role, make_reset, clear_codes, remove, withdraw]
