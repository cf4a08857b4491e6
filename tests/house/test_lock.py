"""The locks hold every dependency, by hash, from no particular registry."""

import re
import tomllib

import pytest
from packaging.requirements import Requirement

from tests.house.rules import ROOT

LOCKS = ("requirements.lock", "requirements-dev.lock")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))


def locked(name: str) -> dict[str, str]:
    text = (ROOT / name).read_text("utf-8")
    return dict(re.findall(r"^([a-z0-9._-]+)==(\S+)", text, re.MULTILINE))


def wanted(name: str) -> list[Requirement]:
    more = PROJECT["dependency-groups"]["dev"] if "dev" in name else []
    return [Requirement(line) for line in [*PROJECT["project"]["dependencies"], *more]]


@pytest.mark.parametrize("name", LOCKS)
def test_every_dependency_is_locked_as_wanted(name: str):
    versions = locked(name)
    faults = [
        str(requirement)
        for requirement in wanted(name)
        if not requirement.specifier.contains(versions.get(requirement.name.lower(), "0"))
    ]
    assert not faults, f"run `make lock`: {faults}"


@pytest.mark.parametrize("name", LOCKS)
def test_every_package_is_known_by_its_hash_and_no_registry_is_named(name: str):
    text = (ROOT / name).read_text("utf-8")
    assert "://" not in text
    blocks = re.split(r"\n(?=[a-z0-9])", text)
    assert len(blocks) == len(locked(name))
    assert [block.split()[0] for block in blocks if "--hash=sha256:" not in block] == []


def test_what_runs_is_what_was_tested():
    tested = locked("requirements-dev.lock")
    assert {k: v for k, v in locked("requirements.lock").items() if tested.get(k) != v} == {}
