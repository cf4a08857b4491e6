"""What docs/web-chat.md tells shops to write signs identities fadeno believes."""

import json
import re
import shutil
import subprocess

import pytest

from fadeno import chats
from fadeno.chats import Identity
from fadeno.kit import clock
from tests.house.rules import ROOT

PAGE = (ROOT / "docs" / "web-chat.md").read_text("utf-8")
SECRET = "a secret of at least thirty-two characters"
WHO = ("u-17", "anna@example.com", "Szabó Anna")


def code(language: str) -> str:
    return next(one for one in re.findall(rf"```{language}\n(.*?)```", PAGE, re.DOTALL) if "identity(" in one)


def signed(language: str) -> str:
    asked = ", ".join(json.dumps(one) for one in (SECRET, *WHO))
    if language == "python":
        there: dict = {}
        exec(code("python"), there)
        return there["identity"](SECRET, *WHO)
    command = {"js": ["node", "-e"], "php": ["php", "-r"]}[language]
    if shutil.which(command[0]) is None:
        pytest.skip(f"needs {command[0]}")
    say = {"js": f"process.stdout.write(identity({asked}))", "php": f"echo identity({asked});"}[language]
    return subprocess.run([*command, f"{code(language)}\n{say}"], capture_output=True, text=True, check=True).stdout


@pytest.mark.parametrize("language", ["python", "js", "php"])
def test_an_identity_signed_as_the_page_says_is_believed(language: str):
    believed = chats.read_identity(SECRET, signed(language), clock.now())
    assert believed == Identity("u-17", "anna@example.com", is_mail_proven=True, name="Szabó Anna")
