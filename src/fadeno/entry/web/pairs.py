"""Two customers side by side: what they have in common, and what differs."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from fadeno.customers import Side
from fadeno.kit import text

# What is compared, in this order: a name of the row, and the traits that say it.
_ROWS = (
    ("name", ("name", "fullName")),
    ("first_name", ("firstName", "first_name")),
    ("last_name", ("lastName", "last_name")),
    ("birthday", ("birthday", "birthDate")),
    ("street", ("street",)),
    ("postcode", ("postalCode", "postal_code", "zip")),
    ("city", ("city",)),
)
MOST_SHOWN = 4
# From which certainty a pair is called so, in per cent.
LEVELS = (("very", 90), ("likely", 75), ("possible", 50), ("hardly", 0))
_LEAST_ALIKE = 0.6
Part = tuple[str, bool]


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the comparison.

    Attributes:
        word: of a trait, or the kind of an address.
        one: each value in parts, with whether the part differs from the other's.
        state: `same`, `differs`, or `alone` where only one of the two is known.
    """

    word: str
    is_address: bool
    one: list[list[Part]]
    other: list[list[Part]]
    state: str


def level(certainty: int) -> str:
    """What a certainty is called."""
    return next(word for word, least in LEVELS if certainty >= least)


def compared(one: Side, other: Side, shown: Callable[[str, Any], str]) -> list[Row]:
    """Each thing known of one of the two, side by side.

    Args:
        shown: how the viewer may read a value of a trait or a kind of address.
    """
    rows = []
    for word, names in _ROWS:
        here, there = _values(one, word, names, shown), _values(other, word, names, shown)
        if here or there:
            rows.append(_row(word, here, there, is_address=False))
    kinds = dict.fromkeys(kind for side in (one, other) for kind, _ in side.held)
    for kind in kinds:
        here, there = ([shown(kind, value) for k, value in side.held if k == kind] for side in (one, other))
        rows.append(_row(kind, here[:MOST_SHOWN], there[:MOST_SHOWN], is_address=True))
    return rows


def _values(side: Side, word: str, names: tuple[str, ...], shown: Callable[[str, Any], str]) -> list[str]:
    place = side.known.get("address")
    known: Mapping[str, Any] = {**side.known, **(place if isinstance(place, dict) else {})}
    found = next((known[name] for name in names if isinstance(known.get(name), str | int) and known[name]), None)
    if found is None:
        return []
    others = side.names[: MOST_SHOWN - 1] if word == "name" else []
    return [shown(names[0], value) for value in dict.fromkeys([found, *others])]


def _row(word: str, here: list[str], there: list[str], *, is_address: bool) -> Row:
    if not here or not there:
        return Row(word, is_address, [_whole(v) for v in here], [_whole(v) for v in there], "alone")
    if {_folded(value) for value in here} & {_folded(value) for value in there}:
        return Row(word, is_address, [_whole(v) for v in here], [_whole(v) for v in there], "same")
    if len(here) == len(there) == 1:
        return Row(word, is_address, [_parts(here[0], there[0])], [_parts(there[0], here[0])], "differs")
    return Row(word, is_address, [_whole(v) for v in here], [_whole(v) for v in there], "differs")


def _folded(value: str) -> tuple[str, ...]:
    """A value whatever its script, its accents and the order of its words."""
    return tuple(sorted(text.words(value))) or (value,)


def _whole(value: str) -> list[Part]:
    return [(value, False)]


def _parts(value: str, other: str) -> list[Part]:
    """A value cut where it leaves the other and where it comes back to it, if the two are nearly the same."""
    start = 0
    while start < min(len(value), len(other)) and value[start] == other[start]:
        start += 1
    end = 0
    while end < min(len(value), len(other)) - start and value[-1 - end] == other[-1 - end]:
        end += 1
    if start + end < _LEAST_ALIKE * max(len(value), len(other)):
        return _whole(value)
    parts = [(value[:start], False), (value[start : len(value) - end], True), (value[len(value) - end :], False)]
    return [part for part in parts if part[0]]
