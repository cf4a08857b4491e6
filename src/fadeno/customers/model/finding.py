"""What a query asks of the keys, and how well a customer answers it."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, pairwise

from fadeno.kit import text
from fadeno.kit.text import Wanted

# How a word of a name may answer one of the query, the best first.
SAME, FOLDED, BEGINS, OTHER_SCRIPT, SOUNDS, SOUND_BEGINS, CONSONANTS, SLIP, BONES = range(9)
_ACROSS = {FOLDED: OTHER_SCRIPT, BEGINS: SOUND_BEGINS}  # of a name in another script than the query's
_ABJAD = re.compile("[א-תء-ۿ]")
_CLEAR_BONES = 3  # consonants that tell a name where vowels are written: Mohamed and Muhammad, not Alice and Ilić
_VOWEL_FIRST = "~a"  # the mark, and the vowel a name may begin with
_OTHER = re.compile("[^\u0000-\u024f\u1e00-\u1eff]")


@dataclass(frozen=True, slots=True)
class Query:
    """What somebody typed, made ready to compare names with.

    Attributes:
        slips: for each word, those a slip away from it that somebody bears.
    """

    typed: str
    wanted: Sequence[Wanted]
    slips: Mapping[str, Sequence[str]]

    @property
    def is_other(self) -> bool:
        """Whether it is not in Latin letters."""
        return bool(_OTHER.search(self.typed))


def sought(wanted: Iterable[Wanted], *, widely: bool, slips: Mapping[str, Sequence[str]] | None = None) -> str:
    """The tsquery of keys: all words, each as it begins or sounds, widely also by its consonants.

    A single letter beside other words is not asked of the keys: it would match a tenth of all. Of two letters only
    whoever is called so is asked for, and only of the last word, which may not be whole yet, how its sound begins.
    """
    parts = []
    asked = list(wanted)
    for want in asked:
        if len(want.words[-1]) == 1:
            continue
        begins = "" if len(want.words[-1]) == 2 and len(asked) > 1 else ":*"
        heard = begins if want is asked[-1] else ""
        ways = [*(f"'{word}'{begins}" for word in want.words), *(f"'{sound}'{heard}" for sound in want.sounds)]
        if widely:
            ways += [f"'{bones}'" for bones in want.skeletons]
        if slips:
            ways += [f"'{word}'" for word in slips.get(want.words[0], ())]
        parts.append(f"({' | '.join(ways)})")
    return " & ".join(parts)


def sought_digits(digits: str) -> str:
    """The tsquery of a run of digits."""
    return " & ".join(f"'{key}'" for key in text.phone_keys(digits))


def rank(query: Query, name: str | None, label: str) -> tuple[int, int, int, int] | None:
    """How well a name answers a query, the least is the best; None if it does not.

    The worst word counts first; what only an address answers comes after names that do it as well.
    """
    shown = name or label
    folded = text.words(shown[:200])
    plain = frozenset(shown.lower().split())
    is_bare = bool(_ABJAD.search(shown + query.typed))
    is_crossing = query.is_other != bool(_OTHER.search(shown))
    kinds = []
    by_address = 0 if name else 1
    read = [*folded, *text.otherwise(shown[:200])]
    for want in query.wanted:
        kind = _best(want, read, query.slips.get(want.words[0], ()))
        if is_crossing:
            kind = _ACROSS.get(kind, kind)
        if (kind is None or kind > CONSONANTS) and (bones := _bones(want, read)):
            if is_bare and is_crossing:
                kind = CONSONANTS
            elif kind is None:
                if not is_bare and max(map(len, bones)) < _CLEAR_BONES:
                    return None
                kind = BONES
        if kind is None and len(want.words[-1]) == 1:
            return None
        if kind is None:
            by_address, kind = 1, BEGINS
        kinds.append(kind)
    if kinds and set(kinds) == {FOLDED} and plain >= set(query.typed.lower().split()):
        kinds = [SAME]
    is_whole = len(folded) == len(query.wanted)
    return max(kinds, default=BEGINS), by_address, sum(kinds), 0 if is_whole else 1


def _best(want: Wanted, folded: Sequence[str], slips: Sequence[str]) -> int | None:
    """The best kind in which one of the words, or some that follow one another, answers."""
    kind = _spelled(want, folded)
    if kind is None and len(folded) > 1 and len(want.words[-1]) > 1:
        pairs, threes = pairwise(folded), zip(folded, folded[1:], folded[2:], strict=False)
        kind = _spelled(want, map("".join, chain(pairs, threes)))
    if kind is not None:
        return kind
    asked = {sound for word in want.words for sound in text.sounds(word)}
    heard = [sound for one in folded for sound in text.sounds(one)]
    if not asked.isdisjoint(heard):
        return SOUNDS
    if any(one.startswith(want.sounds) for one in heard if want.sounds):
        return SOUND_BEGINS
    if slips and any(word in heard or word in folded for word in slips):
        return SLIP
    return None


def _spelled(want: Wanted, folded: Iterable[str]) -> int | None:
    kind = None
    for one in folded:
        if one in want.words:
            return FOLDED
        if one.startswith(want.words):
            kind = BEGINS
    return kind


def _bones(want: Wanted, folded: Iterable[str]) -> set[str]:
    """The consonants a word of the query has in common with one of a name, without what they begin with."""
    return {bones.lstrip(_VOWEL_FIRST) for one in folded for bones in text.skeletons(one) if bones in want.skeletons}
