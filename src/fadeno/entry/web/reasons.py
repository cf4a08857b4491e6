"""Why a row of a file is refused, in words."""

from fadeno.entry.web import words
from fadeno.imports import Reason


def in_words(reason: Reason) -> str:
    """The column, and what is wrong with what stands in it."""
    key, lang = f"imports.reason.{reason.code}", words.spoken()
    said = str(words.say(lang, key)) if words.has(lang, key) else reason.code.replace("_", " ")
    return f"{reason.column}: {said}" if reason.column else said
