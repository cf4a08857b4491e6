"""Becoming a member: the first administrator, an invitation, a new password by a link."""

from litestar import Request, Response, get, post
from litestar.params import FromPath

from fadeno import access
from fadeno.access import AlreadyRuns, LinkSpent
from fadeno.entry import door
from fadeno.entry.web.pages.access.forms import before, check_before, come_in, fields, go, wrong
from fadeno.kit.errors import Conflict, Invalid


@get("/welcome", include_in_schema=False)
async def show_welcome(request: Request) -> Response:
    """The first-run page, only while nobody is a member."""
    async with request.app.state.fadeno.db.transaction() as tx:
        if await access.has_members(tx):
            return go("/sign-in")
    return before(request, "access/welcome.html", error=None, typed={})


@post("/welcome", include_in_schema=False)
async def make_first_admin(request: Request) -> Response:
    """Make the first administrator and let them in."""
    await check_before(request)
    form = await fields(request)
    email, name = form.get("email", ""), form.get("name", "")
    try:
        async with request.app.state.fadeno.db.transaction() as tx:
            member_id = await access.add_first_admin(tx, email, name, form.get("password", ""))
            signed = await access.admit(tx, member_id, door.place(request), by="first run")
    except AlreadyRuns:
        return go("/sign-in")
    except Invalid as error:
        return before(request, "access/welcome.html", status=422, **wrong(error, email=email, name=name))
    return come_in(request, signed, "/")


@get("/invitation/{token:str}", include_in_schema=False)
async def show_invitation(request: Request, token: FromPath[str]) -> Response:
    """What a person is invited to."""
    async with request.app.state.fadeno.db.transaction() as tx:
        invitation = await access.invitation(tx, token)
    if invitation is None:
        raise LinkSpent
    return before(request, "access/invitation.html", invitation=invitation, error=None, typed={})


@post("/invitation/{token:str}", include_in_schema=False)
async def accept_invitation(request: Request, token: FromPath[str]) -> Response:
    """Become a member and come in."""
    await check_before(request)
    form = await fields(request)
    name = form.get("name", "")
    db = request.app.state.fadeno.db
    async with db.transaction() as tx:
        invitation = await access.invitation(tx, token)
    if invitation is None:
        raise LinkSpent
    try:
        async with db.transaction() as tx:
            member_id = await access.accept_invitation(tx, token, name, form.get("password", ""))
            signed = await access.admit(tx, member_id, door.place(request), by="invitation")
    except (Invalid, Conflict) as error:
        shown = wrong(error, name=name)
        return before(request, "access/invitation.html", status=422, invitation=invitation, **shown)
    return come_in(request, signed, "/")


@get("/reset/{token:str}", include_in_schema=False)
async def show_reset(request: Request, token: FromPath[str]) -> Response:
    """Where one sets a new password by a link."""
    async with request.app.state.fadeno.db.transaction() as tx:
        email = await access.reset_for(tx, token)
    if email is None:
        raise LinkSpent
    return before(request, "access/reset.html", email=email, error=None)


@post("/reset/{token:str}", include_in_schema=False)
async def use_reset(request: Request, token: FromPath[str]) -> Response:
    """Set the new password and come in; the one-time code is still asked for."""
    await check_before(request)
    form = await fields(request)
    db = request.app.state.fadeno.db
    async with db.transaction() as tx:
        email = await access.reset_for(tx, token)
    if email is None:
        raise LinkSpent
    try:
        async with db.transaction() as tx:
            member_id = await access.use_reset(tx, token, form.get("password", ""))
            signed = await access.admit(tx, member_id, door.place(request), by="reset link")
    except Invalid as error:
        return before(request, "access/reset.html", status=422, email=email, error=error)
    return come_in(request, signed, "/")


routes = [show_welcome, make_first_admin, show_invitation, accept_invitation, show_reset, use_reset]
