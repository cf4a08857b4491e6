"""Texts and numbers as they can be kept. Pure."""

import re
from datetime import datetime
from decimal import Decimal

from fadeno.commerce.model.errors import Unusable
from fadeno.kit import money
from fadeno.kit.money import MAX_MINOR

KEY_CHARS = 100
NAME_CHARS = 500
TEXT_CHARS = 2000
LINK_CHARS = 2000
_GTIN_LENGTHS = (8, 12, 13, 14)
_GAPS = re.compile(r"[\s\u00a0\u202f-]+")
_LARGEST = Decimal(10) ** 15
_MOST_PLACES = 12


def tidy(text: str | None, most: int, field: str) -> str | None:
    """A text without what no database holds, its ends trimmed; None stays None.

    Raises:
        Unusable: it is longer than `most` characters.
    """
    if text is None:
        return None
    if "\0" in text or not text.isascii():
        text = text.replace("\0", "").encode("utf-8", "replace").decode()
    text = text.strip()
    if len(text) > most:
        raise Unusable(f"{field} has {len(text)} characters; {most} can be kept.", field=field)
    return text


def named(text: str | None, field: str) -> str:
    """A text that names something, on one line.

    Raises:
        Unusable: it is empty or too long.
    """
    found = " ".join((tidy(text, KEY_CHARS, field) or "").split())
    if not found:
        raise Unusable(f"There is no {field}.", field=field)
    return found


def number_key(number: str) -> str:
    """An order's number as it is looked for: letters and digits, small."""
    folded = number.casefold()
    return "".join(c for c in folded if c.isalnum()) or folded


def gtin(text: str) -> str:
    """A GTIN, UPC, EAN or ISBN-13 as fourteen digits.

    Source: GS1 General Specifications, section 7.9 (check digit), https://www.gs1.org/genspecs, 2026-11-23.

    Raises:
        Unusable: it has another length or its check digit is wrong.
    """
    digits = _GAPS.sub("", text)
    if not (digits.isascii() and digits.isdigit()) or len(digits) not in _GTIN_LENGTHS:
        hint = "Spreadsheets drop zeros in front: 12 digits may have been 13." if digits.isdigit() else None
        raise Unusable(f"{text[:20]!r} is no GTIN: it has 8, 12, 13 or 14 digits.", field="gtin", hint=hint)
    filled = digits.zfill(14)
    weighed = sum(int(digit) * (3 if at % 2 == 0 else 1) for at, digit in enumerate(filled))
    if weighed % 10:
        raise Unusable(f"{digits} is no GTIN: its last digit does not fit the others.", field="gtin")
    return filled


def gtin_shown(filled: str) -> str:
    """A GTIN as it stands on the thing: 8, 13 or 14 digits."""
    if filled.startswith("000000"):
        return filled[6:]
    return filled[1:] if filled.startswith("0") else filled


def number(value: Decimal, field: str) -> Decimal:
    """A number that can be kept exactly.

    Raises:
        Unusable: it is not finite, too large, or has more than 12 places.
    """
    if not value.is_finite() or abs(value) >= _LARGEST:
        raise Unusable(f"{field} is no usable number.", field=field)
    value = value.normalize()
    if -int(value.as_tuple().exponent) > _MOST_PLACES:
        raise Unusable(f"{field} has more than {_MOST_PLACES} places.", field=field)
    return value


def minor(value: int | None, field: str) -> int | None:
    """An amount in minor units that can be kept.

    Raises:
        Unusable: it is too large.
    """
    if value is not None and abs(value) > MAX_MINOR:
        raise Unusable(f"{field} is too large.", field=field)
    return value


def currency(code: str) -> str:
    """Three capital letters of ISO 4217.

    Raises:
        Invalid: there is no such currency.
    """
    code = code.strip().upper()
    money.exponent(code)
    return code


def moment(at: datetime | None, field: str) -> datetime | None:
    """A time with its zone.

    Raises:
        Unusable: the zone is missing.
    """
    if at is not None and at.tzinfo is None:
        raise Unusable(f"{field} has no time zone.", field=field)
    return at


def plain(value: Decimal) -> str:
    """A number without an exponent."""
    return f"{value:f}"
