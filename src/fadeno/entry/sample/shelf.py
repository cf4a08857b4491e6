"""What Lumo's stock system says: its places, its range, what things cost where and when, and how many there are."""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from fadeno.commerce import NewPlace, NewPrice, NewProduct, NewStock
from fadeno.entry.sample import world
from fadeno.entry.sample.people import dice
from fadeno.entry.sample.world import City, Country, Thing

SOURCE = "stock-system"
# Days before the company was made up: prices of a third of the range rose, lamps were cheaper for a fortnight.
_ROSE = 75
_OFFER = (40, 27)
TAKEN_AWAY = 0.95  # furniture one carries home oneself


def shops() -> Iterator[tuple[Country, City]]:
    """Every shop, with its country."""
    for country in world.COUNTRIES.values():
        yield from ((country, city) for city in country.cities if city.shop)


def price(thing: Thing, country: Country, day: date, made: date, *, in_shop: bool = False) -> float:
    """What one costs on a day, in the money of the country.

    Args:
        made: the day the company was made up.
        in_shop: over the counter; on the site else.
    """
    factor = next(f for begin, end, f in _spells(thing, made) if (begin or day) <= day <= (end or day))
    return country.price(thing.eur * factor * (TAKEN_AWAY if in_shop and thing.category == "furniture" else 1))


def _spells(thing: Thing, made: date) -> list[tuple[date | None, date | None, float]]:
    """The days from and to which it cost what part of today's price."""
    day = timedelta(days=1)
    if thing.number % 3 == 0:
        rose = made - _ROSE * day
        return [(None, rose - day, 0.93), (rose, None, 1)]
    if thing.category == "lamps":
        begin, end = (made - days * day for days in _OFFER)
        return [(None, begin - day, 1), (begin, end, 0.8), (end + day, None, 1)]
    return [(None, None, 1)]


def count(seed: int, thing: Thing, place: str) -> int:
    """How many of a thing there are at a place."""
    rng = dice(seed, "stock", thing.sku, place)
    if place == world.DEPOTS["warehouse"]["name"]:
        return rng.randint(20, 90)
    return rng.choice((0, 0, 2, 2, 3, 4, 5, 7)) * (1 if thing.eur > 20 else 6)


def taken(event: Mapping[str, Any]) -> tuple[str, dict[str, int]]:
    """From which place an order takes what: over the counter and for picking up from the shop, else from the warehouse.

    Returns:
        The place, and SKU -> how many; none of what is no new order.
    """
    said = event.get("properties", {})
    if event.get("event") != "Order Completed":
        return "", {}
    place = world.DEPOTS["warehouse"]["name"] if said.get("delivery") == "post" else said["shop"]
    return place, {line["sku"]: line["quantity"] for line in said["products"]}


def places() -> list[NewPlace]:
    """The shops, the site and the warehouse."""
    found = [
        NewPlace(
            city.place or "",
            city.place,
            kind="shop",
            address=f"{city.shop}, {city.postcode} {next(iter(city.called.values()))}",
            country=country.code,
            zone=country.zone,
            hours=country.opening,
        )
        for country, city in shops()
    ]
    return found + [NewPlace(key=depot["name"], **depot) for depot in world.DEPOTS.values()]


def products() -> list[NewProduct]:
    """The range: what there is of one kind only, and else the whole with its finishes."""
    found: dict[str, NewProduct] = {}
    for thing in world.GOODS:
        about = {
            "name": thing.called["en"],
            "names": thing.called | {"sr-Latn": world.latin(thing.called["sr"])},
            "category": world.CATEGORIES[thing.category]["en"],
        }
        picture = f"https://pictures.lumo.example/{thing.sku.lower()}.jpg"
        if not thing.finish:
            found[thing.sku] = NewProduct(thing.sku, thing.sku, thing.gtin, picture=picture, **about)
            continue
        found.setdefault(thing.whole, NewProduct(thing.whole, thing.whole, picture=picture, **about))
        own = {"variant_of": thing.whole, "variant": thing.finish["en"]}
        found[thing.sku] = NewProduct(thing.sku, thing.sku, thing.gtin, picture=picture, **about, **own)
    return list(found.values())


def prices(made: date) -> list[NewPrice]:
    """What everything costs, in each money, and over which counter it costs less."""
    found = []
    by_money = {country.currency: country for country in world.COUNTRIES.values()}
    for thing in world.GOODS:
        counters = shops() if thing.category == "furniture" else ()
        places = [(country, None) for country in by_money.values()]
        places += [(country, city.place) for country, city in counters]
        for country, place in places:
            for begin, end, _ in _spells(thing, made):
                amount = price(thing, country, begin or end or made, made, in_shop=place is not None)
                found.append(NewPrice(thing.sku, Decimal(str(amount)), country.currency, place, begin, end))
    return found


def stock(seed: int) -> list[NewStock]:
    """How many there are of everything in every shop and the warehouse."""
    where = [city.place or "" for _, city in shops()] + [world.DEPOTS["warehouse"]["name"]]
    return [NewStock(thing.sku, Decimal(count(seed, thing, place)), place) for thing in world.GOODS for place in where]
