"""What stands above and beside the stream of a case: how it is filed, and whose it is."""

from typing import Any
from uuid import UUID

from litestar import Request

from fadeno import access, commerce, conversations, customers, promises
from fadeno.access import Actor
from fadeno.conversations import STAGES, Case
from fadeno.customers import Trait
from fadeno.db import Tx
from fadeno.entry.web import page, thread, values
from fadeno.entry.web.pages.customers import seeing
from fadeno.entry.web.pages.desk import coming, naming, rows
from fadeno.kit.money import Money

_MOST_CASES = 8
_MOST_ORDERS = 5
_MOST_KNOWN = 6
_MOST_HAPPENED = 5
_LOOKED_AT = 40
_OF_CASES = ("case", "message", "promise")
_SAID_ABOVE = frozenset(
    ("name", "firstName", "lastName", "first_name", "last_name", "fullName", "company", "city", "country", "language",
     "email", "phone")
)  # fmt: skip


async def around(request: Request, tx: Tx, actor: Actor, case: Case) -> dict[str, Any]:
    """What stands above and beside the stream of a case."""
    person = await customers.person(tx, case.customer_id) if case.customer_id else None
    near = await conversations.around(tx, case.id)
    others, _ = await conversations.cases_of(tx, case.customer_id, limit=_MOST_CASES) if person else ([], None)
    sees_orders = person is not None and access.may(actor, "see", "orders")
    bought, _ = await commerce.orders(tx, customer_id=person.id, limit=_MOST_ORDERS) if sees_orders else ([], None)
    people, clock = await naming.people(tx), page.times(request, await page.look_of(tx, actor))
    return {
        "case": case,
        "person": person,
        "label": seeing.label_shown(actor, person.label) if person else "",
        "lead": _lead(person) if person else [],
        "near": near,
        "linked": [await conversations.case(tx, id_) for id_ in near.cases],
        "linked_orders": await commerce.orders_by_id(tx, near.orders) if access.may(actor, "see", "orders") else [],
        "others": [one for one in others if one.id != case.id and one.stand != "gone"],
        "orders": bought,
        "promised": await promises.in_case(tx, case.id, *await conversations.came_into(tx, case.id)),
        "acts_done": (await conversations.acts(tx, case.id, limit=30))[0],
        "people": people,
        "people_by_text": {str(id_): name for id_, name in people.items()},
        "follower_names": [people[id_] for id_ in near.followers if id_ in people],
        "areas": await naming.areas(tx),
        "ahead": coming.saying(clock),
        "known": _known(actor, person) if person else [],
        "happened": await _happened(tx, actor, person.id) if person and access.may(actor, "see", "events") else [],
        "source_names": await seeing.source_names(tx),
        "trait_shown": lambda name: values.trait(name).capitalize(),
        "value_shown": lambda name, value: page.breakable(
            seeing.spaced(values.said(name, seeing.words_shown(actor, value)))
        ),
        "amount": _amount(case),
        **naming.choices(people),
        "stages": STAGES,
        "due": rows.due_word(case.due_at, tx.now),
        "span": coming.span(clock),
        "address_said": lambda kind, value: naming.address_said(actor, kind, value),
        "kind_shown": seeing.kind_shown,
        **naming.looks(),
    }


def _amount(case: Case) -> str:
    """What a sale is worth, as one types it."""
    if case.value_minor is None or not case.currency:
        return ""
    return str(Money(case.value_minor, case.currency).amount)


def _lead(person: customers.Person) -> list[str]:
    known = {trait.name: trait.value for trait in person.traits}
    told = [(name, known.get(name)) for name in ("company", "city", "country", "language")]
    return [values.said(name, value)[:80] for name, value in told if isinstance(value, str) and value.strip()]


def _known(actor: Actor, person: customers.Person) -> list[Trait]:
    """What is told already and need not be asked."""
    sees = seeing.sees_contacts(actor)
    told = [
        one for one in person.traits if one.name not in _SAID_ABOVE and (sees or not customers.is_contact(one.name))
    ]
    return told[:_MOST_KNOWN]


async def _happened(tx: Tx, actor: Actor, customer_id: UUID) -> list[thread.Shown]:
    """What happened with the customer last, besides cases."""
    items, _ = await customers.thread(tx, customer_id, limit=_LOOKED_AT)
    told = [thread.shown(seeing.item_shown(actor, one), seeing.money) for one in items if one.kind not in _OF_CASES]
    return [one for one in told if one.shape != "unknown"][:_MOST_HAPPENED]
