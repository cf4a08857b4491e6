"""One cell made a typed value, in the format its column was decided to have; what can't be is a fault."""

import re
from collections.abc import Callable
from datetime import date, datetime, time
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from fadeno.kit import money
from fadeno.sheets import dates, serial
from fadeno.sheets.countries import country_code
from fadeno.sheets.fields import plain, word_list
from fadeno.sheets.model import Broken, Format, Priced, Raw, Value, shown

_SHORTENED = re.compile(r"\d([.,]\d+)?E\+\d{1,3}", re.IGNORECASE)
_MAX_EXACT = 10**15
_SERIALS = range(20_000, 80_000)  # 1954 to 2119
_NEUTRALISED = re.compile(r"'+\s*[=+\-@\t\r＝＋－＠]")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_EMAIL = re.compile(r"(mailto:)?<?[^\s@<>,;]+@[^\s@<>,;]+\.[^\s@<>,;]{2,}>?", re.IGNORECASE)
_NOTHING = frozenset(("-", "–", "—", "?", "NULL", "N/A", "n/a", "#N/A", "NaN", "\\N", "(null)"))
_EMAIL_CHARS = 320
_PLACE_KINDS = ("web", "warehouse", "shop")
_GTIN_CHARS = (8, 12, 13, 14)


class Read(NamedTuple):
    """A typed value, and what is wrong with it.

    Attributes:
        fault: code; None when all is well. kept: the value was kept in spite of it.
    """

    value: Value = None
    fault: str | None = None
    kept: bool = False


NOTHING = Read()
Reader = Callable[[Raw], Read]


def reader(format: Format) -> Reader:
    """What reads the cells of a column with that format."""
    read = _READERS.get(format.kind, _text)

    def cell(raw: Raw) -> Read:
        if raw is None or raw == "":
            return NOTHING
        if isinstance(raw, Broken):
            return Read(None, raw.code)
        return read(raw, format)

    return cell


def clean(text: str) -> str:
    """A text without what nobody sees: outer space, control characters, the mark that keeps formulas from running."""
    if text.isprintable() and text[:1] != "'":
        return text.strip()
    text = _CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).strip()
    return text[1:].strip() if text[:1] == "'" and _NEUTRALISED.match(text) else text


def is_nothing(text: str) -> bool:
    """Whether a cell says that there is nothing: NULL, n/a, –."""
    return text in _NOTHING


def gtin_fits(digits: str) -> bool:
    """Whether the last digit of a GTIN is right. Source: GS1 General Specifications 7.9, 2026-11-23."""
    if len(digits) not in _GTIN_CHARS or not digits.isascii() or not digits.isdigit():
        return False
    total = sum(int(digit) * (3 if at % 2 == 0 else 1) for at, digit in enumerate(reversed(digits[:-1])))
    return (10 - total % 10) % 10 == int(digits[-1])


def exact(number: float) -> Decimal:
    """The number a sheet shows: 15 digits, as sheets keep them."""
    return Decimal(number) if isinstance(number, int) else Decimal(format(number, ".15g"))


def _text(raw: Raw, _: Format) -> Read:
    text = clean(raw if isinstance(raw, str) else shown(raw))
    return Read(text) if text and not is_nothing(text) else NOTHING


def _id(raw: Raw, _: Format) -> Read:
    if isinstance(raw, float | int) and not isinstance(raw, bool) and abs(raw) >= _MAX_EXACT:
        return Read(None, "digits_lost")
    text = clean(raw if isinstance(raw, str) else shown(raw))
    if "+" in text and _SHORTENED.fullmatch(text):
        return Read(None, "digits_lost")
    return Read(text) if text and not is_nothing(text) else NOTHING


def _phone(raw: Raw, format: Format) -> Read:
    return _id(raw, format)


def _email(raw: Raw, format: Format) -> Read:
    read = _text(raw, format)
    if isinstance(read.value, str) and (len(read.value) > _EMAIL_CHARS or not _EMAIL.fullmatch(read.value)):
        return Read(read.value, "bad_email", kept=True)
    return read


def _gtin(raw: Raw, format: Format) -> Read:
    read = _id(raw, format)
    if not isinstance(read.value, str):
        return read
    digits = re.sub(r"[\s-]", "", read.value)
    if gtin_fits(digits):
        return Read(digits)
    filled = digits.zfill(13)
    if isinstance(raw, int) and len(digits) < 13 and gtin_fits(filled):
        return Read(filled, "zeros_restored", kept=True)
    return Read(digits, "bad_gtin", kept=True)


def _number(raw: Raw, format: Format) -> Read:
    if isinstance(raw, bool):
        return Read(Decimal(int(raw)))
    if isinstance(raw, int | float):
        return Read(exact(raw)) if raw - raw == 0 else Read(None, "bad_number")
    if not isinstance(raw, str):
        return Read(None, "bad_number")
    return _number_text(raw, format.decimal)


@lru_cache(maxsize=65_536)
def _number_text(raw: str, decimal: str | None) -> Read:
    text = clean(raw)
    percent = text.endswith("%")
    try:
        number = money.read_amount(text.rstrip("% ") if percent else text, decimal).number
    except money.NoAmount:
        if not text or is_nothing(text):
            return NOTHING
        plain_number = _scientific(text)
        return Read(plain_number) if plain_number is not None else Read(None, "bad_number")
    return Read(number / 100 if percent else number)


def _scientific(text: str) -> Decimal | None:
    if len(text) < 32 and re.fullmatch(r"-?\d+([.,]\d+)?[eE][+-]?\d{1,2}", text):
        return Decimal(text.replace(",", "."))
    return None


def _money(raw: Raw, format: Format) -> Read:
    currency = format.currency
    if isinstance(raw, str):
        text = clean(raw)
        try:
            amount = money.read_amount(text, format.decimal)
        except money.NoAmount:
            return NOTHING if not text or is_nothing(text) else Read(None, "bad_amount")
        return _amount(amount.number, amount.currency or _shared(amount.sign, currency))
    if isinstance(raw, int | float) and not isinstance(raw, bool) and raw - raw == 0:
        return _amount_shown(raw, raw.currency if isinstance(raw, Priced) else currency)
    return Read(None, "bad_amount")


@lru_cache(maxsize=65_536)
def _amount_shown(number: float, currency: str | None) -> Read:
    return _amount(exact(number), currency)


def _amount(number: Decimal, currency: str | None) -> Read:
    if currency is None:
        return Read(number)
    try:
        return Read(money.of(number, currency))
    except money.TooFine:
        return Read(number, "amount_too_fine", kept=True)  # a unit price may have more places
    except money.Invalid:
        return Read(None, "bad_amount")


def _shared(sign: str, currency: str | None) -> str | None:
    """What a shared sign such as $ means where the column's currency is known; nothing if that is another one."""
    return currency if not sign or currency in money.could_be(sign) else None


def _date(raw: Raw, format: Format) -> Read:
    read = _datetime(raw, format)
    return Read(read.value.date(), read.fault, read.kept) if isinstance(read.value, datetime) else read


def _datetime(raw: Raw, format: Format) -> Read:
    if isinstance(raw, datetime):
        return Read(raw.date() if raw.time() == time.min and raw.tzinfo is None else raw)
    if isinstance(raw, date):
        return Read(raw)
    if isinstance(raw, int | float) and not isinstance(raw, bool):
        return _from_number(raw)
    if not isinstance(raw, str):
        return Read(None, "bad_date")
    return _date_text(raw, format.order)


@lru_cache(maxsize=65_536)
def _date_text(raw: str, order: str | None) -> Read:
    text = clean(raw)
    if not text or is_nothing(text):
        return NOTHING
    try:
        at = dates.moment(text, order)
    except dates.NoDate as fault:
        if text.isdigit() and len(text) == 5:
            return _from_number(int(text))
        return Read(None, "impossible_date" if fault.impossible else "bad_date")
    if isinstance(at, datetime) and at.tzinfo is None and at.time() == time.min:
        return Read(at.date())
    return Read(at)


def _from_number(number: float) -> Read:
    """A date shown as Excel counts it, where the format of the cell was lost; or 20240305."""
    if number - number == 0 and int(number) in _SERIALS:
        at = serial.moment(number, False)
        return Read(None, "bad_date") if isinstance(at, str | time) else Read(at, "date_from_number", kept=True)
    if isinstance(number, int) and len(str(number)) == 8:
        return _date_text(str(number), None)
    return Read(None, "bad_date")


def _bool(raw: Raw, _: Format) -> Read:
    if isinstance(raw, bool):
        return Read(raw)
    text = clean(raw if isinstance(raw, str) else shown(raw))
    folded = plain(text) or text
    if folded in word_list("yes"):
        return Read(True)
    if folded in word_list("no"):
        return Read(False)
    return Read(None, "bad_yes_no") if text and not is_nothing(text) else NOTHING


def _country(raw: Raw, format: Format) -> Read:
    read = _text(raw, format)
    if not isinstance(read.value, str):
        return read
    code = _country_of(read.value)
    return Read(code) if code else Read(read.value, "unknown_country", kept=True)


_country_of = lru_cache(maxsize=4096)(country_code)


def _currency(raw: Raw, format: Format) -> Read:
    read = _text(raw, format)
    if not isinstance(read.value, str):
        return read
    code = money.currency_of(read.value)
    return Read(code) if code else Read(None, "unknown_currency")


def _place_kind(raw: Raw, format: Format) -> Read:
    read = _text(raw, format)
    if not isinstance(read.value, str):
        return read
    said = plain(read.value)
    for words in ((said,), said.split()):  # a web shop is no shop, and a main warehouse is a warehouse
        for kind in _PLACE_KINDS:
            if not word_list(kind).isdisjoint(words):
                return Read(kind)
    return Read(None, "unknown_place_kind")


_READERS: dict[str, Callable[[Raw, Format], Read]] = {
    "text": _text,
    "name": _text,
    "url": _text,
    "language": _text,
    "id": _id,
    "postcode": _id,
    "phone": _phone,
    "email": _email,
    "gtin": _gtin,
    "number": _number,
    "money": _money,
    "date": _date,
    "datetime": _datetime,
    "bool": _bool,
    "country": _country,
    "currency": _currency,
    "place_kind": _place_kind,
}
