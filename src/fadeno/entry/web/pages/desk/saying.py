"""What members say at the desk: answers, notes, taking an answer back, and trying one again."""

from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from litestar import Request, Response, post
from litestar.datastructures import FormMultiDict
from litestar.params import FromPath

from fadeno import conversations, files, promises
from fadeno.access import Actor
from fadeno.conversations import Answer, Attached, Case, Message, Unseen
from fadeno.db import Tx
from fadeno.entry import door
from fadeno.entry.web import channels, page
from fadeno.entry.web.pages.desk import naming
from fadeno.entry.web.pages.desk.asking import id_of
from fadeno.kit.errors import Invalid
from fadeno.promises import NewPromise

UNDO_S = 10
WAITING = "waiting"  # under which files lie until the message comes that names them
_MOST_NEWER = 20


@post("/desk/{case_id:uuid}/say", include_in_schema=False)
async def say(request: Request, case_id: FromPath[UUID]) -> Response:
    """Answer, or write a note; where somebody said something its author has not seen, that is shown first."""
    form = await request.form()
    async with door.opened(request, "change", "cases") as (tx, actor):
        case = await conversations.case(tx, case_id)
        if form.get("is_note"):
            made = await _noted(tx, actor, case, form)
            return await _said(request, tx, actor, made, "noted")
        try:
            made = await _answered(tx, actor, case, form)
        except Unseen as unseen:
            return await _unseen(request, tx, actor, case, _position(form), unseen)
        return await _said(request, tx, actor, made, "queued")


async def _noted(tx: Tx, actor: Actor, case: Case, form: FormMultiDict) -> Message:
    text, people = str(form.get("text", "")), await naming.people(tx)
    asked_for = [id_of(one, "mentions") for one in form.getall("mention", [])]
    named = [id_ for id_ in asked_for if f"@{people.get(id_, chr(0))}" in text]
    made = await conversations.note(tx, actor, case.id, text, mentions=named)
    await conversations.save_draft(tx, actor, case.id, "")
    return made


async def _answered(tx: Tx, actor: Actor, case: Case, form: FormMultiDict) -> Message:
    account, _, rest = str(form.get("way", "")).partition(" ")
    channel, _, address = rest.partition(" ")
    brought = await _brought(tx, actor, form)
    said = Answer(
        str(form.get("text", "")), _position(form), channel=channel,
        account_id=id_of(account, "way") if account else None, address_id=id_of(address, "way") if address else None,
        subject=str(form.get("subject", "")), then=str(form.get("then", "") or "waiting_customer"), undo_s=UNDO_S,
        attachments=tuple(Attached(one.hash.hex(), one.name, one.media_type, one.size_bytes) for one in brought),
        key=str(form.get("key", ""))[:100],
    )  # fmt: skip
    made = await conversations.answer(tx, actor, case.id, said)
    if brought:
        ids = [one.id for one in brought]
        await files.hand_over(tx, ids, from_=(WAITING, actor.id), to=("conversations", made.id))
    if form.get("promise_kind"):
        await promises.make(tx, actor, _promise(case, form, made))
    return made


def _promise(case: Case, form: FormMultiDict, made: Message) -> NewPromise:
    try:
        due_at = datetime.fromisoformat(str(form.get("promise_due", "")))
    except ValueError:
        raise Invalid("Promise a time to come, within a year.", field="due_at", word="bad_due") from None
    return NewPromise(
        str(form["promise_kind"]), case.id, made.address_id or case.address_id, due_at, case_number=case.number,
        area=case.area, said=str(form.get("promise_said", "")), message_id=made.id,
    )  # fmt: skip


async def _brought(tx: Tx, actor: Actor, form: FormMultiDict) -> list[files.Attachment]:
    wanted = [id_of(one, "attachments") for one in form.getall("attachment", [])]
    if not wanted:
        return []
    there = {one.id: one for one in (await files.attachments(tx, WAITING, [actor.id])).get(actor.id, [])}
    if not there.keys() >= set(wanted):
        raise files.NoAttachment(field="attachments")
    return [there[id_] for id_ in dict.fromkeys(wanted)]


def _position(form: FormMultiDict) -> int:
    said = str(form.get("seen_upto", ""))
    return min(int(said), 2**62) if said.isascii() and said.isdigit() else 0


async def _said(request: Request, tx: Tx, actor: Actor, made: Message, what: str) -> Response:
    """Nothing in the composer, a word with its undoing at the foot, and a wink to the script that all of it is said."""
    answer = await page.inside(request, tx, actor, "desk/said.html", made=made, what=what, undo_s=UNDO_S)
    return _winking(answer, "desk:said", {"message": str(made.id), "position": made.position, "what": what})


def _winking(answer: Response, name: str, detail: dict[str, Any], *, when: str = "") -> Response:
    answer.headers[f"HX-Trigger{when}"] = msgspec.json.encode({name: detail}).decode()
    return answer


async def _unseen(request: Request, tx: Tx, actor: Actor, case: Case, seen_upto: int, unseen: Unseen) -> Response:
    found, _ = await conversations.stream(tx, case.id, limit=_MOST_NEWER)
    newer = [one for one in reversed(found) if one.position > seen_upto and one.author_id != actor.id]
    answer = await page.inside(
        request, tx, actor, "desk/unseen.html", newer=newer, newer_count=unseen.newer, family=channels.family,
        icon_of=channels.icon, channel_name=naming.channel_name,
    )  # fmt: skip
    return _winking(answer, "desk:unseen", {"position": unseen.last}, when="-After-Settle")


@post("/desk/messages/{message_id:uuid}/hold-back", include_in_schema=False)
async def hold_back(request: Request, message_id: FromPath[UUID]) -> Response:
    """Take an answer back before it leaves, and what it promised; its words go back into the composer."""
    async with door.opened(request, "change", "cases") as (tx, actor):
        held = await conversations.hold_back(tx, actor, message_id)
        await promises.unsay(tx, actor, message_id)
        await conversations.save_draft(tx, actor, held.case_id, held.text)
        answer = await page.inside(request, tx, actor, "desk/told.html", told="held_back", undo="")
        return _winking(answer, "desk:held", {"case": str(held.case_id)})


@post("/desk/messages/{message_id:uuid}/send-again", include_in_schema=False)
async def send_again(request: Request, message_id: FromPath[UUID]) -> Response:
    """Have an answer carried once more that failed or may not have left."""
    async with door.opened(request, "change", "cases") as (tx, actor):
        await conversations.send_again(tx, actor, message_id)
        answer = await page.inside(request, tx, actor, "desk/told.html", told="sent_again", undo="")
        return _winking(answer, "desk:done", {})


routes = [say, hold_back, send_again]
