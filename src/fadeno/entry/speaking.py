"""The language whoever is answered now is spoken to in: set where a request comes in, read where words are found."""

from contextvars import ContextVar

_language: ContextVar[str] = ContextVar("language", default="")


def language() -> str:
    """The language of this request; empty where nobody said any."""
    return _language.get()


def speak(language: str) -> None:
    """From now on, in this request, speak this language."""
    _language.set(language)
