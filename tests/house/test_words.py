"""One word per idea: tables and classes use the words of docs/words.md, and none of those it replaces."""

import ast
import re

from tests.house import sql
from tests.house.rules import ROOT, SOURCE, parsed

INSTEAD = {
    "user": "member (who works with fadeno) or customer (who is served)",
    "contact": "customer, or address",
    "visitor": "customer",
    "identifier": "address",
    "alias": "address",
    "ticket": "case",
    "issue": "case",
    "tenant": "installation",
    "workspace": "installation",
    "permission": "role and verb",
    "integration": "source, or channel",
    "task": "job",
}


def words_of(name: str) -> list[str]:
    return [word.lower() for word in re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+", name)]


def class_names() -> list[str]:
    return [
        f"{path.relative_to(SOURCE)}:{node.name}"
        for path in sorted(SOURCE.rglob("*.py"))
        for node in ast.walk(parsed(path.read_text("utf-8")))
        if isinstance(node, ast.ClassDef)
    ]


def test_a_name_is_taken_apart():
    assert words_of("recovery_code") == ["recovery", "code"]
    assert words_of("StreamedEvent") == ["streamed", "event"]


def test_every_word_of_a_table_is_explained():
    page = (ROOT / "docs" / "words.md").read_text("utf-8").lower()
    missing = [
        f"{schema}.{table}: {word}"
        for schema, table in sorted(sql.tables())
        for word in words_of(re.sub(r"_(\d+|rest)$", "", table))
        if not re.search(rf"\b{word}s?\b", page)
    ]
    assert not missing, "docs/words.md does not know " + ", ".join(missing)


def test_no_table_or_class_uses_a_word_we_have_another_for():
    names = [f"{schema}.{table}" for schema, table in sql.tables()] + class_names()
    faults = [
        f"{name}: say {INSTEAD[word]}"
        for name in sorted(names)
        for word in words_of(re.split(r"[.:]", name)[-1])
        if word in INSTEAD
    ]
    assert not faults, "\n".join(faults)
