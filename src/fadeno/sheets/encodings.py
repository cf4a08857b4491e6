"""Which encoding a text is in, when nothing says so.

UTF-8 and UTF-16 betray themselves. Among the one-byte encodings, each candidate is decoded and judged by the letters
it gives: how often the languages people write here use them, whether capitals stand where capitals stand, and whether
signs appear within words. That is right more often on short lists of names than judging by whole sentences.
"""

import codecs
import math
import re
import unicodedata
from collections import Counter
from functools import lru_cache

SAMPLE_BYTES = 1 << 18
# Ties go to the earlier.
CANDIDATES = (
    "cp1252", "cp1250", "cp1251", "cp1256", "iso8859-2", "iso8859-15", "iso8859-3", "koi8-r", "iso8859-5", "iso8859-6",
    "cp866", "cp852", "cp850", "mac-roman", "cp1254", "cp1253", "cp1257", "cp1255",
)  # fmt: skip
# How much must speak for an encoding few files are in.
_RARITY = {"cp1252": 0.0, "cp1250": 0.4, "cp1251": 0.0, "cp1256": 0.0, "iso8859-3": 2.0, "cp1257": 3.0} | dict.fromkeys(
    ("cp866", "cp852", "cp850"), 2.0
)
_RARITY["mac-roman"] = 4.0
# How often letters beyond ASCII stand in texts of a language, a thousandth of all such letters each (rounded).
_LATIN = {
    "de": "ü330 ä270 ö170 ß150 é15 Ü15 Ö20 Ä15 è3 á2",
    "fr": "é560 è120 à130 ê60 ç40 ô30 î20 û15 ù10 â12 ë10 ï8 É20 œ8 À4 Ç2 ü2 ö2",
    "es": "ó240 í220 á210 é140 ñ90 ú70 ü5 Á12 É6 Í4 Ó5 Ú4 Ñ4 º3 ª2",
    "pt": "ã220 ç150 á130 é120 í80 ó80 ê60 õ50 â30 ú30 à20 ô20 Á8 É6 Ã3 Ç3 Í2 Ó3 º4 ª2 Â2 Ê2",
    "hu": "á280 é260 ö100 ó90 ő80 í50 ü50 ű20 ú30 Á12 É10 Ö8 Ó3 Ő2 Ü3 Í2 Ú3 Ű1",
    "sr": "č260 š240 ć240 ž180 đ60 Č30 Š40 Ž25 Đ30 Ć10",
    "eo": "ŭ320 ĝ190 ĉ200 ŝ150 ĵ60 ĥ15 Ĉ20 Ĝ15 Ŝ15 Ĵ10 Ŭ5",
    "pl": "ł240 ą150 ę160 ó120 ś100 ż110 ć60 ń40 ź20 Ł20 Ś15 Ż10 Ó2",
    "cs": "í180 á170 é90 ě110 ř90 č80 ž80 š70 ý70 ů50 ú15 ť5 ď4 ň6 ó3 Č10 Š10 Ř5 Ž4 ľ3 ľ2 ĺ1 ŕ1 ô3",
    "tr": "ı300 ü150 ş130 ğ100 ç100 ö90 İ50 Ş20 Ö10 Ü10 Ç20 â2",
    "nordic": "å220 ä230 ö220 ø180 æ80 Å15 Ö10 Ø10 Ä5 é8",
    "ro": "ă350 î130 ş120 ţ130 â100 Ş25 Î20 Ţ10 Ă3",
}  # fmt: skip
_RUSSIAN = """
о110 е85 а80 и74 н67 т63 с55 р47 в45 л44 к35 м32 д30 п28 у26 я20 ы19 ь17 г17 з16 б16 ч14 й12 х10 ж9 ш7 ю6 ц5 щ4 э3
ф3 ъ1 ё1
"""
_SERBIAN = """
а115 о100 и98 е92 н55 р53 с48 т44 ј43 в41 д37 к37 у43 м35 п29 л33 з18 г17 б15 љ6 њ7 ч10 ћ9 ш10 ж7 ц8 х7 ђ3 ф2 џ1
"""
_ARABIC = """
ا140 ل110 ي75 م65 و60 ن60 ر55 ت50 ب40 ة35 ع35 د35 س30 ه30 ف28 ك25 ق25 ح22 أ20 ج15 ش14 ط12 ص11 خ10 ى9 ض8 إ8 ث7 ز7 ذ7
غ6 ئ4 ء4 ظ3 ؤ2 آ2
"""
_GREEK = """
α115 ο95 ι85 ε80 τ75 σ55 ν65 ς45 η50 ρ45 π38 κ40 μ35 λ32 υ30 ί30 ό28 ά28 έ22 δ18 γ17 ή20 χ12 θ12 ω15 ώ10 ύ12 φ8 β7
ξ5 ζ3 ψ2
"""
_HEBREW = """
י110 ו100 ה90 ל75 א65 ר60 ת55 ב50 ם45 ש45 מ50 נ35 ד28 ן22 ח25 ק20 פ20 ע32 כ25 ג15 ט12 ס15 צ10 ז8 ך7 ף3 ץ2
"""
_FLOOR = math.log(2e-6)
_MARKS = frozenset("«»„“”’‘–—…·•°€£§®©™№ºª¿¡´\u00a0،؛؟ـ×±²³½¼¾%")
_MARK = math.log(4e-3)
_CELL_END = re.compile(rb"[\r\n,;\t|\"]+")
# Plain words between the quotation marks of Windows, which are letters in the encodings of DOS: no word of these begins
# with the one and ends with the other.
_QUOTED = re.compile(rb"(?<![\x80-\xffA-Za-z])[\x84\x91\x93]([A-Za-z0-9][ -~]*)[\x92-\x94](?![\x80-\xffA-Za-z])")
# Signs as Windows writes them, each where such a sign stands and no letter does that another encoding has in its place.
_SIGNS = re.compile(
    r"(?<![^\W\d_])[£€¥½¼¾•–—](?![^\W\d_])|\d½|(?<=[\w)])[®™…](?![^\W\d_])|©(?![^\W\d_])|§(?= ?\d)"
    r"|(?:\d ?|(?<![^\W\d_])[Nn])°|(?:\d|(?<![^\W\d_])[cdkm]?m)[²³]|(?<![^\W\d_])±(?= ?\d)|(?<=\d)×|\d ×(?= ?\d)"
    r"|(?<![^\W\d_])µ(?=[glmsAFVW](?!\w))|«[^«»\r\n]*»|(?<=\d)”|(?<=[\d€£])\u00a0|\u00a0(?=[\d€£%])"
    r"|(?<=[a-zA-Z])’(?=(?:s|t|re|ll|ve|d|m)(?!\w))|(?<![^\W\d_])[DLOdl]’(?=[A-Za-z])|(?<=s)’(?!\w)"
)
_MAX_PIECES = 4_000


def encoding_of(head: bytes, *, whole: bool) -> str:
    """The encoding a file's first bytes are in, as Python names it; `utf-8-sig` and `utf-16` where a mark says so.

    Args:
        whole: `head` is the whole file, and not cut within a letter.
    """
    if head.startswith(codecs.BOM_UTF8):
        return "utf-8-sig"
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    if wide := _wide(head):
        return wide
    if is_utf8(head, whole=whole) or _mostly_utf8(head):
        return "utf-8"
    return one_byte(head)


def _mostly_utf8(text: bytes) -> bool:
    """Whether some lines beyond ASCII are UTF-8: hardly ever is a line of another encoding so by chance."""
    lines = [line for line in text.splitlines()[:-1] if not line.isascii()]
    return sum(map(is_utf8, lines)) > max(1, len(lines) // 10)


def is_utf8(text: bytes, *, whole: bool = True) -> bool:
    """Whether the bytes are UTF-8; with `whole` false, a letter may be cut at the end."""
    try:
        codecs.getincrementaldecoder("utf-8")().decode(text, whole)
    except UnicodeDecodeError:
        return False
    return True


def one_byte(text: bytes) -> str:
    """The likeliest encoding of one byte a letter."""
    text = _QUOTED.sub(rb"\1", text)
    pieces = [piece for piece in _CELL_END.split(text) if not piece.isascii()][:_MAX_PIECES]
    if all(_SIGNS.sub("", piece.decode("cp1252", "replace")).isascii() for piece in pieces):
        return "cp1252"
    best, best_score = CANDIDATES[0], -math.inf
    for candidate in CANDIDATES:
        score = _score(pieces, candidate)
        if score > best_score + 1e-9:
            best, best_score = candidate, score
    return best


def _wide(head: bytes) -> str | None:
    """UTF-16 without a mark: every other byte of ordinary signs is zero."""
    if len(head) < 4:
        return None
    even, odd = head[0::2].count(0), head[1::2].count(0)
    half = len(head) // 2
    if odd > 0.25 * half and even < 0.02 * half:
        return "utf-16-le"
    if even > 0.25 * half and odd < 0.02 * half:
        return "utf-16-be"
    return None


def _score(pieces: list[bytes], encoding: str) -> float:
    """The mean likelihood of the letters beyond ASCII, in the language that suits best."""
    try:
        texts = [piece.decode(encoding) for piece in pieces]
    except UnicodeDecodeError:
        return -math.inf
    joined = "\n".join(texts)
    letters = Counter(character for character in joined if not character.isascii())
    count = sum(letters.values())
    if not count:
        return 0.0
    odd = _oddities(joined)
    best = max(
        sum(times * model.get(character, _default(character)) for character, times in letters.items())
        for model in _models()
    )
    return (best - 3.0 * odd - _RARITY.get(encoding, 1.0)) / count


def _default(character: str) -> float:
    if character in _MARKS:
        return _MARK
    kind = unicodedata.category(character)
    if kind == "Cc":
        return 3 * _FLOOR
    return _FLOOR if kind[0] == "L" else 1.5 * _FLOOR


_CAPITAL_INSIDE = re.compile(r"[^\W\d_]{2,}")
_SIGN_INSIDE = re.compile(r"[^\W\d_][^\w\s'’.,\-/&+()\"–·_:!?;#*@%]+[^\W\d_]")


def _oddities(text: str) -> int:
    """Words no person writes: capitals after small letters, two scripts in one word, signs within."""
    odd = len(_SIGN_INSIDE.findall(text))
    for word in _CAPITAL_INSIDE.findall(text):
        if not word.isascii() and (not _cased(word) or _scripts(word) > 1):
            odd += 1
    return odd


def _cased(word: str) -> bool:
    return word.islower() or word.isupper() or word.istitle() or word[1:].islower() or word == word.swapcase()


def _scripts(word: str) -> int:
    return len({_script(character) for character in word})


@lru_cache(maxsize=2048)
def _script(character: str) -> str:
    return unicodedata.name(character, "?").partition(" ")[0]


@lru_cache(maxsize=1)
def _models() -> tuple[dict[str, float], ...]:
    made = []
    for table in _LATIN.values():
        made.append(_model(table, capitals=False, share=1.0))
    # A script of its own: nearly every letter is beyond ASCII, so each is rarer than an accented one.
    for table in (_RUSSIAN, _SERBIAN):
        made.append(_model(table, capitals=True, share=1.0))
    made.extend(_model(table, capitals=table is _GREEK, share=1.0) for table in (_ARABIC, _GREEK, _HEBREW))
    return tuple(made)


def _model(table: str, *, capitals: bool, share: float) -> dict[str, float]:
    weights = {item[0]: float(item[1:]) for item in table.split()}
    if capitals:
        weights |= {letter.upper(): weight * 0.12 for letter, weight in weights.items()}
    whole = sum(weights.values())
    return {letter: math.log(share * weight / whole) for letter, weight in weights.items()}
