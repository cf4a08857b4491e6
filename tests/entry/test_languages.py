"""Every language says all that English says, with the same places for values and its own plural forms."""

import re
from collections.abc import Mapping

import pytest

from fadeno.entry.web import words

OTHERS = [lang for lang in words.offered() if lang != words.DEFAULT]
_PLACE = re.compile(r"\{(\w+)\}")


def _places(said: str | Mapping[str, str]) -> set[str]:
    return set(_PLACE.findall(said if isinstance(said, str) else said["other"]))


@pytest.mark.parametrize("lang", OTHERS)
def test_a_language_says_all_that_english_says_and_nothing_else(lang: str) -> None:
    english, said = words.catalogue(words.DEFAULT), words.catalogue(lang)
    assert sorted(english.keys() - said.keys()) == [], "missing"
    assert sorted(said.keys() - english.keys()) == [], "said by nobody"


@pytest.mark.parametrize("lang", OTHERS)
def test_a_message_has_the_places_of_the_english_one(lang: str) -> None:
    said = words.catalogue(lang)
    english = words.catalogue(words.DEFAULT)
    assert [key for key in english if key in said and _places(english[key]) != _places(said[key])] == []


@pytest.mark.parametrize("lang", OTHERS)
def test_a_plural_has_every_form_of_its_language(lang: str) -> None:
    needed = set(words.locale(lang).plural_form.tags) | {"other"}
    forms = needed | {"zero"}  # none may be said as the language says it, or as many
    english = words.catalogue(words.DEFAULT)
    short = {}
    for key, said in words.catalogue(lang).items():
        if isinstance(english.get(key), Mapping):
            assert isinstance(said, Mapping), f"{key} has no plural forms"
            assert set(said) <= forms, f"{key}: {sorted(set(said) - forms)} is no form of this language"
            if needed - set(said):
                short[key] = sorted(needed - set(said))
    assert short == {}


@pytest.mark.parametrize("lang", OTHERS)
def test_every_message_can_be_said(lang: str) -> None:
    for key, said in words.catalogue(lang).items():
        for n in (0, 1, 2, 3, 11, 21, 105):
            values = dict.fromkeys(_places(said), "x") | ({"n": n} if isinstance(said, Mapping) else {})
            assert "{" not in str(words.say(lang, key, **values))


@pytest.mark.parametrize(
    ("accept", "lang"),
    [
        ("", "en"),
        ("xx,yy;q=0.5", "en"),
        ("en-US,en;q=0.9", "en"),
        ("*;q=nonsense, en", "en"),
        ("sr-RS,en;q=0.5", "sr"),
        ("sr-Cyrl-RS,sr;q=0.9", "sr-Cyrl"),
        ("hr-HR,en;q=0.5", "sr"),
        ("ru-RU,en;q=0.5", "ru"),
    ],
)
def test_a_browser_gets_what_it_asks_for_or_english(accept: str, lang: str) -> None:
    assert words.wanted(accept) == lang
