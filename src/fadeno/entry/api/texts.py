"""Over the API: what fadeno says by itself, and saved answers."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

import msgspec
from litestar import Request, delete, get, patch, post, put
from litestar.params import FromPath, JSONBody, QueryParameter
from litestar.status_codes import HTTP_200_OK

from fadeno import content
from fadeno.content import KeptText, SavedAnswer, Version
from fadeno.entry import paging
from fadeno.entry.door import opened

Word = Annotated[str, QueryParameter()]
Occasion = Literal["greeting", "away", "holiday", "rating"]
ByLanguage = Annotated[dict[str, str], msgspec.Meta(max_length=40)]


class NewText(msgspec.Struct, forbid_unknown_fields=True):
    """What is said on an occasion, by language tag; without texts, fadeno's own words hold again."""

    kind: Occasion
    texts: ByLanguage
    channel: str = ""
    calendar_id: UUID | None = None


class Texts(msgspec.Struct, frozen=True):
    """What is said here, and what fadeno says of its own where nothing is."""

    items: list[KeptText]
    next: str | None
    own_words: dict[str, dict[str, str]]


class ShownSaying(msgspec.Struct, frozen=True):
    """What a customer is told now, and what that promises."""

    kind: str
    text: str
    language: str
    version: int
    opens_at: datetime | None
    due_at: datetime | None
    basis: str


class Versions(msgspec.Struct, frozen=True):
    """What was said, the latest first."""

    items: list[Version]


class NewSavedAnswer(msgspec.Struct, forbid_unknown_fields=True):
    """A text to put into answers, by language tag; `is_own` = nobody else sees it."""

    shortcut: str
    texts: ByLanguage
    name: str = ""
    areas: list[str] = []
    is_own: bool = False


class SavedAnswerChange(msgspec.Struct, forbid_unknown_fields=True):
    """What is to be different; what is left out stays."""

    shortcut: str | msgspec.UnsetType = msgspec.UNSET
    name: str | msgspec.UnsetType = msgspec.UNSET
    areas: list[str] | msgspec.UnsetType = msgspec.UNSET
    texts: ByLanguage | msgspec.UnsetType = msgspec.UNSET


class SavedAnswers(msgspec.Struct, frozen=True):
    """Saved answers, the best first."""

    items: list[SavedAnswer]
    next: None = None


class ShownAnswer(msgspec.Struct, frozen=True):
    """A saved answer and what it said, the latest first."""

    answer: SavedAnswer
    versions: list[Version]


class Values(msgspec.Struct, forbid_unknown_fields=True):
    """What stands in a saved answer's places, and the customer's language."""

    values: dict[str, str | None] = {}
    language: str = ""


class Filled(msgspec.Struct, frozen=True):
    """A text ready to be put into an answer; `missing` are places nothing was given for, seen as gaps."""

    text: str
    missing: list[str]


# What fadeno says by itself ----------------------------------------------------------------------------------------


@get("/api/texts", summary="What fadeno says by itself")
async def list_texts(request: Request) -> Texts:
    """What was said here for greeting, away, holiday and rating; and fadeno's own words."""
    async with opened(request, "see", "answers") as (tx, _):
        own = {kind: content.own_words(kind) for kind in content.TEXT_KINDS}
        return Texts(await content.texts(tx), None, own)


@put("/api/texts", summary="Say what fadeno says by itself")
async def set_text(request: Request, data: JSONBody[NewText]) -> Texts:
    """Say what is said on an occasion: everywhere, on a channel, by a calendar, or both."""
    async with opened(request, "manage", "answers") as (tx, actor):
        await content.set_text(tx, actor, data.kind, data.texts, channel=data.channel, calendar_id=data.calendar_id)
        own = {kind: content.own_words(kind) for kind in content.TEXT_KINDS}
        return Texts(await content.texts(tx), None, own)


@get("/api/texts/now", summary="What a customer is told now")
async def show_saying(
    request: Request,
    kind: Annotated[Occasion, QueryParameter()] = "away",
    language: Word = "",
    channel: Word = "",
    calendar_id: Annotated[UUID | None, QueryParameter()] = None,
) -> ShownSaying:
    """The text that holds now, with its times; `due_at` is what it promises, `basis` the calendar it was told by."""
    async with opened(request, "see", "answers") as (tx, _):
        said = await content.saying(tx, kind, language, channel, calendar_id=calendar_id)
        return msgspec.convert(said, ShownSaying, from_attributes=True)


@get("/api/texts/{text_id:uuid}/versions", summary="What a text said")
async def show_text_versions(request: Request, text_id: FromPath[UUID]) -> Versions:
    """What a text said and since when, the latest first."""
    async with opened(request, "see", "answers") as (tx, _):
        return Versions(await content.text_versions(tx, text_id))


# Saved answers -----------------------------------------------------------------------------------------------------


@get("/api/saved-answers", summary="Saved answers")
async def list_answers(
    request: Request,
    q: Word = "",
    area: Word = "",
    language: Word = "",
    limit: Annotated[int, QueryParameter()] = 50,
) -> SavedAnswers:
    """Everybody's saved answers and one's own by shortcut, name and words, the best first."""
    async with opened(request, "see", "answers") as (tx, actor):
        limit = paging.checked(limit)
        return SavedAnswers(await content.saved_answers(tx, actor, q, area=area, language=language, limit=limit))


@post("/api/saved-answers", summary="Save an answer")
async def save_answer(request: Request, data: JSONBody[NewSavedAnswer]) -> SavedAnswer:
    """Save an answer; those for everybody are for managers and marketing to say."""
    async with opened(request, "change", "answers") as (tx, actor):
        return await content.save_answer(
            tx, actor, data.shortcut, data.texts, name=data.name, areas=data.areas, is_own=data.is_own
        )


@get("/api/saved-answers/{answer_id:uuid}", summary="One saved answer, and what it said")
async def show_answer(request: Request, answer_id: FromPath[UUID]) -> ShownAnswer:
    """One saved answer with its versions."""
    async with opened(request, "see", "answers") as (tx, actor):
        return ShownAnswer(*await content.saved_answer(tx, actor, answer_id))


@patch("/api/saved-answers/{answer_id:uuid}", summary="Change a saved answer")
async def change_answer(request: Request, answer_id: FromPath[UUID], data: JSONBody[SavedAnswerChange]) -> SavedAnswer:
    """Say a saved answer anew; what it said before is kept."""
    given: dict[str, Any] = {
        name: value for name in data.__struct_fields__ if (value := getattr(data, name)) is not msgspec.UNSET
    }
    async with opened(request, "change", "answers") as (tx, actor):
        return await content.change_answer(tx, actor, answer_id, **given)


@delete("/api/saved-answers/{answer_id:uuid}", summary="Remove a saved answer", status_code=204)
async def remove_answer(request: Request, answer_id: FromPath[UUID]) -> None:
    """Forget a saved answer; what customers were told with it is still known."""
    async with opened(request, "change", "answers") as (tx, actor):
        await content.remove_answer(tx, actor, answer_id)


@post("/api/saved-answers/{answer_id:uuid}/use", summary="Fill in a saved answer", status_code=HTTP_200_OK)
async def use_answer(request: Request, answer_id: FromPath[UUID], data: JSONBody[Values]) -> Filled:
    """A saved answer in the customer's language with its values in it; it counts as used."""
    async with opened(request, "change", "answers") as (tx, actor):
        filled = await content.use_answer(tx, actor, answer_id, data.values, language=data.language)
        return Filled(filled.text, list(filled.missing))


routes = [
    list_texts,
    set_text,
    show_saying,
    show_text_versions,
    list_answers,
    save_answer,
    show_answer,
    change_answer,
    remove_answer,
    use_answer,
]
