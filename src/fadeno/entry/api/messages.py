"""What is said in cases, over the API: reading it, answering, noting, drafts, attachments."""

from functools import partial
from typing import Annotated, Any, Literal
from urllib.parse import unquote
from uuid import UUID

import msgspec
from litestar import Request, Response, get, post, put
from litestar.params import FromPath, JSONBody, QueryParameter

from fadeno import channels, chats, conversations, files, switchboard
from fadeno.access import Actor
from fadeno.app import App
from fadeno.conversations import Answer, Attached, Draft, Message, Unseen
from fadeno.db import Tx
from fadeno.entry.door import opened
from fadeno.kit.errors import Invalid

Limit = Annotated[int, QueryParameter(ge=1, le=200)]
Position = Annotated[int, msgspec.Meta(ge=0, le=2**62)]
WAITING = "waiting"  # under which files lie until the message comes that names them
MOST_ATTACHED = 20
MOST_NEWER = 50


class Said(msgspec.Struct, forbid_unknown_fields=True):
    """An answer to the customer, or a note that only members see.

    `seen_upto` is the `position` of the last message its author has seen: an answer is refused while there is another.
    The same `key` again in a case is the same answer. Without `account_id` it goes the way the customer wrote last.
    What a way refuses (see the case's ways) is refused here too, with an address that can be written to.
    """

    text: str
    kind: Literal["answer", "note"] = "answer"
    seen_upto: Position = 0
    key: Annotated[str, msgspec.Meta(max_length=100)] = ""
    account_id: UUID | None = None
    channel: str = ""
    address_id: UUID | None = None
    subject: str = ""
    then: str = "waiting_customer"
    undo_s: int = 10
    attachments: Annotated[list[UUID], msgspec.Meta(max_length=MOST_ATTACHED)] = []
    mentions: Annotated[list[UUID], msgspec.Meta(max_length=50)] = []


class Messages(msgspec.Struct, frozen=True):
    """A page of a stream."""

    items: list[Message]
    next: str | None


class Original(msgspec.Struct, frozen=True):
    """What is not shown of a message at once.

    `html` can't act, and loads nothing from elsewhere.
    """

    quoted: str
    html: str
    blocked_pictures: int


class Read(msgspec.Struct, forbid_unknown_fields=True):
    """How far a case was read: a position."""

    seen_upto: Position


class Typed(msgspec.Struct, forbid_unknown_fields=True):
    """What a member has typed so far; an empty text forgets it."""

    text: str
    is_note: bool = False
    account_id: UUID | None = None
    address_id: UUID | None = None


class Brought(msgspec.Struct, frozen=True):
    """A file that waits for the message that names it."""

    id: UUID
    name: str
    media_type: str
    size_bytes: int


# Reading ---------------------------------------------------------------------------------------------------------


@get("/api/cases/{case_id:uuid}/messages", summary="What is said in a case")
async def list_messages(
    request: Request,
    case_id: FromPath[UUID],
    before: Annotated[str | None, QueryParameter(max_length=100)] = None,
    limit: Limit = 50,
) -> Messages:
    """Through all channels, the latest first, with notes and what waits to leave."""
    async with opened(request, "see", "cases") as (tx, _):
        await conversations.case(tx, case_id)
        return Messages(*await conversations.stream(tx, case_id, before=before, limit=limit))


@get("/api/messages/{message_id:uuid}", summary="One message")
async def show_message(request: Request, message_id: FromPath[UUID]) -> Message:
    """One message, in whatever case it is now."""
    async with opened(request, "see", "cases") as (tx, _):
        return await conversations.message(tx, message_id)


@get("/api/messages/{message_id:uuid}/original", summary="A message as it came")
async def show_original(
    request: Request, message_id: FromPath[UUID], pictures: Annotated[bool, QueryParameter()] = False
) -> Original:
    """What it quotes, and its HTML made safe; `pictures` lets it load those of other servers."""
    async with opened(request, "see", "cases") as (tx, _):
        await conversations.message(tx, message_id)
        quoted, html = await conversations.original(tx, message_id)
    safe = channels.safe_html(html, show_remote=pictures)
    return Original(quoted, safe.html, safe.blocked_pictures)


# Saying ----------------------------------------------------------------------------------------------------------


@post("/api/cases/{case_id:uuid}/messages", summary="Answer, or write a note")
async def say(request: Request, case_id: FromPath[UUID], data: JSONBody[Said]) -> Response[Any]:
    """Say something in a case. Where somebody said something its author has not seen, 409 says what."""
    async with opened(request, "change", "cases") as (tx, actor):
        if data.kind == "note":
            made = await conversations.note(tx, actor, case_id, data.text, mentions=data.mentions)
            return Response(made, status_code=201)
        try:
            made = await _answered(tx, actor, case_id, data)
        except Unseen as unseen:
            return Response(await _newer(tx, case_id, data.seen_upto, unseen), status_code=409)
        return Response(made, status_code=201)


async def _answered(tx: Tx, actor: Actor, case_id: UUID, said: Said) -> Message:
    if said.account_id:
        await switchboard.account(tx, said.account_id)
    waiting = await _waiting(tx, actor, said.attachments)
    made = await conversations.answer(
        tx,
        actor,
        case_id,
        Answer(
            said.text, said.seen_upto, account_id=said.account_id, channel=said.channel, address_id=said.address_id,
            subject=said.subject, then=said.then, undo_s=said.undo_s, key=said.key,
            attachments=tuple(Attached(one.hash.hex(), one.name, one.media_type, one.size_bytes) for one in waiting),
        ),
    )  # fmt: skip
    if waiting:
        ids = [one.id for one in waiting]
        await files.hand_over(tx, ids, from_=(WAITING, actor.id), to=("conversations", made.id))
    return made


async def _waiting(tx: Tx, actor: Actor, ids: list[UUID]) -> list[files.Attachment]:
    """What whoever writes brought before, in the order they name it."""
    if not ids:
        return []
    there = {one.id: one for one in (await files.attachments(tx, WAITING, [actor.id])).get(actor.id, [])}
    if not there.keys() >= set(ids):
        raise files.NoAttachment(field="attachments")
    return [there[id_] for id_ in dict.fromkeys(ids)]


async def _newer(tx: Tx, case_id: UUID, seen_upto: int, unseen: Unseen) -> dict[str, Any]:
    page, _ = await conversations.stream(tx, case_id, limit=MOST_NEWER)
    said = {"code": unseen.code, "message": unseen.message, "field": unseen.field, "hint": unseen.hint}
    return {**said, "seen_upto": unseen.last, "newer": [one for one in reversed(page) if one.position > seen_upto]}


@post("/api/messages/{message_id:uuid}/hold-back", status_code=200, summary="Hold an answer back")
async def hold_back(request: Request, message_id: FromPath[UUID]) -> Message:
    """Take an answer back before it leaves, and what it promised; the case stands as if it had not been written."""
    async with opened(request, "change", "cases") as (tx, actor):
        return await conversations.hold_back(tx, actor, message_id)


@post("/api/messages/{message_id:uuid}/send-again", status_code=200, summary="Send an answer once more")
async def send_again(request: Request, message_id: FromPath[UUID]) -> Message:
    """One that failed; or one of which nobody knows whether it left: then it may come twice."""
    async with opened(request, "change", "cases") as (tx, actor):
        return await conversations.send_again(tx, actor, message_id)


@post("/api/attachments", request_max_body_size=files.LIMIT_BYTES + 1024, summary="Bring a file for an answer")
async def bring(request: Request) -> Brought:
    """The body is the file, `X-File-Name` its name (percent-encoded); an answer of the same member or key names it.

    What no answer names is forgotten after two days.
    """
    async with opened(request, "change", "cases") as (_, actor):
        pass
    content = await request.body()
    if not content:
        raise Invalid("The file is empty.", field="file", word="empty_text")
    name = files.safe_name(unquote(request.headers.get("x-file-name", ""))[:500])
    app: App = request.app.state.fadeno
    kept = await files.put(app.shelf, content, said_type=request.headers.get("content-type", ""))
    async with app.db.transaction() as tx:
        id_ = await files.keep(tx, kept, room=WAITING, object_id=actor.id, name=name)
    return Brought(id_, name, kept.media_type, kept.size_bytes)


# What a member has of it -------------------------------------------------------------------------------------------


@post("/api/cases/{case_id:uuid}/read", status_code=204, summary="Say how far a case was read")
async def mark_read(request: Request, case_id: FromPath[UUID], data: JSONBody[Read]) -> None:
    """For members; going back makes what came after unread again."""
    async with opened(request, "change", "cases") as (tx, actor):
        await conversations.case(tx, case_id)
        await conversations.mark_read(tx, actor, case_id, data.seen_upto)


@get("/api/cases/{case_id:uuid}/draft", summary="What one began to write in a case")
async def show_draft(request: Request, case_id: FromPath[UUID]) -> Draft | None:
    """What the member who asks began to write in a case; null where nothing is kept."""
    async with opened(request, "see", "cases") as (tx, actor):
        return await conversations.draft(tx, case_id, actor.id) if actor.id else None


@put("/api/cases/{case_id:uuid}/draft", summary="Keep what one has typed so far")
async def save_draft(request: Request, case_id: FromPath[UUID], data: JSONBody[Typed]) -> Draft | None:
    """For members; an empty text forgets it."""
    async with opened(request, "change", "cases") as (tx, actor):
        await conversations.case(tx, case_id)
        if data.text and not data.is_note:
            tx.after_commit(partial(chats.tell_writing, await chats.chats_in(tx, case_id)))
        return await conversations.save_draft(
            tx, actor, case_id, data.text, is_note=data.is_note, account_id=data.account_id, address_id=data.address_id
        )


routes = [
    list_messages,
    show_message,
    show_original,
    say,
    hold_back,
    send_again,
    bring,
    mark_read,
    show_draft,
    save_draft,
]
