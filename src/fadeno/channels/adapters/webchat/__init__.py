"""Web chat: what the widget of a page sends to letters. Answers are fetched by the widget, so nothing is carried."""

from fadeno.channels.adapters.webchat.reading import MOST_FILES, MOST_TEXT_CHARS, Body, File, read
from fadeno.channels.adapters.webchat.writing import write

__all__ = ["MOST_FILES", "MOST_TEXT_CHARS", "Body", "File", "read", "write"]
