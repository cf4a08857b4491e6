"""Files brought in on a database of the test's own."""

import csv
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from fadeno import access, events, imports, sources
from fadeno.db import Database
from fadeno.imports import Import, Options, Preview
from fadeno.kit.seal import Seal

Bring = Callable[..., Awaitable[Import]]
Receive = Callable[..., Awaitable[Import]]
Look = Callable[..., Awaitable[Preview]]
Take = Callable[[UUID], Awaitable[Import]]


@pytest.fixture
def vault() -> Seal:
    return Seal(b"k" * 32)


@pytest.fixture
async def receive(db: Database, vault: Seal, tmp_path: Path) -> Receive:
    """Hand rows, given as lists or as a file, in as a file of the source `crm` of Germany."""
    async with db.transaction() as tx:
        await events.ensure_partitions(tx)
        await sources.create(tx, access.SYSTEM, "crm", region="DE")

    async def receive(rows: list[list[Any]] | Path, target: str | None = "customers", **options: Any) -> Import:
        path = rows if isinstance(rows, Path) else tmp_path / "list.csv"
        if not isinstance(rows, Path):
            with path.open("w", newline="", encoding="utf-8") as file:
                csv.writer(file).writerows(rows)
        async with db.transaction() as tx:
            source = await sources.by_name(tx, "crm")
        return await imports.receive(db, vault, access.SYSTEM, source, path, path.name, target, Options(**options))

    return receive


@pytest.fixture
def bring(db: Database, vault: Seal, receive: Receive) -> Bring:
    async def bring(*args: Any, **options: Any) -> Import:
        made = await receive(*args, **options)
        return await imports.bring_in(db, vault, access.SYSTEM, made.id)

    return bring


@pytest.fixture
def preview(db: Database, vault: Seal, receive: Receive) -> Look:
    async def preview(*args: Any, **options: Any) -> Preview:
        made = await receive(*args, **options)
        assert (await imports.look_through(db, vault, made.id)).state == "ready"
        async with db.transaction() as tx:
            return await imports.preview(tx, vault, made.id)

    return preview


@pytest.fixture
def take_back(db: Database) -> Take:
    async def take(id_: UUID) -> Import:
        return await imports.take_back(db, access.SYSTEM, id_)

    return take
