"""Where the sample company is, what it sells, and the words people use there. Read from the tables beside this file."""

import tomllib
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
    """Something Lumo sells."""

    id: str
    eur: int
    called: dict[str, str]


@dataclass(frozen=True, slots=True)
class City:
    """A town, its streets, and Lumo's shop in it, if there is one."""

    called: dict[str, str]
    streets: tuple[str, ...]
    shop: str | None
    till: str | None

    def name(self, language: str) -> str:
        """What the town is called in a language."""
        if spoken(language) in self.called:
            return in_script(self.called[spoken(language)], language)
        return next(iter(self.called.values()))


@dataclass(frozen=True, slots=True)
class Country:
    """A country Lumo sells to."""

    code: str
    currency: str
    rate: float
    round: int
    hours: int
    mail: tuple[str, ...]
    mobile: str
    national: str
    landline: str
    digits: int
    languages: dict[str, int]
    carrier: str
    agents: tuple[str, ...]
    weight: int
    cities: tuple[City, ...]

    def price(self, eur: float) -> float:
        """A price in the money of the country, as shops write it."""
        return round(eur * self.rate / self.round) * self.round


def _table(name: str) -> dict[str, Any]:
    return tomllib.loads(files(__package__).joinpath(f"{name}.toml").read_text("utf-8"))


def _country(code: str, row: dict[str, Any]) -> Country:
    cities = []
    for city in row["cities"]:
        called = {k: v for k, v in city.items() if k in LANGUAGES}
        cities.append(City(called, tuple(city["streets"]), city.get("shop"), city.get("till")))
    plain = {k: tuple(v) if isinstance(v, list) else v for k, v in row.items() if k != "cities"}
    return Country(code=code, cities=tuple(cities), **plain)


def _thing(id_: str, row: dict[str, Any]) -> Thing:
    return Thing(id_, row["eur"], {k: v for k, v in row.items() if k != "eur"})


COUNTRIES = {code: _country(code, row) for code, row in _table("places").items()}
GOODS = [_thing(id_, row) for id_, row in _table("goods").items()]
NAMES = _table("names")
LINES = _table("lines")


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
