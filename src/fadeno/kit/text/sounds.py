"""What different spellings of one name have in common, so that each is found by any other."""

import re
from functools import lru_cache

# Spellings of one sound in the languages of our customers; longer ones are tried first. What is left is coarse on
# purpose (c, č, ч, ch, k, q are one): spelling alone can't say how a name is spoken, ranking puts the nearest first.
_SOUNDS = {
    "shch": "s", "tsch": "k", "sch": "s", "tch": "k", "sh": "s", "sz": "s", "zs": "z", "zh": "z", "kh": "h", "ch": "k",
    "cs": "k", "cz": "k", "ts": "k", "tz": "k", "ck": "k", "ph": "f", "th": "t", "dh": "d", "gh": "g", "dj": "d",
    "x": "ks", "qu": "kv", "q": "k", "c": "k", "w": "v", "ae": "a", "oe": "o", "ue": "u", "ou": "u", "y": "i", "j": "i",
}  # fmt: skip
_SOUND = re.compile("|".join(sorted(_SOUNDS, key=len, reverse=True)))
_DOUBLED = re.compile(r"([a-z])\1+")
_VOWELS = re.compile(r"(?<!^)[aeiou]+")
_DROPPED = re.compile(r"(?<!^)w")
MARK = "~"  # what a skeleton begins with, so that no word is one


@lru_cache(maxsize=131_072)
def sounds(word: str) -> tuple[str, ...]:
    """How a folded word may sound: one spelling for `mueller` and `muller`; two where `ch` may be k or h."""
    if word.isdigit():
        return (word,)
    first = _sound(word)
    if "ch" in word and (other := _sound(word.replace("sch", "s").replace("tch", "k").replace("ch", "h"))) != first:
        return first, other
    return (first,)


def _sound(word: str) -> str:
    word = _DOUBLED.sub(r"\1", _SOUND.sub(lambda m: _SOUNDS[m.group()], word))
    return word[1:] if word.startswith("ie") else word


@lru_cache(maxsize=131_072)
def skeletons(word: str) -> tuple[str, ...]:
    """The consonants of a folded word, by which names of scripts without vowels are found; none for short ones."""
    if word.isdigit():
        return ()
    found = []
    for sound in sounds(_DROPPED.sub("u", word)):
        bones = sound.removesuffix("h") if len(sound) > 2 else sound
        head = bones[:1]
        if head in "aeou" or (head == "i" and bones[1:2] not in tuple("aeou")):
            head = "a"
        rest = _DOUBLED.sub(r"\1", _VOWELS.sub("", bones)[1:].replace("z", "s"))
        if rest:
            found.append(MARK + head.replace("z", "s") + rest)
    return tuple(dict.fromkeys(found))
