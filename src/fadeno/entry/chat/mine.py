"""The customer's own view: what came through addresses they have proven, whatever the channel, and going on there."""

from dataclasses import dataclass
from datetime import timedelta
from itertools import groupby
from typing import Annotated, Any
from urllib.parse import parse_qs
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.params import FromPath, QueryParameter
from litestar.response import Redirect, Stream

from fadeno import channels, chats, conversations, files, switchboard
from fadeno.app import App
from fadeno.chats import MAILED, NotYours, Pass, Token, Viewer
from fadeno.db import Tx
from fadeno.entry import attached, door
from fadeno.entry.chat import frame, limits, showing, talking
from fadeno.entry.web import page, words
from fadeno.entry.web.channels import ICONS, family, icon
from fadeno.kit import clock, ids
from fadeno.kit.errors import Invalid
from fadeno.switchboard import Account

COOKIE = "fadeno_my"
DAYS = 30
SEE_OTHER = 303
Before = Annotated[int | None, QueryParameter(ge=1)]


@dataclass(frozen=True, slots=True)
class _Own:
    """Whoever came by a mailed link."""

    link: str
    mailed: Pass
    viewer: Viewer
    account: Account | None


@get("/my/{link:str}")
async def come(request: Request, link: FromPath[str]) -> Response[Any]:
    """Open a mailed link: it is kept in the browser and leaves the address bar."""
    page.hear(request)
    await _counted(request)
    async with _app(request).db.transaction() as tx:
        await _own(request, tx, link)
    answer: Response[Any] = Redirect("/my", status_code=SEE_OTHER)
    answer.set_cookie(**door.cookie(request, COOKIE, link, days=DAYS))
    answer.headers["referrer-policy"] = "no-referrer"
    return answer


@get("/my")
async def see(request: Request, before: Before = None) -> Response[Any]:
    """What was said, or the way in."""
    page.hear(request)
    link = request.cookies.get(COOKIE, "")
    if not link:
        return page.render(request, "mine/ask.html", done=False, error=None, typed="")
    async with _app(request).db.transaction() as tx:
        try:
            own = await _own(request, tx, link)
        except (NotYours, chats.PassOver) as over:
            answer = page.render(request, "mine/ask.html", status=over.status, done=False, error=over, typed="")
            answer.delete_cookie(COOKIE, path="/")
            return answer
        return await _shown(request, tx, own, before)


@post("/my", status_code=200)
async def write(request: Request) -> Response[Any]:
    """Go on: what is written goes into the same case, from where the widget would have sent it."""
    page.hear(request)
    app, link = _app(request), request.cookies.get(COOKIE, "")
    await door.check_form(request, link or "-")
    said = await _form(request)
    async with app.db.transaction() as tx:
        own = await _own(request, tx, link)
    if own.account is None:
        raise Invalid("Answer by e-mail: nobody takes messages here now.", field="text", word="chat_refused")
    token = Token(own.account.id, own.mailed.id)
    frame.let(request, "message", limits.MESSAGES, own.account, token)
    written = talking.Writing(said.get("id") or str(ids.new_id()), said.get("text", ""), language=words.spoken())
    await app.db.retrying(lambda tx: chats.prove_mail(tx, own.account, token, own.mailed.id))
    await talking.take_in(app, own.account, token, written)
    return Redirect("/my", status_code=SEE_OTHER)


@post("/my/link", status_code=200)
async def ask(request: Request) -> Response[Any]:
    """Mail a link to whoever asks; what is answered does not tell whether we know the address."""
    page.hear(request)
    if request.headers.get("sec-fetch-site") in ("cross-site", "same-site"):
        raise NotYours
    await _counted(request)
    app, email = _app(request), (await _form(request)).get("email", "").strip()[:254]
    await app.db.retrying(lambda tx: chats.ask_link(tx, email, words.spoken()))
    return page.render(request, "mine/ask.html", done=True, error=None, typed=email)


@post("/my/rating", status_code=200)
async def rate(request: Request) -> Response[Any]:
    """Keep how content the customer was with a case of theirs."""
    page.hear(request)
    link = request.cookies.get(COOKIE, "")
    await door.check_form(request, link or "-")
    said = await _form(request)
    async with _app(request).db.transaction() as tx:
        own = await _own(request, tx, link)
        try:
            case_id, stars = UUID(said.get("case", "")), int(said.get("stars", ""))
        except ValueError:
            raise Invalid("Rate it from 1 to 5.", field="stars", word="bad_choice") from None
        await chats.rate(tx, own.viewer, case_id, stars, "web")
    return Redirect("/my", status_code=SEE_OTHER)


@post("/my/leave", status_code=200)
async def leave(request: Request) -> Response[Any]:
    """Leave this browser, and let no link mailed before open anything any more."""
    page.hear(request)
    link = request.cookies.get(COOKIE, "")
    await door.check_form(request, link or "-")
    async with _app(request).db.transaction() as tx:
        own = await _own(request, tx, link)
        await chats.revoke_passes(tx, own.mailed.address_id)
    answer: Response[Any] = Redirect("/my", status_code=SEE_OTHER)
    answer.delete_cookie(COOKIE, path="/")
    return answer


@get("/my/files/{key:str}/{name:str}")
async def give(request: Request, key: FromPath[str], name: FromPath[str]) -> Stream:
    """A file of a message, by an address only its reader was told."""
    app = _app(request)
    today: Any = clock.now().date()
    for day in (today, today - timedelta(days=1)):
        try:
            id = chats.read_id(frame.kept(app).key, "file", key, day)
            break
        except NotYours:
            continue
    else:
        raise files.NoAttachment
    async with app.db.transaction() as tx:
        found = await files.attachment(tx, id)
    return attached.given(app.shelf, found)


# What stands behind ----------------------------------------------------------------------------------------------


def _app(request: Request) -> App:
    return request.app.state.fadeno


async def _counted(request: Request) -> None:
    who = {"network": limits.network(door.address(request))}
    frame.kept(_app(request)).flood.let("link", limits.LINKS, **who)


async def _own(request: Request, tx: Tx, link: str) -> _Own:
    """Whoever brings this link.

    Raises:
        NotYours, PassOver: it opens nothing.
    """
    app = _app(request)
    mailed = await chats.passed(tx, chats.read_id(frame.kept(app).key, MAILED, link))
    viewer = await chats.viewer_of_mail(tx, mailed.id, mailed.address_id)
    there = [one for one in await switchboard.accounts(tx) if one.is_on]
    spoken = [one for one in there if channels.adapter(one.channel).label.family == frame.FAMILY]
    return _Own(link, mailed, viewer, next(iter(spoken), None))


async def _form(request: Request) -> dict[str, str]:
    raw = await request.body()
    if len(raw) > 65_536:
        raise frame.TooLarge
    return {name: values[0] for name, values in parse_qs(raw.decode("utf-8", "replace")).items()}


async def _shown(request: Request, tx: Tx, own: _Own, before: int | None) -> Response[Any]:
    said = await showing.page(tx, frame.kept(_app(request)).key, own.viewer, before=before)
    unread = [one.id for one in said.messages if one.is_ours and one.state != "read"]
    for id in await chats.waiting(tx, own.viewer, unread):
        await conversations.fared(tx, id, "read")
    local = page.times(request, page.Look()).local
    days = [(day, list(some)) for day, some in groupby(said.messages, lambda one: local(one.at).date())]
    chat = await chats.chat(tx, own.mailed.chat_id) if own.mailed.chat_id else None
    back = f"{chat.page.partition('#')[0]}#fadeno-chat={own.link}" if chat and chat.page else ""
    answer = page.render(
        request, "mine/view.html", days=days, before=said.before, to_rate=said.to_rate,
        can_write=own.account is not None, back=back,
        token=door.form_token(own.link), message_id=str(ids.new_id()), family=family, icon=icon, icons=ICONS,
    )  # fmt: skip
    answer.headers["referrer-policy"] = "no-referrer"
    return answer


routes = [come, see, write, ask, rate, leave, give]
