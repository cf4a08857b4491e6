"""The rules of the house that no linter of others knows. Each carries good and bad examples, which test the rule.

A line may be exempted by `# house: <rule> -- why` on it; an exemption without a reason is a fault.
"""

import ast
import gc
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "fadeno"
NOT_ROOMS = {"kit", "entry", "app", "settings"}
FILE_LINES = 600
FUNCTION_LINES = 50
_SQL = re.compile(
    r"^\s*(SELECT|INSERT\s+INTO|UPDATE\s+\w+[.\w]*\s+SET|DELETE\s+FROM|WITH\s+\w+\s+AS|CREATE|ALTER|DROP|TRUNCATE|COPY"
    r"|LISTEN|NOTIFY|LOCK\s+TABLE|SET\s+(LOCAL|TRANSACTION))\s"
)
_PHYSICAL = re.compile(
    r"(?<![-\w])((margin|padding|border|scroll-margin|scroll-padding)-(left|right)(-\w+)?\s*:"
    r"|(left|right)\s*:"
    r"|(text-align|float|clear)\s*:\s*(left|right)\b"
    r"|border-(top|bottom)-(left|right)-radius\s*:)"
)
_EXEMPT = re.compile(r"(#|/\*)\s*house: (?P<rule>[a-z_]+)(?P<why> -- \S.+)?")
_DRAWERS = {"utils", "util", "helpers", "helper", "manager", "service", "services", "common", "misc", "handler", "info"}

Fault = tuple[int, str]


@dataclass(frozen=True)
class Rule:
    """One rule over the text of one file.

    Attributes:
        check: (module name like "fadeno.access.store", text) -> faults as (line, what).
        good, bad: (module name, text) that must pass, must fail.
    """

    name: str
    why: str
    check: Callable[[str, str], Iterator[Fault]]
    good: tuple[tuple[str, str], ...]
    bad: tuple[tuple[str, str], ...]
    suffix: str = ".py"

    def faults(self, module: str, text: str) -> list[str]:
        """What is wrong in one file, exempted lines left out."""
        lines = text.splitlines()
        found = []
        for number, what in self.check(module, text):
            line = lines[number - 1] if number <= len(lines) else ""
            exempt = _EXEMPT.search(line)
            if exempt and exempt["rule"] == self.name and exempt["why"]:
                continue
            found.append(f"{module}:{number}: {what} ({self.why})")
        return found


def _room(module: str) -> str:
    return module.split(".")[1] if module.count(".") else ""


def parsed(text: str) -> ast.Module:
    """The tree of Python `text`, made with nothing else running in between.

    While the collector of Python 3.11 runs in the middle of it, another thread may parse too, and the first one fails
    with "AST constructor recursion depth mismatch".
    Source: https://github.com/python/cpython/issues/106905 (2026-11-24)
    """
    collecting = gc.isenabled()
    gc.disable()
    try:
        return ast.parse(text)
    finally:
        if collecting:
            gc.enable()


def _imports(tree: ast.AST) -> Iterator[tuple[int, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.lineno, node.module
            yield from ((node.lineno, f"{node.module}.{alias.name}") for alias in node.names)


def _front_door(module: str, text: str) -> Iterator[Fault]:
    seen = set()
    for line, name in _imports(parsed(text)):
        parts = name.split(".")
        if parts[0] != "fadeno" or len(parts) < 3 or parts[1] in NOT_ROOMS or parts[1] == _room(module):
            continue
        inner = SOURCE / parts[1] / parts[2]
        is_file = inner.is_dir() or inner.with_suffix(".py").exists()
        if is_file and (line, parts[2]) not in seen and not _exported(parts[1], parts[2]):
            seen.add((line, parts[2]))
            yield line, f"reaches past the door of {parts[1]} into {parts[2]}"


def _exported(room: str, name: str) -> bool:
    """Whether `name` is something the room's package promises (`jobs.bell`), not only a file in it."""
    text = (SOURCE / room / "__init__.py").read_text("utf-8") if (SOURCE / room / "__init__.py").exists() else ""
    return bool(re.search(rf'"{name}"', text))


def _no_clock(module: str, text: str) -> Iterator[Fault]:
    if _room(module) == "kit":
        return
    for node in ast.walk(parsed(text)):
        if isinstance(node, ast.Attribute):
            dotted = ast.unparse(node)
            if node.attr in ("uuid4", "uuid1", "utcnow") or dotted in (
                "datetime.now",
                "datetime.datetime.now",
                "datetime.today",
                "date.today",
                "time.time",
            ):
                yield node.lineno, f"{dotted}: the clock and ids are in kit"
        elif isinstance(node, ast.ImportFrom) and any(alias.name in ("uuid4", "uuid1") for alias in node.names):
            yield node.lineno, "uuid4: ids are in kit"


def _sql_at_home(module: str, text: str) -> Iterator[Fault]:
    if _room(module) == "db":
        return
    tree = parsed(text)
    docstrings = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings:
            if _SQL.match(node.value):
                yield node.lineno, f"SQL in Python: {node.value.strip()[:40]}"
        elif isinstance(node, ast.Attribute) and node.attr in ("commit", "rollback"):
            yield node.lineno, f".{node.attr}: the door opens and ends transactions"


def _no_type_checking(module: str, text: str) -> Iterator[Fault]:
    for node in ast.walk(parsed(text)):
        if (
            isinstance(node, ast.Name | ast.Attribute)
            and getattr(node, "id", getattr(node, "attr", "")) == "TYPE_CHECKING"
        ):
            yield node.lineno, "TYPE_CHECKING hides a circle"


def _sizes(module: str, text: str) -> Iterator[Fault]:
    lines = text.count("\n")
    if lines > FILE_LINES:
        yield 1, f"{lines} lines, {FILE_LINES} are allowed"
    for node in ast.walk(parsed(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            body = node.body[1:] if ast.get_docstring(node) and len(node.body) > 1 else node.body
            length = node.end_lineno - body[0].lineno + 1
            if length > FUNCTION_LINES:
                yield node.lineno, f"{node.name} has {length} lines, {FUNCTION_LINES} are allowed"


def _no_drawer(module: str, text: str) -> Iterator[Fault]:
    for part in module.split("."):
        if part.lower() in _DRAWERS:
            yield 1, f"{part} is a drawer"


def _speaks(module: str, text: str) -> Iterator[Fault]:
    tree = parsed(text)
    if tree.body and not ast.get_docstring(tree):
        yield 1, "the file does not say what it is for"
    if module.endswith(".store") or ".store." in module:
        return  # each function there is one query, and that carries its purpose
    for node in tree.body:
        named = isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
        if named and not node.name.startswith("_") and not ast.get_docstring(node):
            yield node.lineno, f"{node.name} has no docstring"


def _logical_css(module: str, text: str) -> Iterator[Fault]:
    text = re.sub(r"/\*(?!\s*house:).*?\*/", lambda m: "\n" * m.group().count("\n"), text, flags=re.DOTALL)
    for number, line in enumerate(text.splitlines(), 1):
        if match := _PHYSICAL.search(line):
            yield number, f"{match.group().strip()} does not turn with the script; use inline-start, inset-inline …"


RULES = (
    Rule(
        "front_door",
        "another room is entered by its package",
        _front_door,
        good=(
            (
                "fadeno.intake.gate",
                "from fadeno import db\nfrom fadeno.db import Tx\nfrom fadeno.kit.ids import new_id\n",
            ),
            ("fadeno.db.pool", "from fadeno.db.sql import Query\n"),
        ),
        bad=(
            ("fadeno.intake.gate", "from fadeno.db.sql import Query\n"),
            ("fadeno.app", "import fadeno.db.pool\n"),
            ("fadeno.entry.serve", "from fadeno.db import server\n"),
        ),
    ),
    Rule(
        "clock",
        "tests and replays must be able to set the time",
        _no_clock,
        good=(("fadeno.kit.clock", "x = datetime.now(UTC)\n"), ("fadeno.app", "x = clock.now()\n")),
        bad=(
            ("fadeno.app", "x = datetime.now(UTC)\n"),
            ("fadeno.app", "from uuid import uuid4\n"),
            ("fadeno.app", "x = uuid.uuid4()\n"),
            ("fadeno.app", "x = time.time()\n"),
        ),
    ),
    Rule(
        "sql",
        "SQL lives in queries.sql, where it is PREPAREd by a test; only db composes it",
        _sql_at_home,
        good=(
            ("fadeno.db.pool", 'x.execute("SELECT 1 ")\n'),
            ("fadeno.access.store", '"""SELECT is a word."""\nawait tx.one(Q.member)\n'),
            ("fadeno.access.store", 'x = "Update available"\n'),
        ),
        bad=(
            ("fadeno.access.store", 'x.execute("SELECT 1 FROM access.member")\n'),
            ("fadeno.access.store", 'x.execute(f"DELETE FROM {table} WHERE id = 1")\n'),
            ("fadeno.access.store", "await connection.commit()\n"),
            ("fadeno.access.store", 'x = "SELECT 1 FROM t"  # house: sql\n'),
        ),
    ),
    Rule(
        "type_checking",
        "shapes live low enough that nobody needs it",
        _no_type_checking,
        good=(("fadeno.app", "x = 1\n"),),
        bad=(("fadeno.app", "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    pass\n"),),
    ),
    Rule(
        "size",
        "beauty is lost in the tail",
        _sizes,
        good=(("fadeno.app", "def f():\n" + "    x = 1\n" * FUNCTION_LINES),),
        bad=(
            ("fadeno.app", "def f():\n" + "    x = 1\n" * (FUNCTION_LINES + 1)),
            ("fadeno.app", "x = 1\n" * (FILE_LINES + 1)),
        ),
    ),
    Rule(
        "drawer",
        "what one room uses lives there, what two use goes to kit under its own name",
        _no_drawer,
        good=(("fadeno.kit.addresses", ""),),
        bad=(("fadeno.kit.utils", ""), ("fadeno.access.helpers.names", "")),
    ),
    Rule(
        "docstring",
        "a file and every public thing in it say what they are for",
        _speaks,
        good=(("fadeno.app", '"""Says."""\n\n\ndef _f(): ...\n'), ("fadeno.app", "")),
        bad=(("fadeno.app", "x = 1\n"), ("fadeno.app", '"""Says."""\n\n\ndef f(): ...\n')),
    ),
    Rule(
        "logical_css",
        "the same sheet serves scripts from right to left",
        _logical_css,
        good=(("app.css", "a { margin-inline-start: 1px; inset-inline-end: 0; border-radius: 2px; /* left: 1 */ }"),),
        bad=(
            ("app.css", "a { margin-left: 1px }"),
            ("app.css", "a { position: absolute; right: 0 }"),
            ("app.css", "a { text-align: left }"),
        ),
        suffix=".css",
    ),
)
