"""Files brought in on a database of the test's own."""

import csv
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from fadeno import access, events, imports, sources
from fadeno.db import Database
from fadeno.imports import Import, Options
from fadeno.kit.seal import Seal

Bring = Callable[..., Awaitable[Import]]
Take = Callable[[UUID], Awaitable[Import]]


@pytest.fixture
def vault() -> Seal:
    return Seal(b"k" * 32)


@pytest.fixture
async def bring(db: Database, vault: Seal, tmp_path: Path) -> Bring:
    """Bring rows, given as lists or as a file, in from the source `crm` of Germany."""
    async with db.transaction() as tx:
        await events.ensure_partitions(tx)
        await sources.create(tx, access.SYSTEM, "crm", region="DE")

    async def bring(rows: list[list[Any]] | Path, target: str | None = "customers", **options: Any) -> Import:
        path = rows if isinstance(rows, Path) else tmp_path / "list.csv"
        if not isinstance(rows, Path):
            with path.open("w", newline="", encoding="utf-8") as file:
                csv.writer(file).writerows(rows)
        async with db.transaction() as tx:
            source = await sources.by_name(tx, "crm")
        made = await imports.receive(db, vault, access.SYSTEM, source, path, path.name, target, Options(**options))
        return await imports.bring_in(db, vault, access.SYSTEM, made.id)

    return bring


@pytest.fixture
def take_back(db: Database) -> Take:
    async def take(id_: UUID) -> Import:
        return await imports.take_back(db, access.SYSTEM, id_)

    return take
