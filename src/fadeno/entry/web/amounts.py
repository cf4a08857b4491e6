"""Amounts and numbers as a person reads them."""

from decimal import Decimal

from babel.numbers import format_decimal

from fadeno.entry.web import words
from fadeno.kit.money import Money, TooFine, format_money, of

_PLACES = "#,##0.############"


def amount(money: Money | None) -> str:
    """An amount with its currency as the viewer's language writes it; empty where there is none."""
    return format_money(money, str(words.locale(words.spoken()))) if money is not None else ""


def price(number: Decimal, currency: str) -> str:
    """What one of something costs, which may be finer than the currency."""
    try:
        return amount(of(number, currency))
    except TooFine:  # a screw at 0.0349
        return f"{figure(number)}\N{NO-BREAK SPACE}{currency}"


def figure(number: Decimal | None) -> str:
    """A number with the places it has; empty where there is none."""
    return (
        str(format_decimal(number, format=_PLACES, locale=words.locale(words.spoken()))) if number is not None else ""
    )
