"""Words in Latin letters, whatever the script: how somebody at a Latin keyboard would spell them, without accents."""

import re
import unicodedata

from anyascii import anyascii

_WORD = re.compile(r"[a-z0-9]+")
_JOINED = str.maketrans("", "", "'’ʼ‘`ʹ\u0640\u200b\u200c\u200d\u200e\u200f")


def _table(letters: str, latin: str) -> dict[str, str]:
    return dict(zip(letters, latin.split(" "), strict=True))


_CYRILLIC = _table(
    "абвгґдђѓеёєжзѕиіїйјклљмнњопрстћќуўфхцчџшщъыьэюя",
    "a b v g g d dj dj e e je z z dz i i i j j k l lj m n nj o p r s t c c u u f h c c dz s sch  y  e ju ja",
)
_GREEK = _table("αβγδεζηθικλμνξοπρσςτυφχψω", "a v g d e z i th i k l m n x o p r s s t i f ch ps o")
_ARABIC = _table(
    "اأإآٱءؤئىةبپتثجچحخدذرزژسشصضطظعغفقکكگلمنهوۆیيھہ",
    "a a a a a  u i a a b p t t j c h h d d r z z s s s d t z a g f k k k g l m n h u u i i h h",
)
_HEBREW = _table("אבגדהוזחטיכךלמםנןסעפףצץקרשת", "a b g d h u z h t i k k l m m n n s a p f c c k r s t")
_LETTERS = str.maketrans(_CYRILLIC | _GREEK | _ARABIC | _HEBREW)
_GREEK_PAIRS = {"ου": "ou", "ευ": "ev", "αυ": "av", "γγ": "ng", "γκ": "g", "ει": "i", "οι": "i", "αι": "e"}
_GREEK_PAIR = re.compile("|".join(_GREEK_PAIRS))
_GREEK_FIRST = re.compile(r"\b(?:μπ|ντ)")  # one sound where a word begins with it
_HAS_GREEK = re.compile("[α-ω]")
# An abjad writes the long vowels with consonants: at the beginning of a word they are consonants.
_HAS_ABJAD = re.compile("[א-תء-ي]")
_INITIAL = re.compile(r"\b([يیיوו])")
_INITIALS = {"ي": "ya", "ی": "ya", "י": "ya", "و": "w", "ו": "v"}
_SHORT_A = re.compile(r"\bج(?=[بتثحخدذرزسشصضطظعغفقكلمنه])|כ(?=ה)")  # read with a vowel nobody writes
_SERVANT_OF = re.compile(r"\bعبد\s*(?=ال)")  # Abd al-…, the one name written in two words
_ARTICLE = re.compile(r"\bال(?=\w{3})")
_MARKS = re.compile("[\u0300-\u036f\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed]+")
_ABD = re.compile(r"\babd(?:[aeu][lrnsdtz]?)?[ -]+(?:[aeu][lrnsdtz]+[ -]+)?(?=[a-z]{3})")
_IDEOGRAPH = re.compile("([\u3400-\u9fff\uac00-\ud7a3])")


def fold(text: str) -> str:
    """Lower-case Latin letters and nothing that only some people type: `Müller` is `muller`, `Јелица` is `jelica`."""
    if text.isascii():
        text = text.lower().replace("'", "")
        return _ABD.sub("abdal", text) if "abd" in text else text
    text = unicodedata.normalize("NFKC", text.translate(_JOINED)).casefold()
    if _HAS_ABJAD.search(text):
        text = _abjad(_MARKS.sub("", text))
    elif _HAS_GREEK.search(text):
        text = _MARKS.sub("", unicodedata.normalize("NFD", text))
        text = _GREEK_FIRST.sub(lambda m: "b" if m.group() == "μπ" else "d", text)
        text = _GREEK_PAIR.sub(lambda m: _GREEK_PAIRS[m.group()], text)
    text = _MARKS.sub("", text.translate(_LETTERS))
    if not text.isascii():
        text = anyascii(_IDEOGRAPH.sub(r"\1 ", text)).lower().replace("'", "")
    return _ABD.sub("abdal", text) if "abd" in text else text


def _abjad(text: str) -> str:
    text = _SERVANT_OF.sub("عبد", text)
    text = _SHORT_A.sub(lambda m: "ja" if m.group() == "ج" else "ka", _ARTICLE.sub("ال ", text))
    return _INITIAL.sub(lambda m: _INITIALS[m.group()], text)


# Letters that languages of one script read differently: Ukrainian г is h, Bulgarian щ is sht and its ъ a vowel; a
# Hebrew ב within a word is mostly v.
_READ_ALSO = (
    ((re.compile("[гГ]"), "х"),),
    ((re.compile("[щЩ]"), "шт"), (re.compile("[ъЪ](?=[бвгджзйклмнпрстфхцчш])"), "а")),
    ((re.compile("(?<=[א-ת])ב"), "v"),),
)


def otherwise(text: str) -> list[str]:
    """The words of a text as other languages of its script read them, as far as they are other words."""
    if text.isascii():
        return []
    found: dict[str, None] = {}
    for ways in _READ_ALSO:
        read = text
        for letters, way in ways:
            read = letters.sub(way, read)
        if read != text:
            found |= dict.fromkeys(words(read))
    return [word for word in found if word not in words(text)]


def words(text: str) -> list[str]:
    """The words of a text, folded; an apostrophe does not end a word."""
    return _WORD.findall(fold(text))
