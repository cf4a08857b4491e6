"""The sample company as a whole: its sources, its people's lives until now, and what goes wrong on the way."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import count, cycle
from random import Random

from anyascii import anyascii

from fadeno.entry.sample import shelf, stories, world
from fadeno.entry.sample.people import Person, dice, made_id, person
from fadeno.entry.sample.telling import Sent, Step, Teller, external, sent

DAYS = 120
_NUMBERED_SINCE = datetime(2026, 1, 1, tzinfo=UTC)
# Name, kind, region of its numbers, seconds within which it should be heard again.
SOURCES: tuple[tuple[str, str, str, int | None], ...] = (
    ("web-shop", "browser", "ZZ", 3600),
    ("mobile-app", "browser", "ZZ", 6 * 3600),
    ("shop-tablet", "browser", "ZZ", None),
    ("shop-server", "server", "ZZ", 3600),
    ("till-novi-sad", "server", "RS", 12 * 3600),
    ("till-belgrade", "server", "RS", 12 * 3600),
    ("till-szeged", "server", "HU", 12 * 3600),
    ("till-budapest", "server", "HU", 12 * 3600),
    ("till-leipzig", "server", "DE", 12 * 3600),
    ("till-cairo", "server", "EG", 12 * 3600),
    ("call-centre", "server", "RS", 6 * 3600),
    ("whatsapp", "server", "ZZ", 3600),
    ("mailbox", "server", "ZZ", 3600),
    (shelf.SOURCE, "server", "ZZ", 24 * 3600),
    ("old-crm", "server", "ZZ", None),
)


def history(seed: int, customers: int, now: datetime, first: int = 0) -> list[Sent]:
    """Everything that reached the company until `now`, in the order it reached it.

    Args:
        customers: how many people; more people add to the same ones.
        first: leave out those before this number, whose events are there already.
    """
    everything: list[Sent] = []
    for index in range(first, customers):
        who = person(seed, index)
        everything += _with_mishaps(dice(seed, "mishaps", index), _life(seed, who, now), now)
        everything += _from_old_crm(seed, who, now)
    if first == 0:
        everything += _broken(seed, now)
    return sorted(everything, key=lambda s: (s.received_at, s.raw))


def _life(seed: int, who: Person, now: datetime) -> list[Step]:
    """A person's stories until now; the last may be in the middle."""
    rng = dice(seed, "life", who.index)
    fits = stories.for_person(who)
    many = (3, 4) if who.story else (1, 1, 2, 2, 3) if who.index < stories.QUIET_FROM else (1,)
    names = rng.choices(list(fits), weights=list(fits.values()), k=rng.choice(many))
    begins = sorted(_begin(rng, now) for _ in names)
    if who.story:
        begins = [min(at, now - timedelta(days=21)) for at in begins]
        names[-1], begins[-1] = who.story, now - timedelta(hours=rng.uniform(95, 125))
    t = Teller(seed, who, rng, now - timedelta(days=DAYS), now.date())
    is_known = rng.random() < 0.4 and not who.story
    if who.user_id and (is_known or not stories.SIGNING_IN & set(names)):
        stories.had_account(t)
    if who.card:
        t.at = begins[0] - timedelta(days=rng.uniform(0.2, 3))
        stories.fills_card_form(t)
    for name, at in zip(names, begins, strict=True):
        t.at = max(at, t.at + timedelta(hours=rng.uniform(20, 90)))
        t.thing = rng.choice([one for one in world.GOODS if one.id not in {had.id for had in t.bought}])
        t.order_id = ""
        cookie = rng.choice(who.cookies)
        t.is_signed_in = t.is_signed_in and cookie == t.cookie
        t.cookie = cookie
        stories.BY_NAME[name](t)
    if who.index % 3 and who.index < stories.QUIET_FROM and who.user_id and who.till:
        # The day the shops gave coffee to everybody who signed in on their tablet.
        t.at = now - timedelta(days=31, minutes=who.index)
        stories.on_tablet(t)
    return [step for step in t.steps if step.at <= now - timedelta(minutes=1)]


def _begin(rng: Random, now: datetime) -> datetime:
    """Some time in the last months, rather lately."""
    return now - timedelta(days=2 + (DAYS - 2) * rng.random() ** 1.7)


# What goes wrong -------------------------------------------------------------------------------------------------


def _with_mishaps(rng: Random, steps: list[Step], now: datetime) -> list[Sent]:
    """Sent as it happened, but for a till off line for a week, clocks that are wrong, and what was sent twice."""
    begins, ends = now - timedelta(days=16), now - timedelta(days=9)
    clock_off_s = rng.choice((-3000, 700, 4000)) if rng.random() < 0.06 else 0
    all_sent = []
    for step in steps:
        late = step.source == "till-szeged" and begins <= step.at <= ends
        one = sent(step, step.at, ends + timedelta(hours=2) if late else None, clock_off_s)
        all_sent.append(one)
        if rng.random() < 0.012:
            all_sent.append(Sent(one.source, one.received_at + timedelta(seconds=30), one.raw))
    return all_sent


def _from_old_crm(seed: int, who: Person, now: datetime) -> list[Sent]:
    """What the old CRM handed over on the first day: half of it worn, some of it twice, some mistyped."""
    found = []
    at = now - timedelta(days=DAYS + 2)
    for number, crm in enumerate(who.crm):
        is_double = number > 0
        email = who.mistyped if (is_double or who.mistyped) else who.email
        name = who.latin if number == 0 else anyascii(who.latin).upper()
        ids = external(("crm:old", crm), ("email", email), ("phone", None if is_double else who.phone))
        lived = who.country.cities[-1] if who.index % 4 == 0 and not is_double else who.city
        traits = {"name": name, "city": lived.name(who.language), "customer_since": 2012 + who.index % 9}
        if is_double:
            traits["birthday"] = who.birthday
        event = {
            "type": "identify",
            "traits": traits,
            "messageId": made_id(seed, "crm", crm),
            "context": {"channel": "server", **ids},
        }
        found.append(sent(Step("old-crm", at, event), at))
    return found


def _broken(seed: int, now: datetime) -> list[Sent]:
    """What can't be understood, and a web page that called everybody `undefined` for an afternoon."""
    order = {"type": "track", "event": "Order Completed"}
    made = [
        ("till-novi-sad", {"type": "track", "event": "Order Completed", "properties": {"receipt_id": "R-0000-001"}}),
        ("till-leipzig", {**order, "userId": "u-10203", "timestamp": "gestern"}),
        ("till-cairo", {**order, "userId": "u-10202", "timestamp": "2099-01-01T00:00:00Z"}),
        ("web-shop", {"type": "track", "anonymousId": made_id(seed, "nobody", 1), "properties": {"price": "29"}}),
        ("web-shop", {"type": "trak", "event": "Product Viewed", "anonymousId": made_id(seed, "nobody", 2)}),
        ("mobile-app", {"type": "screen", "name": "Home", "anonymousId": ""}),
        ("mailbox", {"type": "track", "event": "Message Received", "userId": "u-10201", "text": "." * 33000}),
        ("shop-server", {"type": "purchase", "userId": "u-10205"}),
    ]  # fmt: skip
    found = []
    for number, (source, event) in enumerate(made):
        at = now - timedelta(days=1 + number * 2, hours=number)
        raw = {"messageId": made_id(seed, "broken", number), **event}
        found.append(Sent(source, at, json.dumps(raw, ensure_ascii=False).encode()))
    cut = json.dumps({"messageId": made_id(seed, "broken", "cut"), **order}).encode()[:-9]
    found.append(Sent("till-szeged", now - timedelta(days=7, hours=-2), cut))
    afternoon = now - timedelta(days=16)
    for number in range(6):
        at = afternoon + timedelta(minutes=11 * number)
        who = {"userId": "undefined", "anonymousId": made_id(seed, "undefined", number)}
        event = {"type": "page", "name": "Account", **who, "messageId": made_id(seed, "undefined page", number)}
        event["context"] = {"page": {"path": "/account", "url": "https://lumo.example/account"}}
        found.append(sent(Step("web-shop", at, event), at))
    return found


# From now on -----------------------------------------------------------------------------------------------------


def onwards(seed: int, customers: int, run: str, now: datetime) -> Iterator[Step]:
    """What happens from now on, without end: three stories at a time.

    One of them is always about somebody one meets first, every other time the very first, and goes on faster, so that
    who watches sees much of one person.
    The times of the steps are of no meaning; they go out as they are taken.

    Args:
        run: a word of this run alone, so that no event of it is taken for one of an earlier run.
    """
    rng = dice(seed, "onwards", run)
    orders = (f"11-{number}" for number in _numbers(rng, now))
    firsts = (index for other in cycle(range(1, min(8, customers) + 1)) for index in (0, other % customers))
    anybody = (rng.randrange(customers) for _ in count())
    told = count()

    def line(people: Iterator[int], *, talk: bool) -> Iterator[Step]:
        for index in people:
            yield from _next_story(seed, index, f"{run}/{next(told)}", rng, now, orders, talk=talk)

    lines = [line(firsts, talk=True), line(anybody, talk=False), line(anybody, talk=False)]
    while True:
        yield next(rng.choices(lines, weights=(3, 1, 1))[0])


def _numbers(rng: Random, now: datetime) -> Iterator[int]:
    """Rising from run to run: nobody orders six times a minute, so no run reaches the numbers of the next."""
    number = int((now - _NUMBERED_SINCE).total_seconds()) // 10
    while True:
        number += rng.randint(1, 3)
        yield number


def _next_story(
    seed: int, index: int, run: str, rng: Random, now: datetime, orders: Iterator[str], *, talk: bool
) -> list[Step]:
    """A story of this person; with `talk`, one in which people talk."""
    who = person(seed, index)
    fits = stories.for_person(who)
    if talk:
        fits = {name: 1 for name in fits if name in stories.TALKING} or fits
    name = rng.choices(list(fits), weights=list(fits.values()))[0]
    t = Teller(seed, who, rng, now, now.date(), run=run, orders=orders)
    t.has_account = True
    t.cookie = rng.choice(who.cookies)
    stories.BY_NAME[name](t)
    # What is said for another day does not come while one watches.
    return t.steps if t.promised is None else t.steps[: t.promised + 1]
