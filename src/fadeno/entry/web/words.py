"""What the pages say: catalogues of messages, one file per area and language, with plural forms."""

import tomllib
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from babel import Locale
from babel.numbers import format_decimal
from markupsafe import Markup, escape

FOLDER = Path(__file__).parent / "messages"
_FORMS = frozenset({"zero", "one", "two", "few", "many", "other"})
_RIGHT_TO_LEFT = frozenset({"ar", "fa", "he", "ur"})
# The country whose habits numbers and dates of a language follow.
_LOCALES = {"en": "en_GB"}


class NoMessage(LookupError):
    """A page says something no catalogue holds."""


@lru_cache
def locale(lang: str) -> Locale:
    """How numbers and dates are written in a language."""
    return Locale.parse(_LOCALES.get(lang, lang))


def direction(lang: str) -> str:
    """Which way a language is written."""
    return "rtl" if lang in _RIGHT_TO_LEFT else "ltr"


@lru_cache
def catalogue(lang: str) -> Mapping[str, str | Mapping[str, str]]:
    """Every message of a language by its dotted key; one with plural forms is a mapping of them."""
    found: dict[str, Any] = {}
    for path in sorted((FOLDER / lang).glob("*.toml")):
        for key, said in _flat(tomllib.loads(path.read_text("utf-8"))):
            if key in found:
                raise ValueError(f"{path.name}: {key} is said twice")
            found[key] = said
    return found


def _flat(table: Mapping[str, Any], before: str = "") -> list[tuple[str, Any]]:
    flat: list[tuple[str, Any]] = []
    for name, said in table.items():
        if isinstance(said, str) or is_plural(said):
            flat.append((before + name, said))
        else:
            flat.extend(_flat(said, f"{before}{name}."))
    return flat


def is_plural(said: Any) -> bool:
    """Whether a table is one message in its plural forms."""
    return isinstance(said, dict) and "other" in said and set(said) <= _FORMS and _all_text(said)


def _all_text(said: Mapping[str, Any]) -> bool:
    return all(isinstance(form, str) for form in said.values())


def has(lang: str, key: str) -> bool:
    """Whether there is such a message."""
    return key in catalogue(lang)


def say(lang: str, key: str, **values: Any) -> str | Markup:
    """The message, its `{places}` filled; `n` chooses the plural form and is written as the language writes numbers.

    Where a value is markup, the answer is, and everything else in it is escaped.

    Raises:
        NoMessage: no catalogue of the language holds it.
    """
    try:
        said = catalogue(lang)[key]
    except KeyError:
        raise NoMessage(key) from None
    if isinstance(said, Mapping):
        n = values["n"]
        form = "zero" if n == 0 and "zero" in said else locale(lang).plural_form(n)
        said = said.get(form, said["other"])
    if not values:
        return said
    if isinstance(values.get("n"), (int, float)):
        values["n"] = format_decimal(values["n"], locale=locale(lang))
    if any(isinstance(value, Markup) for value in values.values()):
        return Markup(escape(said)).format(**values)  # noqa: S704 - escaped here, and format escapes what it puts in
    return said.format(**values)
