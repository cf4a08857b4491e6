"""The words mail programs put around what people write, of all languages at once."""

import re
import tomllib
from functools import cache
from importlib.resources import files

_HEADS = ("from", "sent", "to", "cc", "subject", "reply_to", "files")
_DEVICES = "iphone|ipad|android|galaxy|samsung|huawei|xiaomi|outlook|gmail|yahoo|آیفون|اندروید|айфон"
_NO_SPACES = re.compile(r"[\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")


@cache
def _languages() -> dict[str, dict[str, list[str]]]:
    text = (files("fadeno.channels.stripping") / "phrases.toml").read_text("utf-8")
    return tomllib.loads(text)


def _all(kind: str) -> list[str]:
    """Every phrase of a kind, the longest first."""
    found = {phrase.casefold() for language in _languages().values() for phrase in language.get(kind, ())}
    return sorted(found, key=lambda phrase: (-len(phrase), phrase))


def _either(phrases: list[str]) -> str:
    return "|".join(re.escape(phrase).replace(r"\ ", r"\s+") for phrase in phrases)


@cache
def wrote() -> re.Pattern[str]:
    """A verb of writing, as a word of its own where the script parts words."""
    parted = [phrase for phrase in _all("wrote") if not _NO_SPACES.search(phrase)]
    unparted = [phrase for phrase in _all("wrote") if _NO_SPACES.search(phrase)]
    return re.compile(rf"(?<!\w)(?:{_either(parted)})(?!\w)|{_either(unparted)}", re.IGNORECASE)


@cache
def begins_on() -> re.Pattern[str]:
    """The word the line of an attribution begins with: On, Le, Am …"""
    return re.compile(rf"(?:{_either(_all('on'))})(?!\w)|[在于於]", re.IGNORECASE)


@cache
def heads() -> re.Pattern[str]:
    """The head of a header line; the group that matched is its role."""
    roles = "|".join(rf"(?P<{role}>{_either(_all(role))})" for role in _HEADS)
    return re.compile(rf"[\s*_|•]{{0,6}}(?:{roles})[\s*_]{{0,4}}[:：][*_]{{0,3}}(?=\s|\Z|[<\w\[\"'(])", re.IGNORECASE)


@cache
def role_of() -> dict[str, frozenset[str]]:
    """What a head can stand for, over all languages: `de` is from, `data` is sent."""
    found: dict[str, set[str]] = {}
    for role in _HEADS:
        for phrase in _all(role):
            found.setdefault(phrase, set()).add(role)
    return {phrase: frozenset(roles) for phrase, roles in found.items()}


@cache
def forwarded() -> re.Pattern[str]:
    """A line that says that another mail follows."""
    return re.compile(
        rf"[\s*_>\-‐‑‒–—―=]{{0,60}}(?:{_either(_all('forwarded'))})\s*[:：]?[\s*_\-‐‑‒–—―=]{{0,60}}\Z", re.IGNORECASE
    )


@cache
def above() -> re.Pattern[str]:
    """A line that asks to write above it."""
    return re.compile(rf"[\W_]{{0,40}}(?:{_either(_all('above'))})[\W_]{{0,40}}\Z", re.IGNORECASE)


@cache
def sent_from() -> re.Pattern[str]:
    """A line a device or program adds: it begins so, or names a device and ends so."""
    parted = [phrase for phrase in _all("sent_from") if not _NO_SPACES.search(phrase)]
    unparted = [phrase for phrase in _all("sent_from") if _NO_SPACES.search(phrase)]
    return re.compile(
        rf"[\W_]{{0,10}}(?:(?:{_either(parted)})(?!\w)|{_either(unparted)})"
        rf"|.{{0,40}}(?:{_DEVICES}).{{0,20}}(?:{_either(_all('sent_ends'))})[\W_]{{0,5}}\Z"
        rf"|[\W_]{{0,10}}(?:{_either(_all('get'))})(?!\w).{{1,40}}(?:android|ios|iphone|ipad|windows)[\W_]{{0,5}}\Z",
        re.IGNORECASE,
    )


@cache
def secrets() -> tuple[tuple[str, ...], ...]:
    """The words of disclaimers, by language."""
    return tuple(
        tuple(w.casefold() for w in language["secret"]) for language in _languages().values() if "secret" in language
    )


@cache
def notices() -> re.Pattern[str]:
    """What a last line says that asks not to print the mail, or tells what looked for viruses."""
    return re.compile(_either(_all("notice")), re.IGNORECASE)
