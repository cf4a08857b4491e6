"""Money is whole minor units of one currency, with the standard's decimals, and nothing is lost in sums or text."""

from decimal import Decimal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from fadeno.kit import money
from fadeno.kit.money import Money

LOCALES = ("en", "de", "fr", "es", "pt", "hu", "sr_Latn", "sr_Cyrl", "ru", "ar", "eo")
amounts = st.builds(Money, st.integers(-(10**15), 10**15), st.sampled_from(sorted(money.EXPONENTS)))


@pytest.mark.parametrize(
    ("currency", "decimals"),
    [("EUR", 2), ("RSD", 2), ("HUF", 2), ("IQD", 3), ("LBP", 2), ("KWD", 3),
     ("BHD", 3), ("JPY", 0), ("CLF", 4), ("CLP", 0), ("ISK", 0), ("MGA", 2)],
)  # fmt: skip
def test_a_currency_has_the_decimals_of_the_standard(currency: str, decimals: int):
    assert money.exponent(currency) == decimals


@pytest.mark.parametrize(
    ("text", "number", "currency"),
    [
        ("1.234,56 €", "1234.56", "EUR"),
        ("1 234,56 Ft", "1234.56", "HUF"),
        ("1\u202f234,56\u00a0Ft", "1234.56", "HUF"),
        ("(12.50)", "-12.50", None),
        ("-5", "-5", None),
        ("−5", "-5", None),
        ("5-", "-5", None),
        ("R$ 10", "10", "BRL"),
        ("١٬٢٣٤٫٥٦", "1234.56", None),
        ("د.إ 12.50", "12.50", "AED"),
        ("12,- €", "12", "EUR"),
        ("1'234.50 CHF", "1234.50", "CHF"),
        ("12,34,567.80", "1234567.80", None),
        ("1,234,567", "1234567", None),
        ("1,234", "1234", None),
        ("0,123", "0.123", None),
        (".5", "0.5", None),
        ("USD 3", "3", "USD"),
        ("$3", "3", None),
        ("300 дин.", "300", "RSD"),
        ("1 500 руб.", "1500", "RUB"),
    ],
)
def test_an_amount_is_read_as_people_write_it(text: str, number: str, currency: str | None):
    found = money.read_amount(text)
    assert (found.number, found.currency) == (Decimal(number), currency)


@pytest.mark.parametrize("text", ["", "abc", "1.2.3,4,5", "1 2 3", "€5 €", "5 apples", "--5", "1,23.5", "9" * 70, "٫"])
def test_what_is_no_amount_is_refused(text: str):
    with pytest.raises(money.NoAmount):
        money.read_amount(text)


def test_the_decimal_mark_may_be_known():
    assert money.read_amount("1,234", ",").number == Decimal("1.234")
    assert money.read_amount("1.234", ",").number == 1234
    with pytest.raises(money.NoAmount):
        money.read_amount("1,23", ".")


def test_money_is_exact_or_refused():
    assert money.of(Decimal("12.50"), "EUR") == Money(1250, "EUR")
    assert money.of(Decimal("12.5000"), "EUR").minor == 1250
    with pytest.raises(money.TooFine):
        money.of(Decimal("0.5"), "JPY")
    with pytest.raises(money.NoAmount):
        money.of(Decimal("1e30"), "EUR")
    with pytest.raises(money.OtherCurrency):
        Money(1, "EUR") + Money(1, "HUF")
    assert money.rounded(Decimal("2.345"), "EUR") == Money(234, "EUR")


@given(amounts, st.sampled_from([".", ","]))
@example(Money(-1234567, "KWD"), ",")
def test_plain_text_reads_back_the_same(amount: Money, decimal: str):
    text = money.format_plain(amount, decimal)
    assert money.of(money.read_amount(text, decimal).number, amount.currency) == amount


@given(amounts, st.sampled_from(LOCALES))
def test_what_people_see_has_all_decimals_that_are_not_zero(amount: Money, locale: str):
    seen = "".join(c for c in money.format_money(amount, locale) if c.isdigit())
    digits = str(abs(amount.minor)).rstrip("0")
    plain = "".join(str(int(c)) for c in seen)
    assert digits in plain or not amount.minor


def test_a_minus_stays_before_its_number_where_letters_run_to_the_left():
    assert money.format_money(Money(-1_600_000, "HUF"), "ar") == "\u200f\u200e-16,000\u200f\u00a0HUF"
    assert money.format_money(Money(1_600_000, "HUF"), "ar") == "\u200f16,000\u00a0HUF"


def test_prices_look_as_they_do_in_shops():
    assert money.format_money(Money(123_400, "RSD"), "sr_Latn") == "1.234\u00a0RSD"
    assert money.format_money(Money(123_456, "RSD"), "sr_Latn") == "1.234,56\u00a0RSD"
    assert money.format_money(Money(1_600_000, "HUF"), "hu") == "16\u00a0000\u00a0Ft"
    assert money.format_money(Money(1_600_050, "HUF"), "hu") == "16\u00a0000,50\u00a0Ft"
    assert money.format_money(Money(10_000, "EUR"), "eo") == "€\u00a0100,00"
    assert money.format_money(Money(5, "JPY"), "en") == "¥5"
    assert money.format_money(Money(-1_234_567, "KWD"), "de") == "-1.234,567\u00a0KWD"
