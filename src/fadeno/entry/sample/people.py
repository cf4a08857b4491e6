"""Who the customers of the sample company are: each is made from the seed and their own number alone."""

from dataclasses import dataclass, replace
from functools import lru_cache
from hashlib import blake2b
from random import Random
from typing import Any
from uuid import UUID

from anyascii import anyascii

from fadeno.entry.sample import world
from fadeno.entry.sample.world import City, Country

WAYS = {"account": 52, "guest": 12, "walk_in": 12, "messenger": 10, "app": 10, "caller": 4}


@dataclass(frozen=True, slots=True)
class Person:
    """A customer of Lumo.

    Attributes:
        way: how they deal with us: with an account, as a guest, at the till …
        story: what surely happens to them, for those one meets first.
        email: where they read; in a household two people may share it.
        mistyped: the same address as the old CRM has it, where a finger slipped.
        call: what friends call them, in their script.
        phone: empty where the ranges of the country are used up: nobody's number is given to two.
        national: their number as people of the country write it.
        landline: the line at home; a household has one.
        work: where they are by day.
        house: the number of the household's first person; None for who lives alone.
    """

    index: int
    way: str
    story: str | None
    name: str
    latin: str
    call: str
    language: str
    country: Country
    city: City
    street: str
    work: str
    email: str
    mistyped: str | None
    phone: str
    national: str
    landline: str
    second_phone: str | None
    whatsapp: bool
    user_id: str | None
    cookies: tuple[str, ...]
    device: str
    card: str | None
    crm: tuple[str, ...]
    company: str | None
    house: int | None
    birthday: str

    @property
    def home(self) -> dict[str, str]:
        """Where they live, as shops and accounts ask for it."""
        return {"street": self.street, "postal_code": self.city.postcode, "city": self.city.name(self.language)}

    @property
    def near(self) -> City | None:
        """The town of the nearest shop, if the country has one."""
        return self.city if self.city.shop else next((c for c in self.country.cities if c.shop), None)

    @property
    def shop(self) -> str:
        """The nearest shop as people say it: town and street."""
        if self.near is None:
            return "Lumo online"
        return f"{self.near.name(self.language)}, {world.in_script(self.near.shop or '', self.language)}"

    @property
    def till(self) -> str | None:
        """The source that is the till of that shop."""
        return f"till-{self.near.till}" if self.near else None

    @property
    def place(self) -> str:
        """What all systems call that shop."""
        return self.near.place or "" if self.near else "Lumo online"


def dice(seed: int, *words: str | int) -> Random:
    """Chance that is the same for the same words."""
    return Random("/".join(map(str, (seed, *words))))  # noqa: S311 - it plays, it guards nothing


def made_id(seed: int, *words: str | int) -> str:
    """An id as clients make them, the same for the same words."""
    text = "/".join(map(str, (seed, *words)))
    return str(UUID(bytes=blake2b(text.encode(), digest_size=16).digest(), version=4))


@lru_cache(maxsize=8192)
def person(seed: int, index: int) -> Person:
    """The customer of that number."""
    rng = dice(seed, "person", index)
    first = world.NAMES["first"]
    if index < len(first):
        return _first(seed, index, rng, first[index])
    country = world.COUNTRIES[_weighed(rng, {c.code: c.weight for c in world.COUNTRIES.values()})]
    language = _weighed(rng, country.languages)
    made = _made(seed, index, rng, country, language, _weighed(rng, WAYS))
    return _with_household(seed, made) if index % 9 == 4 and index > len(first) else made


def _weighed(rng: Random, weights: dict[str, int]) -> str:
    return rng.choices(list(weights), weights=list(weights.values()))[0]


def _first(seed: int, index: int, rng: Random, row: dict[str, Any]) -> Person:
    country = world.COUNTRIES[row["country"]]
    made = _made(seed, index, rng, country, row["language"], "account")
    city = country.cities[row["city"]]
    local = ".".join(_plain(part) for part in (row["latin"].split()[0], row["latin"].split()[-1]))
    return replace(
        made,
        name=row["name"],
        latin=row["latin"],
        call=row["call"],
        story=row["story"],
        city=city,
        street=_door(rng, city, row["language"]),
        work=_door(rng, city, row["language"]),
        email=f"{local}@{country.mail[0]}",
        whatsapp=True,
        company=made.company and _company(row["latin"], rng),
        mistyped=None,
        card=made.card or _card(index),
        crm=(f"{318 + index:05}-K",) if index % 3 == 0 else (),
    )


def _made(seed: int, index: int, rng: Random, country: Country, language: str, way: str) -> Person:
    name, latin, call = _named(rng, language)
    city = rng.choices(country.cities, weights=[6, *[2] * (len(country.cities) - 1)])[0]
    phone, national = _own_number(country, index)
    if not phone and way in ("messenger", "caller"):
        way = "account"
    email = f"{_local(latin, rng)}{index}@{rng.choice(country.mail)}"
    has_account = way in ("account", "app")
    return Person(
        index=index,
        way=way,
        story=None,
        name=name,
        latin=latin,
        call=call,
        language=language,
        country=country,
        city=city,
        street=_door(rng, city, language),
        work=_door(rng, city, language),
        email=email,
        mistyped=_slipped(email, rng) if rng.random() < 0.3 else None,
        phone=phone,
        national=national,
        landline=f"{country.landline}{index:03}" if index < 1000 else "",
        second_phone=_second_number(country, index) if rng.random() < 0.18 else None,
        whatsapp=bool(phone) and (way == "messenger" or rng.random() < 0.7),
        user_id=f"u-{10200 + index}" if has_account else None,
        cookies=tuple(made_id(seed, "cookie", index, n) for n in range(rng.choice((1, 1, 2, 2, 3)))),
        device=made_id(seed, "device", index),
        card=_card(index) if way == "walk_in" or rng.random() < 0.35 else None,
        crm=_crm(index, rng),
        company=_company(latin, rng) if rng.random() < 0.12 else None,
        house=None,
        birthday=f"{rng.randint(1948, 2003)}-{rng.randint(1, 12):02}-{rng.randint(1, 28):02}",
    )


def _door(rng: Random, city: City, language: str) -> str:
    return f"{world.in_script(rng.choice(city.streets), language)} {rng.randint(1, 96)}"


def _room(country: Country) -> int:
    """How many numbers its ranges hold."""
    return sum(10**one.digits for one in country.numbers)


def _own_number(country: Country, index: int) -> tuple[str, str]:
    """Their number as it is dialled from abroad and at home; half of the ranges is left for second numbers."""
    return _number(country, index) if index < _room(country) // 2 else ("", "")


def _second_number(country: Country, index: int) -> str | None:
    room = _room(country)
    return _number(country, room - 1 - index)[0] if index < room // 2 else None


def _number(country: Country, nth: int) -> tuple[str, str]:
    for one in country.numbers:
        size = 10**one.digits
        if nth < size:
            suffix = f"{(nth * 37 + 102) % size:0{one.digits}}"
            return one.abroad + suffix, one.home + suffix
        nth -= size
    return "", ""


def _card(index: int) -> str:
    return f"LK-7731-{index + 42:04}"


def _crm(index: int, rng: Random) -> tuple[str, ...]:
    """Their numbers in the old CRM: most have none, some have one, a few were entered twice."""
    roll = rng.random()
    if roll > 0.34:
        return ()
    return (f"{400 + index:05}-K", f"{400 + index:05}-D") if roll < 0.09 else (f"{400 + index:05}-K",)


def _with_household(seed: int, made: Person) -> Person:
    """Let somebody live with the person before them: one surname, one address, one mailbox, one line at home."""
    other = person(seed, made.index - 1)
    if other.way not in ("account", "app") or other.house is not None or other.story:
        return made
    rng = dice(seed, "household", made.index)
    name, latin, call = _named(rng, other.language, surname_of=other)
    phone, national = _own_number(other.country, made.index)
    return replace(
        made,
        name=name,
        latin=latin,
        call=call,
        language=other.language,
        country=other.country,
        city=other.city,
        street=other.street,
        work=_door(rng, other.city, other.language),
        email=other.email,
        mistyped=None,
        phone=phone,
        national=national,
        landline=other.landline,
        second_phone=None,
        way="account",
        user_id=f"u-{10200 + made.index}",
        crm=(),
        house=other.index,
    )


# Names -----------------------------------------------------------------------------------------------------------


def _named(rng: Random, language: str, surname_of: Person | None = None) -> tuple[str, str, str]:
    """Name in its own script, in Latin, and what friends say."""
    spoken = world.spoken(language)
    table = world.NAMES[spoken]
    is_woman = rng.random() < 0.54
    given = rng.choice(table["women" if is_woman else "men"])
    family = rng.choice(table["surnames"])
    if spoken == "ar":
        (given, given_latin), (family, family_latin) = given.split("="), family.split("=")
    else:
        if spoken == "ru" and is_woman:
            family += "а"
        given_latin, family_latin = _in_latin(given, spoken), _in_latin(family, spoken)
    if surname_of:
        family, family_latin = _family(surname_of)
        if spoken == "ru":
            family = family.removesuffix("а") + ("а" if is_woman else "")
            family_latin = world.russian_latin(family)
    given, family = world.in_script(given, language), world.in_script(family, language)
    if spoken == "hu":
        return f"{family} {given}", f"{family_latin} {given_latin}", given
    return f"{given} {family}", f"{given_latin} {family_latin}", given


def _family(of: Person) -> tuple[str, str]:
    if world.spoken(of.language) == "hu":
        return of.name.split(" ", 1)[0], of.latin.split(" ", 1)[0]
    return of.name[len(of.call) :].strip(), of.latin.split()[-1]


def _in_latin(text: str, spoken: str) -> str:
    if spoken == "sr":
        return world.latin(text)
    return world.russian_latin(text) if spoken == "ru" else text


def _plain(text: str) -> str:
    return "".join(c for c in anyascii(text).lower() if c.isalnum())


def _local(latin: str, rng: Random) -> str:
    first, last = (_plain(part) for part in (latin.split()[0], latin.split()[-1]))
    return rng.choice((f"{first}.{last}", f"{first[0]}{last}", f"{last}{first[:2]}", f"{first}_{last}"))


def _slipped(email: str, rng: Random) -> str:
    """The address with two neighbouring letters exchanged, or one lost."""
    local, _, domain = email.partition("@")
    at = rng.randrange(1, max(2, len(local) - 1))
    if rng.random() < 0.5:
        return f"{local[:at]}{local[at + 1 :]}@{domain}"
    return f"{local[:at]}{local[at + 1 : at + 2]}{local[at]}{local[at + 2 :]}@{domain}"


def _company(latin: str, rng: Random) -> str:
    return rng.choice(("Atelier", "Studio", "Café", "Pension", "Galerie")) + " " + latin.split()[-1]
