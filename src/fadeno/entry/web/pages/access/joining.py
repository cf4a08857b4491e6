"""Becoming a member: the first administrator, an invitation, a new password by a link."""

from litestar import Request, Response, get, post
from litestar.params import FromPath

from fadeno import access
from fadeno.access import AlreadyRuns, LinkSpent, SetUpLinkNeeded, TooManyTries
from fadeno.entry import door
from fadeno.entry.web.pages.access.forms import before, check_before, come_in, fields, go, wrong
from fadeno.kit.errors import Conflict, Invalid


@get("/welcome", include_in_schema=False)
async def show_welcome(request: Request) -> Response:
    """The first-run page, only while nobody is a member."""
    if await _is_over(request):
        return go("/sign-in")
    token = _pasted(request.query_params.get("token", ""))
    try:
        await _demand_right(request, token)
    except (SetUpLinkNeeded, TooManyTries) as error:
        return before(request, "access/first_link.html", status=error.status, tried=bool(token), error=error)
    return before(request, "access/welcome.html", error=None, typed={"token": token})


@post("/welcome", include_in_schema=False)
async def make_first_admin(request: Request) -> Response:
    """Make the first administrator and let them in."""
    await check_before(request)
    form = await fields(request)
    email, name, token = form.get("email", ""), form.get("name", ""), form.get("token", "")
    if await _is_over(request):
        return go("/sign-in")
    try:
        by = await _demand_right(request, token)
        async with request.app.state.fadeno.db.transaction() as tx:
            member_id = await access.add_first_admin(tx, email, name, form.get("password", ""))
            signed = await access.admit(tx, member_id, door.place(request), by=by)
    except AlreadyRuns:
        return go("/sign-in")
    except (SetUpLinkNeeded, TooManyTries) as error:
        return before(request, "access/first_link.html", status=error.status, tried=bool(token), error=error)
    except Invalid as error:
        shown = wrong(error, email=email, name=name, token=token)
        return before(request, "access/welcome.html", status=422, **shown)
    return come_in(request, signed, "/")


async def _is_over(request: Request) -> bool:
    async with request.app.state.fadeno.db.transaction() as tx:
        return await access.has_members(tx)


async def _demand_right(request: Request, token: str) -> str:
    """See that this visitor may make the first administrator; in what right they do.

    Raises:
        SetUpLinkNeeded: they come from elsewhere without the right link.
        TooManyTries: with too many wrong ones.
    """
    if door.is_this_machine(request):
        return "first run on this machine"
    app = request.app.state.fadeno
    if token and access.is_set_up_token(token, app.settings.secret_key):
        return "set-up link"
    if token:
        async with app.db.transaction() as tx:
            await access.count_set_up_try(tx, door.place(request))
    raise SetUpLinkNeeded


def _pasted(token: str) -> str:
    """The token alone, where somebody pasted the whole link."""
    return token.rpartition("token=")[2].strip()


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
