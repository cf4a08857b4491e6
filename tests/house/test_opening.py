"""Rooms write what follows from settings (the order of customers), so nobody opens a database past them."""

import ast
from pathlib import Path

import fadeno
from tests.house.rules import parsed

SOURCES = Path(fadeno.__file__).parent


def _opens(path: Path) -> list[str]:
    """The functions of a file that make a pool of connections."""
    return [
        function.name
        for function in ast.walk(parsed(path.read_text("utf-8")))
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef)
        for call in ast.walk(function)
        if isinstance(call, ast.Call) and getattr(call.func, "attr", getattr(call.func, "id", "")) == "Database"
    ]


def test_every_process_opens_the_database_in_one_place():
    opening = {path.relative_to(SOURCES).as_posix(): _opens(path) for path in SOURCES.rglob("*.py")}
    assert {name: found for name, found in opening.items() if found} == {"app/joining.py": ["open_database"]}
