"""What is worth knowing of a file or a column, in words."""

from fadeno.entry.web import words
from fadeno.sheets import Notice


def in_words(notice: Notice) -> str | None:
    """What there is to know; None where nothing is to be said of it."""
    lang, key = words.spoken(), f"imports.notice.{notice.code}"
    if not words.has(lang, key):
        return None
    return str(words.say(lang, key, **{"header": notice.column or "", **notice.data}))
