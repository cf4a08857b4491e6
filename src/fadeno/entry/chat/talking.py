"""The chat's doors: beginning, writing, reading, saying how far one has read."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

import msgspec
from litestar import Request, get, post
from litestar.params import FromPath, QueryParameter

from fadeno import app as house
from fadeno import channels, chats, content, conversations, files, switchboard
from fadeno.app import App
from fadeno.channels.adapters import webchat
from fadeno.chats import MAILED, NOBODY, Token
from fadeno.entry.chat import frame, limits, showing
from fadeno.kit import clock, ids
from fadeno.kit.addresses import BadAddress
from fadeno.kit.errors import Invalid
from fadeno.switchboard import Account

Before = Annotated[int | None, QueryParameter(ge=1)]
WAITING = "waiting"  # the room under which files lie until the message comes that names them
MOST_SEEN = 100


class Beginning(msgspec.Struct):
    """What the widget brings when it is opened: what it kept, and what the page says."""

    token: str = ""
    identity: str = ""
    link: str = ""
    language: str = ""


class Begun(msgspec.Struct):
    """What the widget goes on with.

    Attributes:
        is_open: somebody is there now, as far as we know.
        answered_by: by when who writes now is answered; None where no time is promised.
    """

    token: str
    name: str
    greeting: str
    is_signed_in: bool
    knows_mail: bool
    is_open: bool = True
    answered_by: datetime | None = None


class Writing(msgspec.Struct):
    """One message of the widget. `id` is the browser's: the same twice is one message."""

    id: str
    text: str = ""
    at: datetime | None = None
    name: str = ""
    email: str = ""
    page: str = ""
    language: str = ""
    files: list[UUID] = []


class Written(msgspec.Struct):
    """What became of it."""

    id: UUID | None
    sent_id: str


class Giving(msgspec.Struct):
    """An e-mail address, as somebody typed it."""

    email: str
    name: str = ""
    language: str = ""


class Rating(msgspec.Struct):
    """How content somebody was with a case, 1 to 5."""

    case: UUID
    stars: int


class Seen(msgspec.Struct):
    """Which answers were shown, and whether they were looked at."""

    ids: list[UUID]
    is_read: bool = False


@post("/begin", status_code=200)
async def begin(request: Request, account: FromPath[UUID]) -> Begun:
    """Open a chat, or go on with it: by the token kept, by who the site says is signed in, by a mailed link."""
    app: App = request.app.state.fadeno
    of, secret = await frame.account_of(app, account)
    frame.let(request, "begin", limits.BEGINNINGS, of, None)
    said: Beginning = await frame.body_of(request, Beginning)
    token = _kept(app, of, said.token)
    if said.identity:
        identity = chats.read_identity(secret, said.identity, clock.now())
        token = await app.db.retrying(lambda tx: chats.sign_in(tx, of, identity, token, said.language))
    elif token and token.person_id != NOBODY:
        token = None  # whoever was signed in here is no longer
    token = token or Token(of.id, ids.new_id())
    key = frame.kept(app).key
    if said.link:
        await app.db.retrying(lambda tx: chats.prove_mail(tx, of, token, chats.read_id(key, MAILED, said.link)))
    async with app.db.transaction() as tx:
        there = await chats.chat(tx, token.chat_id)
        await chats.look(tx, token)
        greeting = await content.saying(tx, "greeting", said.language[:20], of.channel)
        away = await house.away_here(tx, app, of, said.language[:20])
    return Begun(
        chats.token_of(key, token), of.name, greeting.text, token.person_id != NOBODY, bool(there and there.mail_id),
        is_open=away is None, answered_by=away.due_at if away else None,
    )  # fmt: skip


def _kept(app: App, account: Account, text: str) -> Token | None:
    """The token a browser kept, if it still opens something here; else it begins anew."""
    try:
        token = chats.read_token(frame.kept(app).key, text)
    except chats.NotYours:
        return None
    return token if token.account_id == account.id else None


@post("/messages", status_code=200)
async def write(request: Request, account: FromPath[UUID]) -> Written:
    """Take in a message: it is kept, on the thread and in a case when this is answered."""
    app: App = request.app.state.fadeno
    of, _ = await frame.account_of(app, account)
    token = frame.token_of(request, of)
    frame.let(request, "message", limits.MESSAGES, of, token)
    said: Writing = await frame.body_of(request, Writing)
    if not 8 <= len(said.id) <= 64 or not said.id.isascii():
        raise Invalid("A message has an id of 8 to 64 signs.", field="id")
    return await take_in(app, of, token, said)


async def take_in(app: App, account: Account, token: Token, said: Writing) -> Written:
    """Keep what somebody wrote, in one transaction: the parcel, the message, its case, and what is known of the chat.

    Raises:
        Invalid: it says nothing, or too much.
        NoAttachment: a file it names was not brought by this chat.
    """
    kept = await _files(app, token, said.files)
    body = msgspec.json.encode(_body(token, said, kept))
    letter = channels.adapter(account.channel).read(body, {}, None)[0]
    packed = await switchboard.pack(app.db, app.journal, body, provider_key=letter.provider_id)

    async def work(tx: Any) -> Written:
        if not await switchboard.put_read(tx, account, packed):
            known = await conversations.is_known(tx, account.id, letter.provider_id)
            return Written(known.message_id if known else None, said.id)
        if said.email:
            await chats.give_mail(tx, account, token, said.email, said.name, said.language)
        letters = [one.kept for one in kept]
        understood = switchboard.Understood(account, letter, letters, tx.now)
        heard = await house.receive(tx, app, understood)
        await chats.keep_chat(tx, account, token, page=said.page, language=said.language)
        return Written(heard.message_id if heard else None, said.id)

    return await app.db.retrying(work)


class _Brought(msgspec.Struct):
    file: webchat.File
    kept: files.Kept


async def _files(app: App, token: Token, wanted: list[UUID]) -> list[_Brought]:
    if not wanted:
        return []
    if len(wanted) > webchat.MOST_FILES:
        raise Invalid(f"A message has at most {webchat.MOST_FILES} files.", field="files")
    async with app.db.transaction() as tx:
        there = (await files.attachments(tx, WAITING, [token.chat_id])).get(token.chat_id, [])
    known = {one.id: one for one in there}
    if not known.keys() >= set(wanted):
        raise files.NoAttachment
    return [
        _Brought(
            webchat.File(one.name, one.media_type, one.size_bytes),
            files.Kept(one.hash, one.key, one.size_bytes, one.media_type),
        )
        for one in (known[id] for id in wanted)
    ]


def _body(token: Token, said: Writing, kept: list[_Brought]) -> webchat.Body:
    if not said.text.strip() and not kept:
        raise Invalid("Write something first.", field="text", word="empty_text")
    if len(said.text) > webchat.MOST_TEXT_CHARS:
        most = webchat.MOST_TEXT_CHARS
        raise Invalid(f"Use at most {most:,} characters.", field="text", word="long_text", most=most)
    named = tuple(one.file for one in kept)
    return webchat.Body(
        said.id, token.chat_id.hex, said.text, said.at, said.name, said.email, said.page, said.language, named
    )


@get("/messages")
async def read(request: Request, account: FromPath[UUID], before: Before = None) -> showing.Page:
    """The last that was said, as far as this browser has proven whose it is."""
    app: App = request.app.state.fadeno
    of, _ = await frame.account_of(app, account)
    token = frame.token_of(request, of)
    frame.let(request, "look", limits.LOOKS, of, token)
    async with app.db.transaction() as tx:
        await chats.look(tx, token)
        return await showing.page(tx, frame.kept(app).key, await chats.viewer(tx, token), before=before)


@post("/seen", status_code=204)
async def seen(request: Request, account: FromPath[UUID]) -> None:
    """Note that answers were shown to the customer, or looked at."""
    app: App = request.app.state.fadeno
    of, _ = await frame.account_of(app, account)
    token = frame.token_of(request, of)
    frame.let(request, "look", limits.LOOKS, of, token)
    said: Seen = await frame.body_of(request, Seen)
    async with app.db.transaction() as tx:
        viewer = await chats.viewer(tx, token)
        for id in await chats.waiting(tx, viewer, said.ids[:MOST_SEEN]):
            await conversations.fared(tx, id, "read" if said.is_read else "delivered")


@post("/address", status_code=204)
async def give_address(request: Request, account: FromPath[UUID]) -> None:
    """Keep the e-mail address somebody typed: there go answers they do not read in the chat."""
    app: App = request.app.state.fadeno
    of, _ = await frame.account_of(app, account)
    token = frame.token_of(request, of)
    frame.let(request, "address", limits.ADDRESSES, of, token)
    said: Giving = await frame.body_of(request, Giving)
    if not await app.db.retrying(lambda tx: chats.give_mail(tx, of, token, said.email, said.name, said.language)):
        raise BadAddress("This is not an e-mail address.", field="email")
    app.live.poke()
    chats.tell_moved(token.chat_id)


@post("/rating", status_code=204)
async def rate(request: Request, account: FromPath[UUID]) -> None:
    """Keep how content the customer was with a case of theirs."""
    app: App = request.app.state.fadeno
    of, _ = await frame.account_of(app, account)
    token = frame.token_of(request, of)
    frame.let(request, "address", limits.ADDRESSES, of, token)
    said: Rating = await frame.body_of(request, Rating)
    async with app.db.transaction() as tx:
        await chats.rate(tx, await chats.viewer(tx, token), said.case, said.stars, of.channel)
        tx.after_commit(app.live.poke)


routes = [begin, write, read, seen, give_address, rate]
