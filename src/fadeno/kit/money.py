"""Money that is never wrong by a cent: whole minor units and a currency, with ISO 4217's own exponents.

What libraries for display know of a currency's digits is how its cash is shown, not how its amounts are kept: a dinar
has 100 para and a forint 100 fillér on every invoice, whatever a price tag says. So the table here is the standard's.

Source: ISO 4217 list one (active) and list three (historic, those of the last decade), https://www.six-group.com/en/
products-services/financial-information/data-standards.html, 2026-11-23.
"""

import copy
import re
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal, InvalidOperation
from functools import lru_cache

from babel import Locale
from babel.core import get_global
from babel.numbers import get_decimal_symbol, get_group_symbol

from fadeno.kit.errors import Invalid

MAX_AMOUNT_CHARS = 64
MAX_MINOR = 10**18  # fits the bigint of a database

_BY_EXPONENT = {
    0: "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF",
    2: "AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BOV BRL BSD BTN BWP BYN BZD CAD CDF CHE CHF"
    " CHW CNY COP COU CRC CUC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HRK"
    " HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR"
    " MWK MXN MXV MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP"
    " SLE SLL SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD USN UYU UZS VED VES WST XAD XCD XCG"
    " YER ZAR ZMW ZWG ZWL",
    3: "BHD IQD JOD KWD LYD OMR TND",
    4: "CLF UYW",
}
EXPONENTS: dict[str, int] = {code: digits for digits, codes in _BY_EXPONENT.items() for code in codes.split()}

# Signs that mean one currency wherever they stand.
SIGNS: dict[str, str] = {
    "€": "EUR", "£": "GBP", "Ft": "HUF", "R$": "BRL", "₽": "RUB", "руб": "RUB", "руб.": "RUB", "₴": "UAH", "грн": "UAH",
    "zł": "PLN", "Kč": "CZK", "₺": "TRY", "₹": "INR", "₪": "ILS", "₩": "KRW", "₫": "VND", "฿": "THB", "₦": "NGN",
    "₸": "KZT", "₾": "GEL", "US$": "USD", "A$": "AUD", "C$": "CAD", "CA$": "CAD", "AU$": "AUD", "NZ$": "NZD",
    "HK$": "HKD", "S$": "SGD", "NT$": "TWD", "MX$": "MXN", "CHF": "CHF", "SFr.": "CHF", "Fr.": "CHF", "лв": "BGN",
    "лв.": "BGN", "din": "RSD", "din.": "RSD", "дин": "RSD", "дин.": "RSD", "RSD": "RSD", "KM": "BAM", "КМ": "BAM",
    "lei": "RON", "euro": "EUR", "euros": "EUR", "eur": "EUR", "eŭroj": "EUR", "евро": "EUR", "eura": "EUR",
    "د.إ": "AED", "ر.س": "SAR", "ر.ق": "QAR", "د.ك": "KWD", "د.ب": "BHD", "د.ع": "IQD", "ل.ل": "LBP", "ج.م": "EGP",
    "د.أ": "JOD", "د.ت": "TND", "د.م.": "MAD", "ر.ع.": "OMR", "د.ج": "DZD", "﷼": "IRR", "元": "CNY", "円": "JPY",
}  # fmt: skip

# Signs several countries use: only the place tells which.
SHARED_SIGNS: dict[str, tuple[str, ...]] = {
    "$": ("USD", "CAD", "AUD", "MXN", "ARS", "CLP", "COP", "NZD", "SGD", "HKD", "TWD", "UYU"),
    "kr": ("SEK", "NOK", "DKK", "ISK"),
    "kr.": ("DKK", "SEK", "NOK", "ISK"),
    "¥": ("JPY", "CNY"),
}
_BY_FOLDED = {sign.casefold(): code for sign, code in SIGNS.items()}
_SPACES = dict.fromkeys(map(ord, "\u00a0\u202f\u2009\u2007\u2002\u2003\u3000\t"), " ")
_UNSEEN = dict.fromkeys(map(ord, "\u200e\u200f\u061c\u2066\u2067\u2068\u2069\ufeff"))
_DIGITS = {
    **{ord(a): str(i) for i, a in enumerate("٠١٢٣٤٥٦٧٨٩")},
    **{ord(a): str(i) for i, a in enumerate("۰۱۲۳۴۵۶۷۸۹")},
    **{ord(a): str(i) for i, a in enumerate("०१२३४५६७८९")},
    ord("٫"): ".", ord("٬"): "'", ord("−"): "-", ord("–"): "-", ord("’"): "'", ord("＋"): "+", ord("－"): "-",
}  # fmt: skip
_PLAIN = _SPACES | _UNSEEN | _DIGITS
_TOUCHING = re.compile(r"(?<=[^\W\d_])(?=[\d-])|(?<=\d)(?=[^\W\d_])")  # CLDR's currencySpacing, which babel leaves out
_BELOW_ZERO = re.compile(r"-[\d.,]+")
_NUMBER = re.compile(r"\d[\d.,' ]*\d|\d|[.,]\d+")
_WHOLE = re.compile(r"[.,]--?")
_GROUPED = re.compile(r"\d{1,3}(?P<mark>[.,' ])(\d{2,3}(?P=mark))*\d{3}")  # 1 234 567 and 12,34,567


class NoAmount(Invalid):
    """This can't be read as an amount."""

    code = "bad_amount"


class TooFine(NoAmount):
    """This amount has more decimals than its currency has."""

    code = "amount_too_fine"


class OtherCurrency(Invalid):
    """Amounts of two currencies can't be added or compared."""

    code = "other_currency"


@dataclass(frozen=True, slots=True)
class Amount:
    """A number and what was said of its currency.

    Attributes:
        currency: three letters, or None when nothing was said or the sign is shared.
        sign: the sign or code as it stood, empty when there was none.
    """

    number: Decimal
    currency: str | None = None
    sign: str = ""


@dataclass(frozen=True, slots=True)
class Money:
    """An amount of one currency.

    Attributes:
        minor: whole minor units (cents, para, fillér; the yen itself).
        currency: three letters of ISO 4217.
    """

    minor: int
    currency: str

    def __post_init__(self) -> None:
        exponent(self.currency)

    @property
    def amount(self) -> Decimal:
        """The amount in the unit people speak of."""
        return Decimal(self.minor).scaleb(-exponent(self.currency))

    def __add__(self, other: "Money") -> "Money":
        return Money(self.minor + _same(self, other), self.currency)

    def __sub__(self, other: "Money") -> "Money":
        return Money(self.minor - _same(self, other), self.currency)

    def __neg__(self) -> "Money":
        return Money(-self.minor, self.currency)

    def __mul__(self, times: int) -> "Money":
        if not isinstance(times, int):
            return NotImplemented
        return Money(self.minor * times, self.currency)

    __rmul__ = __mul__

    def __lt__(self, other: "Money") -> bool:
        return self.minor < _same(self, other)

    def __le__(self, other: "Money") -> bool:
        return self.minor <= _same(self, other)

    def __bool__(self) -> bool:
        return self.minor != 0

    def __str__(self) -> str:
        return f"{self.amount:f} {self.currency}"


def exponent(currency: str) -> int:
    """How many decimals a currency has.

    Raises:
        Invalid: it is no currency of ISO 4217; write its three letters, such as EUR.
    """
    try:
        return EXPONENTS[currency]
    except KeyError:
        raise Invalid(f"{currency[:8]!r} is not a currency.", field="currency", hint="Write EUR, HUF, RSD …") from None


def of(amount: Decimal | int, currency: str) -> Money:
    """The amount as money, exactly.

    Raises:
        TooFine: it has more decimals than the currency; round it first, knowing how.
        NoAmount: it is not finite, or larger than 10^18 minor units.
    """
    digits = exponent(currency)
    amount = Decimal(amount)
    if not amount.is_finite() or amount.adjusted() > 18:
        raise NoAmount(field="amount")
    minor = amount.scaleb(digits)
    if minor != minor.to_integral_value():
        raise TooFine(f"{currency} has {digits} decimals, and {amount} has more.", field="amount")
    if abs(minor) > MAX_MINOR:
        raise NoAmount(field="amount")
    return Money(int(minor), currency)


def rounded(amount: Decimal, currency: str) -> Money:
    """The nearest amount the currency has, halves to even."""
    return of(amount.quantize(Decimal(1).scaleb(-exponent(currency)), ROUND_HALF_EVEN), currency)


@lru_cache(maxsize=65_536)
def read_amount(text: str, decimal: str | None = None) -> Amount:
    """An amount as people write it: `1.234,56 €`, `1 234,56 Ft`, `(12.50)`, `5-`, `R$ 10`, `١٢٫٥`.

    Args:
        text: at most 64 characters.
        decimal: "." or "," where it is known which of them parts the decimals; without it, one mark with three digits
            after it (`1,234`) is taken as grouping, as in `1,234,567`.

    Raises:
        NoAmount: it can't be read as one amount.
    """
    if len(text) > MAX_AMOUNT_CHARS:
        raise NoAmount(field="amount")
    plain = text.translate(_PLAIN).strip()
    found = _NUMBER.search(plain)
    if not found:
        raise NoAmount(field="amount")
    before, number, after = plain[: found.start()], found.group(), plain[found.end() :]
    negative, sign = _around(before, after)
    value = _decimal(number, decimal)
    return Amount(-value if negative else value, currency_of(sign), sign)


def currency_of(sign: str) -> str | None:
    """The currency a sign, word or code means; None when it means none or several."""
    if not sign:
        return None
    if sign.upper() in EXPONENTS:
        return sign.upper()
    return SIGNS.get(sign) or _BY_FOLDED.get(sign.casefold()) or _BY_FOLDED.get(sign.casefold().rstrip("."))


def could_be(sign: str) -> tuple[str, ...]:
    """The currencies a sign may mean, the likeliest first."""
    code = currency_of(sign)
    return (code,) if code else SHARED_SIGNS.get(sign.casefold(), ())


def format_plain(money: Money, decimal: str = ".") -> str:
    """The amount for machines and sheets: no grouping, all decimals."""
    return f"{money.amount:f}".replace(".", decimal)


def format_money(money: Money, locale: str) -> str:
    """The amount as people of a locale write it.

    Decimals their cash does not have are left out when they are zero, and never otherwise.
    """
    digits = exponent(money.currency)
    if money.minor % 10**digits == 0:
        digits = min(digits, cash_digits(money.currency))
    place = Locale.parse(locale, sep="-" if "-" in locale else "_")
    pattern = copy.copy(place.currency_formats["standard"])
    pattern.frac_prec = (digits, digits)
    written = pattern.apply(money.amount, place, currency=money.currency, currency_digits=False)
    written = _TOUCHING.sub("\u00a0", written)
    # Between letters that run to the left a sign would move behind its number.
    return _BELOW_ZERO.sub("\u200e\\g<0>\u200f", written) if place.text_direction == "rtl" else written


def cash_digits(currency: str) -> int:
    """How many decimals prices of a currency have in shops: none for HUF and RSD, two for EUR."""
    fractions = get_global("currency_fractions")
    return int(fractions.get(currency, fractions["DEFAULT"])[2])


def marks(locale: str) -> tuple[str, str]:
    """The decimal and the grouping mark of a locale."""
    return get_decimal_symbol(locale), get_group_symbol(locale)


def _same(one: Money, other: Money) -> int:
    if one.currency != other.currency:
        raise OtherCurrency(f"{one.currency} and {other.currency} can't be added or compared.")
    return other.minor


def _around(before: str, after: str) -> tuple[bool, str]:
    """What stands round the number: whether it is below zero, and the currency's sign."""
    before, after = before.strip(), after.strip()
    negative = before.startswith("(") and after.endswith(")")
    if negative:
        before, after = before[1:].strip(), after[:-1].strip()
    signs = [mark for mark in (*before, *after) if mark in "+-"]
    before = before.replace("-", "").replace("+", "").strip()
    if whole := _WHOLE.match(after):  # 12,- as shops write whole amounts
        signs, after = [mark for mark in signs if mark == "+"], after[whole.end() :]
    after = after.replace("-", "").replace("+", "").strip()
    sign = before or after
    if len(signs) > 1 or (before and after) or (sign and not could_be(sign)):
        raise NoAmount(field="amount")
    return negative != ("-" in signs), sign


def _decimal(number: str, decimal: str | None) -> Decimal:
    """The digits of a number whose marks are understood."""
    if number.isdigit():
        return Decimal(number)
    mark = decimal if decimal is not None else _decimal_mark(number)
    whole, parted, rest = number.partition(mark) if mark else (number, "", "")
    if parted and not rest.isdigit():
        raise NoAmount(field="amount")
    if whole and not whole.isdigit() and not _GROUPED.fullmatch(whole):
        raise NoAmount(field="amount")
    digits = re.sub(r"\D", "", whole) or "0"
    try:
        return Decimal(f"{digits}.{rest}" if rest else digits)
    except InvalidOperation as fault:
        raise NoAmount(field="amount") from fault


def _decimal_mark(number: str) -> str:
    """Which mark parts the decimals, from one number alone; empty when none does."""
    dot, comma = number.rfind("."), number.rfind(",")
    if dot >= 0 and comma >= 0:
        return "." if dot > comma else ","
    mark = "." if dot >= 0 else "," if comma >= 0 else ""
    if not mark or number.count(mark) > 1:
        return ""
    whole, _, rest = number.partition(mark)
    grouped = len(rest) == 3 and 1 <= len(whole) <= 3 and whole != "0" and " " not in number and "'" not in number
    return "" if grouped else mark
