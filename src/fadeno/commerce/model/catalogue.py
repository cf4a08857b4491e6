"""Products, places, prices and stock: as they are kept, and as they are shown. Pure."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from string import ascii_lowercase
from typing import Any
from uuid import UUID
from zoneinfo import available_timezones

from fadeno.commerce.model import texts
from fadeno.commerce.model.errors import Unusable
from fadeno.commerce.model.said import PLACE_KINDS, PRODUCT_STATES, NewPlace, NewPrice, NewProduct, NewStock
from fadeno.kit import text

MOST_LANGUAGES = 50
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}([-_][A-Za-z0-9]{2,8}){0,3}")
_COUNTRY = re.compile(r"[A-Z]{2}")
_LINK = re.compile(r"https?://[^\s\"'<>]+", re.IGNORECASE)
_PARTS = re.compile(r"[\W_]+")
_MOST_SLIPPED = 3  # words of a query
_LONGEST_SLIPPED = 20  # chars


@dataclass(frozen=True, slots=True)
class Product:
    """A product as one source says it.

    Attributes:
        gtin: as it stands on the thing: 8, 13 or 14 digits.
        whole_id: the product it is a variant of, where that is known.
    """

    id: UUID
    source_id: int
    key: str
    sku: str | None
    gtin: str | None
    name: str
    names: dict[str, str]
    picture: str | None
    category: str | None
    variant_of: str | None
    whole_id: UUID | None
    variant: str | None
    state: str
    said_at: datetime
    said_in: UUID

    @property
    def label(self) -> str:
        """What a list shows: its name, else what its source calls it."""
        return self.name or next(iter(self.names.values()), "") or self.key


@dataclass(frozen=True, slots=True)
class Place:
    """A shop, warehouse or web shop as one source says it, which of them if it says so; `hours` word for word."""

    id: UUID
    source_id: int
    key: str
    name: str
    kind: str | None
    address: str | None
    country: str | None
    zone: str | None
    hours: str | None
    said_at: datetime
    said_in: UUID

    @property
    def label(self) -> str:
        """What a list shows."""
        return self.name or self.key


@dataclass(frozen=True, slots=True)
class Price:
    """What one of a product costs at a place, or everywhere where there is no place."""

    id: UUID
    product_id: UUID
    place_id: UUID | None
    place: str | None
    place_key: str | None
    source_id: int
    amount: Decimal
    currency: str
    valid_from: date | None
    valid_to: date | None
    said_at: datetime

    def holds_on(self, day: date) -> bool:
        """Whether it is the price of that day."""
        return (self.valid_from or day) <= day <= (self.valid_to or day)


@dataclass(frozen=True, slots=True)
class Stock:
    """How much of a product a source said there is, and when that was so."""

    id: UUID
    product_id: UUID
    place_id: UUID | None
    place: str | None
    place_key: str | None
    source_id: int
    quantity: Decimal
    said_at: datetime


def product_row(said: NewProduct) -> dict[str, Any]:
    """What is said of a product as columns; None = nothing said.

    Raises:
        Unusable: something in it can't be kept; `field` names it.
    """
    sku = texts.tidy(said.sku, texts.KEY_CHARS, "sku")
    gtin = said.gtin and said.gtin.strip()
    gtin = texts.gtin(gtin) if gtin else gtin
    return {
        "key": texts.named(said.key or sku or (gtin and texts.gtin_shown(gtin)), "key"),
        "sku": sku,
        "gtin": gtin,
        "name": texts.tidy(said.name, texts.NAME_CHARS, "name"),
        "names": None if said.names is None else _names(said.names),
        "picture": _link(said.picture),
        "category": texts.tidy(said.category, texts.NAME_CHARS, "category"),
        "variant_of": texts.tidy(said.variant_of, texts.KEY_CHARS, "variant_of"),
        "variant": texts.tidy(said.variant, texts.NAME_CHARS, "variant"),
        "state": _one_of(said.state, PRODUCT_STATES, "state"),
    }


def place_row(said: NewPlace) -> dict[str, Any]:
    """What is said of a place as columns; None = nothing said.

    Raises:
        Unusable: something in it can't be kept; `field` names it.
    """
    country = said.country and said.country.strip().upper()
    if country and not _COUNTRY.fullmatch(country):
        raise Unusable("A country is two letters, such as HU.", field="country")
    if said.zone and said.zone not in available_timezones():
        raise Unusable("A zone is one of IANA's, such as Europe/Budapest.", field="zone")
    return {
        "key": texts.named(said.key, "key"),
        "name": texts.tidy(said.name, texts.NAME_CHARS, "name"),
        "kind": _one_of(said.kind, PLACE_KINDS, "kind"),
        "address": texts.tidy(said.address, texts.TEXT_CHARS, "address"),
        "country": country,
        "zone": said.zone,
        "hours": texts.tidy(said.hours, texts.TEXT_CHARS, "hours"),
    }


def price_row(said: NewPrice) -> dict[str, Any]:
    """What is said of a price as columns, product and place still as they are named.

    Raises:
        Invalid: something in it can't be kept; `field` names it.
    """
    if said.valid_from and said.valid_to and said.valid_to < said.valid_from:
        raise Unusable("It ends before it begins.", field="valid_to")
    return {
        "product": texts.named(said.product, "product"),
        "place": texts.tidy(said.place, texts.KEY_CHARS, "place") or None,
        "currency": texts.currency(said.currency),
        "amount": texts.number(said.amount, "amount"),
        "valid_from": said.valid_from,
        "valid_to": said.valid_to,
        "product_id": said.product_id,
        "place_id": said.place_id,
    }


def stock_row(said: NewStock) -> dict[str, Any]:
    """What is said of stock as columns, product and place still as they are named.

    Raises:
        Unusable: something in it can't be kept; `field` names it.
    """
    return {
        "product": texts.named(said.product, "product"),
        "place": texts.tidy(said.place, texts.KEY_CHARS, "place") or None,
        "quantity": texts.number(said.quantity, "quantity"),
        "said_at": texts.moment(said.said_at, "said_at"),
        "product_id": said.product_id,
        "place_id": said.place_id,
    }


def found_by(row: Mapping[str, Any]) -> str:
    """The words a product is found by, as a tsvector is written."""
    names = [row["name"], *row["names"].values(), row["variant"] or "", row["category"] or ""]
    codes = [
        word
        for code in (row["key"], row["sku"])
        if code
        for word in (code.casefold(), *_PARTS.split(code.casefold()), _PARTS.sub("", code.casefold()))
    ]
    digits = [key for code in (row["gtin"], row["sku"], row["key"]) if code for key in _digit_keys(code)]
    keys = dict.fromkeys((*text.word_keys(filter(None, names)), *filter(None, codes), *digits))
    return " ".join(_quoted(key) for key in keys)


def _digit_keys(code: str) -> list[str]:
    """Every four digits of a code, by which any part of it is found."""
    return text.phone_keys(code.lstrip("0"))


def sought(query: str) -> str:
    """The tsquery of what somebody typed: every word as it begins or sounds, or as digits of a code; empty for none."""
    parts = []
    for want in text.wanted(query):
        ways = [f"{_quoted(way)}:*" for way in dict.fromkeys((*want.words, *want.sounds))]
        if want.words[0].isdecimal() and (keys := text.phone_keys(want.words[0])):
            ways.append("(" + " & ".join(map(_quoted, keys)) + ")")
        parts.append(f"({' | '.join(ways)})")
    return " & ".join(parts)


def sought_with_slips(query: str) -> str:
    """The same where a letter of each word may be missing, wrong, too many or in the place of the next."""
    parts = []
    for n, want in enumerate(text.wanted(query)):
        word = want.words[0]
        is_forgiven = n < _MOST_SLIPPED and len(word) <= _LONGEST_SLIPPED and text.slips_forgiven(word)
        ways = [word, *(_a_slip_away(word) if is_forgiven and word.isascii() and word.isalpha() else ())]
        parts.append(f"({' | '.join(map(_quoted, ways))}{':*' if len(ways) == 1 else ''})")
    return " & ".join(parts)


def _a_slip_away(word: str) -> set[str]:
    """Words that differ by one letter, or two that changed places: some fifty a letter, each a look into an index."""
    halves = [(word[:n], word[n:]) for n in range(len(word) + 1)]
    fewer = {a + b[1:] for a, b in halves if b}
    swapped = {a + b[1] + b[0] + b[2:] for a, b in halves if len(b) > 1}
    other = {a + letter + b[1:] for a, b in halves if b for letter in ascii_lowercase}
    more = {a + letter + b for a, b in halves for letter in ascii_lowercase}
    return fewer | swapped | other | more


def rank(query: str, found: Product) -> tuple[int, int]:
    """How well a product answers what somebody typed, the least is the best: same words, beginnings, then the others.

    The worst word counts first.
    """
    names = (found.name, *found.names.values(), found.variant or "", found.sku or "", found.key, found.gtin or "")
    words = {word for name in names for word in text.words(name)}
    kinds = [
        0 if not words.isdisjoint(want.words) else 1 if any(word.startswith(want.words) for word in words) else 2
        for want in text.wanted(query)
    ]
    return max(kinds, default=0), sum(kinds)


def product_sort_key(name: str, names: Mapping[str, str], key: str, language: str) -> str:
    """What orders a product in lists as a language does: the first name there is."""
    return text.sort_key(next(filter(None, (name, *names.values(), key)), "")[:200], language)


def place_sort_key(name: str, key: str, language: str) -> str:
    """What orders a place in lists as a language does."""
    return text.sort_key((name or key)[:200], language)


def _quoted(key: str) -> str:
    return "'" + key.replace("\\", "\\\\").replace("'", "''") + "'"


def _names(names: Mapping[str, str]) -> dict[str, str]:
    if len(names) > MOST_LANGUAGES or not all(_LANGUAGE.fullmatch(tag) for tag in names):
        raise Unusable("Names go by language tags such as hu or sr-Latn.", field="names")
    return {tag.replace("_", "-"): texts.tidy(name, texts.NAME_CHARS, "names") or "" for tag, name in names.items()}


def _link(link: str | None) -> str | None:
    found = texts.tidy(link, texts.LINK_CHARS, "picture")
    if found and not _LINK.fullmatch(found):
        raise Unusable("A picture is a link that begins with https://.", field="picture")
    return found


def _one_of(word: str | None, known: Iterable[str], field: str) -> str | None:
    if not word:
        return None
    folded = word.strip().casefold()
    if folded not in known:
        raise Unusable(f"{field} is one of: {', '.join(known)}.", field=field)
    return folded
