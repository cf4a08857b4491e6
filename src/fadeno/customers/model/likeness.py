"""How likely two customers are one person, and why; a household is not one person."""

from dataclasses import dataclass
from hashlib import blake2b
from uuid import UUID

from fadeno.customers.model.portrait import Portrait, email_slipped, name_alike

LEAST = 60  # per cent: below, nobody is asked, unless evidence itself ties the two
MOST = 99
FEWEST = 5
MOST_OF_A_HOUSEHOLD = 40
_HOUSEHOLD = frozenset({"other_name", "other_birthday", "several_names"})
RARE = 3  # bearers of a name, up to which it says something

# What speaks for one person and how much of it, in per cent. The name counts once, with the strongest of its codes.
NAMES = {"same_name": 50, "name_sounds_alike": 40, "name_a_slip_away": 35, "name_in_short": 30}
FOR = {
    "linked": 45, "same_number": 45, "email_a_slip_away": 45, "same_birthday": 40, "same_email_name": 25,
    "rare_name": 10, "nameless": 20, "same_street": 15, "same_postcode": 15, "same_city": 5,
}  # fmt: skip
AGAINST = {
    "other_name": 45, "other_birthday": 60, "other_postcode": 15, "other_account": 10, "other_number": 10,
    "other_email": 5, "several_names": 30,
}  # fmt: skip
POINTS = {**NAMES, **FOR, **{code: -less for code, less in AGAINST.items()}}
REASONS = tuple(POINTS)


@dataclass(frozen=True, slots=True)
class Likeness:
    """How likely two are one, in per cent, and the codes of what speaks for it and against it."""

    certainty: int
    reasons: tuple[str, ...]


def likeness(one: Portrait, other: Portrait, bearers: int, *, is_linked: bool = False) -> Likeness | None:
    """How likely two are one person; None where they are not, or nothing says so.

    Args:
        one: a customer.
        other: another.
        bearers: how many customers have such a name.
        is_linked: evidence ties the two, and was left out; then there is always an answer.
    """
    name = name_alike(one, other)
    if not is_linked and (_is_other_name(one, other, name) or _is_other_birthday(one, other)):
        return None  # of one household, perhaps, or of one office; most are, so nothing more is looked at
    is_slipped = email_slipped(one, other)
    found = [
        *_of_the_name(one, name, bearers),
        *_shared(one, other, is_slipped),
        *_unlike(one, other, name, is_slipped),
    ]
    if is_linked:
        found.insert(0, "linked")
    certainty = sum(POINTS[code] for code in found)
    most = MOST if _HOUSEHOLD.isdisjoint(found) else MOST_OF_A_HOUSEHOLD
    certainty = max(FEWEST, min(certainty, most))
    return Likeness(certainty, tuple(found)) if is_linked or certainty >= LEAST else None


def _is_other_name(one: Portrait, other: Portrait, name: str | None) -> bool:
    return bool(one.words and other.words) and name is None


def _is_other_birthday(one: Portrait, other: Portrait) -> bool:
    return bool(one.birthday and other.birthday) and one.birthday != other.birthday


def _of_the_name(one: Portrait, name: str | None, bearers: int) -> list[str]:
    if name == "same_name" and bearers <= RARE and len(one.words) > 1:
        return [name, "rare_name"]
    return [name] if name else []


def _shared(one: Portrait, other: Portrait, is_slipped: bool) -> list[str]:
    """What the two have in common beside their names."""
    found = {
        "same_number": bool(one.numbers & other.numbers),
        "same_birthday": bool(one.birthday) and one.birthday == other.birthday,
        "same_email_name": bool(one.locals & other.locals),
        "email_a_slip_away": is_slipped,
    }
    found["nameless"] = found["same_number"] and not (one.words and other.words)
    found |= {f"same_{part}": _is_same(one, other, part) is True for part in ("street", "postcode", "city")}
    return [code for code, holds in found.items() if holds]


def _unlike(one: Portrait, other: Portrait, name: str | None, is_slipped: bool) -> list[str]:
    """What tells the two apart."""
    found = {
        "other_name": _is_other_name(one, other, name),
        "other_birthday": _is_other_birthday(one, other),
        "several_names": one.has_names or other.has_names,
        "other_postcode": _is_same(one, other, "postcode") is False,
        "other_account": bool(one.accounts and other.accounts),
        "other_number": _differ(one.numbers, other.numbers),
        "other_email": _differ(one.locals, other.locals) and not is_slipped,
    }
    return [code for code, holds in found.items() if holds]


def _is_same(one: Portrait, other: Portrait, part: str) -> bool | None:
    """Whether they live in the same place; None where one of the two is not known."""
    here, there = one.home.get(part), other.home.get(part)
    return here == there if here and there else None


def _differ(ones: frozenset[str], others: frozenset[str]) -> bool:
    return bool(ones and others) and ones.isdisjoint(others)


def likeness_id(a: UUID, b: UUID) -> UUID:
    """The id of a likely pair, the same whichever comes first."""
    first, second = sorted((a.bytes, b.bytes))
    return UUID(bytes=blake2b(first + second, digest_size=16).digest())
