"""Words that differ by a slip of the finger."""

from functools import lru_cache
from itertools import combinations

SHORTEST = 4
LONG = 8  # letters from which two slips are forgiven
_HEAD = 7  # of a longer word, only its beginning is varied
MOST_SLIPS = 2


def slips_forgiven(word: str) -> int:
    """How many slips a word of this length may have: none, one or two."""
    return 0 if len(word) < SHORTEST else 1 if len(word) < LONG else MOST_SLIPS


def shortened(word: str) -> list[str]:
    """The word without one letter, or without up to two of the beginning of a long one, and itself.

    Two words that differ by the slips they are forgiven have one of these in common.
    """
    head = word if len(word) < LONG else word[:_HEAD]
    found = {head}
    for many in range(1, slips_forgiven(word) + 1):
        for gone in combinations(range(len(head)), many):
            found.add("".join(c for n, c in enumerate(head) if n not in gone))
    return sorted(found)


@lru_cache(maxsize=16_384)
def slips(one: str, other: str, most: int = MOST_SLIPS) -> int:
    """How many letters were put in, left out, changed or swapped with a neighbour; `most + 1` if more."""
    if abs(len(one) - len(other)) > most:
        return most + 1
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, c in enumerate(one, 1):
        last, before_last = row, before
        row = [i]
        for j, d in enumerate(other, 1):
            cost = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (c != d))
            if i > 1 and j > 1 and c == other[j - 2] and d == one[i - 2]:
                cost = min(cost, before_last[j - 2] + 1)
            row.append(cost)
        before = last
        if min(row) > most:
            return most + 1
    return min(row[-1], most + 1)
