"""What happens to customers: journeys that cross channels, as real ones do.

Each story is told by a `Teller` and may be told more than once. Waits are in hours.
"""

from collections.abc import Callable

from fadeno.entry.sample import world
from fadeno.entry.sample.people import Person
from fadeno.entry.sample.telling import Teller, external

Story = Callable[[Teller], None]


# Pieces of stories -----------------------------------------------------------------------------------------------


def browses(t: Teller, pages: int = 3) -> None:
    """They look around on the site, known only by a cookie unless signed in."""
    t.on_site("page", "Home", "/")
    if t.rng.random() < 0.4:
        t.on_site("track", "Products Searched", "/search", {"query": t.named(t.thing).split(",")[0]})
    for thing in (*t.rng.sample(world.GOODS, pages - 1), t.thing):
        t.on_site("track", "Product Viewed", f"/p/{thing.id}", t.lines(thing)[0])


def had_account(t: Teller) -> None:
    """The shop's server knew them before fadeno came."""
    person = t.person
    t.has_account = True
    traits = {"name": person.name, "email": person.email, "phone": person.phone}
    traits |= {"city": person.city.name(person.language), "language": person.language}
    t.identify("shop-server", "server", {"userId": person.user_id}, traits)


def signs_in(t: Teller) -> None:
    """From now on the browser knows who they are; who has no account yet makes one."""
    person = t.person
    if person.user_id is None or t.is_signed_in:
        return
    t.is_signed_in = True
    # The browser says it; when somebody is new, so does the shop's server, which had the e-mail confirmed.
    who = {"userId": person.user_id, "anonymousId": t.cookie}
    t.identify("web-shop", "web", who, {"name": person.name, "email": person.email}, page={"path": "/account"})
    if t.has_account:
        t.on_site("track", "Signed In", "/account")
        return
    t.has_account = True
    traits = {"name": person.name, "email": person.email, "language": person.language}
    traits |= {"city": person.city.name(person.language), "phone": person.phone}
    if person.company:
        traits["company"] = person.company
    consent = {"categoryPreferences": {"offers_email": t.rng.random() < 0.8, "offers_sms": t.rng.random() < 0.4}}
    t.identify("shop-server", "web", who, traits, consent=consent)
    t.on_site("track", "Signed Up", "/account")


def orders(t: Teller, *, pick_up: bool = False) -> str:
    """They order what they looked at; the browser says so, and the shop's server for sure."""
    more = [t.rng.choice(world.GOODS)] if t.rng.random() < 0.3 else []
    t.on_site("track", "Product Added", "/cart", t.lines(t.thing)[0])
    t.on_site("track", "Checkout Started", "/checkout", {"step": 1, "steps": 3})
    order_id = t.next_order()
    if t.person.user_id is None:
        ids = external(("email", t.person.email), ("phone", t.person.phone))
        traits = {"name": t.person.name, "email": t.person.email, "phone": t.person.phone}
        t.identify("shop-server", "web", {"anonymousId": t.cookie}, traits, **ids)
    place = {"delivery": "pick-up", "shop": t.person.shop} if pick_up else {"delivery": "post"}
    t.backend("Order Completed", {"order_id": order_id, **t.sale(t.thing, *more), **place}, "web")
    return order_id


def arrives(t: Teller) -> None:
    """It is sent and comes."""
    t.wait(6, 30)
    t.backend("Order Shipped", {"order_id": t.order_id, "carrier": t.person.country.carrier})
    t.wait(18, 50)
    t.by_day()
    t.backend("Order Delivered", {"order_id": t.order_id})


def asks_bot(t: Teller, role: str) -> str:
    """They write where they write; the bot answers and hands on. The channel it happens on."""
    channel = "whatsapp" if t.person.whatsapp else "email"
    t.writes(channel, role)
    if channel == "whatsapp":
        t.answered(channel, "bot", by="bot")
        t.writes(channel, "again")
        t.handed_off(channel, ["order number", "phone"])
    return channel


# Stories ---------------------------------------------------------------------------------------------------------


def delivered(t: Teller) -> None:
    """Ordered, sent, there. Most are like that."""
    browses(t)
    signs_in(t)
    orders(t)
    arrives(t)
    if t.rng.random() < 0.4:
        t.wait(20, 90)
        said = {"stars": t.rng.choice((3, 4, 5, 5)), "text": t.words("said", "review"), "product_id": t.thing.id}
        t.on_site("track", "Review Written", f"/p/{t.thing.id}", said | {"language": t.person.language})


def late(t: Teller) -> None:
    """Where is it? Told to a bot, to a person, and once more on the phone."""
    browses(t)
    signs_in(t)
    orders(t)
    t.wait(70, 110)
    channel = asks_bot(t, "where")
    t.answered(channel, "check")
    t.wait(3, 9)
    t.writes(channel, "waiting")
    t.calls("call", t.person.second_phone or (t.person.landline if t.person.house is not None else None))
    t.wait(0.3, 2)
    t.answered(channel, "sorry")
    t.backend("Order Shipped", {"order_id": t.order_id, "carrier": t.person.country.carrier})
    t.answered(channel, "sent")
    t.wait(16, 30)
    t.by_day()
    t.backend("Order Delivered", {"order_id": t.order_id})
    t.wait(0.2, 5)
    t.writes(channel, "thanks")


def missing(t: Teller) -> None:
    """Ready for pick-up, and not in the shop."""
    if t.person.till is None:
        late(t)
        return
    t.thing = world.GOODS[0]
    browses(t)
    signs_in(t)
    orders(t, pick_up=True)
    t.wait(12, 24)
    t.backend("Order Ready for Pickup", {"order_id": t.order_id, "shop": t.person.shop})
    t.answered("email", "ready", by="fadeno")
    t.wait(10, 20)
    t.comes_by("missing", shows_card=True)
    t.wait(0.5, 2)
    channel = asks_bot(t, "missing")
    t.answered(channel, "check")
    t.wait(12, 18)
    t.writes("email", "mail", subject=f"Re: {t.order_id}")
    t.wait(3, 9)
    t.backend("Order Delayed", {"order_id": t.order_id, "reason": "stock corrected from 3 to 0", "shop": t.person.shop})
    t.answered(channel, "sorry")
    t.wait(1, 4)
    t.on_site(
        "track", "Cart Left", "/cart", {"step": 2, "steps": 3, "products": t.lines(*t.rng.sample(world.GOODS, 2))}
    )
    t.wait(8, 16)
    t.calls("call")
    t.identify("call-centre", "phone", {}, {"call_after": "16:00"}, **external(("phone", t.person.phone)))
    t.answered(channel, "moved")
    arrives(t)
    t.writes(channel, "thanks")


def exchange(t: Teller) -> None:
    """It came broken; brought to the counter, a new one taken home."""
    t.thing = t.rng.choice([thing for thing in world.GOODS if thing.id in world.WITH_GLASS])
    browses(t, 2)
    signs_in(t)
    order_id = orders(t)
    arrives(t)
    t.wait(1, 20)
    channel = asks_bot(t, "broken")
    t.answered(channel, "swap")
    if t.person.till is None:
        t.wait(40, 70)
        t.backend("Order Delivered", {"order_id": order_id, "exchange": True})
        t.writes(channel, "thanks")
        return
    t.wait(20, 60)
    t.comes_by("swap", shows_card=False)
    t.backend("Order Refunded", {"order_id": order_id, **t.sale(t.thing)})
    t.rings_up(t.thing)
    t.wait(2, 8)
    t.writes(channel, "thanks")


def advice(t: Teller) -> None:
    """Asked on the site, answered there, bought in the shop."""
    browses(t, 4)
    t.writes("chat", "hello")
    t.writes("chat", "stock")
    t.answered("chat", "stock")
    if t.person.till is None:
        signs_in(t)
        orders(t)
        arrives(t)
        return
    t.wait(3, 50)
    t.comes_by("asked", shows_card=True)
    t.wait(20, 80)
    t.rings_up(t.thing, world.GOODS[6])


def invoice(t: Teller) -> None:
    """The invoice is made out wrongly, asked for twice."""
    browses(t, 2)
    signs_in(t)
    orders(t)
    t.wait(20, 60)
    t.writes("email", "invoice", subject=t.order_id)
    t.wait(24, 48)
    t.calls("invoice")
    t.answered("email", "bill", subject=f"Re: {t.order_id}")
    arrives(t)


def cart(t: Teller) -> None:
    """Begun on one device, finished on another."""
    if t.person.user_id:
        signs_in(t)
        t.in_app("screen", "Home")
        t.in_app("track", "Product Viewed", t.lines(t.thing)[0])
        t.in_app("track", "Product Added", t.lines(t.thing)[0])
        t.in_app("track", "Cart Left", {"step": 2, "steps": 3, "products": t.lines(t.thing)})
    else:
        browses(t, 2)
        t.on_site("track", "Cart Left", "/cart", {"step": 1, "steps": 3, "products": t.lines(t.thing)})
        t.cookie = t.person.cookies[-1]
    t.wait(15, 40)
    t.on_site("track", "Cart Viewed", "/cart", {"products": t.lines(t.thing)})
    orders(t)
    arrives(t)


def warranty(t: Teller) -> None:
    """The site says three years, the shop says two."""
    browses(t, 2)
    signs_in(t)
    t.writes("email", "warranty", subject=t.named(t.thing).capitalize())
    t.wait(4, 20)
    t.calls("warranty")
    t.answered("email", "rule", subject=f"Re: {t.named(t.thing).capitalize()}")
    t.wait(2, 30)
    t.writes("email", "thanks")


def moves(t: Teller) -> None:
    """Delivery to work instead."""
    browses(t, 2)
    signs_in(t)
    orders(t)
    t.wait(2, 12)
    channel = "whatsapp" if t.person.whatsapp else "email"
    t.writes(channel, "address")
    t.answered(channel, "moved")
    arrives(t)


def buys_in_shop(t: Teller) -> None:
    """To the till and out."""
    things = t.rng.sample(world.GOODS, t.rng.choice((1, 1, 2, 3)))
    if t.person.till is None:
        delivered(t)
        return
    t.rings_up(*things)


def leaves(t: Teller) -> None:
    """No more offers by text message."""
    consent = {"consent": {"categoryPreferences": {"offers_sms": False, "offers_email": t.rng.random() < 0.6}}}
    t.writes("email", "leave")
    event = {"type": "track", "event": "Consent Changed", "properties": {"offers_sms": False}}
    t.add("mailbox", "email", event, consent | external(("email", t.person.email)))


def on_tablet(t: Teller) -> None:
    """They sign in on the tablet in the shop, as many do."""
    person = t.person
    if person.user_id is None or person.till is None:
        buys_in_shop(t)
        return
    device = {"id": f"tablet-{person.till.removeprefix('till-')}-1", "type": "tablet"}
    for name in ("Signed In", "Order Looked Up"):
        event = {"type": "track", "event": name, "userId": person.user_id, "properties": {"shop": person.shop}}
        t.add("shop-tablet", "counter", event, {"device": device})


def on_phone(t: Teller) -> None:
    """They only ever phone."""
    t.calls("stock")
    t.identify("call-centre", "phone", {}, {"name": t.person.name}, **external(("phone", t.person.phone)))
    t.wait(20, 60)
    t.calls("warranty")


def in_messenger(t: Teller) -> None:
    """They only ever write."""
    t.writes("whatsapp", "hello")
    ids = external(("whatsapp", t.person.phone.lstrip("+")), ("phone", t.person.phone))
    t.identify("whatsapp", "whatsapp", {}, {"name": t.person.name}, **ids)
    t.answered("whatsapp", "bot", by="bot")
    t.writes("whatsapp", "stock")
    t.answered("whatsapp", "stock")
    if t.person.till and t.rng.random() < 0.6:
        t.wait(4, 40)
        t.comes_by("asked", shows_card=False)
        t.rings_up(t.thing)


def fills_card_form(t: Teller) -> None:
    """A loyalty card at the counter: name, number, birthday, what they agree to."""
    person = t.person
    if not person.card or person.till is None:
        return
    ids = external(("card", person.card), ("phone", person.national), ("email", person.email))
    birthday = f"{1948 + (person.index * 7 + 31) % 56}-{1 + person.index % 12:02}-{1 + person.index * 5 % 28:02}"
    consent = {"categoryPreferences": {"offers_email": True, "offers_sms": t.rng.random() < 0.5}}
    traits = {"name": person.name, "birthday": birthday}
    t.identify(person.till, "counter", {}, traits, consent=consent, **ids)


BY_NAME: dict[str, Story] = {
    "delivered": delivered,
    "late": late,
    "missing": missing,
    "exchange": exchange,
    "advice": advice,
    "invoice": invoice,
    "cart": cart,
    "warranty": warranty,
    "moves": moves,
    "shop": buys_in_shop,
    "leaves": leaves,
    "tablet": on_tablet,
    "phone": on_phone,
    "messenger": in_messenger,
}
BY_WAY: dict[str, dict[str, int]] = {
    "account": {
        "delivered": 30, "late": 12, "missing": 9, "exchange": 9, "advice": 8, "invoice": 5, "cart": 8, "warranty": 4,
        "moves": 6, "shop": 12, "leaves": 3, "tablet": 9,
    },
    "guest": {"delivered": 6, "late": 3, "exchange": 2, "invoice": 1},
    "walk_in": {"shop": 1},
    "messenger": {"messenger": 5, "shop": 1},
    "app": {"cart": 6, "late": 2, "delivered": 2, "moves": 1},
    "caller": {"phone": 1},
}  # fmt: skip


# Stories in which somebody signs in; in the others the shop must know them already.
SIGNING_IN = {"delivered", "late", "missing", "exchange", "invoice", "cart", "warranty", "moves"}
TALKING = {"late", "missing", "exchange", "advice", "invoice", "warranty", "moves", "messenger", "phone"}


def for_person(person: Person) -> dict[str, int]:
    """Which stories fit a person, with weights."""
    return BY_WAY[person.way]
