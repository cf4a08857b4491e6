"""What happens to customers: journeys that cross channels, as real ones do.

Each story is told by a `Teller` and may be told more than once. Waits are in hours.
"""

from collections.abc import Callable

from fadeno.entry.sample import world
from fadeno.entry.sample.people import Person
from fadeno.entry.sample.telling import Teller, external

Story = Callable[[Teller], None]
QUIET_FROM = 2000  # of a very large company most people are met once, and little of their looking around is kept
# The lamp a system believes to be in the shop, and is not; and what one needs with a lamp.
PROMISED = next(one for one in world.GOODS if one.id == "ilka")
BULB = next(one for one in world.GOODS if one.id == "ampolo")
ONLINE = world.DEPOTS["web"]["name"]


# Pieces of stories -----------------------------------------------------------------------------------------------


def browses(t: Teller, pages: int = 3) -> None:
    """They look around on the site, known only by a cookie unless signed in."""
    if t.person.index >= QUIET_FROM:
        t.on_site("track", "Product Viewed", f"/p/{t.thing.id}", t.lines(t.thing)[0])
        return
    t.on_site("page", "Home", "/")
    if t.rng.random() < 0.4:
        t.on_site("track", "Products Searched", "/search", {"query": t.thing.name(t.person.language)})
    for thing in (*t.rng.sample(world.GOODS, pages - 1), t.thing):
        t.on_site("track", "Product Viewed", f"/p/{thing.id}", t.lines(thing)[0])


def had_account(t: Teller) -> None:
    """The shop's server knew them before fadeno came."""
    person = t.person
    t.has_account = True
    t.identify("shop-server", "server", {"userId": person.user_id}, _account(person))


def _account(person: Person) -> dict[str, str]:
    """What the shop's server keeps of who has an account."""
    traits = {"name": person.name, "email": person.email, "phone": person.phone, "language": person.language}
    traits |= {**person.home, "birthday": person.birthday, "company": person.company or ""}
    return {name: value for name, value in traits.items() if value}


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
    consent = {"categoryPreferences": {"offers_email": t.rng.random() < 0.8, "offers_sms": t.rng.random() < 0.4}}
    t.identify("shop-server", "web", who, _account(person), consent=consent)
    t.on_site("track", "Signed Up", "/account")


def orders(t: Teller, *, pick_up: bool = False, slipped: bool = False, alone: bool = False) -> str:
    """They order what they looked at; the browser says so, and the shop's server for sure.

    Args:
        alone: nothing besides.
        slipped: as a guest, with a slip in their e-mail address.
    """
    person = t.person
    more = [t.rng.choice([one for one in world.GOODS if one.id != t.thing.id])] if t.rng.random() < 0.3 else []
    more = [] if alone else more
    if person.index < QUIET_FROM:
        t.on_site("track", "Product Added", "/cart", t.lines(t.thing)[0])
        t.on_site("track", "Checkout Started", "/checkout", {"step": 1, "steps": 3})
    order_id = t.next_order()
    t.bought.append(t.thing)
    email = person.mistyped if slipped and person.mistyped else person.email
    if person.user_id is None or slipped:
        traits = {"name": person.name, "email": email, **person.home}
        if person.phone and not slipped:
            traits["phone"] = person.phone
        ids = external(("email", email), ("phone", traits.get("phone")))
        t.identify("shop-server", "web", {"anonymousId": t.cookie}, traits, **ids)
    how = {"delivery": "pick-up", "shop": person.place} if pick_up else {"delivery": "post", "shop": ONLINE}
    sold = t.sale(t.thing, *more, posted=not pick_up)
    t.backend("Order Completed", {"order_id": order_id, **sold, **how}, "web", email if slipped else None)
    return order_id


def arrives(t: Teller) -> None:
    """It is sent and comes, on the day that was said if one was."""
    if t.due is None:
        t.wait(6, 30)
    t.ships()
    if t.due is None:
        t.wait(18, 50)
        t.by_day()
    t.as_promised()
    t.backend("Order Delivered", {"order_id": t.order_id})


def swapped_at_home(t: Teller) -> None:
    """Where there is no shop, the courier brings a new one."""
    t.wait(40, 70)
    t.by_day()


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
        role = "review" if t.thing.category == "lamps" else "review_home"
        said = {"stars": t.rng.choice((4, 4, 5, 5)), "text": t.words("said", role), "product_id": t.thing.id}
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
    t.calls("call_day", t.person.second_phone or (t.person.landline if t.person.house is not None else None))
    t.wait(0.3, 2)
    t.answered(channel, "sorry")
    t.ships()
    t.promises(1, 1)
    t.answered(channel, "sent")
    t.as_promised()
    t.backend("Order Delivered", {"order_id": t.order_id})
    t.wait(0.2, 5)
    t.writes(channel, "thanks")


def missing(t: Teller) -> None:
    """Ready for pick-up, and not in the shop."""
    if t.person.till is None:
        late(t)
        return
    t.thing = PROMISED
    browses(t)
    signs_in(t)
    orders(t, pick_up=True)
    t.wait(12, 24)
    t.backend("Order Ready for Pickup", {"order_id": t.order_id, "shop": t.person.place})
    t.answered("email", "ready", by="fadeno")
    t.wait(10, 20)
    t.comes_by("missing", shows_card=True)
    t.wait(0.5, 2)
    channel = asks_bot(t, "missing")
    t.answered(channel, "check")
    t.wait(12, 18)
    t.writes("email", "mail", subject=f"Re: {t.order_id}")
    t.wait(3, 9)
    t.backend(
        "Order Delayed", {"order_id": t.order_id, "reason": "stock corrected from 1 to 0", "shop": t.person.place}
    )
    t.answered(channel, "sorry")
    t.wait(1, 4)
    t.on_site(
        "track", "Cart Left", "/cart", {"step": 2, "steps": 3, "products": t.lines(*t.rng.sample(world.GOODS, 2))}
    )
    t.wait(8, 16)
    t.calls("call")
    if t.person.phone:
        t.identify("call-centre", "phone", {}, {"call_after": "16:00"}, **external(("phone", t.person.phone)))
    t.promises(2, 3)
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
    if t.person.till is None:
        t.answered(channel, "swap_online")
        swapped_at_home(t)
        t.backend("Order Delivered", {"order_id": order_id, "exchange": True})
        t.writes(channel, "thanks")
        return
    t.answered(channel, "swap")
    t.wait(20, 60)
    t.comes_by("swap", shows_card=False)
    t.wait(2, 8)
    t.writes(channel, "thanks_help")


def advice(t: Teller) -> None:
    """Asked on the site, answered there, bought in the shop."""
    t.chooses_there()
    browses(t, 4)
    t.writes("chat", "hello")
    if t.person.till is None:
        t.writes("chat", "stock_online")
        t.answered("chat", "stock_online")
        signs_in(t)
        orders(t)
        arrives(t)
        return
    t.writes("chat", "stock")
    t.answered("chat", "stock")
    t.wait(3, 50)
    t.comes_by("asked", shows_card=True)
    t.wait(20, 80)
    t.rings_up(t.thing, *([BULB] if t.thing.id in world.WITH_GLASS else []))


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
    t.thing = t.bought[-1] if t.bought else t.thing
    browses(t, 2)
    signs_in(t)
    t.writes("email", "warranty", subject=t.thing.label(t.person.language))
    t.wait(4, 20)
    t.calls("warranty")
    t.answered("email", "rule", subject=f"Re: {t.thing.label(t.person.language)}")
    t.wait(2, 30)
    t.writes("email", "thanks_help")


def moves(t: Teller) -> None:
    """Delivery to work instead."""
    browses(t, 2)
    signs_in(t)
    orders(t)
    t.wait(2, 12)
    channel = "whatsapp" if t.person.whatsapp else "email"
    t.writes(channel, "address")
    t.promises(2, 3)
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
        event = {"type": "track", "event": name, "userId": person.user_id, "properties": {"shop": person.place}}
        t.add("shop-tablet", "counter", event, {"device": device})


def on_phone(t: Teller) -> None:
    """They only ever phone."""
    t.chooses_there()
    t.calls("stock" if t.person.till else "stock_online")
    t.identify("call-centre", "phone", {}, {"name": t.person.name}, **external(("phone", t.person.phone)))
    t.wait(20, 60)
    t.calls("warranty")


def in_messenger(t: Teller) -> None:
    """They only ever write."""
    t.writes("whatsapp", "hello")
    ids = external(("whatsapp", t.person.phone.lstrip("+")), ("phone", t.person.phone))
    t.identify("whatsapp", "whatsapp", {}, {"name": t.person.name}, **ids)
    t.chooses_there()
    about = "stock" if t.person.till else "stock_online"
    t.writes("whatsapp", about)
    t.answered("whatsapp", about)
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
    consent = {"categoryPreferences": {"offers_email": True, "offers_sms": t.rng.random() < 0.5}}
    traits = {"name": person.name, "birthday": person.birthday}
    t.identify(person.till, "counter", {}, traits, consent=consent, **ids)


def brings_back(t: Teller) -> None:
    """Of two things one is sent back, or the whole order: the money goes back."""
    browses(t, 2)
    signs_in(t)
    order_id = t.next_order()
    keeps = t.rng.random() < 0.6
    other = t.rng.choice([one for one in world.GOODS if one.id != t.thing.id])
    sold = t.sale(*((t.thing, other) if keeps else (t.thing,)), posted=True)
    t.backend("Order Completed", {"order_id": order_id, **sold, "delivery": "post", "shop": ONLINE}, "web")
    arrives(t)
    t.wait(30, 150)
    channel = "whatsapp" if t.person.whatsapp else "email"
    t.writes(channel, "return")
    t.answered(channel, "return")
    t.wait(20, 70)
    if t.person.till and t.rng.random() < 0.7:
        t.comes_by("return", shows_card=True)
    back = sold["products"][:1]
    refund = {"order_id": order_id, "currency": sold["currency"]}
    if keeps:
        refund |= {"total": back[0]["price"] * back[0]["quantity"], "products": back}
    else:
        refund["total"] = sold["total"]
    t.in_office()
    t.backend("Order Refunded", refund)
    t.writes(channel, "thanks_money")


def cancels(t: Teller) -> None:
    """Ordered in the wrong colour or size, cancelled within the hour, and ordered in the right one."""
    wrong = t.rng.choice([one for one in world.GOODS if one.finish])
    right = t.rng.choice([one for one in world.GOODS if one.id == wrong.id and one != wrong])
    t.thing = wrong
    browses(t, 2)
    signs_in(t)
    orders(t, alone=True)
    t.wait(0.2, 0.6)
    channel = "whatsapp" if t.person.whatsapp else "email"
    t.writes(channel, "cancel")
    t.backend("Order Cancelled", {"order_id": t.order_id})
    t.answered(channel, "cancelled")
    t.thing = right
    orders(t, alone=True)
    arrives(t)


def slips(t: Teller) -> None:
    """Ordered as a guest with a slip in the e-mail address, on a machine that is not theirs; then no mail comes."""
    if not t.person.mistyped or not t.person.phone:
        delivered(t)
        return
    cookie, t.cookie = t.cookie, t.person.device + "-lent"
    is_signed_in, t.is_signed_in = t.is_signed_in, False
    browses(t, 2)
    orders(t, slipped=True)
    order_id, t.order_id = t.order_id, ""
    t.wait(18, 26)
    t.calls("typo")
    t.order_id = order_id
    channel = "whatsapp" if t.person.whatsapp else "email"
    t.answered(channel, "found")
    t.cookie, t.is_signed_in = cookie, is_signed_in
    t.wait(4, 20)
    t.ships(guest=t.person.mistyped)
    t.wait(18, 40)
    t.by_day()
    t.backend("Order Delivered", {"order_id": order_id}, guest=t.person.mistyped)


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
    "return": brings_back,
    "cancel": cancels,
    "slip": slips,
}
BY_WAY: dict[str, dict[str, int]] = {
    "account": {
        "delivered": 30, "late": 12, "missing": 9, "exchange": 9, "advice": 8, "invoice": 5, "cart": 8, "warranty": 4,
        "moves": 6, "shop": 12, "leaves": 3, "tablet": 9, "return": 8, "cancel": 5, "slip": 9,
    },
    "guest": {"delivered": 6, "late": 3, "exchange": 2, "invoice": 1, "return": 2},
    "walk_in": {"shop": 1},
    "messenger": {"messenger": 5, "shop": 1},
    "app": {"cart": 6, "late": 2, "delivered": 2, "moves": 1, "return": 1},
    "caller": {"phone": 1},
}  # fmt: skip


QUIET = ("delivered", "shop")  # nothing goes wrong in these
# Stories in which somebody signs in; in the others the shop must know them already.
SIGNING_IN = {"delivered", "late", "missing", "exchange", "invoice", "cart", "warranty", "moves", "return", "cancel"}
TALKING = {
    "late",
    "missing",
    "exchange",
    "advice",
    "invoice",
    "warranty",
    "moves",
    "messenger",
    "phone",
    "return",
    "cancel",
}


def for_person(person: Person) -> dict[str, int]:
    """Which stories fit a person, with weights."""
    fits = BY_WAY[person.way]
    return fits if person.index < QUIET_FROM else fits | {name: 5 * fits[name] for name in QUIET if name in fits}
