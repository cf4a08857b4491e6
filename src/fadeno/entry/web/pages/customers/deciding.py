"""Merging customers, taking evidence back, and undoing each of it."""

from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from urllib.parse import urlencode
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.params import FromPath
from litestar.response import Redirect

from fadeno import customers
from fadeno.access import Actor
from fadeno.app import erase_customer
from fadeno.customers import Outcome, Person
from fadeno.db import Tx
from fadeno.entry import door
from fadeno.entry.web import page
from fadeno.entry.web.pages.customers import seeing
from fadeno.kit.errors import FadenoError, Invalid, NotFound

_MOST_FOUND = 20
_MOST_HELD = 50
_SHARING = {"shared": True, "own": False, "learned": None}
_BLOCKING = {"blocked": True, "free": False}


async def decided(request: Request, work: Callable[[Tx, Actor], Awaitable[Outcome]]) -> Outcome:
    """Decide in a transaction of its own, again if another writer was in the way."""
    async with door.opened(request, "merge", "customers") as (_, actor):
        pass
    return await request.app.state.fadeno.db.retrying(lambda tx: work(tx, actor))


def shown_after(outcome: Outcome, verb: str, prefer: UUID | None = None) -> Redirect:
    """Go on to the customer that came of it, with a word about it and its undoing."""
    there = [one.id for one in outcome.after]
    to = prefer if prefer in there else there[0]
    query = urlencode({"done": verb, "action": str(outcome.action_id)})
    return Redirect(f"/customers/{to}?{query}", status_code=303)


@get("/customers/{customer_id:uuid}/merge", include_in_schema=False)
async def show_merge(request: Request, customer_id: FromPath[UUID]) -> Response:
    """Choose the second customer; then what is now beside what would be after."""
    q, other = request.query_params.get("q", "")[:256], request.query_params.get("with", "")
    async with door.opened(request, "merge", "customers") as (tx, actor):
        person = await customers.person(tx, customer_id)
        if other:
            second = await customers.person(tx, _id(other))
            return await _preview_merge(request, tx, actor, person, second)
        found, _ = await customers.search(tx, q, limit=_MOST_FOUND) if q.strip() else ([], None)
        more = await seeing.told_apart(tx, actor, [one.id for one in found], q if seeing.sees_contacts(actor) else "")
        named = [(one, seeing.label_shown(actor, one.label)) for one in found if one.id != person.id]
        shown = [(one, label, seeing.listed(more.get(one.id, ()), but=label)) for one, label in named]
        template = "customers/merge_rows.html" if request.headers.get("hx-request") else "customers/merge_choose.html"
        label = seeing.label_shown(actor, person.label)
        return await page.inside(request, tx, actor, template, person=person, label=label, q=q, found=shown)


async def _preview_merge(request: Request, tx: Tx, actor: Actor, person: Person, second: Person) -> Response:
    outcome, trouble = None, None
    try:
        outcome = await customers.preview_merge(tx, actor, [person.id, second.id])
    except FadenoError as error:
        trouble = error
    both = [person, second]
    return await page.inside(
        request,
        tx,
        actor,
        "customers/merge.html",
        status=409 if trouble else 200,
        person=person,
        second=second,
        outcome=outcome,
        trouble=trouble,
        counts=[await _events(tx, one.id) for one in both],
        consents=_stricter(both),
        kind_shown=seeing.kind_shown,
        label_of=lambda label: seeing.label_shown(actor, label),
    )


async def _events(tx: Tx, id_: UUID) -> int:
    return sum(one.events for one in await customers.thread_counts(tx, id_))


def _stricter(both: list[Person]) -> list[tuple[str, list[bool | None], bool]]:
    """Each purpose with what each of the two said, and what holds for both: any no is a no."""
    said = [{c.purpose: c.granted for c in one.consents} for one in both]
    purposes = sorted({purpose for one in said for purpose in one})
    return [
        (purpose, [one.get(purpose) for one in said], all(one.get(purpose, True) for one in said))
        for purpose in purposes
    ]


@post("/customers/{customer_id:uuid}/merge", include_in_schema=False)
async def merge(request: Request, customer_id: FromPath[UUID]) -> Redirect:
    """Say that two customers are one person."""
    other = _id(str((await request.form()).get("with", "")))
    done = await decided(request, lambda tx, actor: customers.merge(tx, actor, [customer_id, other]))
    return shown_after(done, "merge", customer_id)


@post("/customers/actions/{action_id:uuid}/undo", include_in_schema=False)
async def undo(request: Request, action_id: FromPath[UUID]) -> Redirect:
    """Take back what was said."""
    done = await decided(request, lambda tx, actor: customers.undo(tx, actor, action_id))
    if (await request.form()).get("from") == "suggestions":
        return Redirect(f"/suggestions?done=undo&action={done.action_id}", status_code=303)
    return shown_after(done, "undo", await _origin(request))


@post("/customers/links/{link_id:uuid}/retract", include_in_schema=False)
async def retract(request: Request, link_id: FromPath[UUID]) -> Redirect:
    """Say that a piece of evidence is wrong."""
    done = await decided(request, lambda tx, actor: customers.retract_link(tx, actor, link_id))
    return shown_after(done, "retract", await _origin(request))


@post("/customers/addresses/{address_id:uuid}/{mark:str}", include_in_schema=False)
async def mark_address(request: Request, address_id: FromPath[UUID], mark: FromPath[str]) -> Redirect:
    """Say that an address is used by many, by one, joins nobody, or may join; go on to whom the form stood on.

    What takes it back is what a member had said before; where nobody had, it is learned again.
    """
    origin = await _origin(request)

    async def work(tx: Tx, actor: Actor) -> tuple[UUID, str]:
        others = await _held_beside(tx, origin, address_id) if origin else []
        before = await _marked(tx, address_id, mark)
        if mark in _SHARING:
            there = await customers.set_shared(tx, actor, address_id, _SHARING[mark])
        else:
            there = await customers.set_blocked(tx, actor, address_id, _BLOCKING[mark])
        owners = Counter((await customers.owners(tx, others)).values())
        return (owners.most_common(1)[0][0] if owners else there), before

    async with door.opened(request, "merge", "customers") as (_, actor):
        if mark not in (*_SHARING, *_BLOCKING):
            raise NotFound
    there, before = await request.app.state.fadeno.db.retrying(lambda tx: work(tx, actor))
    done = "undo" if (await request.form()).get("back") else "marked"
    query = urlencode({"done": done, "address": str(address_id), "mark": before})
    return Redirect(f"/customers/{there}?{query}", status_code=303)


async def _marked(tx: Tx, address_id: UUID, mark: str) -> str:
    """The mark that takes `mark` back."""
    if mark in _BLOCKING:
        return next(other for other in _BLOCKING if other != mark)
    said = await customers.sharing_said(tx, address_id)
    return "learned" if said == _SHARING[mark] else next(name for name, is_said in _SHARING.items() if is_said is said)


async def _held_beside(tx: Tx, customer_id: UUID, address_id: UUID) -> list[UUID]:
    """Addresses that tell who a customer is, beside the one that is marked."""
    person = await customers.person(tx, customer_id, limit=_MOST_HELD)
    return [one.id for one in person.addresses if one.id != address_id and not (one.shared or one.blocked)]


@get("/customers/{customer_id:uuid}/erase", include_in_schema=False)
async def show_erase(request: Request, customer_id: FromPath[UUID]) -> Response:
    """What erasing means, before it is done."""
    async with door.opened(request, "erase", "customers") as (tx, actor):
        return await _ask_erase(request, tx, actor, customer_id)


async def _ask_erase(request: Request, tx: Tx, actor: Actor, customer_id: UUID, *, wrong: bool = False) -> Response:
    person = await customers.person(tx, customer_id)
    label = seeing.label_shown(actor, person.label)
    status = 422 if wrong else 200
    context = {"person": person, "label": label, "wrong": wrong, "n": await _events(tx, person.id)}
    return await page.inside(request, tx, actor, "customers/erase.html", status=status, **context)


@post("/customers/{customer_id:uuid}/erase", include_in_schema=False)
async def erase(request: Request, customer_id: FromPath[UUID]) -> Response | Redirect:
    """Forget a customer, once the word was typed."""
    typed = (await request.form()).get("word", "")
    async with door.opened(request, "erase", "customers") as (tx, actor):
        if typed != "ERASE":
            return await _ask_erase(request, tx, actor, customer_id, wrong=True)
        await erase_customer(request.app.state.fadeno, tx, actor, customer_id)
    return Redirect(f"/customers/{customer_id}?done=erase", status_code=303)


def undoing(given: Mapping[str, str]) -> str:
    """What takes back what a page is told of in its address; empty where nothing does."""
    with suppress(ValueError):
        if given.get("action"):
            return f"/customers/actions/{UUID(given['action'])}/undo"
        if given.get("mark") in (*_SHARING, *_BLOCKING):
            return f"/customers/addresses/{UUID(given.get('address', ''))}/{given['mark']}"
    return ""


async def _origin(request: Request) -> UUID | None:
    """The customer the form stood on."""
    try:
        return UUID(str((await request.form()).get("from", "")))
    except ValueError:
        return None


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise Invalid("Choose a customer from the list.", field="with", word="bad_choice") from None


routes = [show_merge, merge, undo, retract, mark_address, show_erase, erase]
