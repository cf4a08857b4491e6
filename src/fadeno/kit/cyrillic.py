"""Serbian in its other script: Latin text written in Cyrillic, letter by letter."""

import re

_PAIRS = {"lj": "љ", "nj": "њ", "dž": "џ"}
_LETTERS = dict(zip("abcčćdđefghijklmnoprsštuvzž", "абцчћдђефгхијклмнопрсштувзж", strict=True))
# Two letters, not one, where a prefix or a foreign stem ends between them.
_APART = re.compile(r"(?i)\b(?:(?:in)(?=j(?:ek|un))|(?:kon)(?=j(?:un|ug))|(?:nad|od|pred)(?=ž(?:iv|al|njev)))")
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
# What stays as it is: places for values, markup, addresses, commands, what is typed or pressed.
_KEPT = re.compile(
    "|".join(
        [
            r"\{[^{}]*\}|<[^<>]*>|&\w+;|`[^`]*`|„fadeno [^“]*“",
            r"[\w.+-]+@[\w.-]+|\b\w+://\S+|\b[\w-]+\.(?:\w+\.)*\w+\b|(?<![\w–])--\w[\w-]*",
            r"(?<!\w)\.[a-z]+\b",  # .csv
            r"\b[A-Z]\w+/[A-Z]\w+|\b[a-z]-[a-z]\b|\b\w+=(?!\s)",  # Europe/Budapest, a-z, token=
            r"(?<![\w-])[B-HJ-NP-RTV-Z](?![\w’'-])",  # a key such as J; A, I, O, S and U are words
        ]
    )
)
_FOREIGN = re.compile(r"[qwxyQWXY]")
# Names nobody writes in Cyrillic.
_NAMES = frozenset(
    [
        *("ctrl", "enter", "esc", "tab", "alt", "shift"),
        *("fadeno", "segment", "standard", "webhooks", "telegram", "messenger", "instagram", "viber"),
        *("curl", "csv", "email", "id", "json", "ods", "tsv"),
    ]
)


def in_cyrillic(text: str) -> str:
    """Serbian Latin text in Cyrillic.

    Values' places, markup, addresses, commands, keys, short names in capitals (CSV, API) and words with q, w, x or y
    stay as they are.
    """
    written, at = [], 0
    for kept in _KEPT.finditer(text):
        written += _words(text[at : kept.start()]), kept[0]
        at = kept.end()
    return "".join([*written, _words(text[at:])])


def _words(text: str) -> str:
    return _WORD.sub(lambda word: _word(word[0]), text)


def _word(word: str) -> str:
    is_short_name = len(word) > 1 and word.isupper()
    if is_short_name or _FOREIGN.search(word) or word.lower() in _NAMES:
        return word
    return "".join(_run(run) for run in _runs(word))


def _runs(word: str) -> list[str]:
    """The word, cut where two letters that look like one are two."""
    apart = _APART.match(word)
    return [word[: apart.end()], word[apart.end() :]] if apart else [word]


def _run(word: str) -> str:
    written, at = [], 0
    while at < len(word):
        size = 2 if word[at : at + 2].lower() in _PAIRS else 1
        latin = word[at : at + size]
        letter = _PAIRS.get(latin.lower()) or _LETTERS.get(latin.lower(), latin)
        written.append(letter.upper() if latin[0].isupper() else letter)
        at += size
    return "".join(written)
