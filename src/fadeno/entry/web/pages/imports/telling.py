"""What went wrong with an import, or is asked of it, in the words of the page."""

from collections.abc import Mapping
from copy import copy
from functools import cache
from operator import itemgetter
from typing import Any

from babel import Locale
from babel.core import get_global
from babel.numbers import get_currency_name, get_territory_currencies
from phonenumbers import SUPPORTED_REGIONS

from fadeno.entry.web import words
from fadeno.imports import Import
from fadeno.kit.errors import FadenoError
from fadeno.kit.money import EXPONENTS

_USUAL = ("EUR", "USD", "GBP")
_MOST_LIKELY = 6
# The values of faults that are words of ours: where the catalogues say them.
_OURS = {
    "target": "imports.target_of",
    "seems": "imports.target_of",
    "state": "imports.state_of",
    "why": "imports.reason",
}


def of(error: FadenoError) -> FadenoError:
    """An error whose values are said in the viewer's language too."""
    said = copy(error)
    said.values = {name: _said(name, value) for name, value in error.values.items()}
    return said


def of_fault(fault: Mapping[str, Any]) -> FadenoError:
    """The same for one an import keeps."""
    kept = FadenoError(fault["message"], hint=fault.get("hint"), word=fault.get("word") or fault["code"])
    kept.code, kept.values = fault["code"], dict(fault.get("values") or {})
    return of(kept)


def _said(name: str, value: Any) -> Any:
    lang = words.spoken()
    if name == "missing":
        return words.listed(lang, [_field(lang, one) for one in str(value).split(",")])
    key = f"{_OURS.get(name, '')}.{value}"
    return str(words.say(lang, key)).rstrip(".") if name in _OURS and words.has(lang, key) else value


def _field(lang: str, names: str) -> str:
    """A field, or several of which one is enough."""
    said = [str(words.say(lang, f"imports.field.{name}")) for name in names.split("|")]
    return f"({words.listed(lang, said, 'or')})" if len(said) > 1 else said[0]


@cache
def _in_use() -> frozenset[str]:
    """The currencies some country pays with now: no metals, funds, units of account or former ones."""
    of_countries = get_global("territory_currencies").values()
    return frozenset(code for paid in of_countries for code, _, until, is_tender in paid if is_tender and not until)


def currencies(regions: list[str], before: str | None) -> tuple[list[str], list[tuple[str, str]]]:
    """Which currencies amounts may be in: the company's likely ones, and all that are paid with, with their names.

    Args:
        regions: of the company's sources. before: what its last file was in.
    """
    of_regions = [code for region in regions if region != "ZZ" for code in get_territory_currencies(region)]
    likely = dict.fromkeys(code for code in (before, *of_regions, *_USUAL) if code in EXPONENTS)
    locale = words.locale(words.spoken())
    offered = [code for code in EXPONENTS if code in _in_use() or code in likely]
    named = ((code, get_currency_name(code, locale=locale)) for code in offered)
    return list(likely)[:_MOST_LIKELY], words.ordered(words.spoken(), named, itemgetter(1))


def likely_regions(of_rows: list[str], of_sources: list[str]) -> list[str]:
    """Whose dialling rules phone numbers may follow: those of the rows' own countries, the sources', the viewer's."""
    own = Locale.parse(get_global("likely_subtags").get(words.spoken().partition("-")[0], "en_US")).territory
    return list(dict.fromkeys(code for code in (*of_rows, *of_sources, own) if code in SUPPORTED_REGIONS))[
        :_MOST_LIKELY
    ]


def regions() -> list[tuple[str, str]]:
    """All whose dialling rules are known, with their names in the viewer's language."""
    named = words.locale(words.spoken()).territories
    return words.ordered(words.spoken(), ((code, named.get(code, code)) for code in SUPPORTED_REGIONS), itemgetter(1))


def sheet_names(made: Import) -> list[str]:
    """The sheets of the file, those that are read first."""
    left = ("sheet_left_out", "hidden_sheet_left_out")
    told = [str(n.data["name"]) for table in made.tables for n in table.notices if n.code in left]
    return [*(table.sheet for table in made.tables), *told]
