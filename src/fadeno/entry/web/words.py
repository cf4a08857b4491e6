"""What the pages say: catalogues of messages, one file per area and language, with plural forms."""

import re
import tomllib
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar

from babel import Locale
from babel.lists import format_list
from babel.numbers import format_decimal
from markupsafe import Markup, escape

from fadeno.entry import speaking
from fadeno.kit.cyrillic import in_cyrillic
from fadeno.kit.errors import FadenoError
from fadeno.kit.text import sort_key

Thing = TypeVar("Thing")
FOLDER = Path(__file__).parent / "messages"
_MOST_ASKED = 20
_FORMS = frozenset({"zero", "one", "two", "few", "many", "other"})
_RIGHT_TO_LEFT = frozenset({"ar", "fa", "he", "ur"})
_TO_LEFT = "\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc"
# What does not run the way of its surroundings; beside letters to the left, digits and their signs fall apart too.
_STRANGE = {"ltr": re.compile(f"[{_TO_LEFT}]"), "rtl": re.compile(rf"[^{_TO_LEFT}\s]")}
_ISOLATE, _END = "\u2068", "\u2069"
# What each language calls itself, in the order they are offered.
LANGUAGES = {
    "en": "English",
    "hu": "magyar",
    "sr": "srpski",
    "sr-Cyrl": "српски",
    "ru": "русский",
    "ar": "العربية",
    "eo": "Esperanto",
}
DEFAULT = "en"
# Whose habits numbers and dates of a language follow, where its name alone does not say.
_LOCALES = {"en": "en_GB", "sr": "sr_Latn", "sr-Cyrl": "sr_Cyrl"}
# Written from another language's catalogue, letter by letter.
_REWRITTEN = {"sr-Cyrl": ("sr", in_cyrillic)}
# Browsers name Serbian's script or a neighbour's language; these readers are served best by ours.
_NEAR = {"sr-latn": "sr", "sr-cyrl": "sr-Cyrl", "sh": "sr", "bs": "sr", "hr": "sr", "me": "sr", "cnr": "sr"}


class NoMessage(LookupError):
    """A page says something no catalogue holds."""


def spoken() -> str:
    """The language whoever is answered now is spoken to in, as far as there is a catalogue for it."""
    lang = speaking.language()
    return lang if lang in offered() else DEFAULT


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
    if lang in _REWRITTEN:
        base, write = _REWRITTEN[lang]
        return {key: _rewritten(said, write) for key, said in catalogue(base).items()}
    found: dict[str, Any] = {}
    for path in sorted((FOLDER / lang).glob("*.toml")):
        for key, said in _flat(tomllib.loads(path.read_text("utf-8"))):
            if key in found:
                raise ValueError(f"{path.name}: {key} is said twice")
            found[key] = said
    return found


def _rewritten(said: str | Mapping[str, str], write: Callable[[str], str]) -> str | Mapping[str, str]:
    return write(said) if isinstance(said, str) else {form: write(text) for form, text in said.items()}


@lru_cache
def offered() -> dict[str, str]:
    """The languages there is a catalogue for, each with what it calls itself."""
    return {lang: name for lang, name in LANGUAGES.items() if (FOLDER / _REWRITTEN.get(lang, (lang,))[0]).is_dir()}


def wanted(accept_language: str) -> str:
    """The language a browser asks for first among ours (RFC 9110 §12.5.4); English where it wants none of them."""
    asked = []
    for place, part in enumerate(accept_language.lower().split(",")[:_MOST_ASKED]):
        tag, _, weight = part.strip().partition(";")
        try:
            asked.append((-float(weight.strip().removeprefix("q=") or 1), place, tag.strip()))
        except ValueError:
            continue
    ours = offered()
    for _, _, tag in sorted(asked):
        for name in (tag, tag.rpartition("-")[0], tag.partition("-")[0]):
            lang = _NEAR.get(name, name)
            if lang in ours:
                return lang
    return DEFAULT


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
    return key in catalogue(lang) or key in catalogue(DEFAULT)


def called(lang: str, family: str, word: str) -> str:
    """A word of ours as the language calls it; one that no catalogue knows, as it is."""
    key = f"{family}.{word.replace(' ', '_').replace('-', '_')}"
    return str(say(lang, key)) if has(lang, key) else word


def sentence(lang: str, error: FadenoError) -> str | Markup:
    """What went wrong, in the viewer's language; in the program's own where no catalogue says it.

    An error that speaks for itself, in English, is told to others by what all of its kind have in common.
    """
    key = f"errors.{error.word or error.code}"
    is_said = key in catalogue(lang) if lang != DEFAULT or error.word else False
    return say(lang, key, **error.values) if is_said else error.message


def hint(lang: str, error: FadenoError) -> str | Markup:
    """What to do next, the same way; empty where nothing helps."""
    key = f"errors.hint.{error.word or error.code}"
    return say(lang, key, **error.values) if has(lang, key) else error.hint or ""


def say(lang: str, key: str, **values: Any) -> str | Markup:
    """The message, its `{places}` filled; `n` chooses the plural form.

    Numbers are written as the language writes them. Where a value is markup, the answer is, and everything else in it
    is escaped.

    Raises:
        NoMessage: no catalogue of the language holds it.
    """
    try:
        said = catalogue(lang).get(key) or catalogue(DEFAULT)[key]
    except KeyError:
        raise NoMessage(key) from None
    if isinstance(said, Mapping):
        n = values["n"]
        form = "zero" if n == 0 and "zero" in said else locale(lang).plural_form(n)
        said = said.get(form, said["other"])
    if not values:
        return said
    shown = {name: _shown(lang, value) for name, value in values.items()}
    if any(isinstance(value, Markup) for value in values.values()):
        return Markup(escape(said)).format(**shown)  # noqa: S704 - escaped here, and format escapes what it puts in
    return said.format(**shown)


def _shown(lang: str, value: Any) -> Any:
    """A value as it stands in a message: numbers as the language writes them, foreign words kept to themselves."""
    if isinstance(value, str):
        return value if isinstance(value, Markup) else isolated(lang, value)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return format_decimal(value, locale=locale(lang))
    return value


def isolated(lang: str, value: str) -> str:
    """A name, number or address that cannot reorder the words around it, for where no `<bdi>` can stand."""
    return f"{_ISOLATE}{value}{_END}" if _STRANGE[direction(lang)].search(value) else value


def listed(lang: str, things: Iterable[str], style: str = "standard") -> str | Markup:
    """Things as the language lists them: "a, b and c", or with `style="or"` "a, b or c"; markup if any of them is."""
    found = list(things)
    is_markup = any(isinstance(thing, Markup) for thing in found)
    shown = [thing if isinstance(thing, Markup) else isolated(lang, thing) for thing in found]
    said = format_list([escape(thing) for thing in shown] if is_markup else shown, style, locale(lang))
    return Markup(said) if is_markup else said  # noqa: S704 - each thing is escaped


def ordered(lang: str, things: Iterable[Thing], said: Callable[[Thing], str] = str) -> list[Thing]:
    """Things of a short list in the order of the language's alphabet, by how they are `said` there."""
    return sorted(things, key=lambda thing: (sort_key(said(thing), lang), said(thing)))


def beside(lang: str, things: Iterable[str]) -> str:
    """Facts side by side, parted by the language's comma; what is empty is left out."""
    return str(say(lang, "frame.comma")).join(isolated(lang, thing) for thing in things if thing)
