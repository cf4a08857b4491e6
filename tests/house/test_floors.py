"""Imports only go down; the contracts stand in pyproject.toml."""

import subprocess
import sys
from pathlib import Path

from tests.house.rules import ROOT


def test_imports_only_go_down():
    program = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run([program, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-1000:]
