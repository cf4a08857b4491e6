"""Promises over the API: what customers were promised, and what became of it."""

from dataclasses import replace
from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

import msgspec
from litestar import Request, get, post
from litestar.params import FromPath, JSONBody, QueryParameter
from litestar.status_codes import HTTP_200_OK

from fadeno import access, content, conversations, promises
from fadeno.access import Actor
from fadeno.entry import paging
from fadeno.entry.door import opened
from fadeno.promises import NewPromise, Promise, Proposed

Moment = Annotated[datetime, msgspec.Meta(tz=True)]
Limit = Annotated[int, QueryParameter()]
Word = Annotated[str, QueryParameter()]
Id = Annotated[UUID | None, QueryParameter()]
Place = Annotated[str | None, QueryParameter()]


class MadePromise(msgspec.Struct, forbid_unknown_fields=True):
    """What is promised to the customer of a case, by when; without an owner, by whoever asks."""

    case_id: UUID
    kind: Literal["answer_by", "call_back"]
    due_at: Moment
    owner_id: UUID | None = None
    said: str = ""
    message_id: UUID | None = None


class Outcome(msgspec.Struct, forbid_unknown_fields=True):
    """What became of a promise, in words; `at` is when it was done, if not now."""

    outcome: str = ""
    at: Moment | None = None


class Reason(msgspec.Struct, forbid_unknown_fields=True):
    """Why a promise is taken back."""

    outcome: str = ""


class Moved(msgspec.Struct, forbid_unknown_fields=True):
    """By when it is promised instead, and why."""

    due_at: Moment
    outcome: str = ""


class NewOwner(msgspec.Struct, forbid_unknown_fields=True):
    """The member who keeps it from now on."""

    owner_id: UUID


class Written(msgspec.Struct, forbid_unknown_fields=True):
    """What somebody is writing to a customer; the clock is that of the main calendar unless a zone is named."""

    text: Annotated[str, msgspec.Meta(max_length=200_000)]
    language: str = ""
    zone: str = ""


class Promises(msgspec.Struct, frozen=True):
    """A page of promises."""

    items: list[Promise]
    next: str | None


class WouldPromise(msgspec.Struct, frozen=True):
    """What a text would promise."""

    items: list[Proposed]


def _shown(actor: Actor, found: list[Promise]) -> list[Promise]:
    """Promises as this actor may read them: in which words they were made, who sees cases."""
    return found if access.may(actor, "see", "cases") else [replace(one, said="", outcome="") for one in found]


@get("/api/promises", summary="What customers were promised")
async def list_promises(
    request: Request,
    standing: Annotated[str, QueryParameter(name="state")] = "open",
    owner_id: Id = None,
    area: Word = "",
    kind: Word = "",
    after: Place = None,
    limit: Limit = 50,
) -> Promises:
    """Promises in a state: open ones with the soonest due first, the others with the latest."""
    async with opened(request, "see", "promises") as (tx, actor):
        limit = paging.checked(limit)
        found, following = await promises.listed(
            tx, state=standing, owner_id=owner_id, area=area, kind=kind, after=after, limit=limit
        )
        return Promises(_shown(actor, found), following)


@get("/api/cases/{case_id:uuid}/promises", summary="What was promised in a case")
async def list_in_case(request: Request, case_id: FromPath[UUID]) -> Promises:
    """What was promised in a case and those merged into it, whatever became of it: open ones first."""
    async with opened(request, "see", "promises") as (tx, actor):
        merged = await conversations.came_into(tx, case_id)
        return Promises(_shown(actor, await promises.in_case(tx, case_id, *merged)), None)


@get("/api/customers/{customer_id:uuid}/promises", summary="What a customer was promised")
async def list_to_customer(request: Request, customer_id: FromPath[UUID]) -> Promises:
    """The latest promises to a customer, whatever became of them: open ones first."""
    async with opened(request, "see", "promises") as (tx, actor):
        return Promises(_shown(actor, await promises.to_customer(tx, customer_id, limit=paging.MOST)), None)


@post("/api/promises", summary="Make a promise")
async def make_promise(request: Request, data: JSONBody[MadePromise]) -> Promise:
    """Promise the customer of a case an answer by a time, or a call at one; it stands on their thread."""
    async with opened(request, "change", "promises") as (tx, actor):
        case = await conversations.case(tx, data.case_id)
        if data.message_id and (await conversations.message(tx, data.message_id)).case_id != case.id:
            raise conversations.NoMessage(field="message_id")
        new = NewPromise(
            data.kind, case.id, case.address_id, data.due_at, case_number=case.number, owner_id=data.owner_id,
            area=case.area, said=data.said, message_id=data.message_id,
        )  # fmt: skip
        return await promises.make(tx, actor, new)


@post("/api/promises/proposed", summary="What a text would promise", status_code=HTTP_200_OK)
async def propose(request: Request, data: JSONBody[Written]) -> WouldPromise:
    """What would be promises in a text somebody writes to a customer, by its words; nothing is kept."""
    async with opened(request, "see", "promises") as (tx, _):
        zone = data.zone
        if not zone:
            main = await content.calendar_for(tx)
            zone = main.calendar.zone if main else "UTC"
        return WouldPromise(promises.proposed_in(data.text, data.language, tx.now, content.checked_zone(zone)))


@get("/api/promises/{promise_id:uuid}", summary="One promise")
async def show_promise(request: Request, promise_id: FromPath[UUID]) -> Promise:
    """One promise; `moved_from` and `moved_to` are the ones before and after it."""
    async with opened(request, "see", "promises") as (tx, actor):
        return _shown(actor, [await promises.promise(tx, promise_id)])[0]


@post("/api/promises/{promise_id:uuid}/keep", summary="Say that it was done", status_code=HTTP_200_OK)
async def keep_promise(request: Request, promise_id: FromPath[UUID], data: JSONBody[Outcome]) -> Promise:
    """Say that what was promised was done; done too late, the promise is broken."""
    async with opened(request, "change", "promises") as (tx, actor):
        return await promises.keep(tx, actor, promise_id, at=data.at, outcome=data.outcome)


@post("/api/promises/{promise_id:uuid}/withdraw", summary="Take a promise back", status_code=HTTP_200_OK)
async def withdraw_promise(request: Request, promise_id: FromPath[UUID], data: JSONBody[Reason]) -> Promise:
    """Take a promise back before it is due."""
    async with opened(request, "change", "promises") as (tx, actor):
        return await promises.withdraw(tx, actor, promise_id, outcome=data.outcome)


@post("/api/promises/{promise_id:uuid}/move", summary="Promise another time instead", status_code=HTTP_200_OK)
async def move_promise(request: Request, promise_id: FromPath[UUID], data: JSONBody[Moved]) -> Promise:
    """Promise another time instead; the answer is the promise that holds from now on."""
    async with opened(request, "change", "promises") as (tx, actor):
        return await promises.move(tx, actor, promise_id, data.due_at, outcome=data.outcome)


@post("/api/promises/{promise_id:uuid}/give", summary="Let another member keep it", status_code=HTTP_200_OK)
async def give_promise(request: Request, promise_id: FromPath[UUID], data: JSONBody[NewOwner]) -> Promise:
    """Let another member keep a promise."""
    async with opened(request, "change", "promises") as (tx, actor):
        return await promises.give(tx, actor, promise_id, data.owner_id)


routes = [
    list_promises,
    list_in_case,
    list_to_customer,
    make_promise,
    propose,
    show_promise,
    keep_promise,
    withdraw_promise,
    move_promise,
    give_promise,
]
