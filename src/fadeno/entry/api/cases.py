"""Cases over the API: what customers want settled, how each stands, and everything members do to one."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, Literal
from uuid import UUID

import msgspec
from litestar import Request, get, patch, post
from litestar.params import FromPath, JSONBody, QueryParameter
from msgspec import UNSET, UnsetType

from fadeno import access, conversations
from fadeno.access import Actor
from fadeno.conversations import Act, Case, Onward, ProposedWay, Sent
from fadeno.db import Tx
from fadeno.entry.door import opened
from fadeno.kit import money
from fadeno.kit.errors import FadenoError
from fadeno.kit.money import Money

Limit = Annotated[int, QueryParameter(ge=1, le=200)]
Place = Annotated[str | None, QueryParameter(max_length=400)]
Moment = Annotated[datetime, msgspec.Meta(tz=True)]
Tag = Annotated[str, msgspec.Meta(max_length=100)]
MOST_AT_ONCE = 100


class OneCase(msgspec.Struct, frozen=True):
    """A case with what belongs to it; `seen_upto` is how far each member has read, `onward` what became of answers
    that did not arrive in time."""

    case: Case
    followers: list[UUID]
    orders: list[UUID]
    cases: list[UUID]
    seen_upto: dict[UUID, int]
    onward: list[Onward]


class Cases(msgspec.Struct, frozen=True):
    """A page of cases."""

    items: list[Case]
    next: str | None


class Acts(msgspec.Struct, frozen=True):
    """A page of what was done to a case."""

    items: list[Act]
    next: UUID | None


class Ways(msgspec.Struct, frozen=True):
    """Ways to answer."""

    items: list[ProposedWay]


class SentLately(msgspec.Struct, frozen=True):
    """What was said to a customer lately."""

    items: list[Sent]


class Worth(msgspec.Struct, forbid_unknown_fields=True):
    """What a sale is worth."""

    amount: Decimal
    currency: str


class Change(msgspec.Struct, forbid_unknown_fields=True):
    """What of a case is to be otherwise; what is not named stays.

    `until` goes with the state waiting_until; `add_tags` and `remove_tags` leave the others.
    """

    state: str | UnsetType = UNSET
    until: Moment | None = None
    owner_id: UUID | UnsetType | None = UNSET
    area: str | UnsetType = UNSET
    priority: int | UnsetType = UNSET
    title: Annotated[str, msgspec.Meta(max_length=2000)] | UnsetType = UNSET
    add_tags: Annotated[list[Tag], msgspec.Meta(max_length=50)] = []
    remove_tags: Annotated[list[Tag], msgspec.Meta(max_length=50)] = []
    value: Worth | UnsetType | None = UNSET
    stage: str | UnsetType | None = UNSET
    expected_on: date | UnsetType | None = UNSET


class ChangeMany(msgspec.Struct, forbid_unknown_fields=True):
    """The same change of many cases."""

    cases: Annotated[list[UUID], msgspec.Meta(min_length=1, max_length=MOST_AT_ONCE)]
    change: Change


class Became(msgspec.Struct, frozen=True):
    """What became of one of many cases: the case, or why it could not be changed."""

    id: UUID
    case: Case | None
    code: str = ""
    message: str = ""


class Merge(msgspec.Struct, forbid_unknown_fields=True):
    """The case that takes the messages."""

    into: UUID


class Split(msgspec.Struct, forbid_unknown_fields=True):
    """The messages that are about something else."""

    messages: Annotated[list[UUID], msgspec.Meta(min_length=1, max_length=1000)]
    title: Annotated[str, msgspec.Meta(max_length=2000)] = ""


class Link(msgspec.Struct, forbid_unknown_fields=True):
    """What a case has to do with; `is_on` false says that it hasn't."""

    kind: Literal["order", "case"]
    id: UUID
    is_on: bool = True


class Follow(msgspec.Struct, forbid_unknown_fields=True):
    """Whether whoever asks hears of a case."""

    is_on: bool = True


# Reading ---------------------------------------------------------------------------------------------------------


@get("/api/cases/{case_id:uuid}", summary="One case")
async def show_case(request: Request, case_id: FromPath[UUID]) -> OneCase:
    """One case as it stands, who follows it, and what it has to do with."""
    async with opened(request, "see", "cases") as (tx, actor):
        case = await conversations.case(tx, case_id)
        await access.note(tx, actor, "see", "case", case.id)
        around = await conversations.around(tx, case.id)
        onward = await conversations.onward(tx, case.id)
        return OneCase(case, around.followers, around.orders, around.cases, around.seen_upto, onward)


@get("/api/customers/{customer_id:uuid}/cases", summary="A customer's cases")
async def list_of_customer(
    request: Request, customer_id: FromPath[UUID], before: Place = None, limit: Limit = 50
) -> Cases:
    """Through all channels, the latest first."""
    async with opened(request, "see", "cases") as (tx, _):
        return Cases(*await conversations.cases_of(tx, customer_id, before=before, limit=limit))


@get("/api/cases/{case_id:uuid}/acts", summary="What was done to a case")
async def list_acts(
    request: Request, case_id: FromPath[UUID], before: Annotated[UUID | None, QueryParameter()] = None,
    limit: Limit = 50,
) -> Acts:  # fmt: skip
    """The latest first, each with how it stood before; `undone_at` says what was taken back."""
    async with opened(request, "see", "cases") as (tx, _):
        await conversations.case(tx, case_id)
        return Acts(*await conversations.acts(tx, case_id, before=before, limit=limit))


@get("/api/cases/{case_id:uuid}/ways", summary="How one can answer in a case")
async def list_ways(request: Request, case_id: FromPath[UUID]) -> Ways:
    """The proposed way first, with its reasons; refused ones last, with why and which can be taken instead."""
    async with opened(request, "see", "cases") as (tx, actor):
        access.require(actor, "see", "contacts")
        return Ways(await conversations.ways(tx, case_id))


@get("/api/customers/{customer_id:uuid}/lately-sent", summary="What was said to a customer lately")
async def list_lately_sent(
    request: Request, customer_id: FromPath[UUID], days: Annotated[int, QueryParameter(ge=1, le=366)] = 7
) -> SentLately:
    """What any area said or has waiting to leave, of the last days; the latest first."""
    async with opened(request, "see", "cases") as (tx, _):
        return SentLately(await conversations.lately_sent(tx, customer_id, days=days))


# Changing --------------------------------------------------------------------------------------------------------


@patch("/api/cases/{case_id:uuid}", summary="Change a case")
async def change_case(request: Request, case_id: FromPath[UUID], data: JSONBody[Change]) -> Case:
    """Say whose it is, what it waits for and how it is filed; each can be taken back by its act."""
    async with opened(request, "change", "cases") as (tx, actor):
        return await changed(tx, actor, case_id, data)


@post("/api/cases/change", status_code=200, summary="Change many cases")
async def change_many(request: Request, data: JSONBody[ChangeMany]) -> list[Became]:
    """The same change of up to a hundred cases; what can't be changed of one says why and keeps no other from it."""
    async with opened(request, "change", "cases") as (tx, actor):
        return [await _became(tx, actor, id_, data.change) for id_ in sorted(set(data.cases))]


async def _became(tx: Tx, actor: Actor, id_: UUID, change: Change) -> Became:
    try:
        async with tx.savepoint():
            return Became(id_, await changed(tx, actor, id_, change))
    except FadenoError as refused:
        return Became(id_, None, refused.code, refused.message)


async def changed(tx: Tx, actor: Actor, case_id: UUID, wanted: Change) -> Case:
    """A case with all that is wanted otherwise; the area first, as a case handed over has no owner yet."""
    if wanted.area is not UNSET:
        await conversations.hand(tx, actor, case_id, wanted.area)
    if wanted.owner_id is not UNSET:
        await conversations.assign(tx, actor, case_id, wanted.owner_id)
    if wanted.state is not UNSET:
        await conversations.set_state(tx, actor, case_id, wanted.state, until=wanted.until)
    if wanted.priority is not UNSET:
        await conversations.prioritise(tx, actor, case_id, wanted.priority)
    if wanted.title is not UNSET:
        await conversations.entitle(tx, actor, case_id, wanted.title)
    if wanted.add_tags or wanted.remove_tags:
        await conversations.tag(tx, actor, case_id, add=wanted.add_tags, remove=wanted.remove_tags)
    if not (wanted.value is wanted.stage is wanted.expected_on is UNSET):
        await _expected(tx, actor, case_id, wanted)
    return await conversations.case(tx, case_id)


async def _expected(tx: Tx, actor: Actor, case_id: UUID, wanted: Change) -> None:
    case = await conversations.case(tx, case_id)
    value = Money(case.value_minor, case.currency) if case.value_minor is not None and case.currency else None
    if wanted.value is not UNSET:
        value = money.of(wanted.value.amount, wanted.value.currency) if wanted.value else None
    await conversations.expect(
        tx,
        actor,
        case_id,
        value=value,
        stage=case.stage if wanted.stage is UNSET else wanted.stage,
        expected_on=case.expected_on if wanted.expected_on is UNSET else wanted.expected_on,
    )


@post("/api/cases/{case_id:uuid}/merge", status_code=200, summary="Make one case of two")
async def merge_cases(request: Request, case_id: FromPath[UUID], data: JSONBody[Merge]) -> Case:
    """Move everything of a case into another one of the same customer; the other as it stands then."""
    async with opened(request, "change", "cases") as (tx, actor):
        return await conversations.merge(tx, actor, case_id, data.into)


@post("/api/cases/{case_id:uuid}/split", status_code=200, summary="Make two cases of one")
async def split_case(request: Request, case_id: FromPath[UUID], data: JSONBody[Split]) -> Case:
    """Move some messages of a case into a new one; the new one."""
    async with opened(request, "change", "cases") as (tx, actor):
        return await conversations.split(tx, actor, case_id, data.messages, title=data.title)


@post("/api/cases/acts/{act_id:uuid}/undo", status_code=200, summary="Take back what was done to a case")
async def undo_act(request: Request, act_id: FromPath[UUID]) -> Case:
    """Take an act back, also an answer that has not left; the case as it stands then."""
    async with opened(request, "change", "cases") as (tx, actor):
        return await conversations.undo(tx, actor, act_id)


@post("/api/cases/{case_id:uuid}/links", status_code=200, summary="Say what a case has to do with")
async def link_case(request: Request, case_id: FromPath[UUID], data: JSONBody[Link]) -> dict[str, Any]:
    """Link a case with an order or another case, or no longer."""
    async with opened(request, "change", "cases") as (tx, actor):
        await conversations.link(tx, actor, case_id, data.kind, data.id, is_on=data.is_on)
        around = await conversations.around(tx, case_id)
        return {"orders": around.orders, "cases": around.cases}


@post("/api/cases/{case_id:uuid}/follow", status_code=200, summary="Hear of a case")
async def follow_case(request: Request, case_id: FromPath[UUID], data: JSONBody[Follow]) -> dict[str, Any]:
    """Hear of what happens in a case, or no longer; for members."""
    async with opened(request, "change", "cases") as (tx, actor):
        await conversations.follow(tx, actor, case_id, is_on=data.is_on)
        return {"followers": (await conversations.around(tx, case_id)).followers}


routes = [
    show_case,
    list_of_customer,
    list_acts,
    list_ways,
    list_lately_sent,
    change_case,
    change_many,
    merge_cases,
    split_case,
    undo_act,
    link_case,
    follow_case,
]
