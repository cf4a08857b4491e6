"""Whether a text names one of some addresses, however it writes them: for what must be forgotten wherever it stands."""

import re
from collections.abc import Callable, Collection

from fadeno.kit import addresses
from fadeno.kit.errors import Invalid

SHORTEST_VALUE_CHARS = 4  # an id such as "7" stands in every other text
_LEAST_DIGITS = 8  # of a number, from its end: without the code of a country, or the nought instead of it
_ESCAPED = re.compile(r"\\u([0-9a-fA-F]{4})")
_EMAIL = re.compile(r"[^\s@<>,;:\"'()\[\]{}\\]{1,64}@[^\s@<>,;:\"'()\[\]{}\\]{1,255}")
_NUMBER = re.compile(r"\+?\d(?:[\s/().-]{0,2}\d){7,18}")
_PHONE_VALUE = re.compile(r"\+\d{8,15}")


def finder(values: Collection[str]) -> Callable[[str], bool] | None:
    """What says of a text whether it names one of these values; None where all are too short to be told from others.

    Capitals, JSON's escapes, the spellings of one e-mail its provider allows, and the ways to write a number are seen.
    """
    wanted = tuple({value.casefold() for value in values if len(value) >= SHORTEST_VALUE_CHARS})
    if not wanted:
        return None
    numbers = tuple(value[-_LEAST_DIGITS:] for value in wanted if _PHONE_VALUE.fullmatch(value))
    has_email = any("@" in value for value in wanted)

    def names(text: str) -> bool:
        plain = _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text).casefold()
        if any(value in plain for value in wanted):
            return True
        if numbers and any(_digits(found).endswith(numbers) for found in _NUMBER.findall(plain)):
            return True
        return has_email and any(_one_spelling(found) in wanted for found in _EMAIL.findall(plain))

    return names


def _digits(text: str) -> str:
    return "".join(letter for letter in text if letter.isdigit())


def _one_spelling(email: str) -> str:
    try:
        return addresses.normalise("email", email).casefold()
    except Invalid:
        return ""
