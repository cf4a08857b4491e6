"""One customer: who they are, how we know, what we know, and the thread."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

import msgspec
from litestar import Request, Response, get
from litestar.params import FromPath
from litestar.response import Redirect

from fadeno import access, commerce, customers, events, imports
from fadeno.access import Actor
from fadeno.customers import End, Item, Likely, Person, ShownLink
from fadeno.db import Tx
from fadeno.entry import door
from fadeno.entry.web import channels, page, pairs, thread, values, who
from fadeno.entry.web.pages.customers import deciding, seeing
from fadeno.kit import lists

PAGE = 50
_AT_ONCE = 200
_MOST_READ = 5  # pages of the thread looked through for what a filter lets pass
_MOST_TRAITS = 40
_CHANNEL = re.compile(r"[a-z_]{1,40}")
_MOST_SAID = 6
_MOST_SUGGESTED = 5
# Said of every customer already, above.
_NOT_SHOWN = frozenset({"name", "firstName", "lastName", "first_name", "last_name", "fullName"})


@dataclass(frozen=True, slots=True)
class Filter:
    """What of a thread is to be seen; empty is all."""

    group: str = ""
    channel: str = ""

    @property
    def query(self) -> str:
        """As it stands in an address of a page."""
        return urlencode({name: value for name, value in (("kind", self.group), ("channel", self.channel)) if value})

    def lets(self, item: Item) -> bool:
        """Whether an event passes."""
        return not self.group or thread.group_of(item.kind, item.name) == self.group


@get("/customers/{customer_id:uuid}", include_in_schema=False)
async def show_customer(request: Request, customer_id: FromPath[UUID]) -> Response:
    """The customer an id leads to now."""
    chosen = _chosen(request)
    done = request.query_params.get("done", "")
    async with door.opened(request, "see", "customers") as (tx, actor):
        # Asked for before anything is read, so that nothing falls between the page and its live stream.
        position = await events.last_position(tx)
        person = await customers.person(tx, customer_id)
        if person.id != customer_id:
            return Redirect(f"/customers/{person.id}", status_code=303)
        await access.note(tx, actor, "see", "customer", person.id)
        about = await _about(tx, actor, person)
        shown = await _thread(request, tx, actor, person.id, chosen, request.query_params.get("before") or None)
        return await page.inside(
            request,
            tx,
            actor,
            "customers/person.html",
            icons=channels.ICONS,
            position=position,
            done=done if done in ("merge", "split", "undo", "retract", "refuse", "confirm", "erase", "marked") else "",
            undo=deciding.undoing(request.query_params) if done else "",
            **about,
            **shown,
        )


@get("/customers/{customer_id:uuid}/about", include_in_schema=False)
async def show_about(request: Request, customer_id: FromPath[UUID]) -> Response:
    """Who they are and what is known, anew."""
    async with door.opened(request, "see", "customers") as (tx, actor):
        person = await customers.person(tx, customer_id)
        about = await _about(tx, actor, person)
        return await page.inside(request, tx, actor, "customers/about.html", **about)


@get("/customers/{customer_id:uuid}/thread", include_in_schema=False)
async def show_thread(request: Request, customer_id: FromPath[UUID]) -> Response:
    """A part of the thread: what is older than `before`, or everything down to `through`, anew."""
    before = request.query_params.get("before") or None
    through = request.query_params.get("through") or None
    async with door.opened(request, "see", "customers") as (tx, actor):
        shown = await _thread(request, tx, actor, customer_id, _chosen(request), before, through)
        return await page.inside(request, tx, actor, "customers/thread.html", customer_id=customer_id, **shown)


@get("/customers/{customer_id:uuid}/filters", include_in_schema=False)
async def show_filters(request: Request, customer_id: FromPath[UUID]) -> Response:
    """What the thread is made of: a chip for each group and each channel, with counts."""
    async with door.opened(request, "see", "customers") as (tx, actor):
        counts = await customers.thread_counts(tx, customer_id)
        groups = {name: 0 for name in thread.GROUPS}
        by_channel: dict[str, int] = {}
        for one in counts:
            groups[thread.group_of(one.kind, one.name)] += one.events
            by_channel[one.channel] = by_channel.get(one.channel, 0) + one.events
        return await page.inside(
            request,
            tx,
            actor,
            "customers/filters.html",
            customer_id=customer_id,
            chosen=_chosen(request),
            groups={name: n for name, n in groups.items() if n},
            by_channel=dict(sorted(by_channel.items(), key=lambda pair: -pair[1])),
            total=sum(by_channel.values()),
            since=min((one.first_at for one in counts), default=None),
            family=channels.family,
            icon_of=channels.icon,
        )


def _chosen(request: Request) -> Filter:
    group, channel = request.query_params.get("kind", ""), request.query_params.get("channel", "")
    return Filter(group if group in thread.GROUPS else "", channel if _CHANNEL.fullmatch(channel) else "")


# Who they are ----------------------------------------------------------------------------------------------------


async def _about(tx: Tx, actor: Actor, person: Person) -> dict[str, Any]:
    names, gone = await seeing.source_names(tx), await imports.gone_customers(tx, [person.id])
    steps = await customers.why(tx, person.id)
    waiting, _ = await customers.suggestions(tx, customer_id=person.id, limit=_MOST_SUGGESTED)
    alike = [(_other(person.id, one), one) for one in await customers.likely_of(tx, person.id, limit=_MOST_SUGGESTED)]
    around, _ = await customers.links(tx, person.id)
    said = await customers.actions(tx, person.id, limit=20)
    telling = [a for a in person.addresses if not (a.shared or a.blocked)]
    reached = {end.id for step in steps for end in (step.a, step.b)}
    chained = [a for a in telling if a.id in reached or a.id == person.id] or telling[:1]
    return {
        "person": person,
        "label": seeing.label_shown(actor, person.label),
        "gone_from": [names.get(one, "–") for one in gone.get(person.id, ())],
        "beads": who.chain(chained, steps, names, {one.id: one.made_by for one in said}),
        "loose": [a for a in telling if a.id not in {c.id for c in chained}],
        "aside": [a for a in person.addresses if a.shared or a.blocked],
        "links": len(steps),
        "traits": [t for t in person.traits if t.name not in _NOT_SHOWN][:_MOST_TRAITS],
        "lead": _lead(actor, person),
        "apart": _apart({a.id for a in person.addresses}, around),
        "said": [one for one in said if one.verb != "undo" and one.undone_by is None][:_MOST_SAID],
        "alike": alike,
        "suggested": [one for one in _others(person.id, waiting) if one[0] not in {other for (other, _), _ in alike}],
        "level": pairs.level,
        "source_names": names,
        "sees_contacts": seeing.sees_contacts(actor),
        "is_contact": customers.is_contact,
        "kind_shown": seeing.kind_shown,
        "label_shown": lambda said: seeing.label_shown(actor, said),
        "address_shown": lambda kind, value: seeing.address_shown(actor, kind, value),
        "trait_shown": lambda name: values.trait(name).capitalize(),
        "value_shown": lambda name, value: page.breakable(
            seeing.spaced(values.said(name, seeing.words_shown(actor, value)))
        ),
    }


def _other(me: UUID, pair: Likely) -> tuple[UUID, str]:
    """The other customer of a pair, and what they are called."""
    return (pair.other, pair.other_label) if pair.one == me else (pair.one, pair.one_label)


def _others(me: UUID, waiting: Sequence[Any]) -> list[Any]:
    """Each other customer once."""
    found: dict[UUID, Any] = {}
    for one in waiting:
        other = one.other if one.one == me else one.one
        if other != me:
            found.setdefault(other, (other, one.other_label if one.one == me else one.one_label, one.step))
    return list(found.values())


def _apart(mine: set[UUID], around: Sequence[ShownLink]) -> list[tuple[End, End]]:
    """Addresses that evidence ties to this customer and a member keeps from them, as (theirs, the other's)."""
    found: dict[UUID, tuple[End, End]] = {}
    for link in around:
        if link.state == "kept_apart":
            own, other = (link.step.a, link.step.b) if link.step.a.id in mine else (link.step.b, link.step.a)
            found.setdefault(other.id, (own, other))
    return list(found.values())[:5]


def _lead(actor: Actor, person: Person) -> list[str]:
    """What is worth saying under the name."""
    known = {t.name: t.value for t in person.traits}
    found = [(name, known.get(name)) for name in ("company", "title", "city", "country")]
    told = [(name, value) for name, value in found if isinstance(value, str) and value.strip()]
    return [values.said(name, seeing.words_shown(actor, value))[:80] for name, value in told]


# The thread ------------------------------------------------------------------------------------------------------


async def _thread(
    request: Request,
    tx: Tx,
    actor: Actor,
    customer_id: UUID,
    chosen: Filter,
    before: str | None = None,
    through: str | None = None,
) -> dict[str, Any]:
    items, older = await _items(tx, customer_id, chosen, before, _place(through))
    clock = page.times(request, await page.look_of(tx, actor))
    shown = [thread.shown(seeing.item_shown(actor, item), seeing.money) for item in items]
    return {
        "lines": thread.lines(shown, clock),
        "orders": await _orders(tx, actor, customer_id, shown),
        "older": older,
        "chosen": chosen,
        "is_part": bool(before),
        "source_names_of_thread": await seeing.source_names(tx),
        "raw": lambda item: msgspec.json.format(msgspec.json.encode(item.body), indent=2).decode(),
    }


async def _orders(
    tx: Tx, actor: Actor, customer_id: UUID, shown: Sequence[thread.Shown]
) -> dict[str, tuple[UUID, str]]:
    """The orders these events are about, by number, as they stand now."""
    if not access.may(actor, "see", "orders"):
        return {}
    numbers = {one.matter.id for one in shown if one.matter and one.matter.kind == "order"}
    return await commerce.named(tx, customer_id, numbers)


async def _items(
    tx: Tx, customer_id: UUID, chosen: Filter, before: str | None, through: tuple[datetime, UUID] | None
) -> tuple[list[Item], str | None]:
    """A page of events that pass the filter; or, with `through`, all from the newest down to that one."""
    only = [chosen.channel] if chosen.channel else None
    size = _AT_ONCE if through or chosen.group else PAGE
    found: list[Item] = []
    for _ in range(_MOST_READ):
        got, before = await customers.thread(tx, customer_id, before=before, limit=size, channels=only)
        for item in got:
            place = (item.occurred_at, item.id)
            if through and place < through:
                return found, _after(found)
            if chosen.lets(item):
                found.append(item)
                if not through and len(found) == PAGE:
                    return found, _after(found) if item is not got[-1] or before else None
        if before is None or (not through and not chosen.group):
            break
    return found, before


def _after(found: Sequence[Item]) -> str | None:
    return lists.by_time(found[-1].occurred_at, found[-1].id) if found else None


def _place(through: str | None) -> tuple[datetime, UUID] | None:
    if not through:
        return None
    if through == "all":
        return datetime.min.replace(tzinfo=UTC), UUID(int=0)
    return lists.at_time(through, "through")


routes = [show_customer, show_about, show_thread, show_filters]
