"""Splitting a customer: which addresses are somebody else's, what would be, and then doing it.

Who has few addresses ticks them on one page. Who has thousands names them by kind, by pasted values, or one by one from
a search; that choice goes from page to page in the form itself.
"""

from collections import Counter
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.datastructures import FormMultiDict
from litestar.params import FromPath
from litestar.response import Redirect

from fadeno import customers
from fadeno.access import Actor
from fadeno.customers import Choice, Person
from fadeno.db import Tx
from fadeno.entry import door
from fadeno.entry.web import channels, page
from fadeno.entry.web.pages.customers import seeing
from fadeno.entry.web.pages.customers.deciding import decided, shown_after
from fadeno.kit.errors import FadenoError, Invalid

FEW = 500
_MOST_FOUND = 50
_MOST_SHOWN = 50


@dataclass(frozen=True, slots=True)
class Chosen:
    """What a form chose, and the addresses it means now."""

    choice: Choice
    found: dict[UUID, str]
    strange: list[str]

    @property
    def ids(self) -> list[UUID]:
        """The addresses."""
        return list(self.found)

    @property
    def kinds(self) -> list[tuple[str, int]]:
        """How many of them are of each kind, most first."""
        return Counter(self.found.values()).most_common()


@get("/customers/{customer_id:uuid}/split", include_in_schema=False)
async def show_split(request: Request, customer_id: FromPath[UUID]) -> Response:
    """Choose the addresses that are somebody else's; then what is now beside what would be after."""
    ids = _ids(request.query_params.getall("address", []))
    async with door.opened(request, "merge", "customers") as (tx, actor):
        person = await customers.person(tx, customer_id, limit=FEW)
        if person.address_count > FEW and not ids:
            return await _choose(request, tx, actor, person, Chosen(Choice(), {}, []))
        if ids:
            choice = Choice(ids=tuple(ids))
            what = Chosen(choice, *await customers.chosen(tx, person.id, choice))
            return await _preview(request, tx, actor, person, what)
        return await _shown(request, tx, actor, "customers/split.html", person, chosen=set())


@post("/customers/{customer_id:uuid}/split/choose", status_code=200, include_in_schema=False)
async def choose(request: Request, customer_id: FromPath[UUID]) -> Response:
    """Go on choosing among thousands of addresses, or look at what would be."""
    form = await request.form()
    async with door.opened(request, "merge", "customers") as (tx, actor):
        person = await customers.person(tx, customer_id, limit=_MOST_SHOWN)
        what = await _chosen(tx, person.id, form)
        act = str(form.get("act", ""))
        if act == "preview" and what.ids and not what.strange:
            return await _preview(request, tx, actor, person, what)
        typed = str(form.get("q", ""))[:256]
        after = _ids([act.removeprefix("after:")])[0] if act.startswith("after:") else None
        return await _choose(request, tx, actor, person, what, (typed, after), asked=act == "preview")


@post("/customers/{customer_id:uuid}/split", include_in_schema=False)
async def split(request: Request, customer_id: FromPath[UUID]) -> Response | Redirect:
    """Say that some of a customer's addresses are another person's, as it was looked at."""
    form = await request.form()
    async with door.opened(request, "merge", "customers") as (tx, actor):
        person = await customers.person(tx, customer_id, limit=_MOST_SHOWN)
        what = await _chosen(tx, person.id, form)
        if form.get("n") not in (None, str(len(what.ids))):
            return await _preview(request, tx, actor, person, what, moved=True)
    done = await decided(request, lambda tx, actor: customers.split(tx, actor, customer_id, what.ids))
    return shown_after(done, "split", customer_id)


async def _chosen(tx: Tx, id_: UUID, form: FormMultiDict) -> Chosen:
    kinds = tuple(kind for kind in form.getall("kind", []) if isinstance(kind, str))
    values = tuple(customers.of_lines(str(form.get("values", ""))))
    choice = Choice(kinds, values, tuple(_ids(form.getall("address", []))))
    return Chosen(choice, *await customers.chosen(tx, id_, choice))


async def _preview(
    request: Request, tx: Tx, actor: Actor, person: Person, what: Chosen, *, moved: bool = False
) -> Response:
    outcome, trouble = None, None
    try:
        outcome = await customers.preview_split(tx, actor, person.id, what.ids)
    except FadenoError as error:
        trouble = error
    if trouble and person.address_count > FEW:
        return await _choose(request, tx, actor, person, what, trouble=trouble)
    context: dict[str, Any] = {"outcome": outcome, "trouble": trouble, "moved": moved}
    return await _shown(request, tx, actor, "customers/split.html", person, what=what, chosen=set(what.ids), **context)


async def _choose(
    request: Request,
    tx: Tx,
    actor: Actor,
    person: Person,
    what: Chosen,
    sought: tuple[str, UUID | None] = ("", None),
    *,
    asked: bool = False,
    trouble: FadenoError | None = None,
) -> Response:
    """The page on which some of thousands are chosen.

    Args:
        sought: letters that stand in the addresses shown, and the last address of the page before.
    """
    typed, after = sought
    found, more = await customers.addresses_with(tx, person.id, typed, after=after, limit=_MOST_FOUND)
    here = {one.id for one in found}
    return await _shown(
        request,
        tx,
        actor,
        "customers/split_many.html",
        person,
        what=what,
        chosen=set(what.choice.ids),
        kept=[id_ for id_ in what.choice.ids if id_ not in here],
        kinds=await customers.address_kinds(tx, person.id),
        found=found,
        more=more,
        typed=typed,
        nothing=asked and not what.ids,
        trouble=trouble,
    )


async def _shown(request: Request, tx: Tx, actor: Actor, template: str, person: Person, **context: Any) -> Response:
    context = {"outcome": None, "what": None, "trouble": None, "moved": False, **context}
    return await page.inside(
        request,
        tx,
        actor,
        template,
        status=409 if context["trouble"] else 200,
        person=person,
        few=FEW,
        label_of=lambda label: seeing.label_shown(actor, label),
        kind_shown=seeing.kind_shown,
        address_shown=lambda kind, value: page.breakable(seeing.address_shown(actor, kind, value)),
        family=channels.family,
        icon_of=channels.icon,
        **context,
    )


def _ids(texts: list[Any]) -> list[UUID]:
    try:
        return [UUID(text) for text in dict.fromkeys(texts)]
    except (ValueError, TypeError, AttributeError):
        raise Invalid("Choose addresses from the list.", field="address", word="bad_choice") from None


routes = [show_split, choose, split]
