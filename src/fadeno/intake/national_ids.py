"""National ids in what people write: found by a word that names them and a checksum that holds. Pure.

Both are asked for, because digits alone are order numbers: one in ten or eleven passes any checksum.

Source: the national rules as python-stdnum lists them, https://arthurdejong.org/python-stdnum/, compared with it on
random numbers 2026-11-23. It knows no TAJ, adóazonosító jel and NINO: https://net.jogtar.hu/jogszabaly?docid=99600020.tv
(annex) and https://www.gov.uk/hmrc-internal-manuals/national-insurance-manual/nim39110.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

NEAR_CHARS = 40
_DIGITS = bytes.maketrans(b"123456789", b"000000000")
_ODD = dict(zip("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ", (
    1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22,
    25, 24, 23,
), strict=True))  # fmt: skip
_DNI_LETTERS = "TRWAGMYFPDXBNJZSQVHLCKE"


@dataclass(frozen=True, slots=True)
class _Rule:
    """One country's id: the words people call it by and how it is written, and whether it can be one."""

    found: re.Pattern[str]
    holds: Callable[[str], bool]


def may_hold_one(low: bytes) -> bool:
    """Whether lower-case text or JSON is worth looking through: no false no. Every event passes here."""
    if b"fiscale" in low or b"ssn" in low or b"social" in low or b"insurance" in low:
        return True
    if b"0000000" not in low.translate(_DIGITS, b" "):  # the others have seven digits in a row
        return False
    return (
        (b"ni" in low and (b"nie" in low or b"dni" in low or b"nif" in low or b"nir" in low))
        or b"jmbg" in low
        or b"mati" in low
        or b"taj" in low
        or b"azonos" in low
        or b"pesel" in low
        or b"oib" in low
        or b"cnp" in low
        or b"bsn" in low
        or b"steuer" in low
    )


def masked(text: str, mask: str) -> str:
    """The same text with every national id in it replaced."""
    for rule in RULES:
        if rule.found.search(text):
            text = rule.found.sub(lambda m, rule=rule: _put(m, rule, mask), text)
    return text


def _put(found: re.Match[str], rule: _Rule, mask: str) -> str:
    number = re.sub(r"[^0-9A-Za-z]", "", found["id"]).upper()
    return found["before"] + (mask if rule.holds(number) else found["id"])


def _rule(words: str, number: str, holds: Callable[[str], bool]) -> _Rule:
    before = rf"(?P<before>(?<!\w)(?:{words})(?!\w)[^\n]{{0,{NEAR_CHARS}}}?)"
    return _Rule(re.compile(rf"{before}(?<![\w-])(?P<id>{number})(?![\w-])", re.IGNORECASE), holds)


# Checksums -------------------------------------------------------------------------------------------------------


def _weighted(number: str, weights: tuple[int, ...]) -> int:
    return sum(int(digit) * weight for digit, weight in zip(number, weights, strict=False))


def _is_jmbg(number: str) -> bool:
    """Serbia, Bosnia, Montenegro, North Macedonia, Slovenia: a birth date, and eleven minus a sum modulo eleven."""
    year = int(number[4:7])
    if not _is_date(year + (1000 if year >= 800 else 2000), int(number[2:4]), int(number[:2])):
        return False
    check = 11 - _weighted(number, (7, 6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2)) % 11
    return (0 if check > 9 else check) == int(number[12])


def _is_date(year: int, month: int, day: int) -> bool:
    try:
        return bool(date(year, month, day))
    except ValueError:
        return False


def _is_taj(number: str) -> bool:
    return _weighted(number, (3, 7, 3, 7, 3, 7, 3, 7)) % 10 == int(number[8])


def _is_hungarian_tax_id(number: str) -> bool:
    return _weighted(number, (1, 2, 3, 4, 5, 6, 7, 8, 9)) % 11 == int(number[9])


def _is_codice_fiscale(code: str) -> bool:
    total = sum(
        _ODD[c] if place % 2 == 0 else (int(c) if c.isdigit() else ord(c) - ord("A"))
        for place, c in enumerate(code[:15])
    )
    return chr(ord("A") + total % 26) == code[15]


def _is_nir(number: str) -> bool:
    plain = number.replace("2A", "19").replace("2B", "18") if number[5:7] in ("2A", "2B") else number
    return plain.isdigit() and 97 - int(plain[:13]) % 97 == int(plain[13:])


def _is_dni(number: str) -> bool:
    plain = str("XYZ".index(number[0])) + number[1:] if number[0] in "XYZ" else number
    return _DNI_LETTERS[int(plain[:-1]) % 23] == plain[-1]


def _is_ssn(number: str) -> bool:
    """No checksum in this one: what is never given out is none."""
    return number[:3] not in ("000", "666") and number[0] != "9" and number[3:5] != "00" and number[5:] != "0000"


def _is_pesel(number: str) -> bool:
    return -_weighted(number, (1, 3, 7, 9, 1, 3, 7, 9, 1, 3)) % 10 == int(number[10])


def _is_mod_11_10(number: str) -> bool:
    """ISO 7064 MOD 11,10: Croatia's OIB, Germany's Steuer-ID."""
    check = 5
    for digit in number[:-1]:
        check = ((check or 10) * 2) % 11
        check = (check + int(digit)) % 10
    return (((check or 10) * 2) % 11 + int(number[-1])) % 10 == 1


def _is_cnp(number: str) -> bool:
    check = _weighted(number, (2, 7, 9, 1, 4, 6, 3, 5, 8, 2, 7, 9)) % 11
    return (1 if check == 10 else check) == int(number[12])


def _is_bsn(number: str) -> bool:
    return int(number) > 0 and (_weighted(number, (9, 8, 7, 6, 5, 4, 3, 2)) - int(number[8])) % 11 == 0


def _is_nino(number: str) -> bool:
    return number[:2] not in ("GB", "NK", "TN", "ZZ")


RULES = (
    _rule(r"jmbg|mati[cč]ni broj", r"\d{13}", _is_jmbg),
    _rule(r"taj(?:[- ]?sz[aá]m\w*)?", r"\d{3} ?\d{3} ?\d{3}", _is_taj),
    _rule(r"ad[oó]azonos[ií]t[oó]\w*", r"8\d{9}", _is_hungarian_tax_id),
    _rule(
        r"codice fiscale",
        r"[a-z]{6}[\dlmnp-v]{2}[a-ehlmprst][\dlmnp-v]{2}[a-z][\dlmnp-v]{3}[a-z]",
        _is_codice_fiscale,
    ),
    _rule(
        r"nir|num[eé]ro de s[eé]curit[eé] sociale|s[eé]curit[eé] sociale",
        r"[1-478] ?\d{2} ?\d{2} ?\d[\dab] ?\d{3} ?\d{3} ?\d{2}",
        _is_nir,
    ),
    _rule(r"dni|nie|nif", r"(?:\d{8}|[xyz]-?\d{7})-?[a-z]", _is_dni),
    _rule(r"ssn|social security(?: number| no\.?)?", r"\d{3}[ -]?\d{2}[ -]?\d{4}", _is_ssn),
    _rule(r"pesel", r"\d{11}", _is_pesel),
    _rule(r"oib", r"\d{11}", _is_mod_11_10),
    _rule(r"steuer-?id\w*|steuerliche identifikationsnummer", r"\d{2} ?\d{3} ?\d{3} ?\d{3}", _is_mod_11_10),
    _rule(r"cnp", r"\d{13}", _is_cnp),
    _rule(r"bsn", r"\d{9}", _is_bsn),
    _rule(
        r"national insurance(?: number| no\.?)?",
        r"[a-ceghj-pr-tw-z][a-ceghj-npr-tw-z] ?\d{2} ?\d{2} ?\d{2} ?[a-d]",
        _is_nino,
    ),
)
