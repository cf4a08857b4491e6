"""What is compared of two customers, and how alike their names are."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from fadeno.customers.model.profile import Trait
from fadeno.kit import addresses, text

GENERAL = frozenset(
    {
        "info", "office", "mail", "kontakt", "contact", "contacto", "shop", "sales", "support", "service", "admin",
        "hello", "hallo", "post", "bestellung", "orders", "order", "webmaster", "team", "verkauf", "buchhaltung",
        "accounting", "billing", "iroda", "ugyfelszolgalat", "prodaja",
    }
)  # fmt: skip
SHORTEST_LOCAL = 6
SHORTEST_SLIPPED = 7  # letters of a name: in a shorter one another letter is another name (Mila, Mira, Milan)
_WHOLE_NAMES = ("name", "fullName")
_HOME = ("address", "street", "postalCode", "postal_code", "zip", "city")
TRAITS = ("name", "firstName", "lastName", "first_name", "last_name", "fullName", "birthday", "birthDate", *_HOME)


@dataclass(frozen=True, slots=True)
class Portrait:
    """What is compared of a customer.

    Attributes:
        words: of the name, folded.
        has_names: different people's names were said of them: perhaps they are two already.
        emails: addresses that are a person's own, not an office's.
        home: street, postcode and city, each folded.
    """

    id: UUID
    words: frozenset[str]
    has_names: bool
    birthday: str
    emails: frozenset[str]
    numbers: frozenset[str]
    accounts: frozenset[str]
    home: Mapping[str, str]

    @property
    def locals(self) -> frozenset[str]:
        """What stands before the @ of the e-mail addresses."""
        return frozenset(email.rpartition("@")[0] for email in self.emails)


def portrait(id_: UUID, held: list[tuple[str, str]], known: Sequence[Trait]) -> Portrait:
    """What can be compared of a customer: of their addresses that are their own, and of all that was said of them."""
    said = {trait.name: trait.value for trait in known}
    parts = _text(said, "firstName", "first_name"), _text(said, "lastName", "last_name")
    name = " ".join(parts) if all(parts) else _text(said, "name", "fullName") or " ".join(parts)
    words = frozenset(text.words(name))
    others = [one.value for trait in known if trait.name in _WHOLE_NAMES for one in trait.others]
    names = [frozenset(text.words(value)) for value in others if isinstance(value, str)]
    place = said.get("address") if isinstance(said.get("address"), dict) else {}
    home = {
        "street": _text(place, "street") or _text(said, "street"),
        "postcode": _text(place, "postalCode", "postal_code", "zip") or _text(said, "postalCode", "postal_code", "zip"),
        "city": _text(place, "city") or _text(said, "city"),
    }
    emails = (value for kind, value in held if kind == "email")
    return Portrait(
        id_,
        words=words,
        has_names=any(other and words and words_alike(words, other) is None for other in names),
        birthday=_text(said, "birthday", "birthDate")[:10],
        emails=frozenset(email for email in emails if _is_own(email.rpartition("@")[0])),
        numbers=frozenset(value.partition(";")[0] for kind, value in held if kind in addresses.PHONE_KINDS),
        accounts=frozenset(value for kind, value in held if kind == "user"),
        home={key: " ".join(text.words(value)) for key, value in home.items() if value},
    )


def _is_own(local: str) -> bool:
    return local not in GENERAL and len(local) >= SHORTEST_LOCAL


def _text(said: Mapping[str, Any], *names: str) -> str:
    return next((str(said[name]) for name in names if isinstance(said.get(name), str | int) and said[name]), "")


def same_name(one: Portrait) -> str | None:
    """The tsquery of customers whose name may be the same; None for names of one word."""
    if len(one.words) < 2:
        return None
    parts = []
    for word in sorted(one.words):
        ways = text.skeletons(word) or (word,)  # what sounds the same has the same consonants
        begins = ":*" if len(word) == 1 else ""  # a name in short
        parts.append("(" + " | ".join(f"'{way}'{begins}" for way in ways) + ")")
    return " & ".join(parts)


def name_alike(one: Portrait, other: Portrait) -> str | None:
    """The code of how alike two names are, word by word in any order; None if they are not, or one has none."""
    return words_alike(one.words, other.words) if one.words and other.words else None


def words_alike(ones: frozenset[str], others: frozenset[str]) -> str | None:
    """The same of the folded words of two names."""
    if ones == others:
        return "same_name"
    if len(ones) != len(others):
        return None
    if _all_alike(ones, others, sounds_alike):
        return "name_sounds_alike"
    if _all_alike(ones, others, _a_slip_away):
        return "name_a_slip_away"
    return "name_in_short" if _any_whole(ones, others) and _all_alike(ones, others, _in_short) else None


def _all_alike(ones: frozenset[str], others: frozenset[str], alike: Callable[[str, str], bool]) -> bool:
    left = set(others)
    for word in sorted(ones, key=lambda word: (-len(word), word)):
        near = next((other for other in sorted(left, key=lambda o: (-len(o), o)) if alike(word, other)), None)
        if near is None:
            return False
        left.discard(near)
    return True


def _any_whole(ones: frozenset[str], others: frozenset[str]) -> bool:
    return any(sounds_alike(a, b) for a in ones for b in others if min(len(a), len(b)) > 2)


def sounds_alike(word: str, other: str) -> bool:
    """Whether two folded words are one name, spelled or written in another way."""
    if word == other or not set(text.sounds(word)).isdisjoint(text.sounds(other)):
        return True
    # without its vowels a name says too little, unless one of the two was written without them
    is_bare = not set("aeiou").intersection(word[1:]) or not set("aeiou").intersection(other[1:])
    return is_bare and not set(text.skeletons(word)).isdisjoint(text.skeletons(other))


def _a_slip_away(word: str, other: str) -> bool:
    """Whether one is the other mistyped; where a letter makes the name of a brother or a wife, it is not."""
    if sounds_alike(word, other):
        return True
    if min(len(word), len(other)) < SHORTEST_SLIPPED or word[0] != other[0] or word[-2:] != other[-2:]:
        return False
    return text.slips(word, other, 1) == 1


def _in_short(word: str, other: str) -> bool:
    """Whether one is the first letter of the other."""
    if sounds_alike(word, other):
        return True
    return (len(word) == 1 or len(other) == 1) and word[0] == other[0]


def email_slipped(one: Portrait, other: Portrait) -> bool:
    """Whether one's e-mail address is the other's mistyped: a letter, not a digit, for those tell namesakes apart."""
    return any(
        domain == other_domain and _digits(local) == _digits(other_local) and text.slips(local, other_local, 1) == 1
        for local, _, domain in (email.rpartition("@") for email in one.emails)
        for other_local, _, other_domain in (email.rpartition("@") for email in other.emails)
    )


def _digits(word: str) -> str:
    return "".join(c for c in word if c.isdigit())
