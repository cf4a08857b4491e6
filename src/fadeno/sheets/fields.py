"""The fields a sheet may hold, by the kind of file. The one table; header words stand in words.toml."""

import re
import tomllib
from functools import cache, lru_cache
from pathlib import Path
from typing import NamedTuple

from fadeno.kit.text import fold

# What a field's values are. `id` is text whose digits count one by one; `name` is a person's.
KINDS = (
    "text", "id", "name", "email", "phone", "date", "datetime", "number", "money", "bool",
    "country", "postcode", "gtin", "url", "currency", "language", "place_kind",
)  # fmt: skip
LANGUAGES = ("en", "de", "fr", "es", "pt", "hu", "sr", "ru", "ar", "eo")
WHILE_GUESSING = "about"
TARGETS = ("customers", "orders", "products", "stock", "places", "events", "messages")


class Field(NamedTuple):
    """A field of a kind of file.

    Attributes:
        kind: one of KINDS.
        required: a file of that kind is of no use without it, or without another field of the same `one_of`.
        one_of: fields of which one is enough; those of WHILE_GUESSING only as long as nobody says the kind.
        telling: how much finding it tells that a file is of that kind; 1 is usual.
    """

    name: str
    kind: str
    required: bool = False
    one_of: str = ""
    telling: float = 1.0


def _person(telling: float = 0.6, one_of: str = "") -> tuple[Field, ...]:
    return (
        Field("customer_id", "id", one_of=one_of, telling=telling),
        Field("name", "name", telling=telling),
        Field("email", "email", one_of=one_of, telling=telling),
        Field("phone", "phone", one_of=one_of, telling=telling),
    )


_ROUND_TRIP = (Field("row_id", "id", telling=0), Field("row_version", "id", telling=0))

FIELDS: dict[str, tuple[Field, ...]] = {
    "customers": (
        Field("customer_id", "id", one_of="who", telling=1.0),
        Field("name", "name", telling=1.4),
        Field("given_name", "name", telling=2.5),
        Field("family_name", "name", telling=2.5),
        Field("company", "text", telling=1.6),
        Field("email", "email", one_of="who", telling=1.4),
        Field("phone", "phone", one_of="who", telling=1.4),
        Field("mobile", "phone", one_of="who", telling=1.8),
        Field("street", "text", telling=1.4),
        Field("city", "text"),
        Field("postcode", "postcode"),
        Field("region", "text"),
        Field("country", "country"),
        Field("birth_date", "date", telling=3),
        Field("gender", "text", telling=2),
        Field("salutation", "text", telling=2),
        Field("language", "language", telling=1.6),
        Field("vat_id", "id", telling=1.4),
        Field("loyalty_no", "id", telling=2.5),
        Field("newsletter", "bool", telling=2.5),
        Field("tags", "text"),
        Field("note", "text", telling=0.6),
        Field("created_at", "datetime", telling=1.2),
        *_ROUND_TRIP,
    ),
    "orders": (
        Field("order_no", "id", required=True, telling=3),
        Field("ordered_at", "datetime", telling=2),
        *_person(),
        Field("product_no", "id"),
        Field("product_name", "text", telling=1.2),
        Field("variant", "text"),
        Field("gtin", "gtin", telling=0.8),
        Field("quantity", "number", telling=1.4),
        Field("unit_price", "money"),
        Field("line_total", "money", telling=2),
        Field("order_total", "money", telling=2.5),
        Field("discount", "number", telling=1.5),
        Field("tax", "money", telling=1.4),
        Field("shipping", "money", telling=2),
        Field("currency", "currency"),
        Field("status", "text"),
        Field("payment", "text", telling=2),
        Field("channel", "text", telling=0.8),
        Field("place", "text", telling=0.8),
        Field("street", "text", telling=0.5),
        Field("city", "text", telling=0.5),
        Field("postcode", "postcode", telling=0.5),
        Field("region", "text", telling=0.4),
        Field("country", "country", telling=0.6),
        Field("shipped_at", "datetime", telling=2),
        Field("note", "text", telling=0.6),
        *_ROUND_TRIP,
    ),
    "products": (
        Field("product_no", "id", one_of="what", telling=1.4),
        Field("product_name", "text", required=True, telling=1.6),
        Field("variant", "text", telling=1.2),
        Field("gtin", "gtin", one_of="what", telling=1.4),
        Field("description", "text", telling=2),
        Field("category", "text", telling=2),
        Field("brand", "text", telling=2),
        Field("unit_price", "money", telling=1.4),
        Field("old_price", "money", telling=2.5),
        Field("tax_rate", "number", telling=1.4),
        Field("currency", "currency", telling=0.8),
        Field("place", "text", telling=0.6),
        Field("valid_from", "date", telling=1.6),
        Field("valid_to", "date", telling=1.6),
        Field("picture_url", "url", telling=2.5),
        Field("url", "url", telling=1.2),
        Field("weight", "number", telling=2),
        Field("size", "text", telling=1.4),
        Field("colour", "text", telling=1.6),
        Field("unit", "text", telling=1.2),
        Field("active", "bool", telling=1.2),
        Field("discontinued", "bool", telling=1.6),
        Field("on_hand", "number", telling=0.8),
        Field("note", "text", telling=0.5),
        *_ROUND_TRIP,
    ),
    "stock": (
        Field("product_no", "id", one_of="what", telling=1.2),
        Field("gtin", "gtin", one_of="what"),
        Field("product_name", "text", telling=0.8),
        Field("variant", "text", telling=0.8),
        Field("place", "text", telling=1.4),
        Field("on_hand", "number", required=True, telling=3.2),
        Field("reserved", "number", telling=3),
        Field("incoming", "number", telling=3),
        Field("reorder_level", "number", telling=3),
        Field("shelf", "text", telling=2.5),
        Field("counted_at", "datetime", telling=1.4),
        Field("unit", "text", telling=0.8),
        Field("opening_hours", "text", telling=1.2),
        Field("note", "text", telling=0.5),
        *_ROUND_TRIP,
    ),
    "places": (
        Field("place", "text", required=True),
        Field("place_name", "text", one_of=WHILE_GUESSING),
        Field("place_kind", "place_kind", one_of=WHILE_GUESSING, telling=0.8),
        Field("address", "text", telling=0.6),
        Field("street", "text", telling=0.3),
        Field("postcode", "postcode", telling=0.3),
        Field("city", "text", telling=0.3),
        Field("country", "country", telling=0.4),
        Field("zone", "text", one_of=WHILE_GUESSING),
        Field("opening_hours", "text", one_of=WHILE_GUESSING, telling=3),
        Field("note", "text", telling=0.4),
        *_ROUND_TRIP,
    ),
    "events": (
        Field("event", "text", required=True, telling=3),
        Field("happened_at", "datetime", required=True, telling=1.6),
        *_person(one_of="who"),
        Field("channel", "text"),
        Field("subject", "text", telling=0.8),
        Field("place", "text", telling=0.6),
        Field("order_no", "id", telling=0.6),
        Field("product_no", "id", telling=0.5),
        Field("amount", "money", telling=0.8),
        Field("currency", "currency", telling=0.5),
        Field("url", "url", telling=1.2),
        Field("note", "text", telling=0.6),
        *_ROUND_TRIP,
    ),
    "messages": (
        Field("text", "text", required=True, telling=3),
        Field("happened_at", "datetime", telling=1.4),
        Field("sender", "text", one_of="who", telling=2.5),
        Field("recipient", "text", one_of="who", telling=2.5),
        Field("direction", "text", telling=2.5),
        Field("subject", "text", telling=1.8),
        *_person(one_of="who"),
        Field("channel", "text", telling=1.2),
        Field("agent", "name", telling=1.6),
        Field("order_no", "id", telling=0.5),
        Field("status", "text", telling=0.6),
        *_ROUND_TRIP,
    ),
}

# Where a word begins within what is written as one.
SPLIT_WORDS = re.compile(r"(?<=[a-zà-ÿа-я])(?=[A-ZÀ-ÞА-Я])")
_WORD = re.compile(r"[a-z0-9]+")
_ABBREVIATED = re.compile(r"(?<=\w)\.(?=\w)")
_TO_CYRILLIC = (
    ("lj", "љ"), ("nj", "њ"), ("dž", "џ"), ("a", "а"), ("b", "б"), ("v", "в"), ("g", "г"), ("d", "д"), ("đ", "ђ"),
    ("e", "е"), ("ž", "ж"), ("z", "з"), ("i", "и"), ("j", "ј"), ("k", "к"), ("l", "л"), ("m", "м"), ("n", "н"),
    ("o", "о"), ("p", "п"), ("r", "р"), ("s", "с"), ("t", "т"), ("ć", "ћ"), ("u", "у"), ("f", "ф"), ("h", "х"),
    ("c", "ц"), ("č", "ч"), ("š", "ш"),
)  # fmt: skip


def field_of(target: str, name: str) -> Field | None:
    """The field of a kind of file by name."""
    return by_name(target).get(name)


@cache
def by_name(target: str) -> dict[str, Field]:
    """Name -> field of a kind of file."""
    return {field.name: field for field in FIELDS[target]}


@lru_cache(maxsize=16_384)
def plain(header: str) -> str:
    """A header made comparable: folded words, one space between; `customerID` is `customer id`."""
    spaced = _ABBREVIATED.sub(" ", SPLIT_WORDS.sub(" ", header[:200]))
    return " ".join(_WORD.findall(fold(spaced).replace("'", "")))


@cache
def header_words(which: str = "fields") -> dict[str, dict[str, str]]:
    """Field -> plain header words -> language; of `ours` those that only our own lists write."""
    text = Path(__file__).with_name("words.toml").read_text("utf-8")
    found: dict[str, dict[str, str]] = {}
    for field, languages in tomllib.loads(text)[which].items():
        words = found.setdefault(field, {})
        for language, headers in languages.items():
            for header in headers:
                words.setdefault(plain(header), language)
                if language == "sr":
                    words.setdefault(plain(cyrillic(header)), language)
    return found


def is_called(header: str, field: str) -> bool:
    """Whether a header is one of the words that stand above a field in our own lists, in any language."""
    return plain(header) in header_words()[field] or plain(header) in header_words("ours").get(field, {})


@cache
def word_list(name: str) -> frozenset[str]:
    """One of the other lists of words.toml, such as `totals` or `yes`; plain, in all languages."""
    text = Path(__file__).with_name("words.toml").read_text("utf-8")
    words = set()
    for language, listed in tomllib.loads(text)["lists"][name].items():
        for word in listed:
            words.add(plain(word) or word)
            if language == "sr":
                words.add(plain(cyrillic(word)))
    return frozenset(words - {""})


def cyrillic(text: str) -> str:
    """Serbian Latin in Cyrillic, lower case."""
    text = text.lower()
    for latin, letter in _TO_CYRILLIC:
        text = text.replace(latin, letter)
    return text
