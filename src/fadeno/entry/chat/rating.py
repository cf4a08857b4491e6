"""The page a mailed question leads to: how content were you. Looking at it says nothing: mail scanners do that too."""

from typing import Any
from urllib.parse import parse_qs

from litestar import Request, Response, get, post
from litestar.params import FromPath
from litestar.response import Redirect

from fadeno import app as house
from fadeno import chats, conversations
from fadeno.app import App
from fadeno.conversations import Case, Message, RatingOver
from fadeno.db import Tx
from fadeno.entry import door, speaking
from fadeno.entry.chat import frame, limits
from fadeno.entry.web import page, words
from fadeno.kit.errors import Invalid

SEE_OTHER = 303
MOST_BODY_BYTES = 16_384


@get("/rate/{link:str}")
async def ask(request: Request, link: FromPath[str]) -> Response[Any]:
    """The question, what was said before, and room for words."""
    page.hear(request)
    app = _app(request)
    _count(request, app)
    async with app.db.transaction() as tx:
        message, case = await _asked(tx, app, link)
    _speak_as(request, message.language or case.language)
    answer = page.render(
        request, "mine/rate.html", case=case, link=link, said=case.rating if _is_said(message, case) else None,
        until=message.said_at + conversations.RATED_WITHIN, most_chars=conversations.MOST_RATING_CHARS,
    )  # fmt: skip
    answer.headers |= {"referrer-policy": "no-referrer", "x-robots-tag": "noindex"}
    return answer


@post("/rate/{link:str}", status_code=200)
async def say(request: Request, link: FromPath[str]) -> Response[Any]:
    """Keep what the customer says; the link alone tells who they are, so it needs no cookie and no sign-in."""
    page.hear(request)
    app = _app(request)
    _count(request, app)
    raw = await request.body()
    if len(raw) > MOST_BODY_BYTES:
        raise frame.TooLarge
    form = {name: values[0] for name, values in parse_qs(raw.decode("utf-8", "replace")).items()}
    stars = form.get("stars", "")
    if stars not in ("1", "2", "3", "4", "5"):
        raise Invalid("Rate it from 1 to 5.", field="stars", word="bad_choice")
    async with app.db.transaction() as tx:
        message, case = await _asked(tx, app, link)
        await conversations.rate(tx, case.id, int(stars), message.channel, words=form.get("words"))
        tx.after_commit(app.live.poke)
    return Redirect(f"/rate/{link}", status_code=SEE_OTHER)


async def _asked(tx: Tx, app: App, link: str) -> tuple[Message, Case]:
    """The message that asked, and the case it asked about as it is now.

    Raises:
        NotYours: the link is not ours.
        RatingOver: it was asked too long ago, or the case was forgotten.
    """
    message_id = chats.read_id(frame.kept(app).key, house.RATING, link)
    message = await conversations.message(tx, message_id)
    if message.erased_at is not None or message.said_at + conversations.RATED_WITHIN < tx.now:
        raise RatingOver
    return message, await conversations.case(tx, await conversations.where_now(tx, message.case_id))


def _is_said(message: Message, case: Case) -> bool:
    """Whether what is kept was said since this question was asked."""
    return case.rated_at is not None and case.rated_at >= message.said_at


def _speak_as(request: Request, language: str) -> None:
    """Speak as the customer wrote to us, unless they chose otherwise here."""
    tag = words.wanted(language)
    is_spoken = tag != words.DEFAULT or language.lower().startswith(words.DEFAULT)
    if page.LANGUAGE_FIELD not in request.query_params and is_spoken:
        speaking.speak(tag)


def _app(request: Request) -> App:
    return request.app.state.fadeno


def _count(request: Request, app: App) -> None:
    who = {"network": limits.network(door.address(request))}
    frame.kept(app).flood.let("link", limits.LINKS, **who)


routes = [ask, say]
