"""Customers over the API: who they are, how we know, their thread; merge, split and undo; suggestions; privacy."""

from collections.abc import Awaitable, Callable
from typing import Annotated, Any
from uuid import UUID

import msgspec
from litestar import Request, Response, get, post
from litestar.params import FromPath, FromQuery, JSONBody, QueryParameter

from fadeno import access, customers, sources
from fadeno.access import Actor
from fadeno.app import erase_customer, export_customer
from fadeno.customers import NoCustomer, Outcome
from fadeno.db import Tx
from fadeno.entry import paging
from fadeno.entry.door import opened
from fadeno.kit import addresses
from fadeno.kit.errors import Invalid

Limit = Annotated[int, QueryParameter(ge=1, le=200)]
Name = Annotated[str, msgspec.Meta(min_length=1, max_length=400)]


class Merge(msgspec.Struct, forbid_unknown_fields=True):
    """Customers that are one person, each by an id or as `kind:value`."""

    customers: Annotated[list[Name], msgspec.Meta(min_length=2, max_length=20)]
    preview: bool = False


class Split(msgspec.Struct, forbid_unknown_fields=True):
    """The addresses of a customer that are another person's, each by its id or as `kind:value`."""

    customer: Name
    addresses: Annotated[list[Name], msgspec.Meta(min_length=1, max_length=20_000)]
    preview: bool = False


class Undo(msgspec.Struct, forbid_unknown_fields=True):
    """What is to be taken back."""

    action: UUID


class Marked(msgspec.Struct, forbid_unknown_fields=True):
    """What is said of an address; null lets fadeno learn it."""

    value: bool | None


class SaidConsent(msgspec.Struct, forbid_unknown_fields=True):
    """What a customer told you about being addressed here, and how."""

    purpose: Annotated[str, msgspec.Meta(min_length=1, max_length=100)]
    granted: bool
    proof: Annotated[str, msgspec.Meta(min_length=1, max_length=2000)]


# Who asks, and what they may read --------------------------------------------------------------------------------


def readable(actor: Actor, found: Any) -> Any:
    """The answer as this actor may see it: without addresses or words of cases where the role sees none."""
    found = msgspec.to_builtins(found)
    found = found if access.may(actor, "see", "cases") else customers.without_words(found)
    return found if access.may(actor, "see", "contacts") else customers.without_contacts(found)


async def _id(tx: Tx, said: str) -> UUID:
    """The address meant by a birth id or by `kind:value`."""
    try:
        return UUID(said)
    except ValueError:
        kind, value = addresses.split(said)
    found = await customers.find_address(tx, kind, value)
    if found is None:
        raise NoCustomer(f"Nobody has the address {said[:80]}.", field="address")
    return found


async def decided(request: Request, verb: str, work: Callable[[Tx, Actor], Awaitable[Outcome]]) -> dict[str, Any]:
    """Decide in a transaction of its own, again if another writer was in the way."""
    async with opened(request, verb, "customers") as (_, actor):
        pass
    done = await request.app.state.fadeno.db.retrying(lambda tx: work(tx, actor))
    return readable(actor, done)


async def _marked(request: Request, work: Callable[[Tx, Actor], Awaitable[UUID]]) -> dict[str, Any]:
    async with opened(request, "merge", "customers") as (_, actor):
        pass
    return {"customer_id": await request.app.state.fadeno.db.retrying(lambda tx: work(tx, actor))}


# Reading ---------------------------------------------------------------------------------------------------------


@get("/api/customers", summary="Find customers")
async def find_customers(
    request: Request,
    address: Annotated[str | None, QueryParameter(max_length=400)] = None,
    q: Annotated[str, QueryParameter(max_length=256)] = "",
    after: Annotated[str | None, QueryParameter(max_length=2000)] = None,
    limit: Limit = 50,
) -> dict[str, Any]:
    """By an exact address (`email:anna@example.com`, `user:u-17`), or by what somebody types; else all by name."""
    async with opened(request, "see", "customers") as (tx, actor):
        if address is not None:
            access.require(actor, "see", "contacts")
            kind, value = addresses.split(address)
            id_ = await customers.find(tx, kind, value)
            items = await customers.summaries(tx, [id_]) if id_ else []
            return {"items": readable(actor, items), "next": None}
        vault, by_address = request.app.state.fadeno.vault, access.may(actor, "see", "contacts")
        start = paging.opened(vault, after)
        found, more = await customers.search(tx, q, limit=limit, after=start, by_address=by_address)
        return {"items": readable(actor, found), "next": paging.closed(vault, more)}


@get("/api/customers/{customer_id:uuid}", summary="One customer")
async def show_customer(request: Request, customer_id: FromPath[UUID]) -> dict[str, Any]:
    """Who they are and what is known: addresses, the links between them, traits with what lost, consent."""
    async with opened(request, "see", "customers") as (tx, actor):
        person = await customers.person(tx, customer_id)
        links, more_links = await customers.links(tx, person.id)
        await access.note(tx, actor, "see", "customer", person.id)
        known = msgspec.to_builtins(person)
        known["consent"] = known.pop("consents")
        return readable(actor, {**known, "links": links, "more_links": more_links})


@get("/api/customers/{customer_id:uuid}/addresses", summary="More of a customer's addresses")
async def list_addresses(
    request: Request, customer_id: FromPath[UUID], after: FromQuery[UUID | None] = None, limit: Limit = 50
) -> dict[str, Any]:
    """The addresses beyond those that say who somebody is: browsers and devices, by birth."""
    async with opened(request, "see", "customers") as (tx, actor):
        id_ = await customers.customer_of(tx, customer_id)
        items, more = await customers.addresses_of(tx, id_, after=str(after) if after else None, limit=limit)
        return {"items": readable(actor, items), "next": more}


@get("/api/customers/{customer_id:uuid}/links", summary="The evidence about a customer")
async def list_links(
    request: Request,
    customer_id: FromPath[UUID],
    after: Annotated[str | None, QueryParameter(max_length=80)] = None,
    limit: Limit = 50,
) -> dict[str, Any]:
    """Every link from their addresses: admitted, left out with the reason, kept apart, or retracted."""
    async with opened(request, "see", "customers") as (tx, actor):
        items, more = await customers.links(tx, customer_id, after=after, limit=limit)
        return {"items": readable(actor, items), "next": more}


@get("/api/customers/{customer_id:uuid}/thread", summary="Everything that happened with a customer")
async def show_thread(
    request: Request,
    customer_id: FromPath[UUID],
    before: Annotated[str | None, QueryParameter(max_length=100)] = None,
    limit: Limit = 50,
    kind: FromQuery[list[str] | None] = None,
    channel: FromQuery[list[str] | None] = None,
) -> dict[str, Any]:
    """Newest first, through all channels; `before` is a time or the `next` of the page above."""
    async with opened(request, "see", "events") as (tx, actor):
        access.require(actor, "see", "customers")
        items, more = await customers.thread(
            tx, customer_id, before=before, limit=limit, kinds=_words(kind), channels=_words(channel)
        )
        names = {source.id: source.name for source in await sources.all_sources(tx)}
        shown = [{**msgspec.to_builtins(item), "source": names.get(item.source_id)} for item in items]
        return {"items": readable(actor, shown), "next": more}


def _words(given: list[str] | None) -> list[str] | None:
    """`?kind=track&kind=page` and `?kind=track,page` are the same."""
    found = [word for one in given or () for word in one.split(",") if word]
    if any("\0" in word for word in found) or len(found) > 50:
        raise Invalid("These are not kinds or channels.", field="kind")
    return found or None


@get("/api/customers/{customer_id:uuid}/why", summary="Why these addresses are one person")
async def explain(
    request: Request, customer_id: FromPath[UUID], address: Annotated[str | None, QueryParameter(max_length=400)] = None
) -> dict[str, Any]:
    """The chain of evidence to one address, or to all that say who somebody is."""
    async with opened(request, "see", "customers") as (tx, actor):
        if address:
            access.require(actor, "see", "contacts")
        address_id = await _id(tx, address) if address else None
        return {"items": readable(actor, await customers.why(tx, customer_id, address_id=address_id)), "next": None}


@get("/api/customers/{customer_id:uuid}/actions", summary="What members did about a customer")
async def list_actions(request: Request, customer_id: FromPath[UUID]) -> dict[str, Any]:
    """Merges, splits and their undoing, the latest first."""
    async with opened(request, "see", "customers") as (tx, _):
        return {"items": await customers.actions(tx, customer_id), "next": None}


# Deciding --------------------------------------------------------------------------------------------------------


@post("/api/customers/merge", status_code=200, summary="Say that customers are one person")
async def merge_customers(request: Request, data: JSONBody[Merge]) -> dict[str, Any]:
    """Merge, or with `preview` say what would come of it. `action_id` undoes it."""

    async def work(tx: Tx, actor: Actor) -> Outcome:
        ids = [await _id(tx, said) for said in data.customers]
        return await (customers.preview_merge if data.preview else customers.merge)(tx, actor, ids)

    return await decided(request, "merge", work)


@post("/api/customers/split", status_code=200, summary="Say that some addresses are another person's")
async def split_customer(request: Request, data: JSONBody[Split]) -> dict[str, Any]:
    """Split, or with `preview` say what would come of it. `action_id` undoes it."""

    async def work(tx: Tx, actor: Actor) -> Outcome:
        id_ = await _id(tx, data.customer)
        ids = [await _id(tx, said) for said in data.addresses]
        return await (customers.preview_split if data.preview else customers.split)(tx, actor, id_, ids)

    return await decided(request, "merge", work)


@post("/api/customers/undo", status_code=200, summary="Take back what was decided")
async def undo(request: Request, data: JSONBody[Undo]) -> dict[str, Any]:
    """Take back a merge, a split, a refusal or a retraction; of an undo, bring back what it had undone."""
    return await decided(request, "merge", lambda tx, actor: customers.undo(tx, actor, data.action))


@post("/api/customers/actions/{action_id:uuid}/undo", status_code=200, summary="Take back what was decided")
async def undo_action(request: Request, action_id: FromPath[UUID]) -> dict[str, Any]:
    """The same, by the action's own address."""
    return await decided(request, "merge", lambda tx, actor: customers.undo(tx, actor, action_id))


@post("/api/customers/links/{link_id:uuid}/retract", status_code=200, summary="Say that evidence is wrong")
async def retract(request: Request, link_id: FromPath[UUID]) -> dict[str, Any]:
    """Take a link back; what rested on it alone comes apart. `action_id` undoes it."""
    return await decided(request, "merge", lambda tx, actor: customers.retract_link(tx, actor, link_id))


@get("/api/customers/suggestions", summary="Customers who may be one person")
async def list_suggestions(
    request: Request,
    customer: FromQuery[UUID | None] = None,
    after: Annotated[str | None, QueryParameter(max_length=100)] = None,
    limit: Limit = 50,
) -> dict[str, Any]:
    """Evidence that was left out and waits for somebody to look, the oldest first."""
    async with opened(request, "see", "customers") as (tx, actor):
        items, more = await customers.suggestions(tx, customer_id=customer, after=after, limit=limit)
        return {"items": readable(actor, items), "next": more}


@post("/api/customers/suggestions/{link_id:uuid}/confirm", status_code=200, summary="They are one person")
async def confirm(request: Request, link_id: FromPath[UUID]) -> dict[str, Any]:
    """Merge the two customers of a suggestion."""
    return await decided(request, "merge", lambda tx, actor: customers.confirm(tx, actor, link_id))


@post("/api/customers/suggestions/{link_id:uuid}/refuse", status_code=200, summary="They are not one person")
async def refuse(request: Request, link_id: FromPath[UUID]) -> dict[str, Any]:
    """Keep the two customers of a suggestion apart, whatever evidence comes."""
    return await decided(request, "merge", lambda tx, actor: customers.refuse(tx, actor, link_id))


# Addresses, privacy ----------------------------------------------------------------------------------------------


@post("/api/customers/addresses/{address_id:uuid}/shared", status_code=200, summary="Used by many, or not")
async def mark_shared(request: Request, address_id: FromPath[UUID], data: JSONBody[Marked]) -> dict[str, Any]:
    """A shared address joins nobody; events through it alone keep going to a customer of its own."""
    return await _marked(request, lambda tx, actor: customers.set_shared(tx, actor, address_id, data.value))


@post("/api/customers/addresses/{address_id:uuid}/blocked", status_code=200, summary="Joins nobody, or may")
async def mark_blocked(request: Request, address_id: FromPath[UUID], data: JSONBody[Marked]) -> dict[str, Any]:
    """A blocked address says nothing about who somebody is."""
    return await _marked(request, lambda tx, actor: customers.set_blocked(tx, actor, address_id, bool(data.value)))


@post("/api/customers/addresses/{address_id:uuid}/consent", status_code=201, summary="Write a consent down")
async def write_consent(request: Request, address_id: FromPath[UUID], data: JSONBody[SaidConsent]) -> dict[str, Any]:
    """What a customer told you about being addressed here for a purpose; the latest word of each address counts."""
    async with opened(request, "change", "consent") as (tx, actor):
        await customers.say_consent(tx, actor, address_id, data.purpose, data.granted, data.proof)
        return {"address_id": address_id, "purpose": data.purpose, "granted": data.granted}


@post("/api/customers/{customer_id:uuid}/erase", status_code=200, summary="Forget a customer")
async def erase(request: Request, customer_id: FromPath[UUID]) -> dict[str, int]:
    """Empty everything known of a customer; ids and counts stay. It can't be undone."""
    async with opened(request, "erase", "customers") as (tx, actor):
        return {"events": await erase_customer(request.app.state.fadeno, tx, actor, customer_id)}


@get("/api/customers/{customer_id:uuid}/export", summary="All that is kept about a customer")
async def export(request: Request, customer_id: FromPath[UUID]) -> Response:
    """One JSON document to hand over."""
    async with opened(request, "export", "customers") as (tx, actor):
        found = await export_customer(tx, actor, customer_id)
    name = f"customer-{customer_id}.json"
    return Response(found, headers={"content-disposition": f'attachment; filename="{name}"'})


routes = [
    find_customers, show_customer, list_addresses, list_links, show_thread, explain, list_actions, merge_customers,
    split_customer, undo, undo_action, retract, list_suggestions, confirm, refuse, mark_shared, mark_blocked,
    write_consent, erase, export,
]  # fmt: skip
