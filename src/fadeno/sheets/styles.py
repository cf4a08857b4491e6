"""What the format of a cell says of its number: a date, money of a currency, an id with leading zeros.

Source: ECMA-376 part 1, §18.8.30 and §18.8.31 (number formats), 2026-11-23.
"""

import re
from typing import NamedTuple

from fadeno.kit.money import currency_of

_BUILT_IN_DATES = frozenset((*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)))
_BUILT_IN_TIMES = frozenset((18, 19, 20, 21, 45, 46, 47, 32, 33, 34, 35))
_LITERAL = re.compile(r'"[^"]*"|\\.|_.|\*.|\[[^\]]*\]')
_LOCAL_MONEY = re.compile(r"\[\$([^\]-]*)(?:-([0-9A-Fa-f]+))?\]")
_QUOTED = re.compile(r'"([^"]*)"')
_DOLLARS = {0x0409: "USD", 0x1009: "CAD", 0x0C09: "AUD", 0x1409: "NZD", 0x080A: "MXN", 0x540A: "USD"}
_MAX_CHARS = 512


class Look(NamedTuple):
    """What a number format says.

    Attributes:
        kind: `date`, `time`, `zeros` (an id shown with leading zeros), `money`, or empty.
        zeros: how many digits are shown at least.
        currency: three letters, empty when the format names none.
    """

    kind: str = ""
    zeros: int = 0
    currency: str = ""


PLAIN = Look()


def look_of(number: int, code: str | None) -> Look:
    """What the number format says, by its number and, if it is not built in, its code."""
    if code is None:
        if number in _BUILT_IN_DATES:
            return Look("time" if number in _BUILT_IN_TIMES else "date")
        return PLAIN
    code = code[:_MAX_CHARS].partition(";")[0]
    bare = _LITERAL.sub("", code)
    if re.fullmatch(r"0{2,}", bare.strip()):
        return Look("zeros", zeros=len(bare.strip()))
    if currency := _currency(code):
        return Look("money", currency=currency)
    if re.search(r"[ymdhsYMDHS]", bare) and "General" not in bare:
        return Look("date" if re.search(r"[ydYD]", bare) else "time")
    return PLAIN


def _currency(code: str) -> str:
    for sign, place in _LOCAL_MONEY.findall(code):
        if sign.strip() == "$" and place:
            return _DOLLARS.get(int(place, 16) & 0xFFFF, "")
        if found := currency_of(sign.strip()):
            return found
    for quoted in _QUOTED.findall(code):
        if found := currency_of(quoted.strip()):
            return found
    bare = re.sub(r"[#0.,?%\s]|\\", "", _LITERAL.sub(lambda m: m.group()[1:] if m.group()[0] == "\\" else "", code))
    return currency_of(bare) or "" if bare and not re.search(r"[ymdhsYMDHS]", bare) else ""
