"""Whatever fadeno refuses, it can say so to a person in their language."""

import ast
import importlib
import pkgutil
import string
from collections.abc import Iterator

import pytest

import fadeno
from fadeno.entry.web import words
from fadeno.kit.errors import FadenoError
from tests.house.rules import SOURCE, parsed

LANGUAGES = sorted(path.name for path in words.FOLDER.iterdir() if path.is_dir())


def _kinds(of: type[FadenoError] = FadenoError) -> Iterator[type[FadenoError]]:
    for one in of.__subclasses__():
        if one.__module__.startswith("fadeno."):
            yield one
            yield from _kinds(one)


@pytest.fixture(scope="module")
def kinds() -> list[type[FadenoError]]:
    for module in pkgutil.walk_packages(fadeno.__path__, "fadeno."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)
    return [FadenoError, *_kinds()]


def _given_words() -> dict[str, set[str]]:
    """Each `word="…"` given to an error, with the values given for its places."""
    found: dict[str, set[str]] = {}
    for path in SOURCE.rglob("*.py"):
        for call in ast.walk(parsed(path.read_text("utf-8"))):
            if not isinstance(call, ast.Call):
                continue
            given = {k.arg: k.value for k in call.keywords if k.arg}
            word = given.get("word")
            if isinstance(word, ast.Constant) and isinstance(word.value, str) and isinstance(call.func, ast.Name):
                found.setdefault(word.value, set()).update(set(given) - {"word", "field", "hint"})
    return found


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_error_is_said_in_every_language(kinds: list[type[FadenoError]], lang: str):
    assert len(kinds) > 30
    missing = {kind.code for kind in kinds if not words.has(lang, f"errors.{kind.code}")}
    assert not missing, f"messages/{lang}/errors.toml does not say {sorted(missing)}"
    unhelpful = {kind.code for kind in kinds if kind.hint and not words.has(lang, f"errors.hint.{kind.code}")}
    assert not unhelpful, f"messages/{lang}/errors.toml has no hint for {sorted(unhelpful)}"


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_finer_word_is_said_with_the_values_it_is_given(lang: str):
    given = _given_words()
    assert {"password_short", "bad_line"} <= set(given)
    missing = sorted(word for word in given if not words.has(lang, f"errors.{word}"))
    assert not missing, f"messages/{lang}/errors.toml does not say {missing}"
    for word, values in given.items():
        said = words.catalogue(lang)[f"errors.{word}"]
        for form in [said] if isinstance(said, str) else said.values():
            places = {name for _, name, _, _ in string.Formatter().parse(form) if name}
            assert places <= values, f"errors.{word} has places nothing is given for: {places - values}"


def test_a_person_is_told_in_words_of_the_catalogue_and_else_in_the_programs_own():
    class Odd(FadenoError):
        """Something odd."""

        code = "forbidden"

    assert words.sentence("en", Odd()) == "Your role does not reach this far."
    assert words.sentence("en", Odd("Only this once.")) == "Only this once."
    assert words.sentence("en", Odd("x", word="bad_line", line="<a>")) == "Write “<a>” as path = what it holds."
    assert words.hint("en", Odd()) == "Ask an administrator if you need it."
