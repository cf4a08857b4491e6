"""Signing in and out."""

from litestar import Request, Response, get, post
from litestar.response import Redirect

from fadeno import access
from fadeno.access import NoMatch, TooManyTries, Unauthenticated
from fadeno.entry import door
from fadeno.entry.web.pages.access.forms import before, check_before, come_in, fields, go, local, wrong


@get("/sign-in", include_in_schema=False)
async def show_sign_in(request: Request) -> Response:
    """The page one signs in on; the first-run page while nobody is a member."""
    onward, done = local(request.query_params.get("next", "/")), request.query_params.get("done", "")
    async with request.app.state.fadeno.db.transaction() as tx:
        if not await access.has_members(tx):
            return go("/welcome")
        token = request.cookies.get(door.COOKIE)
        if token and await access.session_actor(tx, token):
            return go(onward)
    return before(request, "access/sign_in.html", onward=onward, done=done, error=None, typed={})


@post("/sign-in", include_in_schema=False)
async def sign_in(request: Request) -> Response:
    """Let somebody in who knows the password."""
    await check_before(request)
    form = await fields(request)
    email, password, onward = form.get("email", ""), form.get("password", ""), local(form.get("next", "/"))
    db, place = request.app.state.fadeno.db, door.place(request)
    try:
        async with db.transaction() as tx:
            attempt = await access.begin(tx, email, place)
        if not await access.check(attempt, password):
            raise NoMatch(left=attempt.left)
        async with db.transaction() as tx:
            signed = await access.finish(tx, attempt, password, place)
    except (NoMatch, TooManyTries) as error:
        shown = wrong(error, email=email)
        response = before(request, "access/sign_in.html", status=error.status, onward=onward, done="", **shown)
        if isinstance(error, TooManyTries):
            response.headers["retry-after"] = str(error.wait_s)
        return response
    return come_in(request, signed, onward)


@get("/sign-in/code", include_in_schema=False)
async def show_code(request: Request) -> Response:
    """The page one shows the one-time code on."""
    if not request.cookies.get(door.WAITING_COOKIE):
        return go("/sign-in")
    onward = local(request.query_params.get("next", "/"))
    return before(request, "access/code.html", onward=onward, error=None)


@post("/sign-in/code", include_in_schema=False)
async def check_code(request: Request) -> Response:
    """Let somebody in who knows the password and has the code."""
    await check_before(request)
    form = await fields(request)
    waiting, onward = request.cookies.get(door.WAITING_COOKIE), local(form.get("next", "/"))
    if not waiting:
        return go("/sign-in")
    app = request.app.state.fadeno
    try:
        async with app.db.transaction() as tx:
            code = form.get("code", "")
            signed = await access.show_code(tx, waiting, app.vault, code, door.place(request))
    except Unauthenticated:
        return go("/sign-in?done=late")
    except TooManyTries as error:
        response = before(request, "access/code.html", status=429, onward=onward, error=error)
        response.headers["retry-after"] = str(error.wait_s)
        return response
    if signed is None:
        return before(request, "access/code.html", status=401, onward=onward, error=NoMatch())
    return come_in(request, signed, onward)


@post("/sign-out", include_in_schema=False)
async def sign_out(request: Request) -> Redirect:
    """End this session."""
    try:
        async with door.entered(request) as (tx, actor):
            await access.sign_out(tx, actor)
    except Unauthenticated:
        pass
    response = go("/sign-in?done=out")
    response.set_cookie(**door.cookie(request, door.COOKIE, "", days=0))
    return response


routes = [show_sign_in, sign_in, show_code, check_code, sign_out]
