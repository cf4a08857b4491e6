"""What helps while one writes: saved answers, promises found in the words, and mails as they came."""

from typing import Any
from urllib.parse import quote
from uuid import UUID

import msgspec
from litestar import Request, Response, get, post
from litestar.params import FromPath

from fadeno import access, channels, content, conversations, customers, files, promises
from fadeno.access import Actor
from fadeno.conversations import Case
from fadeno.db import Tx
from fadeno.entry import door
from fadeno.entry.web import page, words
from fadeno.entry.web.pages.desk import coming

# A document of its own that runs nothing and loads nothing but the pictures somebody asked for.
_ALONE = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:{pictures}; frame-ancestors 'self'; "
    "sandbox allow-same-origin allow-popups allow-popups-to-escape-sandbox"
)
_REMOTE = " https: http:"
_PAPER = "<!doctype html><meta charset=utf-8><base target=_blank><style>body{{margin:12px;font:14px/1.5 system-ui,sans-serif;overflow-wrap:anywhere;color-scheme:light;background:#fff;color:#222}}img{{max-width:100%;height:auto}}table{{max-width:100%}}</style>{html}"  # noqa: E501
_MOST_ANSWERS = 30


@get("/desk/{case_id:uuid}/answers", include_in_schema=False)
async def find_answers(request: Request, case_id: FromPath[UUID]) -> Response:
    """Saved answers that fit what is typed, those of the area and language of the case first."""
    q = request.query_params.get("q", "")[:200]
    async with door.opened(request, "see", "answers") as (tx, actor):
        access.require(actor, "see", "cases")
        case = await conversations.case(tx, case_id)
        found = await content.saved_answers(tx, actor, q, area=case.area, language=case.language, limit=_MOST_ANSWERS)
        said = {one.id: content.in_language(one.texts, case.language, "en") for one in found}
        return await page.inside(request, tx, actor, "desk/answers.html", case=case, found=found, said=said)


@post("/desk/{case_id:uuid}/answers/{answer_id:uuid}", include_in_schema=False)
async def use_answer(request: Request, case_id: FromPath[UUID], answer_id: FromPath[UUID]) -> Response:
    """A saved answer with its values in it, for the composer to put where one writes."""
    async with door.opened(request, "change", "answers") as (tx, actor):
        access.require(actor, "see", "cases")
        case = await conversations.case(tx, case_id)
        gaps = {name: words.called(words.spoken(), "content.variable", name) for name in content.VARIABLES}
        filled = await content.use_answer(
            tx, actor, answer_id, await _values(tx, actor, case), language=case.language, gaps=gaps
        )
        body = msgspec.json.encode({"text": filled.text, "missing": len(filled.missing)})
        return Response(body, media_type="application/json")


async def _values(tx: Tx, actor: Actor, case: Case) -> dict[str, str | None]:
    person = await customers.person(tx, case.customer_id, limit=1) if case.customer_id else None
    known = {trait.name: str(trait.value) for trait in person.traits} if person else {}
    name = person.name if person else None
    first = known.get("first_name") or known.get("firstName") or (name or "").partition(" ")[0]
    return {
        "customer.name": name,
        "customer.first_name": first,
        "agent.name": actor.name,
        "agent.first_name": actor.name.partition(" ")[0],
        "case.number": str(case.number),
        "order.number": case.matter_id if case.matter_kind == "order" else None,
    }


@post("/desk/{case_id:uuid}/proposed", include_in_schema=False)
async def propose(request: Request, case_id: FromPath[UUID]) -> Response:
    """What the words being written would promise, for one key to make a promise of it."""
    form = await request.form()
    async with door.opened(request, "see", "promises") as (tx, actor):
        access.require(actor, "see", "cases")
        case = await conversations.case(tx, case_id)
        main = await content.calendar_for(tx)
        zone = content.checked_zone(main.calendar.zone if main else "UTC")
        text = "" if form.get("is_note") else str(form.get("text", ""))
        found = promises.proposed_in(text, case.language, tx.now, zone)
        ahead = coming.saying(page.times(request, await page.look_of(tx, actor)))
        return await page.inside(request, tx, actor, "desk/proposed.html", proposed=found[:1], ahead=ahead)


@get("/desk/messages/{message_id:uuid}/original", include_in_schema=False)
async def show_original(request: Request, message_id: FromPath[UUID]) -> Response:
    """What is not shown of a message at once: what it quotes, and a frame for it as it came."""
    async with door.opened(request, "see", "cases") as (tx, actor):
        message = await conversations.message(tx, message_id)
        quoted, html = await conversations.original(tx, message_id)
        blocked = channels.safe_html(html).blocked_pictures if html else 0
        return await page.inside(
            request, tx, actor, "desk/original.html", m=message, quoted=quoted, has_html=bool(html), blocked=blocked
        )


@get("/desk/messages/{message_id:uuid}/html", include_in_schema=False)
async def show_html(request: Request, message_id: FromPath[UUID]) -> Response:
    """A mail as it came, made safe, as a document of its own in which nothing runs.

    Pictures of other servers are loaded only where somebody asked: they tell their sender who opened the mail when.
    """
    wants_pictures = request.query_params.get("pictures") == "yes"
    async with door.opened(request, "see", "cases") as (tx, _):
        await conversations.message(tx, message_id)
        _, html = await conversations.original(tx, message_id)
        along = (await files.attachments(tx, "conversations", [message_id])).get(message_id, [])
    inside = {
        one.content_id: f"/attachments/{one.id}/{quote(one.name, safe='')}"
        for one in along
        if one.content_id and one.is_shown
    }
    safe = channels.safe_html(html, pictures=inside, show_remote=wants_pictures)
    headers: dict[str, Any] = {
        "content-security-policy": _ALONE.format(pictures=_REMOTE if wants_pictures else ""),
        "x-frame-options": "SAMEORIGIN",
        "referrer-policy": "no-referrer",
    }
    return Response(_PAPER.format(html=safe.html), media_type="text/html", headers=headers)


routes = [find_answers, use_answer, propose, show_original, show_html]
