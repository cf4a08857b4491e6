"""docs/licences.md names all we run on, truly, and nothing in it binds who uses fadeno more than it says."""

import re
import tomllib
from importlib import metadata
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PERMISSIVE = {"0BSD", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "ISC", "MIT", "MIT-0", "MIT-CMU", "PSF-2.0"}
EXCEPTIONS = {
    "psycopg": "LGPL-3.0-only",
    "psycopg-binary": "LGPL-3.0-only",
    "psycopg-pool": "LGPL-3.0-only",
    "certifi": "MPL-2.0",
}
# What packages say that do not say it in SPDX.
_FAMILIES = {
    "MIT License": "MIT",
    "MIT": "MIT",
    "BSD License": "BSD",
    "BSD": "BSD",
    "Apache Software License": "Apache",
    "ISC License (ISCL)": "ISC",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL",
    "Python Software Foundation License": "PSF",
}
# What a licence's own text says, for packages that carry nothing but that.
_TEXTS = {"Redistribution and use in source and binary forms": "BSD"}


def _locked() -> set[str]:
    lock = (ROOT / "requirements.lock").read_text("utf-8")
    return set(re.findall(r"^([a-z0-9._-]+)==", lock, re.MULTILINE))


def _listed() -> dict[str, str]:
    page = (ROOT / "docs/licences.md").read_text("utf-8")
    table = page.partition("## What fadeno runs on")[2].partition("\n## ")[0]
    rows = re.findall(r"^\| ([a-z0-9._-]+) \| ([^|]+) \| [^|]+ \|$", table, re.MULTILINE)
    return {package: licence.strip() for package, licence in rows if package != "package"}


LISTED = _listed()


def test_every_package_we_run_on_is_listed_and_no_other() -> None:
    assert set(LISTED) == _locked()


@pytest.mark.parametrize("package", sorted(LISTED))
def test_a_licence_is_permissive_or_a_named_exception(package: str) -> None:
    if package in EXCEPTIONS:
        assert LISTED[package] == EXCEPTIONS[package]
    else:
        assert set(re.split(r" (?:OR|AND) ", LISTED[package])) <= PERMISSIVE


@pytest.mark.parametrize("package", sorted(LISTED))
def test_a_package_says_the_same_licence_as_the_page(package: str) -> None:
    try:
        said = metadata.metadata(package)
    except metadata.PackageNotFoundError:
        pytest.skip(f"needs a system that uses {package}: run it on Windows, or with an older Python")
    if said["License-Expression"]:
        assert said["License-Expression"] == LISTED[package]
        return
    classifiers = [c.rpartition(" :: ")[2] for c in said.get_all("Classifier") or [] if c.startswith("License ::")]
    classifiers = [one for one in classifiers if one != "OSI Approved"]  # says that it has a licence, not which
    families = {_FAMILIES[word] for word in classifiers} or set(
        re.findall(r"(?:^|(?<=OR )|(?<=AND ))[A-Za-z]+", said["License"] or "")
    ) or _families_of_texts(package)  # fmt: skip
    # A package may have more licences in its classifiers than one must follow; none may be left out here silently.
    assert {re.split(r"-\d", one)[0] for one in re.split(r" (?:OR|AND) ", LISTED[package])} <= families


def _families_of_texts(package: str) -> set[str]:
    texts = [file.read_text("utf-8") for file in metadata.files(package) or [] if "licenses" in file.parts]
    return {family for words, family in _TEXTS.items() for text in texts if words in " ".join(text.split())}


def test_every_exception_is_explained_on_the_page() -> None:
    page = (ROOT / "docs/licences.md").read_text("utf-8")
    explained = page.partition("## Exceptions")[2].partition("\n## ")[0]
    assert [package for package in EXCEPTIONS if package not in explained] == []


def test_every_file_of_others_is_listed_with_its_licence() -> None:
    vendor = ROOT / "src/fadeno/entry/web/static/vendor/VENDOR.toml"
    carried = {one["name"]: one["licence"] for one in tomllib.loads(vendor.read_text("utf-8"))["file"]}
    page = (ROOT / "docs/licences.md").read_text("utf-8").partition("## What fadeno carries")[2]
    rows = dict(re.findall(r"^\| ([\w.-]+) \| ([^|]+?) \| [^|]+ \|$", page, re.MULTILINE))
    assert {name: licence for name, licence in rows.items() if name != "file"} == carried
    assert set(carried.values()) <= PERMISSIVE
