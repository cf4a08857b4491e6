"""Turns the events of a thread into what is shown: days, matters, messages, dots, folds. Pure."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby
from typing import Any
from uuid import UUID

from fadeno import events
from fadeno.customers import Item
from fadeno.entry.web import channels, values, words
from fadeno.entry.web.times import Times
from fadeno.events import Matter

FOLD_FROM = 3
_MOST_THINGS = 50
_MOST_CHANGES = 6
GROUPS = ("messages", "orders", "visits", "browsing", "profile", "other")

# What we understand: the event's name in small letters -> (shape, group). All else is shown as it came.
_NAMED = {
    "message received": ("them", "messages"),
    "message sent": ("us", "messages"),
    "call ended": ("call", "messages"),
    "case handed off": ("hand", "messages"),
    "visit noted": ("visit", "visits"),
    "review written": ("review", "messages"),
    "order completed": ("dot", "orders"),
    "order updated": ("dot", "orders"),
    "order shipped": ("dot", "orders"),
    "order delivered": ("ok", "orders"),
    "order ready for pickup": ("dot", "orders"),
    "order picked up": ("ok", "orders"),
    "order delayed": ("risk", "orders"),
    "order refunded": ("dot", "orders"),
    "order cancelled": ("dot", "orders"),
    "order looked up": ("dot", "visits"),
    "products searched": ("dot", "browsing"),
    "product list viewed": ("dot", "browsing"),
    "product clicked": ("dot", "browsing"),
    "product viewed": ("dot", "browsing"),
    "product added": ("dot", "orders"),
    "product removed": ("dot", "orders"),
    "cart viewed": ("dot", "orders"),
    "cart left": ("dot", "orders"),
    "checkout started": ("dot", "orders"),
    "checkout step viewed": ("dot", "orders"),
    "checkout step completed": ("dot", "orders"),
    "payment info entered": ("dot", "orders"),
    "signed up": ("dot", "profile"),
    "signed in": ("dot", "profile"),
    "signed out": ("dot", "profile"),
    "consent changed": ("dot", "profile"),
}
_KINDS = {
    "page": ("dot", "browsing"),
    "screen": ("dot", "browsing"),
    "identify": ("dot", "profile"),
    "regrouped": ("dot", "other"),
    "group": ("dot", "profile"),
    "alias": ("dot", "profile"),
}
# What fadeno itself says of cases, promises and ratings: kind and name.
_OWN = {
    "case": (
        "opened", "reopened", "noted", "assign", "unassign", "hand", "solve", "solved", "open", "wait", "reopen",
        "prioritise", "tag", "entitle", "expect", "link", "unlink", "merge", "unmerge", "split", "unsplit", "overdue",
        "sent_on", "undelivered",
    ),
    "promise": ("made", "moved", "kept", "broken", "withdrawn"),
    "rating": ("Case Rated",),
}  # fmt: skip
_SMALL = frozenset({"browsing", "profile"})
_TOLD = frozenset({"track", "message", "rating"})  # kinds whose names say what happened
_LARGE = frozenset({"them", "us", "call", "visit", "review", "hand", "risk"})


@dataclass(frozen=True, slots=True)
class Shown:
    """One event, ready to be drawn.

    Attributes:
        shape: them, us, call, visit, review, hand, risk, ok, dot, or unknown.
        word: of the message that says what happened (`thread.event.<word>`); for what is unknown, its own name.
        what: the one thing it is about, in bold.
        rest: further words, joined by commas.
        things: what was bought, each with how many and for how much, as it was said then.
        brought_in: the import that changed what was known.
    """

    id: UUID
    shape: str
    group: str
    channel: str
    item: Item
    word: str
    what: str = ""
    rest: tuple[str, ...] = ()
    text: str = ""
    language: str = ""
    subject: str = ""
    by: str = ""
    state: str = ""
    known: tuple[str, ...] = ()
    matter: Matter | None = None
    things: tuple[tuple[str, str, str], ...] = ()
    brought_in: UUID | None = None

    @property
    def family(self) -> str:
        """The channel's family."""
        return channels.family(self.channel)

    @property
    def icon(self) -> str:
        """The channel's icon."""
        return channels.icon(self.channel)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the thread: a day, a matter that begins or goes on, an event, or many alike folded."""

    kind: str
    key: str
    shown: Shown | None = None
    day: date | None = None
    matter: Matter | None = None
    title: str = ""
    folded: tuple[Shown, ...] = ()
    names: tuple[str, ...] = field(default=())

    @property
    def is_browsing(self) -> bool:
        """Whether all that is folded is looking around."""
        return all(one.group == "browsing" for one in self.folded)


def group_of(kind: str, name: str | None) -> str:
    """Which of the filters an event belongs to."""
    return _look(kind, name)[1]


def _look(kind: str, name: str | None) -> tuple[str, str]:
    if kind in _OWN:
        is_known = name in _OWN[kind]
        return ("ok" if name == "kept" else "dot" if is_known else "unknown"), "other"
    if kind not in ("track", "message"):
        return _KINDS.get(kind, ("unknown", "other"))
    return _NAMED.get((name or "").strip().casefold(), ("unknown", "other"))


def shown(item: Item, money: Callable[[Any, Any], str]) -> Shown:
    """One event, ready to be drawn.

    Args:
        money: writes an amount with its currency.
    """
    shape, group = _look(item.kind, item.name)
    said = item.body.get("properties")
    said = said if isinstance(said, Mapping) else {}
    word = item.name or item.kind
    if shape != "unknown":
        word = (item.name or "").strip().casefold().replace(" ", "_") if item.kind in _TOLD else item.kind
    if item.kind in ("case", "promise") and shape != "unknown":
        word = f"{item.kind}_{item.name}"
    if item.kind == "regrouped":
        word = f"regrouped_{item.name}"
    if shape == "call" and said.get("direction") == "out":
        word = "call_made"
    return Shown(
        id=item.id,
        shape=shape,
        group=group,
        channel=item.channel,
        item=item,
        word=word,
        what=_what(item, said, shape),
        rest=tuple(filter(None, _rest(item, said, money))),
        text=_text(said, "text", 4000),
        language=_text(said, "language", 35),
        subject=_text(said, "subject"),
        by=_text(said, "by") or _text(said, "agent") or _text(said, "noted_by") or _text(said, "from"),
        state=_text(said, "state", 40),
        known=tuple(_known(said.get("known"))),
        matter=events.matter_of(item.body),
        things=tuple(_things(said, money)) if group == "orders" else (),
        brought_in=_import_of(item.body) if "changes" in said else None,
    )


def _text(said: Mapping[str, Any], name: str, most: int = 200) -> str:
    value = said.get(name)
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    return str(value)[:most]


def _what(item: Item, said: Mapping[str, Any], shape: str) -> str:
    """The one thing it is about."""
    if item.kind in ("page", "screen"):
        page = (item.body.get("context") or {}).get("page")
        page = page if isinstance(page, Mapping) else {}
        return item.name or _text(page, "title") or _text(page, "path")
    if item.kind == "identify":
        traits = item.body.get("traits")
        return _text(traits, "name") if isinstance(traits, Mapping) else ""
    if shape == "hand":
        return _text(said, "to")
    if item.kind in ("case", "rating"):
        return f"{_text(said, 'rating', 1)}/5" if item.kind == "rating" else f"#{_text(said, 'case_id', 20)}"
    if shape in ("unknown", "them", "us", "call", "visit"):
        return ""
    for name in ("query", "order_id", "orderId", "name", "product_id"):
        if found := _text(said, name):
            return found
    return ""


def _rest(item: Item, said: Mapping[str, Any], money: Callable[[Any, Any], str]) -> Iterable[str]:
    """What else is worth a word."""
    traits = item.body.get("traits")
    if item.kind == "identify" and isinstance(traits, Mapping):
        yield words.listed(words.spoken(), [values.trait(str(name)) for name in list(traits)[:6] if name != "name"])
    if item.kind == "regrouped":
        yield words.called(words.spoken(), "thread.marked", _text(said, "marked"))
    if item.kind in ("regrouped", "case"):
        yield _text(said, "by")
    if item.kind in ("promise", "rating"):
        yield _text(said, "text")
    products = said.get("products")
    if isinstance(products, list) and products:
        names = [_text(p, "name", 60) for p in products[:3] if isinstance(p, Mapping)]
        yield words.beside(words.spoken(), names) + (" …" if len(products) > 3 else "")
    yield from _changes(said)
    yield money(said.get("total", said.get("price")), said.get("currency")) if "total" in said else ""
    yield _named("why", _text(said, "reason", 120))
    for name in ("carrier", "shop"):
        yield _text(said, name, 120)


def _changes(said: Mapping[str, Any]) -> Iterable[str]:
    """What is otherwise now, each as what it was and what it is."""
    told = said.get("changes")
    for one in told[:_MOST_CHANGES] if isinstance(told, list) else ():
        if isinstance(one, Mapping):
            field, of = _text(one, "what", 60), _text(one, "of", 60)
            what = words.called(words.spoken(), "imports.field", field)
            was, now = (values.cell(field, _text(one, name, 60)) or "–" for name in ("was", "now"))
            what = words.beside(words.spoken(), [of, what]) if of else what
            yield str(words.say(words.spoken(), "thread.changed", what=what, was=was, now=now))


def _import_of(body: Mapping[str, Any]) -> UUID | None:
    try:
        return UUID(str(body.get("import")))
    except ValueError:
        return None


def _known(said: Any) -> Iterable[str]:
    """What was known already when a matter was handed on."""
    return (_named("known", str(one)[:80]) for one in said[:10]) if isinstance(said, list) else ()


def _named(family: str, code: str) -> str:
    """A code that many a system says, in the viewer's words; what no catalogue names, word for word."""
    return words.called(words.spoken(), f"thread.{family}", code)


def _things(said: Mapping[str, Any], money: Callable[[Any, Any], str]) -> Iterable[tuple[str, str, str]]:
    """What was bought, as far as it is said."""
    products = said.get("products")
    for product in products[:_MOST_THINGS] if isinstance(products, list) else ():
        if isinstance(product, Mapping):
            name = next((n for word in ("name", "sku", "product_id") if (n := _text(product, word))), "")
            yield name, _text(product, "quantity", 20), money(product.get("price"), said.get("currency"))


def lines(found: Sequence[Shown], times: Times, *, fold: bool = True, before: Line | None = None) -> list[Line]:
    """The thread newest first: each day named, each matter named where it changes, runs of browsing folded."""
    drawn: list[Line] = []
    titles = _titles(found)
    day = before.day if before else None
    matter: Matter | None = before.matter if before else None
    for here, run in groupby(found, key=lambda s: times.local(s.item.occurred_at).date()):
        if here != day:
            drawn.append(Line("day", f"day-{here.isoformat()}", day=here))
            day = here
        for part in _folded(list(run), fold=fold):
            first = part[0]
            about = first.matter if len(part) == 1 and _starts(first) else None
            if about and about != matter:
                matter = about
                key = f"matter-{first.id}"
                drawn.append(Line("matter", key, shown=first, matter=about, title=titles.get(about, "")))
            if len(part) > 1:
                names = tuple(dict.fromkeys(s.what for s in part if s.what))
                drawn.append(Line("fold", f"fold-{part[-1].id}", shown=first, folded=tuple(part), names=names[:4]))
            else:
                drawn.append(Line("event", f"ev-{first.id}", shown=first, day=day, matter=matter))
    return drawn


def _starts(one: Shown) -> bool:
    """Whether an event may name a new matter; passing by a product does not."""
    return one.matter is not None and (one.matter.kind != "product" or one.shape in _LARGE)


def _titles(found: Iterable[Shown]) -> dict[Matter, str]:
    """What a matter is called besides its number: the first thing of the order."""
    titles: dict[Matter, str] = {}
    for one in found:
        said = one.item.body.get("properties")
        if one.matter is None or not isinstance(said, Mapping):
            continue
        products = said.get("products")
        first = products[0] if isinstance(products, list) and products else said
        name = _text(first, "name", 60) if isinstance(first, Mapping) else ""
        if name:
            titles.setdefault(one.matter, name)
    return titles


def _is_small(one: Shown) -> bool:
    return one.shape == "dot" and (one.group in _SMALL or one.item.kind == "case")


def _folded(run: list[Shown], *, fold: bool) -> list[list[Shown]]:
    """The events of a day, small ones that follow each other in one list."""
    parts: list[list[Shown]] = []
    for is_small, some in groupby(run, key=_is_small):
        together = list(some)
        if fold and is_small and len(together) >= FOLD_FROM:
            parts.append(together)
        else:
            parts.extend([one] for one in together)
    return parts
