"""How the systems of the sample company tell what happens: each in the shape its client sends.

A teller follows one person through time and notes what every source would send. Nothing is sent here: a step has its
source, its time and its event without times; `sent` gives it the times it goes out with.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import count
from random import Random
from typing import Any

from fadeno.entry.sample import shelf, world
from fadeno.entry.sample.people import Person, made_id
from fadeno.entry.sample.world import Thing

SITE = "https://lumo.example"
FREE_FROM_EUR = 60
_BY_THE_DOZEN = ("sego", "kuseno", "ampolo")
# Hours (from, to) in which a channel is used; what falls outside moves to the next opening.
_OPEN = {
    "counter": (9, 20),
    "till": (9, 20),
    "phone": (8, 19),
    "whatsapp": (7, 23),
    "chat": (8, 22),
    "web": (6, 24),
    "email": (6, 24),
    "app": (6, 24),
    "warehouse": (6, 18),
    "desk": (8, 17),
}
_LOCALE = {"sr-Cyrl": "sr-Cyrl-RS", "sr-Latn": "sr-Latn-RS", "hu": "hu-HU", "de": "de-DE", "ru": "ru-RU"}
_LIBRARIES = {
    "web-shop": {"name": "analytics.js", "version": "1.84.0"},
    "mobile-app": {"name": "analytics-kotlin", "version": "1.19.2"},
    "shop-tablet": {"name": "analytics.js", "version": "1.84.0"},
}
_SERVER = {"name": "analytics-python", "version": "2.3.4"}


@dataclass(frozen=True, slots=True)
class Step:
    """Something that happened, as its source would say it, without times."""

    source: str
    at: datetime
    event: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Sent:
    """One event on its way: which source sends it, when it reaches us, and its bytes."""

    source: str
    received_at: datetime
    raw: bytes


def sent(step: Step, at: datetime, received_at: datetime | None = None, clock_off_s: int = 0) -> Sent:
    """A step as it goes out when it happens at `at`.

    Args:
        received_at: when it reaches us; a second later unless something held it up.
        clock_off_s: by how much the clock of the person's own device is wrong.
    """
    received_at = received_at or at + timedelta(seconds=1)
    times = {"timestamp": _iso(at)}
    if step.source in _LIBRARIES:
        # Such clients also say what their clock showed when they sent it; that is how we know how wrong it is.
        off = timedelta(seconds=clock_off_s)
        times = {"originalTimestamp": _iso(at + off), "sentAt": _iso(received_at + off)}
    return Sent(step.source, received_at, json.dumps(step.event | times, ensure_ascii=False).encode())


def _iso(at: datetime) -> str:
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")


class Teller:
    """Follows one person; the verbs below note what happens next.

    Args:
        at: when it begins.
        made: the day the company was made up.
        run: another word gives the same story other ids.
        orders: the numbers orders get; without it they follow from the person's own.
    """

    def __init__(
        self,
        seed: int,
        person: Person,
        rng: Random,
        at: datetime,
        made: date,
        *,
        run: str = "",
        orders: Iterator[str] | None = None,
    ) -> None:
        self.person = person
        self.rng = rng
        self.at = at
        self.steps: list[Step] = []
        self.has_account = False
        self.is_signed_in = False
        self.cookie = person.cookies[0]
        self.thing: Thing = rng.choice(world.GOODS)
        self.order_id = ""
        self.due: datetime | None = None
        self.promised: int | None = None
        self.bought: list[Thing] = []
        self._seed = seed
        self._made = made
        self._run = run
        self._orders = orders or (f"10-{4471 + person.index * 9 + n}" for n in count())

    # Time -------------------------------------------------------------------------------------------------------

    def wait(self, low: float, high: float) -> None:
        """Let hours pass."""
        self.at += timedelta(hours=self.rng.uniform(low, high))

    def moment(self, low: int = 8, high: int = 90) -> None:
        """Let seconds pass."""
        self.at += timedelta(seconds=self.rng.randint(low, high))

    def by_day(self) -> None:
        """Not before somebody is up."""
        self._when_open("counter")

    def in_office(self) -> None:
        """Not before somebody of ours is at work."""
        self._when_open("desk")

    def promises(self, low: int, high: int) -> None:
        """We say on which day it comes, in so many days; never on one on which nobody works."""
        self.due = self.at + timedelta(days=self.rng.randint(low, high))
        self.promised = len(self.steps) if self.promised is None else self.promised
        if self._local(self.due).weekday() == self.person.country.closed:
            self.due += timedelta(days=1)

    def ships(self, guest: str | None = None) -> None:
        """The warehouse hands it to the courier; the day before it is promised, if it is."""
        if self.due is not None:
            self.at = max(self.at, self.due - timedelta(days=1))
        self._when_open("warehouse")
        shipped = {"order_id": self.order_id, "carrier": self.person.country.carrier}
        self.backend("Order Shipped", shipped, guest=guest)

    def as_promised(self) -> None:
        """Let the time pass until the morning of that day."""
        if self.due is not None:
            morning = self._local(self.due).replace(hour=8, minute=self.rng.randrange(60)) - self._ahead()
            self.at = max(self.at, morning + timedelta(hours=self.rng.uniform(0.5, 3.5)))
            self.due = None

    def _ahead(self) -> timedelta:
        return timedelta(hours=self.person.country.hours)

    def _local(self, at: datetime) -> datetime:
        return at + self._ahead()

    def _when_open(self, channel: str) -> None:
        begin, end = _OPEN.get(channel, (0, 24))
        local = self._local(self.at)
        closed = self.person.country.closed if channel in ("counter", "till", "warehouse") else None
        if begin <= local.hour < end and local.weekday() != closed:
            return
        day = local if local.hour < begin else local + timedelta(days=1)
        day += timedelta(days=day.weekday() == closed)
        hour = begin + (self.rng.randrange(end - begin - 1) if closed is not None else 0)  # not all come at nine
        then = day.replace(hour=hour, minute=self.rng.randint(4, 59), second=self.rng.randint(0, 59))
        self.at = then - self._ahead()

    # Words ------------------------------------------------------------------------------------------------------

    def words(self, side: str, role: str) -> str:
        """A line of theirs or ours, filled in; staff note in the language of their shop."""
        language = self.staff_language if side == "noted" else self.person.language
        due = self._local(self.due or self.at)
        place = self.person.place if self.person.near else world.DEPOTS["warehouse"]["name"]
        text = world.line(language, side, role, self.rng.randrange(8)).format(
            order=f"\u2066{self.order_id}\u2069" if language == "ar" else self.order_id,  # else it reads 4490-10
            thing=self.thing.name(language),
            shop=self.person.shop,
            work=self.person.work,
            day=world.in_script(world.DAYS[world.spoken(language)][due.weekday()], language),
            count=shelf.count(self._seed, self.thing, place),
        )
        return text[0].upper() + text[1:]

    def chooses_there(self) -> None:
        """They want something of which there are some in their shop."""
        if self.person.near:
            there = [one for one in world.GOODS if shelf.count(self._seed, one, self.person.place)]
            self.thing = self.rng.choice(there)

    @property
    def staff_language(self) -> str:
        """The language of the shops in the person's country."""
        return next(iter(self.person.country.languages))

    # What sources send ------------------------------------------------------------------------------------------

    def add(self, source: str, channel: str, event: dict[str, Any], context: dict[str, Any] | None = None) -> None:
        """Note one event of a source."""
        self._when_open(channel)
        library = {"library": _LIBRARIES.get(source, _SERVER)}
        whole = {
            **event,
            "messageId": made_id(self._seed, "event", self._run, self.person.index, len(self.steps)),
            "context": {"channel": channel, **library, **(context or {})},
        }
        self.steps.append(Step(source, self.at, whole))
        self.moment()

    def on_site(self, kind: str, name: str, path: str, properties: dict[str, Any] | None = None) -> None:
        """The browser of the person on the web shop."""
        locale = _LOCALE.get(self.person.language, self.person.language)
        page = {"path": path, "url": SITE + path, "title": f"{name} – Lumo" if kind == "page" else "Lumo"}
        who = {"anonymousId": self.cookie} | ({"userId": self.person.user_id} if self.is_signed_in else {})
        named = {"event": name} if kind == "track" else {"name": name}
        event = {"type": kind, **named, **who, "properties": properties or {}}
        self.add("web-shop", "web", event, {"page": page, "locale": locale})

    def in_app(self, kind: str, name: str, properties: dict[str, Any] | None = None) -> None:
        """The app on the person's phone."""
        device = {"id": self.person.device, "type": "android", "model": "telephone"}
        who = {"anonymousId": self.person.device, "userId": self.person.user_id}
        named = {"event": name} if kind == "track" else {"name": name}
        context = {"device": device, "app": {"name": "Lumo", "version": "4.2.0"}}
        self.add("mobile-app", "app", {"type": kind, **named, **who, "properties": properties or {}}, context)

    def backend(self, name: str, properties: dict[str, Any], channel: str = "server", guest: str | None = None) -> None:
        """The shop's own server, which knows who ordered; a guest by what they typed as e-mail address."""
        person = self.person
        if guest:
            event = {"type": "track", "event": name, "anonymousId": self.cookie, "properties": properties}
            self.add("shop-server", channel, event, external(("email", guest)))
            return
        if person.user_id:
            event = {"type": "track", "event": name, "userId": person.user_id, "properties": properties}
            self.add("shop-server", channel, event)
            return
        ids = external(("email", person.email), ("phone", person.phone))
        event = {"type": "track", "event": name, "anonymousId": self.cookie, "properties": properties}
        self.add("shop-server", channel, event, ids)

    def identify(self, source: str, channel: str, who: dict[str, Any], traits: dict[str, Any], **context: Any) -> None:
        """A source tells what it knows about the person."""
        self.add(source, channel, {"type": "identify", **who, "traits": traits}, context or None)

    # Talking ----------------------------------------------------------------------------------------------------

    def writes(self, channel: str, role: str, subject: str | None = None) -> None:
        """They write to us."""
        said = self._spoken(self.words("said", role), subject)
        self._message(channel, "Message Received", said)
        self.moment(20, 200)

    def answered(self, channel: str, role: str, by: str | None = None, subject: str | None = None) -> None:
        """We write to them; without `by` it is one of the call centre."""
        if by is None:
            by = self.rng.choice(self.person.country.agents)
            self.in_office()
        state = self.rng.choice(("delivered", "read", "read"))
        said = self._spoken(self.words("answered", role), subject) | {"by": by, "state": state}
        self._message(channel, "Message Sent", said)
        self.moment(60, 900)

    def _spoken(self, text: str, subject: str | None = None) -> dict[str, Any]:
        said: dict[str, Any] = {"text": text, "language": self.person.language}
        if subject:
            said["subject"] = subject
        if self.order_id:
            said["order_id"] = self.order_id
        return said

    def _message(self, channel: str, name: str, said: dict[str, Any]) -> None:
        person = self.person
        event = {"type": "track", "event": name, "properties": said}
        if channel == "whatsapp":
            ids = external(("whatsapp", person.phone.lstrip("+")), ("phone", person.phone))
            self.add("whatsapp", channel, event, ids)
        elif channel == "chat":
            who = {"anonymousId": self.cookie} | ({"userId": person.user_id} if self.is_signed_in else {})
            self.add("web-shop", channel, event | who, {"page": {"path": "/", "url": SITE + "/"}})
        else:
            self.add("mailbox", channel, event, external(("email", person.email)))

    def handed_off(self, channel: str, known: list[str]) -> None:
        """The bot passes the matter to a person, with what is known."""
        said = {"from": "bot", "to": "Service", "reason": "asks for a person", "known": known}
        self._message(channel, "Case Handed Off", said | ({"order_id": self.order_id} if self.order_id else {}))

    def calls(self, role: str, number: str | None = None) -> None:
        """They phone the call centre."""
        self._when_open("phone")
        agent = self.rng.choice(self.person.country.agents)
        said = self._spoken(self.words("said", role))
        said |= {"direction": "in", "duration_s": self.rng.randint(45, 420), "agent": agent}
        event = {"type": "track", "event": "Call Ended", "properties": said}
        if number and self.person.user_id and self.rng.random() < 0.6:
            event["userId"] = self.person.user_id  # the agent asked whose order it is
        number = number or self.person.phone
        self.add("call-centre", "phone", event, external(("phone", number) if number else ("email", self.person.email)))

    def comes_by(self, role: str, *, shows_card: bool) -> None:
        """They come to the counter, and somebody notes it."""
        person = self.person
        said = self._spoken(self.words("noted", role))
        said |= {"shop": person.place, "noted_by": self.rng.choice(person.country.agents)}
        said["language"] = self.staff_language
        ids = [("card", person.card)] if shows_card and person.card else []
        ids.append(("phone", person.national) if person.national else ("email", person.email))
        event = {"type": "track", "event": "Visit Noted", "properties": said}
        # The shop's own till knows its country, so a number is understood as people there say it.
        self.add(person.till or "call-centre", "counter", event, external(*ids))

    # Buying -----------------------------------------------------------------------------------------------------

    def lines(self, *things: Thing, in_shop: bool = False) -> list[dict[str, Any]]:
        """Order lines, at the prices of the day."""
        person, day = self.person, self._local(self.at).date()
        return [
            {
                "product_id": one.id,
                "sku": one.sku,
                "name": one.label(person.language),
                "quantity": self._how_many(one),
                "price": shelf.price(one, person.country, day, self._made, in_shop=in_shop),
            }
            for one in things
        ]

    def _how_many(self, thing: Thing) -> int:
        """Of chairs, cushions and bulbs people take several."""
        return 2 + self.person.index % 3 if thing.id in _BY_THE_DOZEN else 1

    def next_order(self) -> str:
        """The number of their next order."""
        self.order_id = next(self._orders)
        self.due = None
        return self.order_id

    def sale(self, *things: Thing, in_shop: bool = False, posted: bool = False) -> dict[str, Any]:
        """What an order is made of and comes to."""
        country = self.person.country
        lines = self.lines(*things, in_shop=in_shop)
        goods = round(sum(line["price"] * line["quantity"] for line in lines), 2)
        whole: dict[str, Any] = {"total": goods, "currency": country.currency, "products": lines}
        if posted:
            whole["shipping"] = country.post if goods < country.price(FREE_FROM_EUR) else 0
            whole["total"] = round(goods + whole["shipping"], 2)
        return whole

    def rings_up(self, *things: Thing) -> None:
        """They pay at the till, with their card if they have one."""
        person = self.person
        if person.till is None:
            return
        self._when_open("till")
        number = f"R-{next(self._orders)}" if self._run else f"R-{person.index:04}-{len(self.steps):03}"
        sold = self.sale(*things, in_shop=True) | {"order_id": number, "receipt_id": number, "shop": person.place}
        known = ("card", person.card) if person.card else ("phone", person.national)
        ids = external(known if known[1] else ("email", person.email))
        self.add(person.till, "till", {"type": "track", "event": "Order Completed", "properties": sold}, ids)


def external(*ids: tuple[str, str | None]) -> dict[str, Any]:
    """Ids of a person in other systems, as `context` carries them."""
    kinds = [{"id": id_, "type": kind, "collection": "users", "encoding": "none"} for kind, id_ in ids if id_]
    return {"externalIds": kinds}
