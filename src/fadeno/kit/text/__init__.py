"""Text made comparable, the same on every server and in every script: keys to find by, keys to sort by."""

from fadeno.kit.text.folding import fold, otherwise, words
from fadeno.kit.text.keys import (
    GRAM,
    MAX_KEYS,
    PARTICLES,
    Wanted,
    phone_keys,
    search_keys,
    typed_digits,
    wanted,
    word_keys,
)
from fadeno.kit.text.sorting import beginning, sort_key
from fadeno.kit.text.sounds import skeletons, sounds
from fadeno.kit.text.spelling import SHORTEST, shortened, slips, slips_forgiven

__all__ = [
    "GRAM",
    "MAX_KEYS",
    "PARTICLES",
    "SHORTEST",
    "Wanted",
    "beginning",
    "fold",
    "otherwise",
    "phone_keys",
    "search_keys",
    "shortened",
    "skeletons",
    "slips",
    "slips_forgiven",
    "sort_key",
    "sounds",
    "typed_digits",
    "wanted",
    "word_keys",
    "words",
]
