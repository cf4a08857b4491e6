"""The order of a list, as the readers of a language expect it, under `COLLATE "C"` on every server.

A key is made of letters that sort as the language's alphabet does; behind a `!` follow accents, which decide only
between words that are otherwise equal. Where an alphabet has letters of its own, they follow the letter they are
written with: `c{` comes after every `c…` and before `d`.
Source: https://cldr.unicode.org/index/cldr-spec/collation-guidelines and common/collation/*.xml (2026-11-23)
"""

import re
import unicodedata
from functools import lru_cache

from anyascii import anyascii

MAX_CHARS = 128
_LETTERS_AFTER = {
    "hu": "cs=c{ dz=d{ dzs=d| gy=g{ ly=l{ ny=n{ ö=o{ ő=o{ sz=s{ ty=t{ ü=u{ ű=u{ zs=z{ ccs=c{c{ ddz=d{d{ ddzs=d|d| "
    "ggy=g{g{ lly=l{l{ nny=n{n{ ssz=s{s{ tty=t{t{ zzs=z{z{",
    "hr": "č=c{ ć=c| dž=d{ đ=d| lj=l{ nj=n{ š=s{ ž=z{",
    "sl": "č=c{ ć=c| đ=d{ š=s{ ž=z{",
    "eo": "ĉ=c{ ĝ=g{ ĥ=h{ ĵ=j{ ŝ=s{ ŭ=u{",
    "es": "ñ=n{",
    "pl": "ą=a{ ć=c{ ę=e{ ł=l{ ń=n{ ó=o{ ś=s{ ź=z{ ż=z|",
    "cs": "č=c{ ch=h{ ř=r{ š=s{ ž=z{",
    "sk": "ä=a{ č=c{ ch=h{ ô=o{ š=s{ ž=z{",
    "ro": "ă=a{ â=a| î=i{ ș=s{ ş=s{ ț=t{ ţ=t{",
    "tr": "ç=c{ ğ=g{ ı=h{ ö=o{ ş=s{ ü=u{",
    "sv": "å=z{ ä=z| æ=z| ö=z} ø=z}",
    "da": "æ=z{ ä=z{ ø=z| ö=z| å=z}",
}
_AS = {"bs": "hr", "sr": "hr", "fi": "sv", "nb": "da", "nn": "da", "no": "da"}
_SERBIAN = {
    "а": "a", "б": "b", "в": "v", "г": "g", "д": "d", "ђ": "đ", "е": "e", "ж": "ž", "з": "z", "и": "i", "ј": "j",
    "к": "k", "л": "l", "љ": "lj", "м": "m", "н": "n", "њ": "nj", "о": "o", "п": "p", "р": "r", "с": "s", "т": "t",
    "ћ": "ć", "у": "u", "ф": "f", "х": "h", "ц": "c", "ч": "č", "џ": "dž", "ш": "š",
}  # fmt: skip
_CYRILLIC = "абвгґдђѓеєжзѕиіїйјклљмнњопрстћќуўфхцчџшщъыьэюя"
_ARABIC = "ابپتثجچحخدذرزژسشصضطظعغفقکگلمنهوی"
_SAME = str.maketrans("ёأإآٱؤئىةيكςךםןףץ", "еااااوییتیکσכמנפצ") | {ord("ء"): "ا"}
_OWN_SCRIPT = {"ru": _CYRILLIC, "uk": _CYRILLIC, "bg": _CYRILLIC, "mk": _CYRILLIC, "be": _CYRILLIC,
               "ar": _ARABIC, "fa": _ARABIC, "ur": _ARABIC}  # fmt: skip
_ASIDE = str.maketrans("", "", "'’ʼ`\u0640\u200b\u200c\u200d\u200e\u200f")
_BETWEEN = re.compile(r"[\W_]+")
_PLAIN = frozenset("abcdefghijklmnopqrstuvwxyz0123456789-{|}")
_MARKS = re.compile("[\u0300-\u036f\u0591-\u05c7\u064b-\u065f\u0670]+")


def sort_key(text: str, language: str = "") -> str:
    """What a list is ordered by: 128 characters at most.

    Args:
        text: what the list shows.
        language: whose order; unknown ones and none get the order most Latin languages share (`ä` is an `a`), with
            other scripts after it. Russian, Arabic … put their own letters first; Serbian has one order for both.
    """
    tongue = language.partition("-")[0].lower()
    letters = _BETWEEN.sub("-", _lower(text[: 2 * MAX_CHARS], tongue)).strip("-")
    found, replaced = _tailoring(tongue)
    primary = found.sub(lambda m: replaced[m.group()], letters) if found else letters
    if not primary.isascii():
        primary = "".join(map(_order(tongue), primary))
    if letters.isascii():
        return primary[:MAX_CHARS]
    return f"{primary}!{letters}"[:MAX_CHARS]


def beginning(text: str, language: str = "") -> str:
    """What the keys of all texts that begin so begin with, accents or not."""
    return sort_key(text, language).partition("!")[0]


def _lower(text: str, tongue: str) -> str:
    if text.isascii() and tongue != "tr":
        return text.lower().replace("'", "")
    if tongue == "tr":
        text = text.replace("İ", "i").replace("I", "ı")
    text = unicodedata.normalize("NFKC", text.translate(_ASIDE)).lower().replace("i̇", "i")
    return "".join(map(_SERBIAN.get, text, text)) if tongue == "sr" else text


@lru_cache(maxsize=64)
def _tailoring(tongue: str) -> tuple[re.Pattern[str] | None, dict[str, str]]:
    """What to look for, and what it sorts as."""
    said = _LETTERS_AFTER.get(_AS.get(tongue, tongue))
    if said is None:
        return None, {}
    replaced = dict(pair.split("=") for pair in said.split())
    return re.compile("|".join(sorted(replaced, key=len, reverse=True))), replaced


@lru_cache(maxsize=64)
def _order(tongue: str) -> "_Letters":
    return _Letters(_OWN_SCRIPT.get(tongue, ""))


class _Letters(dict[str, str]):
    """What each letter sorts as, worked out when first met."""

    def __init__(self, own: str) -> None:
        self._own = {c: f"{chr(0x41 + n // 10)}{n % 10}" for n, c in enumerate(own)}

    def __call__(self, letter: str) -> str:
        return self[letter]

    def __missing__(self, letter: str) -> str:
        if len(self) > 20_000:
            self.clear()
        self[letter] = found = "".join(map(self._one, self._bare(letter)))
        return found

    def _bare(self, letter: str) -> str:
        """The letter without accents; й and ї are letters of their own."""
        letter = letter.translate(_SAME)
        if letter in _PLAIN or letter in _CYRILLIC:
            return letter
        letter = _MARKS.sub("", unicodedata.normalize("NFD", letter)).translate(_SAME)
        return letter if letter.isascii() or not letter or ord(letter[0]) > 0x24F else anyascii(letter).lower()

    def _one(self, bare: str) -> str:
        if bare in self._own:
            return self._own[bare]
        for alphabet, first in ((_CYRILLIC, 0x430), (_ARABIC, 0x620)):
            if (place := alphabet.find(bare)) >= 0:
                return chr(first + place)
        return bare
