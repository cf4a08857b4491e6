"""Text made comparable: folding, keys to search by, keys to sort by; the same on every server, in every script."""

import re
from collections.abc import Iterable

from anyascii import anyascii

MAX_KEYS = 200
LONGEST_KEY = 12
_WORD = re.compile(r"[a-z0-9]+")


def fold(text: str) -> str:
    """Lower-case Latin letters whatever the script: `Müller` and `МЮЛЛЕР` are both `muller`-like."""
    if not text.isascii():
        text = anyascii(text)
    return text.casefold()


def words(text: str) -> list[str]:
    """The words of a text, folded; an apostrophe does not end a word."""
    return _WORD.findall(fold(text).replace("'", ""))


def search_keys(texts: Iterable[str]) -> list[str]:
    """Every beginning of every word, up to twelve characters long.

    One key look-up then answers a word as it is typed, without reading the texts.
    """
    keys: set[str] = set()
    for text in texts:
        for word in words(text[:512]):
            keys.update(word[:n] for n in range(1, min(len(word), LONGEST_KEY) + 1))
    return sorted(keys)[:MAX_KEYS]


def query_keys(query: str) -> list[str]:
    """The keys that what matches a query holds."""
    return sorted({word[:LONGEST_KEY] for word in words(query[:256])})


def sort_key(text: str) -> str:
    """What a list is ordered by under `COLLATE "C"`: the folded words, at most 128 characters."""
    return " ".join(words(text))[:128]
