"""Public holidays of a country and a region of it, by the package `holidays`."""

import warnings
from collections.abc import Mapping
from datetime import date
from functools import cache, lru_cache
from importlib import import_module
from types import MappingProxyType
from typing import Any

_ENGLISH = "en_US"


@cache
def _package() -> Any:
    """The package, loaded when the first holiday is asked for: a sixth of a second of every start and command."""
    return import_module("holidays")


@cache
def _regions() -> Mapping[str, list[str]]:
    return _package().list_supported_countries(include_aliases=False)


@cache
def _tongues() -> Mapping[str, list[str]]:
    return _package().list_localized_countries(include_aliases=False)


def is_country(code: str) -> bool:
    """Whether public holidays of this country are known."""
    return code in _regions()


def countries() -> tuple[str, ...]:
    """The countries whose public holidays are known, by code."""
    return tuple(sorted(_regions()))


def has_region(country: str, region: str) -> bool:
    """Whether the country has such a region with holidays of its own."""
    return region in _regions().get(country, ())


def regions(country: str) -> tuple[str, ...]:
    """The regions with holidays of their own, by code."""
    return tuple(_regions().get(country, ()))


@lru_cache(maxsize=256)
def holidays_in(country: str, region: str, year: int, language: str = "") -> Mapping[date, str]:
    """The public holidays of a year, called as in `language` where the package knows it, else as in English."""
    if not country or not is_country(country):
        return MappingProxyType({})
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of some countries only some years are known; of the others there are none
        said = _package().country_holidays(
            country, subdiv=region or None, years=year, language=_tongue(country, language), expand=False
        )
    return MappingProxyType(dict(said.items()))


def _tongue(country: str, language: str) -> str | None:
    """The package's name of a language; None is the country's own."""
    known = _tongues().get(country, ())
    short = language.partition("-")[0]
    own = next((tongue for tongue in known if tongue.partition("_")[0] == short), None)
    return own or (_ENGLISH if _ENGLISH in known else None)
