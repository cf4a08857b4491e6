"""Every language says all that English says, with the same places for values and its own plural forms."""

import re
from collections.abc import Mapping

import pytest
from markupsafe import Markup

from fadeno.entry.web import words
from fadeno.kit.errors import Conflict

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


@pytest.mark.parametrize(
    ("lang", "said"),
    [("en", "a, b and c"), ("hu", "a, b és c"), ("sr-Cyrl", "a, b и c"), ("eo", "a, b kaj c")],
)
def test_things_are_listed_as_the_language_lists_them(lang: str, said: str) -> None:
    assert words.listed(lang, ["a", "b", "c"]) == said


def test_arabic_has_its_own_comma_and_its_own_lists() -> None:
    assert words.beside("ar", ["اسم", "", "بريد"]) == "اسم، بريد"
    assert words.listed("ar", ["اسم", "بريد"]) == "اسم وبريد"


def test_a_list_of_markup_is_markup_and_what_is_none_is_escaped() -> None:
    assert words.listed("en", [Markup("<b>a</b>"), "<i>"]) == Markup("<b>a</b> and &lt;i&gt;")


def test_foreign_words_and_numbers_cannot_reorder_a_sentence() -> None:
    assert words.say("ar", "frame.you", name="Anna") == "\u2068Anna\u2069، حسابك"
    assert words.say("ar", "frame.you", name="سلمى") == "سلمى، حسابك"
    assert words.say("en", "frame.you", name="سلمى") == "\u2068سلمى\u2069, your account"
    assert words.say("en", "frame.you", name="Anna") == "Anna, your account"


def test_every_number_in_a_message_is_written_as_the_language_writes_it() -> None:
    said = words.say("hu", "errors.import_mostly_refused", refused=1200, rows=12000, row=15, why="–")
    assert "12\N{NO-BREAK SPACE}000" in said
    assert words.say("en", "customers.begin.count", n=0, all=5) == "0 of 5 done"


@pytest.mark.parametrize(
    ("lang", "said"),
    [
        ("hu", ["cél", "ciklus", "csatorna", "dal", "zene", "zsák"]),
        ("sr", ["cena", "čas", "ćilim", "dan", "džep", "đak"]),
        ("ru", ["ёлка", "ель", "жар", "cat"]),
        ("eo", ["celo", "cxielo", "ĉielo", "domo"]),
        ("ar", ["أحمد", "بسام", "تامر"]),
    ],
)
def test_a_short_list_stands_in_the_order_of_its_readers_alphabet(lang: str, said: list[str]) -> None:
    assert words.ordered(lang, reversed(said)) == said


@pytest.mark.parametrize("lang", words.offered())
def test_what_a_script_fills_in_has_one_form(lang: str) -> None:
    """The browser knows no plural forms: `palette.js` puts the number in itself."""
    said = words.catalogue(lang)["frame.palette.counted"]
    assert isinstance(said, str)
    assert said.count("{n}") == 1


def test_an_error_in_english_words_is_told_to_others_by_its_kind() -> None:
    error = Conflict("The moon is taken.")
    assert words.sentence("en", error) == "The moon is taken."
    assert words.sentence("hu", error) == words.say("hu", "errors.conflict")
    assert words.sentence("hu", Conflict(word="name_taken")) == words.say("hu", "errors.name_taken")
