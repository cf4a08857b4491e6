"""Where the sample company is, what it sells, and the words people use there. Read from the tables beside this file."""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

WITH_GLASS = ("ilka", "bardo", "lumeto", "nokto")
LANGUAGES = ("sr", "hu", "de", "ru", "ar", "en", "pt")

_LATIN = dict(zip("абвгдђежзијклмнопрстћуфхцчш", "abvgdđežzijklmnoprstćufhcčš", strict=True))
_LATIN |= {"љ": "lj", "њ": "nj", "џ": "dž"}
_RUSSIAN = dict(zip("абвгдезийклмнопрстуфыэ", "abvgdeziyklmnoprstufye", strict=True))
_RUSSIAN |= {"ё": "yo", "ж": "zh", "х": "kh", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "shch", "ъ": "", "ь": ""}
_RUSSIAN |= {"ю": "yu", "я": "ya"}


@dataclass(frozen=True, slots=True)
class Thing:
    """Something Lumo sells, in one of its finishes.

    Attributes:
        id: the product's, the same for all its finishes.
        sku: of this one alone; `whole` is that of the product, or the same where there is one finish only.
        eur: the price in euros, today and without any offer.
        called: what the product is called, by language.
        finish: colour or size, by language; empty where there is only one.
    """

    id: str
    number: int
    sku: str
    whole: str
    gtin: str
    eur: float
    category: str
    called: dict[str, str]
    finish: dict[str, str]

    def name(self, language: str) -> str:
        """What the product is called in a language."""
        return in_script(self.called[spoken(language)], language)

    def made_in(self, language: str) -> str:
        """Its colour or size in a language."""
        return in_script(self.finish.get(spoken(language), self.finish.get("en", "")), language)

    def label(self, language: str) -> str:
        """Both, as a receipt has them."""
        finish = self.made_in(language)
        comma = "، " if language == "ar" else ", "
        return self.name(language) + (comma + finish if finish else "")


@dataclass(frozen=True, slots=True)
class City:
    """A town, its streets, and Lumo's shop in it, if there is one.

    Attributes:
        place: what all systems call the shop.
    """

    called: dict[str, str]
    streets: tuple[str, ...]
    postcode: str
    shop: str | None
    till: str | None
    place: str | None

    def name(self, language: str) -> str:
        """What the town is called in a language."""
        if spoken(language) in self.called:
            return in_script(self.called[spoken(language)], language)
        return next(iter(self.called.values()))


@dataclass(frozen=True, slots=True)
class Numbers:
    """A range of phone numbers: how they begin, abroad and at home, and how many digits follow."""

    abroad: str
    home: str
    digits: int


@dataclass(frozen=True, slots=True)
class Country:
    """A country Lumo sells to.

    Attributes:
        post: what delivery costs, in its money. closed: the day of the week shops are, Monday = 0.
        numbers: the ranges its people's numbers are taken from, one after the other.
    """

    code: str
    currency: str
    rate: float
    round: int
    less: float
    post: int
    hours: int
    zone: str
    closed: int
    opening: str
    mail: tuple[str, ...]
    numbers: tuple[Numbers, ...]
    landline: str
    languages: dict[str, int]
    carrier: str
    agents: tuple[str, ...]
    weight: int
    cities: tuple[City, ...]

    def price(self, eur: float) -> float:
        """A price in the money of the country, as shops write it."""
        return round(max(1, round(eur * self.rate / self.round)) * self.round - self.less, 2)


def _table(name: str) -> dict[str, Any]:
    return tomllib.loads(files(__package__).joinpath(f"{name}.toml").read_text("utf-8"))


def _country(code: str, row: dict[str, Any]) -> Country:
    cities = []
    for city in row["cities"]:
        called = {k: v for k, v in city.items() if k in LANGUAGES}
        shop = (city.get(name) for name in ("shop", "till", "place"))
        cities.append(City(called, tuple(city["streets"]), city["postcode"], *shop))
    numbers = tuple(Numbers(**one) for one in row["numbers"])
    plain = {k: tuple(v) if isinstance(v, list) else v for k, v in row.items() if k not in ("cities", "numbers")}
    return Country(code=code, cities=tuple(cities), numbers=numbers, **plain)


def _things(id_: str, row: dict[str, Any]) -> Iterator[Thing]:
    """A product in each of its finishes."""
    called = {k: v for k, v in row.items() if k in LANGUAGES}
    finishes = row.get("finishes", [""])
    whole = f"LU-{row['number']}"
    for nth, name in enumerate(finishes):
        finish = dict(FINISHES.get(name, {}))
        dearer = finish.pop("dearer", 1) / FINISHES.get(finishes[0], {}).get("dearer", 1)
        sku = f"{whole}-{name.upper()}" if name else whole
        gtin = _gtin(f"952{row['number']:06}{nth:03}")
        yield Thing(id_, row["number"], sku, whole, gtin, row["eur"] * dearer, row["category"], called, finish)


def _gtin(digits: str) -> str:
    """Twelve digits and the one that must follow. GS1 keeps 952 for examples."""
    weighed = sum(int(digit) * (3 if at % 2 else 1) for at, digit in enumerate(digits))
    return f"{digits}{-weighed % 10}"


_SHELF = _table("shelf")
FINISHES: dict[str, dict[str, Any]] = _SHELF["finish"]
CATEGORIES: dict[str, dict[str, str]] = _SHELF["category"]
DEPOTS: dict[str, dict[str, str]] = _SHELF["depot"]
DAYS: dict[str, list[str]] = _SHELF["days"]
COUNTRIES = {code: _country(code, row) for code, row in _table("places").items()}
GOODS = [thing for id_, row in _table("goods").items() for thing in _things(id_, row)]
NAMES = _table("names")
LINES = _table("lines")
MATTERS = _table("matters")


def spoken(language: str) -> str:
    """The language without its script: `sr-Cyrl` is `sr`."""
    return language.partition("-")[0]


def in_script(text: str, language: str) -> str:
    """Serbian is written down once, in Cyrillic; who does not read Cyrillic gets Latin."""
    return text if language in ("sr-Cyrl", "ru") else latin(text)


def latin(text: str) -> str:
    """Serbian Cyrillic in Latin, letter by letter."""
    return _spelled(text, _LATIN)


def russian_latin(text: str) -> str:
    """Russian in Latin, as passports do it, more or less."""
    return _spelled(text, _RUSSIAN)


def _spelled(text: str, letters: dict[str, str]) -> str:
    spelled = []
    for at, letter in enumerate(text):
        found = letters.get(letter.lower())
        if found is None:
            spelled.append(letter)
            continue
        if letter.isupper():
            shouts = text[at + 1 : at + 2].isupper()
            found = found.upper() if shouts else found.capitalize()
        spelled.append(found)
    return "".join(spelled)


def line(language: str, side: str, role: str, pick: int) -> str:
    """One line of a role, not yet filled in: `line("hu", "said", "where", 1)`."""
    choices = LINES[spoken(language)][side][role]
    return in_script(choices[pick % len(choices)], language)
