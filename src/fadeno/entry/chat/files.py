"""Files in the chat: brought before the message that names them, given out by addresses that are good for two days."""

from datetime import timedelta
from typing import Annotated, Any
from urllib.parse import unquote
from uuid import UUID

import msgspec
from litestar import Request, get, post
from litestar.params import FromPath, QueryParameter
from litestar.response import Stream

from fadeno import chats, files
from fadeno.app import App
from fadeno.chats import NotYours
from fadeno.entry import attached
from fadeno.entry.chat import frame, limits
from fadeno.entry.chat.talking import WAITING
from fadeno.kit import clock
from fadeno.kit.errors import Invalid

MOST_WAITING = 20
Small = Annotated[str | None, QueryParameter()]


class Brought(msgspec.Struct):
    """A file that waits for its message."""

    id: UUID
    name: str
    type: str
    size_bytes: int


@post("/files", status_code=200, request_max_body_size=files.LIMIT_BYTES + 1024)
async def bring(request: Request, account: FromPath[UUID]) -> Brought:
    """Keep a file until the message comes that names it; after two days it is forgotten."""
    app: App = request.app.state.fadeno
    of, _ = await frame.account_of(app, account)
    token = frame.token_of(request, of)
    frame.let(request, "file", limits.FILES, of, token)
    async with app.db.transaction() as tx:
        waiting = (await files.attachments(tx, WAITING, [token.chat_id])).get(token.chat_id, [])
    if len([one for one in waiting if clock.now() - one.made_at < timedelta(hours=1)]) >= MOST_WAITING:
        raise limits.TooMuch(600)
    content = await request.body()
    if not content:
        raise Invalid("The file is empty.", field="file", word="empty_text")
    name = files.safe_name(unquote(request.headers.get("x-file-name", ""))[:500])
    kept = await files.put(app.shelf, content, said_type=request.headers.get("content-type", ""))
    async with app.db.transaction() as tx:
        id = await files.keep(tx, kept, room=WAITING, object_id=token.chat_id, name=name)
    return Brought(id, name, kept.media_type, kept.size_bytes)


@get("/files/{key:str}/{name:str}")
async def give(
    request: Request, account: FromPath[UUID], key: FromPath[str], name: FromPath[str], small: Small = None
) -> Stream:
    """A file of a message, by an address only its reader was told."""
    app: App = request.app.state.fadeno
    await frame.account_of(app, account)
    id = _opened(app, key)
    async with app.db.transaction() as tx:
        found = await files.attachment(tx, id)
    return attached.given(app.shelf, found, small=small is not None)


def _opened(app: App, key: str) -> UUID:
    today: Any = clock.now().date()
    for day in (today, today - timedelta(days=1)):
        try:
            return chats.read_id(frame.kept(app).key, "file", key, day)
        except NotYours:
            continue
    raise files.NoAttachment


routes = [bring, give]
