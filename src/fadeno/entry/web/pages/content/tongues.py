"""What forms of texts in several languages share."""

from collections.abc import Mapping

from litestar import Request

from fadeno import content
from fadeno.entry.web import values, words

_MOST_CHARS = 10_000
_FIELD = "text_"


async def long_fields(request: Request) -> Mapping[str, str]:
    """The words of a form, each once, texts among them; what is absurdly long is left out."""
    form = await request.form()
    return {name: value for name, value in form.items() if isinstance(value, str) and len(value) <= _MOST_CHARS}


def texts_in(form: Mapping[str, str]) -> dict[str, str]:
    """The texts of a form by language: its fields `text_hu`, and one more language that was chosen."""
    found = {name.removeprefix(_FIELD): text for name, text in form.items() if name.startswith(_FIELD)}
    if form.get("more_text", "").strip():
        found[form.get("more_language", "")] = form["more_text"]
    return {tag: text for tag, text in found.items() if text.strip()}


def offered_tongues() -> list[tuple[str, str]]:
    """The languages texts are offered in, with what they are called, in the viewer's alphabet."""
    named = [(tag, values.tongue(tag)) for tag in content.own_words("greeting")]
    return words.ordered(words.spoken(), named, lambda one: one[1])
