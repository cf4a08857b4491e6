"""What messages are found by: their words in Latin letters, whatever the script, each once. Pure."""

from collections.abc import Iterable

from fadeno.kit.text import otherwise, words

PIECE = 100_000  # positions whose words are kept together
MOST_WORDS = 2_000
LONGEST_WORD_CHARS = 40
SHORTEST_BEGINNING = 3  # a shorter word is meant whole: too many others begin so
MOST_ASKED = 8
_READ_CHARS = 100_000


def words_of(texts: Iterable[str]) -> list[str]:
    """The words a message is found by."""
    found: dict[str, None] = {}
    for text in texts:
        found |= dict.fromkeys(word[:LONGEST_WORD_CHARS] for word in words(text[:_READ_CHARS]))
        found |= dict.fromkeys(word[:LONGEST_WORD_CHARS] for word in otherwise(text[:_READ_CHARS]))
        if len(found) > MOST_WORDS:
            break
    return list(found)[:MOST_WORDS]


def asked(query: str) -> str:
    """What somebody typed, as the database looks for it: every word begins a word of the message; empty for none."""
    typed = dict.fromkeys(word[:LONGEST_WORD_CHARS] for word in words(query[:256]))
    return " & ".join(word if len(word) < SHORTEST_BEGINNING else f"{word}:*" for word in list(typed)[:MOST_ASKED])
