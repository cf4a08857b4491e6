"""Texts: what fadeno says by itself, on which channel, for whom, and what a customer would be told now."""

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from litestar import Request, Response, get, post

from fadeno import access, content
from fadeno.access import Actor
from fadeno.content import TEXT_KINDS, KeptText
from fadeno.db import Tx
from fadeno.entry import door
from fadeno.entry.web import page, words
from fadeno.entry.web.pages.access.forms import go, wrong
from fadeno.entry.web.pages.content.tongues import long_fields, offered_tongues, texts_in
from fadeno.kit.errors import FadenoError, Invalid

CHANNELS = ("", "email", "webchat")
OCCASIONS = TEXT_KINDS


@get("/texts", include_in_schema=False)
async def list_texts(request: Request) -> Response:
    """What is said on each occasion, and where it is said otherwise."""
    async with door.opened(request, "see", "answers") as (tx, actor):
        kept = await content.texts(tx)
        lang = words.spoken()
        rows = [(kind, await content.saying(tx, kind, lang), _of(kept, kind)) for kind in OCCASIONS]
        return await page.inside(
            request, tx, actor, "content/texts.html", rows=rows,
            has_calendar=bool(await content.calendars(tx)), may=access.may(actor, "manage", "answers"),
            in_language=content.in_language,
        )  # fmt: skip


def _of(kept: list[KeptText], kind: str) -> list[KeptText]:
    return [one for one in kept if one.kind == kind]


@get("/texts/{kind:str}", include_in_schema=False)
async def show_text(request: Request) -> Response:
    """One text in all its languages, with what it said before."""
    async with door.opened(request, "see", "answers") as (tx, actor):
        asked = request.query_params
        return await _show(
            request, tx, actor, request.path_params["kind"], asked.get("channel", ""), _id(asked.get("calendar", "")),
            saved="saved" in asked,
        )  # fmt: skip


async def _show(
    request: Request, tx: Tx, actor: Actor, kind: str, channel: str, calendar_id: UUID | None, **context: Any
) -> Response:
    if kind not in OCCASIONS or channel not in CHANNELS:
        raise Invalid("Choose one of the list.", field="kind", word="bad_choice")
    here = (kind, channel, calendar_id)
    kept = next((one for one in await content.texts(tx) if (one.kind, one.channel, one.calendar_id) == here), None)
    texts = kept.texts if kept else {}
    shown = {**dict.fromkeys(dict.fromkeys(("en", words.spoken())), ""), **texts}
    status = 422 if context.get("error") else 200
    return await page.inside(
        request, tx, actor, "content/text.html", status=status, kind=kind, channel=channel, calendar_id=calendar_id,
        calendars=await content.calendars(tx), channels=CHANNELS, texts=shown, kept=kept, own=content.own_words(kind),
        versions=await content.text_versions(tx, kept.id) if kept else [],
        others=[one for one in offered_tongues() if one[0] not in shown],
        may=access.may(actor, "manage", "answers"), variables=content.VARIABLES,
        **{"error": None, "typed": {}, "saved": False, **context},
    )  # fmt: skip


@post("/texts/{kind:str}", include_in_schema=False)
async def set_text(request: Request) -> Response:
    """Say a text anew; without any, fadeno's own words hold."""
    form, kind = await long_fields(request), request.path_params["kind"]
    async with door.opened(request, "manage", "answers") as (tx, actor):
        channel, calendar_id = form.get("channel", ""), _id(form.get("calendar", ""))
        try:
            async with tx.savepoint():
                await content.set_text(tx, actor, kind, texts_in(form), channel=channel, calendar_id=calendar_id)
        except FadenoError as error:
            return await _show(request, tx, actor, kind, channel, calendar_id, **wrong(error, **form))
    where = {"channel": channel, "calendar": str(calendar_id or ""), "saved": "yes"}
    return go(f"/texts/{kind}?" + urlencode({name: value for name, value in where.items() if value}))


def _id(said: str) -> UUID | None:
    try:
        return UUID(said) if said else None
    except ValueError:
        raise Invalid("Choose a calendar from the list.", field="calendar", word="bad_choice") from None


routes = [list_texts, show_text, set_text]
