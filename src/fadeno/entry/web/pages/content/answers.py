"""Saved answers: found by words, said by language, kept as they were."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.params import FromPath

from fadeno import access, content
from fadeno.access import Actor
from fadeno.content import SavedAnswer
from fadeno.db import Tx
from fadeno.entry import door
from fadeno.entry.web import page, words
from fadeno.entry.web.pages.access.forms import go, wrong
from fadeno.entry.web.pages.content.tongues import long_fields, offered_tongues, texts_in
from fadeno.kit.errors import FadenoError
from fadeno.kit.lists import typed

_MOST = 200


@get("/answers", include_in_schema=False)
async def list_answers(request: Request) -> Response:
    """Saved answers that fit what was typed."""
    async with door.opened(request, "see", "answers") as (tx, actor):
        return await _list(request, tx, actor)


async def _list(request: Request, tx: Tx, actor: Actor, *, status: int = 200, **context: Any) -> Response:
    q = typed(request.query_params.get("q", ""))
    found = await content.saved_answers(tx, actor, q, language=words.spoken(), limit=_MOST)
    rows = [(one, _beginning(one)) for one in found]
    return await page.inside(
        request, tx, actor, "content/answers.html", status=status, rows=rows, q=q, tongues=offered_tongues(),
        may_for_all=access.may(actor, "manage", "answers"), **{"error": None, "typed": {}, **context},
    )  # fmt: skip


def _beginning(answer: SavedAnswer) -> str:
    return next(iter(answer.texts.values()), "")[:200]


@post("/answers", include_in_schema=False)
async def save_answer(request: Request) -> Response:
    """Save an answer, in one language to begin with."""
    form = await long_fields(request)
    async with door.opened(request, "change", "answers") as (tx, actor):
        try:
            async with tx.savepoint():
                is_own = form.get("is_own") == "yes" or not access.may(actor, "manage", "answers")
                texts = {form.get("language", words.spoken()): form.get("text", "")}
                made = await content.save_answer(
                    tx, actor, form.get("shortcut", ""), texts, name=form.get("name", ""), is_own=is_own
                )
        except FadenoError as error:
            return await _list(request, tx, actor, status=422, **wrong(error, **form))
    return go(f"/answers/{made.id}?saved=yes")


@get("/answers/{answer_id:uuid}", include_in_schema=False)
async def show_answer(request: Request, answer_id: FromPath[UUID]) -> Response:
    """One saved answer with all its languages and what it said before."""
    async with door.opened(request, "see", "answers") as (tx, actor):
        return await _show(request, tx, actor, answer_id, saved="saved" in request.query_params)


async def _show(
    request: Request, tx: Tx, actor: Actor, answer_id: UUID, *, status: int = 200, **context: Any
) -> Response:
    answer, versions = await content.saved_answer(tx, actor, answer_id)
    may = access.may(actor, "change" if answer.owner_id else "manage", "answers")
    return await page.inside(
        request, tx, actor, "content/answer.html", status=status, answer=answer, versions=versions, may=may,
        texts=answer.texts, others=[one for one in offered_tongues() if one[0] not in answer.texts],
        variables=content.VARIABLES, **{"error": None, "typed": {}, "saved": False, **context},
    )  # fmt: skip


@post("/answers/{answer_id:uuid}", include_in_schema=False)
async def change_answer(request: Request, answer_id: FromPath[UUID]) -> Response:
    """Say a saved answer anew."""
    form = await long_fields(request)
    async with door.opened(request, "change", "answers") as (tx, actor):
        try:
            async with tx.savepoint():
                await content.change_answer(tx, actor, answer_id, **_said(form))
        except FadenoError as error:
            return await _show(request, tx, actor, answer_id, status=422, **wrong(error, **form))
    return go(f"/answers/{answer_id}?saved=yes")


def _said(form: Mapping[str, str]) -> dict[str, Any]:
    return {
        "shortcut": form.get("shortcut", ""),
        "name": form.get("name", ""),
        "areas": [area for area in form.get("areas", "").replace(",", " ").split() if area],
        "texts": texts_in(form),
    }


@post("/answers/{answer_id:uuid}/remove", include_in_schema=False)
async def remove_answer(request: Request, answer_id: FromPath[UUID]) -> Response:
    """Forget a saved answer."""
    async with door.opened(request, "change", "answers") as (tx, actor):
        await content.remove_answer(tx, actor, answer_id)
    return go("/answers")


routes = [list_answers, save_answer, show_answer, change_answer, remove_answer]
