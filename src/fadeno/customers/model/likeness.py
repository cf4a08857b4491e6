"""How likely two customers are one person, and why; a household is not one person."""

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any
from uuid import UUID

from fadeno.kit import addresses, text

LEAST = 60  # per cent: below, nobody is asked
MOST = 99
RARE = 3  # bearers of a name, up to which it says much
GENERAL = frozenset(
    {
        "info", "office", "mail", "kontakt", "contact", "contacto", "shop", "sales", "support", "service", "admin",
        "hello", "hallo", "post", "bestellung", "orders", "order", "webmaster", "team", "verkauf", "buchhaltung",
        "accounting", "billing", "iroda", "ugyfelszolgalat", "prodaja",
    }
)  # fmt: skip
SHORTEST_LOCAL = 6
_HOME = ("address", "street", "postalCode", "postal_code", "zip", "city")
TRAITS = ("name", "firstName", "lastName", "first_name", "last_name", "fullName", "birthday", "birthDate", *_HOME)

# What speaks for one person and how much of it, in per cent. The name counts once, with the strongest of its codes.
_NAMES = {"same_name": 50, "name_sounds_alike": 40, "name_a_slip_away": 35}
_MORE = {
    "same_number": 40, "same_birthday": 35, "same_email_name": 25, "rare_name": 15, "same_street": 15,
    "same_postcode": 15, "same_city": 5,
}  # fmt: skip
_AGAINST = {"other_postcode": 15, "other_number": 5}


@dataclass(frozen=True, slots=True)
class Portrait:
    """What is compared of a customer.

    Attributes:
        locals: what stands before the @ of their e-mail addresses.
        home: street, postcode and city, each folded.
    """

    id: UUID
    first: frozenset[str]
    last: frozenset[str]
    birthday: str
    locals: frozenset[str]
    numbers: frozenset[str]
    home: Mapping[str, str]

    @property
    def words(self) -> frozenset[str]:
        """All words of the name."""
        return self.first | self.last


@dataclass(frozen=True, slots=True)
class Likeness:
    """How likely two are one, in per cent, and the codes of what speaks for it and against it."""

    certainty: int
    reasons: tuple[str, ...]


def portrait(id_: UUID, held: list[tuple[str, str]], said: Mapping[str, Any]) -> Portrait:
    """What can be compared of a customer: of their addresses that are their own, and the traits that won."""
    given = _text(said, "firstName", "first_name")
    family = _text(said, "lastName", "last_name")
    whole = text.words(_text(said, "name", "fullName"))
    first, last = text.words(given) or whole[:-1], text.words(family) or whole[-1:]
    place = said.get("address") if isinstance(said.get("address"), dict) else {}
    home = {
        "street": _text(place, "street") or _text(said, "street"),
        "postcode": _text(place, "postalCode", "postal_code", "zip") or _text(said, "postalCode", "postal_code", "zip"),
        "city": _text(place, "city") or _text(said, "city"),
    }
    emails = [value.rpartition("@")[0] for kind, value in held if kind == "email"]
    numbers = [value.partition(";")[0] for kind, value in held if kind in addresses.PHONE_KINDS]
    own = frozenset(local for local in emails if local not in GENERAL and len(local) >= SHORTEST_LOCAL)
    folded = {key: " ".join(text.words(value)) for key, value in home.items() if value}
    birthday = _text(said, "birthday", "birthDate")[:10]
    return Portrait(id_, frozenset(first), frozenset(last), birthday, own, frozenset(numbers), folded)


def _text(said: Mapping[str, Any], *names: str) -> str:
    return next((str(said[name]) for name in names if isinstance(said.get(name), str | int) and said[name]), "")


def likeness(one: Portrait, other: Portrait, bearers: int) -> Likeness | None:
    """How likely two are one person; None where they are not, or nothing says so.

    Args:
        one: a customer.
        other: another.
        bearers: how many customers have such a name.
    """
    if one.birthday and other.birthday and one.birthday != other.birthday:
        return None
    name = _name(one, other)
    if name is None and one.words and other.words:
        return None  # of one household, perhaps, or of one office
    found = _shared(one, other)
    if name:
        found.insert(0, name)
        if bearers <= RARE and name == "same_name" and len(one.words) > 1:
            found.append("rare_name")
    certainty = sum(_NAMES.get(code) or _MORE.get(code) or -_AGAINST[code] for code in found)
    return Likeness(min(certainty, MOST), tuple(found)) if certainty >= LEAST else None


def _shared(one: Portrait, other: Portrait) -> list[str]:
    found = []
    if one.numbers & other.numbers:
        found.append("same_number")
    if one.birthday and one.birthday == other.birthday:
        found.append("same_birthday")
    if one.locals & other.locals:
        found.append("same_email_name")
    for part in ("street", "postcode", "city"):
        here, there = one.home.get(part), other.home.get(part)
        if here and here == there:
            found.append(f"same_{part}")
        elif here and there and part == "postcode":
            found.append("other_postcode")
    if one.numbers and other.numbers and "same_number" not in found:
        found.append("other_number")
    return found


def _name(one: Portrait, other: Portrait) -> str | None:
    """How alike two names are, the given names and the family names each; None if they are not."""
    if not one.words or not other.words:
        return None
    if one.words == other.words:
        return "same_name"
    if len(one.words) != len(other.words):
        return None
    if _all_alike(one.words, other.words, _sounds_alike):
        return "name_sounds_alike"
    return "name_a_slip_away" if _all_alike(one.words, other.words, _a_slip_away) else None


def _all_alike(ones: frozenset[str], others: frozenset[str], alike: Any) -> bool:
    left = set(others)
    for word in sorted(ones):
        near = next((other for other in sorted(left) if alike(word, other)), None)
        if near is None:
            return False
        left.discard(near)
    return True


def _sounds_alike(word: str, other: str) -> bool:
    if word == other or not set(text.sounds(word)).isdisjoint(text.sounds(other)):
        return True
    # without its vowels a name says too little, unless one of the two was written without them
    is_bare = not set("aeiou").intersection(word[1:]) or not set("aeiou").intersection(other[1:])
    return is_bare and not set(text.skeletons(word)).isdisjoint(text.skeletons(other))


def _a_slip_away(word: str, other: str) -> bool:
    if _sounds_alike(word, other):
        return True
    if word.rstrip("aeiouy") == other.rstrip("aeiouy"):
        return False  # Martin and Martina live together
    most = min(text.slips_forgiven(word), text.slips_forgiven(other), 1)
    return most > 0 and text.slips(word, other, most) <= most


def likeness_id(a: UUID, b: UUID) -> UUID:
    """The id of a likely pair, the same whichever comes first."""
    first, second = sorted((a.bytes, b.bytes))
    return UUID(bytes=blake2b(first + second, digest_size=16).digest())


def same_name(one: Portrait) -> str | None:
    """The tsquery of customers whose name may be the same; None for names of one word."""
    if len(one.words) < 2:
        return None
    parts = []
    for word in sorted(one.words):
        ways = text.skeletons(word) or (word,)  # what sounds the same has the same consonants
        parts.append("(" + " | ".join(f"'{way}'" for way in ways) + ")")
    return " & ".join(parts)
