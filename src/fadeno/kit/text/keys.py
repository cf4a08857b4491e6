"""Keys to find texts by, and what a query looks for."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from fadeno.kit.text.folding import fold, otherwise, words
from fadeno.kit.text.sounds import skeletons, sounds

MAX_KEYS = 200
LONGEST_WORD = 40
LONGEST_TEXT = 512
_SHORTEST_SOUND = 3
PARTICLES = frozenset(
    {
        "al", "el", "ad", "as", "ar", "bin", "ibn", "ben", "bint", "van", "von", "der", "den", "de", "del", "della",
        "di", "da", "do", "dos", "du", "la", "le", "ter", "ten", "zu", "of", "y", "e", "und",
    }
)  # fmt: skip
GRAM = 4  # digits; what a part of a phone number has at least
_WITHOUT_TRUNK = 7  # digits a number has at least, to be meant without what is dialled before it
_GRAM_MARK = "#"
_NOT_DIGITS = re.compile(r"\D+")
_DOUBLE = re.compile(r"[^\W\d_]{2,}(?:-[^\W\d_]{2,})+")
_APOSTROPHE = re.compile(r"(?i)\b[a-z]{1,2}['’](?=[a-z]{3})")


def search_keys(texts: Iterable[str]) -> list[str]:
    """What a name is found by: each word as it is typed, as it sounds, and its consonants."""
    keys: dict[str, None] = {}
    for text in texts:
        keys |= _text_keys(text[:LONGEST_TEXT])
    return list(keys)[:MAX_KEYS]


def word_keys(texts: Iterable[str]) -> list[str]:
    """The same without the consonants: for what is no name, such as parts of an e-mail address."""
    keys: dict[str, None] = {}
    for text in texts:
        for word in words(text[:LONGEST_TEXT]):
            for key in _word_keys(word[:LONGEST_WORD]):
                keys[key] = None
    return list(keys)[:MAX_KEYS]


@lru_cache(maxsize=4096)  # first names and family names come again and again
def _text_keys(text: str) -> dict[str, None]:
    return dict.fromkeys(_keys(text))


def _keys(text: str) -> Iterable[str]:
    found = words(text)
    for word in found:
        yield from _name_keys(word[:LONGEST_WORD])
    for word in otherwise(text):
        yield from _name_keys(word[:LONGEST_WORD])
    if "'" in text or "’" in text:
        for word in words(_APOSTROPHE.sub(" ", text)):
            yield from _word_keys(word[:LONGEST_WORD])
    for start, word in enumerate(found[:-1]):
        if word in PARTICLES:
            yield from _word_keys(_joined(found, start)[:LONGEST_WORD])
    if "-" in text:
        for double in _DOUBLE.findall(text):
            yield from _word_keys("".join(words(double))[:LONGEST_WORD])


def _joined(found: list[str], start: int) -> str:
    """A particle with the word it belongs to, and those between."""
    end = start + 1
    while end < len(found) - 1 and found[end] in PARTICLES:
        end += 1
    return "".join(found[start : end + 1])


@lru_cache(maxsize=131_072)
def _word_keys(word: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys((word, *sounds(word))))


@lru_cache(maxsize=131_072)
def _name_keys(word: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys((word, *sounds(word), *skeletons(word))))


def phone_keys(number: str) -> list[str]:
    """Every run of four digits of a number."""
    digits = _NOT_DIGITS.sub("", number.partition(";")[0])
    return list(dict.fromkeys(_GRAM_MARK + digits[n : n + GRAM] for n in range(len(digits) - GRAM + 1)))


@dataclass(frozen=True, slots=True)
class Wanted:
    """One word of a query.

    Attributes:
        words: how it may begin, as typed.
        sounds: how it may begin by sound.
        skeletons: the consonants it may have.
    """

    words: tuple[str, ...]
    sounds: tuple[str, ...]
    skeletons: tuple[str, ...]


def wanted(query: str) -> list[Wanted]:
    """What a query looks for, word by word.

    Particles are asked for only where nothing else is: `van der Meer` and `vandermeer` look for the same.
    """
    typed = [word[:LONGEST_WORD] for word in words(query[:256])]
    also = {word: otherwise(said) for said in query[:256].split() if (word := "".join(words(said)))}
    found, start = [], 0
    while start < len(typed):
        end = start
        while end < len(typed) - 1 and typed[end] in PARTICLES:
            end += 1
        alone, joined = typed[end], "".join(typed[start : end + 1])
        if not (alone in PARTICLES and end == len(typed) - 1 and found):
            found.append(_wanted(alone, joined, *also.get(alone, ())))
        start = end + 1
    return found


def _wanted(word: str, *others: str) -> Wanted:
    spelled = tuple(dict.fromkeys((word, *others)))
    heard = tuple(s for s in dict.fromkeys(s for w in spelled for s in sounds(w)) if len(s) >= _SHORTEST_SOUND)
    bones = tuple(b for w in (word, *others[1:]) for b in skeletons(w)) if len(word) >= _SHORTEST_SOUND else ()
    return Wanted(spelled, tuple(s for s in heard if s not in spelled), bones)


def typed_digits(query: str) -> list[str]:
    """The digits of what may be part of a phone number, four at least, as they may stand in one; else none.

    What is dialled before a number within a country (0, 06, 8 …) is no part of it: a long one is also meant without.
    """
    plain = fold(query)
    if any(c.isalpha() for c in plain.removeprefix("tel:")):
        return []
    digits = _NOT_DIGITS.sub("", plain)
    without = digits.removeprefix("00") if digits.startswith("00") else digits.lstrip("0")
    digits = without if len(without) >= GRAM else digits
    if len(digits) < GRAM:
        return []
    return [digits] + [digits[n:] for n in (1, 2) if len(digits) - n >= _WITHOUT_TRUNK]
