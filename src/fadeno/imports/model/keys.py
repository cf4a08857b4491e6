"""How a row is known again, and how a second saying of it is known to be nothing new. Pure."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from hashlib import blake2b
from typing import Any
from uuid import UUID

import msgspec

from fadeno.kit.money import Money
from fadeno.sheets import Row, Table

NOWHERE = "ZZ"  # the region of sources whose numbers are written with their country code
_BYTES = 16
_PHONES = ("phone", "mobile")
# What names a row of each kind in its source; of the first that has a value.
_NAMES: dict[str, tuple[tuple[str, ...], ...]] = {
    "customers": (("customer_id",), ("email",), ("phone",), ("mobile",), ("loyalty_no",)),
    "products": (
        ("product_no", "variant", "size", "colour", "place", "valid_from"),
        ("gtin", "place", "valid_from"),
    ),
    "stock": (("product_no", "variant", "place"), ("gtin", "place")),
    "orders": (("order_no",),),
    "places": (("place",),),
    "events": (),
    "messages": (),
}


def digest(*parts: str | bytes) -> UUID:
    """16 bytes of the parts, each kept apart from the next."""
    made = blake2b(digest_size=_BYTES)
    for part in parts:
        text = part.encode("utf-8", "surrogatepass") if isinstance(part, str) else part
        made.update(len(text).to_bytes(4, "big"))
        made.update(text)
    return UUID(bytes=made.digest())


def content_of(rows: Iterable[Row], region: str = NOWHERE) -> UUID:
    """The digest of what rows say, whatever order their columns stand in.

    Args:
        region: whose dialling rules numbers without a country code follow; read by others, they say something else.
    """
    said = [(sorted(row.values.items()), sorted(row.extra.items()), *_dialled_by(row, region)) for row in rows]
    return digest(msgspec.json.encode(said, enc_hook=_encoded))


def dialling(country: Any, region: str) -> str:
    """Whose dialling rules the numbers of a row follow: its source's; where that has none, its own country's."""
    if region == NOWHERE and isinstance(country, str) and len(country) == 2 and country.isalpha():
        return country.upper()
    return region


def _dialled_by(row: Row, region: str) -> tuple[str, ...]:
    numbers = (str(row.values[name]) for name in _PHONES if row.values.get(name) is not None)
    if all(number.lstrip().startswith(("+", "00")) for number in numbers):
        return ()
    by = dialling(row.values.get("country"), region)
    return () if by == NOWHERE else (by,)


def name_of(row: Row, target: str) -> tuple[str, ...]:
    """What names a row in its source; empty where only what it says does."""
    values = row.values
    for names in _NAMES[target]:
        if values.get(names[0]) is not None:
            return (names[0], *("" if values.get(n) is None else str(values[n]).strip() for n in names))
    return ()


class Ordinals:
    """Counts rows of equal names in one file, in its order: two equal rows are two rows.

    Most names stand once, so what is kept of them is one small number.
    """

    __slots__ = ("_again", "_seen")

    def __init__(self) -> None:
        self._seen: set[int] = set()
        self._again: dict[int, int] = {}

    def of(self, name: UUID) -> int:
        """How many rows of this name came before."""
        short = name.int & 0xFFFF_FFFF_FFFF_FFFF
        if short not in self._seen:
            self._seen.add(short)
            return 0
        self._again[short] = ordinal = self._again.get(short, 0) + 1
        return ordinal


def key_of(source_id: int, target: str, name: UUID, ordinal: int) -> UUID:
    """The key of a row: of one source and kind, kept for ever."""
    return digest(f"{source_id}/{target}/{ordinal}", name.bytes)


def fingerprint(table: Table) -> UUID:
    """By which a file of the same headers is known again."""
    return digest(*(column.header.strip().casefold() for column in table.columns))


def fields_of(table: Table) -> dict[str, str | None]:
    """Header (or letter, where there is none) -> field, as a mapping that can be said again."""
    return {column.header or column.letter: column.field for column in table.columns}


def columns_of(table: Table) -> tuple[tuple[int, str], ...]:
    """The place of each column and its header; the letter where it has none, or one before it has the same."""
    names: dict[str, int] = {}
    for column in table.columns:
        name = column.header or column.letter
        names[f"{name} ({column.letter})" if name in names else name] = column.at
    return tuple((at, name) for name, at in names.items())


def headers_of(table: Table) -> Mapping[str, str]:
    """Field -> header of its column."""
    return {column.field: column.header or column.letter for column in table.columns if column.field}


def _encoded(value: Any) -> Any:
    match value:
        case Money():
            return [value.minor, value.currency]
        case Decimal() | date():
            return str(value)
    raise TypeError(type(value).__name__)
