"""What the SQL of the house says of itself: which tables there are, which room touches which."""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from fadeno.db import migrate
from fadeno.db.sql import Query, parse
from tests.house.rules import ROOT, SOURCE

_WRITES = re.compile(
    r"(insert\s+into|update(\s+only)?|delete\s+from(\s+only)?|merge\s+into|truncate(\s+table)?|copy"
    r"|lock\s+table|(create|alter|drop)\s+(unlogged\s+)?(table|index|view|sequence|type)(\s+if\s+(not\s+)?exists)?)\s+$",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Touch:
    """A room's SQL names a table."""

    schema: str
    table: str
    writes: bool


def room_files() -> list[tuple[str, Path]]:
    """Every SQL file outside the migrations, with the room it stands in."""
    return [
        (path.relative_to(SOURCE).parts[0], path)
        for path in sorted(SOURCE.rglob("*.sql"))
        if path.relative_to(SOURCE).parts[0] != "db"
    ]


def queries() -> Iterator[tuple[str, Path, Query]]:
    """Every query of every room."""
    for room, path in room_files():
        for query in parse(path.read_text("utf-8")).values():
            yield room, path, query


@cache
def schemas() -> frozenset[str]:
    """The schemas migrations make."""
    text = "".join(m.text for m in migrate.migrations())
    return frozenset(re.findall(r"CREATE SCHEMA (?:IF NOT EXISTS )?([a-z_]+)", text)) | {"db"}


@cache
def tables() -> frozenset[tuple[str, str]]:
    """Every table, partitions too, as (schema, name)."""
    text = "".join(m.text for m in migrate.migrations())
    found = re.findall(r"CREATE (?:UNLOGGED )?(?:TABLE|VIEW)(?: IF NOT EXISTS)? ([a-z_]+)\.([a-z0-9_]+)", text)
    return frozenset(found) | {("db", "migration")}


@cache
def floors() -> dict[str, int]:
    """How high a room stands; 0 is the highest floor."""
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    layers = next(c for c in contracts if c["type"] == "layers" and c["containers"] == ["fadeno"])["layers"]
    return {room.strip(" ()"): height for height, layer in enumerate(layers) for room in re.split(r"[|:]", layer)}


def touches(text: str) -> list[Touch]:
    """The tables a piece of SQL names, told from aliases by the schema they stand in."""
    text = re.sub(r"--[^\n]*|/\*.*?\*/", " ", text, flags=re.DOTALL)
    text = re.sub(r"'(?:[^']|'')*'", "''", text)
    found = []
    for match in re.finditer(r"(?<![\w.$])([a-z_]+)\.([a-z0-9_]+)\b(?!\s*\()", text):
        if match[1] in schemas() and (match[1], match[2]) in tables():
            found.append(Touch(match[1], match[2], bool(_WRITES.search(text[: match.start()]))))
    return found


def trespasses(room: str, text: str) -> list[str]:
    """Where a room's SQL writes to another's tables, or reads those of a higher floor."""
    heights = floors()
    found = []
    for touch in touches(text):
        if touch.schema == room:
            continue
        if touch.writes:
            found.append(f"writes {touch.schema}.{touch.table}: a room writes only its own schema")
        elif heights[touch.schema] < heights[room]:
            found.append(f"reads {touch.schema}.{touch.table}, which stands higher")
    return found
