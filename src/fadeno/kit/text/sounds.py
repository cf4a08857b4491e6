"""What different spellings of one name have in common, so that each is found by any other."""

import re
from collections.abc import Iterable
from functools import lru_cache

# Spellings of one sound in the languages of our customers; longer ones are tried first. What is left is coarse on
# purpose (c, č, ч, ch, k, q are one): spelling alone can't say how a name is spoken, ranking puts the nearest first.
_SOUNDS = {
    "shch": "s", "tsch": "k", "sch": "s", "tch": "k", "sh": "s", "sz": "s", "zs": "z", "zh": "z", "kh": "h", "ch": "k",
    "cs": "k", "cz": "k", "ts": "k", "tz": "k", "ck": "k", "ph": "f", "th": "t", "dh": "d", "gh": "g", "dj": "d",
    "cx": "k", "gx": "g", "hx": "h", "jx": "i", "sx": "s", "aux": "au", "eux": "eu", "jh": "i", "x": "ks",
    "qu": "kv", "q": "k", "c": "k", "w": "v", "ae": "a", "oe": "o", "ue": "u", "ou": "u", "y": "i", "j": "i",
}  # fmt: skip
_SOUND = re.compile("|".join(sorted(_SOUNDS, key=len, reverse=True)))
_DOUBLED = re.compile(r"([a-z])\1+")
_VOWELS = re.compile(r"(?<!^)[aeiou]+")
_DROPPED = re.compile(r"(?<!^)w")
_SLAVIC_END = re.compile(r"(?<=[a-z]{2})([oe])(?:ff|w)(?=$|sk[iy]|a$)")  # Petroff, Gorbatschow, Dostojewski
# What several languages write alike and speak otherwise: Zürich, Hicham; Джокович, Đoković; Djamel.
_READ_ALSO = (("ch", ("h", "sh")), ("dzh", ("d",)), ("dz", ("d",)), ("dj", ("j",)))
MARK = "~"  # what a skeleton begins with, so that no word is one


@lru_cache(maxsize=131_072)
def sounds(word: str) -> tuple[str, ...]:
    """How a folded word may sound: one spelling for `mueller` and `muller`; more where letters are read in more."""
    if word.isdigit():
        return (word,)
    return tuple(dict.fromkeys(_sound(read) for read in _readings(word)))


def _readings(word: str) -> Iterable[str]:
    word = _SLAVIC_END.sub(r"\1v", word)
    yield word
    plain = word.replace("sch", "s").replace("tch", "k")
    for letters, ways in _READ_ALSO:
        if letters in plain:
            yield from (plain.replace(letters, way) for way in ways)


def _sound(word: str) -> str:
    word = _DOUBLED.sub(r"\1", _SOUND.sub(lambda m: _SOUNDS[m.group()], word))
    return word[1:] if word.startswith("ie") else word


@lru_cache(maxsize=131_072)
def skeletons(word: str) -> tuple[str, ...]:
    """The consonants of a folded word, by which names of scripts without vowels are found; none for short ones."""
    if word.isdigit():
        return ()
    found = []
    for sound in sounds(_DROPPED.sub("u", _SLAVIC_END.sub(r"\1v", word))):
        bones = sound.removesuffix("h") if len(sound) > 2 else sound
        head = bones[:1]
        if head in "aeou" or (head == "i" and bones[1:2] not in tuple("aeou")):
            head = "a"
        rest = _DOUBLED.sub(r"\1", _VOWELS.sub("", bones)[1:].replace("z", "s"))
        if rest:
            found.append(MARK + head.replace("z", "s") + rest)
    return tuple(dict.fromkeys(found))
