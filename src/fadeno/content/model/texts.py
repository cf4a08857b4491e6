"""Texts with places for values: `{{customer.first_name}}`, or `{{customer.first_name|there}}` with words for none."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from fadeno.content.model.calendar import TEXT_KINDS, Texts
from fadeno.kit.errors import Invalid

# What a text can have places for.
VARIABLES = (
    "customer.first_name",
    "customer.name",
    "agent.first_name",
    "agent.name",
    "order.number",
    "order.state",
    "case.number",
    "company.name",
    "opens.when",
    "answer.when",
)
MOST_CHARS = 8_000
_MOST_LANGUAGES = 40
_PLACE = re.compile(r"\{\{\s*([^{}|]*?)\s*(?:\|([^{}]*))?\}\}")
_BRACES = re.compile(r"\{\{|\}\}")
_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[A-Z][a-z]{3})?")
_GAP = "⟨{}⟩"


@dataclass(frozen=True, slots=True)
class Rendered:
    """A text with its values in it.

    Attributes:
        missing: the variables without a value: each stands as a visible gap, and is to be filled before it is sent.
    """

    text: str
    missing: tuple[str, ...]


def render(text: str, values: Mapping[str, str | None], gaps: Mapping[str, str] | None = None) -> Rendered:
    """Put values into a text; what has none is a gap one sees, never nothing.

    Args:
        gaps: what a gap is called in the reader's language, by variable.
    """
    missing: dict[str, None] = {}

    def value(place: re.Match[str]) -> str:
        name, otherwise = place[1], place[2]
        found = (values.get(name) or "").strip()
        if found or otherwise is not None:
            return found or otherwise.strip()
        missing[name] = None
        return _GAP.format((gaps or {}).get(name, name))

    return Rendered(_PLACE.sub(value, text), tuple(missing))


def variables_in(text: str) -> tuple[str, ...]:
    """The variables a text has places for, each once, in its order."""
    return tuple(dict.fromkeys(place[1] for place in _PLACE.finditer(text)))


def in_language(texts: Mapping[str, str], language: str, *others: str) -> tuple[str, str] | None:
    """The language tag and the text for who reads `language`: that, its kin, else that of the first of `others`."""
    if not texts:
        return None
    for wanted in (language, *others):
        short = wanted.partition("-")[0]
        for tag in (wanted, short, *(tag for tag in texts if tag.partition("-")[0] == short)):
            if tag in texts:
                return tag, texts[tag]
    return next(iter(texts.items()))


def checked_text(text: str, field: str = "text") -> str:
    """A text that can be kept, without spaces around it.

    Raises:
        Invalid: it is empty or too long, or has a place for something nobody knows.
    """
    text = text.replace("\r\n", "\n").strip()
    if not text:
        raise Invalid("Write what is to be said.", field=field, word="no_text")
    if len(text) > MOST_CHARS or "\x00" in text:
        raise Invalid(f"Use at most {MOST_CHARS} characters.", field=field, word="text_too_long", n=MOST_CHARS)
    for name in variables_in(text):
        if name not in VARIABLES:
            known = ", ".join(VARIABLES)
            raise Invalid(
                f"Nothing is known as {{{{{name[:40]}}}}}. There is: {known}.",
                field=field,
                word="unknown_variable",
                name=name[:40],
                known=known,
            )
    if _BRACES.search(_PLACE.sub("", text)):
        raise Invalid("Write a place for a value as {{customer.name}}.", field=field, word="bad_place")
    return text


def checked_by_language(texts: Mapping[str, str], field: str = "text") -> dict[str, str]:
    """Texts by language tag; a language without one is left out.

    Raises:
        Invalid: a tag is none, or a text can't be kept.
    """
    if len(texts) > _MOST_LANGUAGES or not all(_LANGUAGE.fullmatch(tag) for tag in texts):
        raise Invalid("Name a language as hu or sr-Latn.", field=field, word="bad_language_tag")
    return {tag: checked_text(text, field) for tag, text in texts.items() if text.strip()}


def checked_texts(texts: Texts) -> Texts:
    """A calendar's texts.

    Raises:
        Invalid: a kind, a language or a text can't be kept.
    """
    if {*texts} - {*TEXT_KINDS}:
        raise Invalid(f"A calendar says: {', '.join(TEXT_KINDS)}.", field="texts", word="bad_choice")
    return {kind: said for kind in TEXT_KINDS if (said := checked_by_language(texts.get(kind, {}), kind))}
