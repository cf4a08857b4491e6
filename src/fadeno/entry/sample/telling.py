"""How the systems of the sample company tell what happens: each in the shape its client sends.

A teller follows one person through time and notes what every source would send. Nothing is sent here: a step has its
source, its time and its event without times; `sent` gives it the times it goes out with.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count
from random import Random
from typing import Any

from fadeno.entry.sample import world
from fadeno.entry.sample.people import Person, made_id
from fadeno.entry.sample.world import Thing

SITE = "https://lumo.example"
# Hours (from, to) in which a channel is used; what falls outside moves to the next opening.
_OPEN = {
    "counter": (9, 20),
    "till": (9, 20),
    "phone": (8, 19),
    "whatsapp": (7, 23),
    "chat": (8, 22),
    "web": (6, 24),
    "email": (6, 24),
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
        run: another word gives the same story other ids.
        orders: the numbers orders get; without it they follow from the person's own.
    """

    def __init__(
        self,
        seed: int,
        person: Person,
        rng: Random,
        at: datetime,
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
        self._seed = seed
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

    def _when_open(self, channel: str) -> None:
        begin, end = _OPEN.get(channel, (0, 24))
        local = self.at + timedelta(hours=self.person.country.hours)
        if begin <= local.hour < end:
            return
        day = local if local.hour < begin else local + timedelta(days=1)
        opening = day.replace(hour=begin, minute=self.rng.randint(4, 59), second=self.rng.randint(0, 59))
        self.at = opening - timedelta(hours=self.person.country.hours)

    # Words ------------------------------------------------------------------------------------------------------

    def words(self, side: str, role: str) -> str:
        """A line of theirs or ours, filled in; staff note in the language of their shop."""
        language = self.staff_language if side == "noted" else self.person.language
        text = world.line(language, side, role, self.rng.randrange(8)).format(
            order=self.order_id,
            thing=self.named(self.thing, language),
            shop=self.person.shop,
            street=self.person.street,
        )
        return text[0].upper() + text[1:]

    def named(self, thing: Thing, language: str | None = None) -> str:
        """What a thing is called in a language; the person's, if none is named."""
        language = language or self.person.language
        return world.in_script(thing.called[world.spoken(language)], language)

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
        device = {"id": self.person.device, "type": "android", "model": "Pixel 8"}
        who = {"anonymousId": self.person.device, "userId": self.person.user_id}
        named = {"event": name} if kind == "track" else {"name": name}
        context = {"device": device, "app": {"name": "Lumo", "version": "4.2.0"}}
        self.add("mobile-app", "app", {"type": kind, **named, **who, "properties": properties or {}}, context)

    def backend(self, name: str, properties: dict[str, Any], channel: str = "server") -> None:
        """The shop's own server, which knows who ordered."""
        person = self.person
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
        by = by or self.rng.choice(self.person.country.agents)
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
        self.add("call-centre", "phone", event, external(("phone", number or self.person.phone)))

    def comes_by(self, role: str, *, shows_card: bool) -> None:
        """They come to the counter, and somebody notes it."""
        person = self.person
        said = self._spoken(self.words("noted", role))
        said |= {"shop": person.shop, "noted_by": self.rng.choice(person.country.agents)}
        said["language"] = self.staff_language
        ids = [("card", person.card)] if shows_card and person.card else []
        ids.append(("phone", person.national if person.till else person.phone))
        event = {"type": "track", "event": "Visit Noted", "properties": said}
        # The shop's own till knows its country, so a number is understood as people there say it.
        self.add(person.till or "call-centre", "counter", event, external(*ids))

    # Buying -----------------------------------------------------------------------------------------------------

    def lines(self, *things: Thing) -> list[dict[str, Any]]:
        """Order lines."""
        return [
            {"product_id": t.id, "name": self.named(t), "quantity": 1, "price": self.person.country.price(t.eur)}
            for t in things
        ]

    def next_order(self) -> str:
        """The number of their next order."""
        self.order_id = next(self._orders)
        return self.order_id

    def sale(self, *things: Thing) -> dict[str, Any]:
        """What an order is made of."""
        lines = self.lines(*things)
        total = sum(line["price"] for line in lines)
        return {"total": total, "currency": self.person.country.currency, "products": lines}

    def rings_up(self, *things: Thing) -> None:
        """They pay at the till, with their card if they have one."""
        person = self.person
        if person.till is None:
            return
        number = f"R-{next(self._orders)}" if self._run else f"R-{person.index:04}-{len(self.steps):03}"
        sold = self.sale(*things) | {"order_id": number, "receipt_id": number, "shop": person.shop}
        ids = external(("card", person.card)) if person.card else external(("phone", person.national))
        self.add(person.till, "till", {"type": "track", "event": "Order Completed", "properties": sold}, ids)


def external(*ids: tuple[str, str | None]) -> dict[str, Any]:
    """Ids of a person in other systems, as `context` carries them."""
    kinds = [{"id": id_, "type": kind, "collection": "users", "encoding": "none"} for kind, id_ in ids if id_]
    return {"externalIds": kinds}
