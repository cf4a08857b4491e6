"""How surely a header names a field: the words of words.toml, however they are spelled, joined or cut short."""

import re
from collections.abc import Sequence
from functools import cache, lru_cache
from typing import NamedTuple

from fadeno.kit.text import fold
from fadeno.sheets.fields import SPLIT_WORDS, header_words, plain, word_list

_IS, _SAME, _CUT, _PERHAPS_CUT = 0.95, 0.93, 0.8, 0.62
_MAX_CHARS = 200
_MAX_PARTS = 12
_NUMBER_SIGNS = str.maketrans({"№": " no ", "#": " no ", "°": "o", "º": "o"})
_ESPERANTO_NUMBER = re.compile(r"n-ro\b")
_PIECE = re.compile(r"([a-z0-9]+)(\.?)")
# What stands for "number" in ten languages, as a word and at the end of one.
_NUMBER_WORDS = "no nr n num nbr number nummer numero numer broj br nomer szam rkm"
_NUMBER = frozenset(_NUMBER_WORDS.split())
_NUMBERED = re.compile(r"([a-z]{2,})(?:nummer|numero|szam|nomer|number|nr)")
_HUNGARIAN_NUMBER = re.compile(r"([a-z]{3,})sz")
# What stands between words and tells nothing.
_BETWEEN_WORDS = "de du des del da dos of the der die das von la le el los las et und and kaj y d l al"
_BETWEEN = frozenset(_BETWEEN_WORDS.split())
# Words that say nothing beside others: the name of a category is not the name of a product.
_GENERIC_WORDS = """name title description id code nom nombre nome nev naziv ime imja nomo opis descripcion descricao
beschreibung leiras priskribo titel titulo naslov"""
_GENERIC = frozenset(_GENERIC_WORDS.split())
# After these stands what is or is not within an amount: "price incl. VAT" is no tax.
_WITHIN_WORDS = "inc incl inkl ex excl exkl with without mit ohne zzgl com sem con sin avec hors sa bez s kun sen on"
_WITHIN = frozenset(_WITHIN_WORDS.split())
# Beside these stands something else than the field: the least stock is no stock, a day of change no day of an order.
_OTHERWISE_WORDS = """safety minimum min maximum max reorder mindest minimal modified updated changed required
geandert modificado modifie modosit izmenjeno izmeneno"""
_OTHERWISE = frozenset(_OTHERWISE_WORDS.split())
# What may stand beside a field's words in a header without making it another field's.
_BESIDE_WORDS = """no nr id number the of a de la le el der die das client customer kunden order shipping billing
lineitem primary main default eur usd gbp huf ft rsd rub din kg g cm local gross net incl excl vat mwst brutto netto
1"""
_BESIDE = frozenset(_BESIDE_WORDS.split())


class _Words(NamedTuple):
    """The words of one field by key, the same ones as lines to search in, and without spaces."""

    languages: dict[str, str]
    lines: str
    compact: dict[str, str]


@lru_cache(maxsize=16_384)
def is_known(header: str) -> bool:
    """Whether a text stands above some field's columns."""
    text = plain(header)
    return bool(text) and (text in _all_words() or _key(_pieces(header)) in _all_words())


def is_meaningless(header: str) -> bool:
    """Whether a header only counts columns, as programs do where there was none: Column1, Spalte 2, Unnamed: 3."""
    words = [word for word in plain(header).split() if not word.isdigit()]
    return all(word.rstrip("0123456789") in word_list("column") for word in words)


def is_fax(header: str) -> bool:
    """Whether a header names numbers that reach no phone."""
    return any(word in plain(header).split() for word in word_list("fax"))


def is_of_others(header: str) -> bool:
    """Whether a header names the people or firms of a list who are no customers: suppliers, staff, carriers."""
    return any(word in word_list("others") for word in plain(header).split())


def may_be_whole_name(header: str) -> bool:
    """Whether a header that names a part of people's names is also the word for the whole: Nom, Ime, Имя."""
    return plain(header) in word_list("any_name")


@lru_cache(maxsize=16_384)
def named_by(header: str, field: str) -> tuple[float, tuple[str, ...]]:
    """How surely a header names a field, and how that is known."""
    text = plain(header)
    if not text:
        return 0.0, ()
    shown = header[:60]
    exact = header_words()[field].get(text)
    if exact:
        return _IS, ("header_is", shown, exact)
    pieces = _pieces(header)
    key = _key(pieces)
    words = _words(field)
    if language := words.languages.get(key) or words.compact.get(text.replace(" ", "")):
        return _SAME, ("header_is", shown, language)
    best, reason = _within(key, words.languages)
    cut, language = _cut_short(pieces, words)
    return (cut, ("header_is", shown, language)) if cut > best else (best, reason)


def _within(key: str, words: dict[str, str]) -> tuple[float, tuple[str, ...]]:
    best, reason = 0.0, ()
    parts = key.split()[:_MAX_PARTS]
    for begin in range(len(parts)):
        for end in range(begin + 1, len(parts) + 1):
            word = " ".join(parts[begin:end])
            if len(word) < 3 or word not in words or (begin and parts[begin - 1] in _WITHIN):
                continue
            others = [one for one in (*parts[:begin], *parts[end:]) if one not in _BESIDE and not one.isdigit()]
            if others and (word in _GENERIC or not _OTHERWISE.isdisjoint(others)):
                continue
            # The last word of a header is what the column is: "order date" is a date.
            place = 0.1 if end == len(parts) or not others else 0.0
            sure = (0.86 if not others else 0.45 + 0.25 * len(word) / len(key)) + place * 0.5
            if sure > best:
                best, reason = sure, ("header_has", word, words[word])
    return best, reason


def _cut_short(pieces: tuple[tuple[str, bool], ...], words: _Words) -> tuple[float, str]:
    """Whether the header's pieces begin the parts of one of the words: `Geb.-Dat.` is Geburtsdatum."""
    letters = sum(len(piece) for piece, _ in pieces)
    has_dots = any(dotted for _, dotted in pieces)
    if not pieces or len(pieces) > 5 or letters < (3 if len(pieces) > 1 or not has_dots else 2) + (not has_dots):
        return 0.0, ""
    pattern = " ?".join(piece + _end(piece, dotted or not has_dots) for piece, dotted in pieces)
    found = re.search(f"^{pattern}$", words.lines, re.MULTILINE)
    if not found:
        return 0.0, ""
    return (_CUT if has_dots else _PERHAPS_CUT), words.languages[found.group()]


def _end(piece: str, may_be_cut: bool) -> str:
    """What may follow a piece of a word: the rest of it, or an ending of grammar."""
    if piece == "no":
        return ""
    return "[a-z]*" if may_be_cut else "[a-z]{0,2}" if len(piece) > 3 else ""


@cache
def _all_words() -> frozenset[str]:
    return frozenset(word for field in header_words() for word in _words(field).languages)


@cache
def _words(field: str) -> _Words:
    languages: dict[str, str] = {}
    for word, language in header_words()[field].items():
        languages.setdefault(word, language)
        languages.setdefault(_key([(piece, False) for piece in word.split()]), language)
    compact = {word.replace(" ", ""): language for word, language in languages.items()}
    return _Words(languages, "\n".join(languages), compact)


@lru_cache(maxsize=16_384)
def _pieces(header: str) -> tuple[tuple[str, bool], ...]:
    """The words of a header, each with whether a point says that it is cut short; numbers are `no`."""
    text = fold(SPLIT_WORDS.sub(" ", header[:_MAX_CHARS].translate(_NUMBER_SIGNS))).replace("'", "")
    return _numbered(_PIECE.findall(_ESPERANTO_NUMBER.sub(" no", text)))


def _numbered(pieces: Sequence[tuple[str, object]]) -> tuple[tuple[str, bool], ...]:
    found: list[tuple[str, bool]] = []
    for piece, dot in pieces:
        if piece in _NUMBER:
            found.append(("no", False))
        elif told := _NUMBERED.fullmatch(piece) or (dot and _HUNGARIAN_NUMBER.fullmatch(piece)):
            found += [(told[1], False), ("no", False)]
        elif piece not in _BETWEEN:
            found.append((piece, bool(dot)))
    return tuple(found or [(piece, bool(dot)) for piece, dot in pieces])


def _key(pieces: Sequence[tuple[str, bool]]) -> str:
    return " ".join(piece for piece, _ in _numbered(pieces))
