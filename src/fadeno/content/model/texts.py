"""Texts with places for values: `{{customer.first_name}}`, or `{{customer.first_name|there}}` with words for none."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

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
    "rating.link",
)
MOST_CHARS = 8_000
_MOST_LANGUAGES = 40
TEXT_KINDS = ("greeting", "away", "holiday", "rating")
_PLACE = re.compile(r"\{\{\s*([^{}|]*?)\s*(?:\|([^{}]*))?\}\}")
_BRACES = re.compile(r"\{\{|\}\}")
_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[A-Z][a-z]{3})?")
_GAP = "⟨{}⟩"
_ABOUT = "|".join(sorted({name.partition(".")[0] for name in VARIABLES}))
_LEFT = re.compile(rf"⟨[^⟩\n]{{1,80}}⟩|\{{\{{\s*(?:{_ABOUT})\.[^{{}}\n]{{1,80}}\}}\}}")
_PARTS = re.compile(r"(?<=[.!?؟])[ \t]+|\n")


@dataclass(frozen=True, slots=True)
class KeptText:
    """What fadeno says by itself on an occasion (`kind`), on a channel and by a calendar, or on all without their own.

    Attributes:
        texts: language tag -> text; none = fadeno's own words.
    """

    id: UUID
    kind: str
    channel: str
    calendar_id: UUID | None
    calendar_name: str | None
    texts: dict[str, str]
    version: int
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class Version:
    """What a text or a saved answer said from a moment on."""

    version: int
    name: str
    texts: dict[str, str]
    said_by: str
    said_at: datetime


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


def gaps_left(text: str) -> tuple[str, ...]:
    """Places in a text that is about to be sent in which no value stands: `⟨order number⟩`, `{{order.number}}`."""
    return tuple(dict.fromkeys(place[0] for place in _LEFT.finditer(text)))


def said_fully(text: str, values: Mapping[str, str | None]) -> str:
    """A text with its values in it, for whom nobody looks at it before: sentences with a gap are left out."""
    kept, at = [], 0
    for cut in (*_PARTS.finditer(text), None):
        sentence, between = text[at : cut.start() if cut else None], cut[0] if cut else ""
        at = cut.end() if cut else at
        rendered = render(sentence, values)
        kept.append("" if rendered.missing else rendered.text)
        kept.append("\n" if between == "\n" else " ")
    lines = (" ".join(line.split()) for line in "".join(kept).split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


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
