"""Every list written as a workbook, opened and saved by LibreOffice, and brought in again."""

import asyncio
import shutil
from pathlib import Path

import pytest

from fadeno import access, imports
from fadeno.db import Database
from fadeno.imports import Asked
from tests.imports.conftest import Bring
from tests.imports.test_customers import ANNA, BO, HEAD, counts
from tests.imports.test_round_trip_commerce import Export, differing, export, out, shop

__all__ = ["export", "out", "shop"]

ZONE = Asked(zone="Europe/Budapest")
LISTS = ("customers", "orders", "products", "stock", "places")
# How a kind of file is named to LibreOffice: a csv with commas, quotation marks and UTF-8.
_NAMED = {"csv": "csv:Text - txt - csv (StarCalc):44,34,76"}
# List -> what stands in a cell of LibreOffice's own format, and what somebody writes over it.
EDITS = {
    "customers": ("<text:p>Berlin</text:p>", "<text:p>Potsdam</text:p>", {"City": "Potsdam"}),
    "orders": ("<text:p>paid</text:p>", "<text:p>delivered</text:p>", {"Status": "delivered"}),
    "products": ("<text:p>Light</text:p>", "<text:p>Fény; “új”</text:p>", {"Category": "Fény; “új”"}),
    "stock": ('office:value="2.5"', 'office:value="7.25"', {"On hand": "7,25"}),
    "places": ("<text:p>Sa 9-13</text:p>", "<text:p>Sa 9-12</text:p>", {"Opening hours": "Mo-Fr 9-18\nSa 9-12"}),
}
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not shutil.which("soffice"), reason="needs LibreOffice's soffice: apt install libreoffice-calc"),
]


async def converted(paths: list[Path], ending: str, to: Path) -> list[Path]:
    """The same files as LibreOffice saves them."""
    to.mkdir()
    profile = f"-env:UserInstallation=file://{to.parent / 'profile'}"
    given = ["--headless", "--convert-to", _NAMED.get(ending, ending), "--outdir", str(to), *map(str, paths)]
    office = await asyncio.create_subprocess_exec(
        "soffice", profile, *given, stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.DEVNULL
    )
    assert await asyncio.wait_for(office.wait(), 300) == 0
    return [to / f"{path.stem}.{ending}" for path in paths]


@pytest.fixture
async def written(shop: int, bring: Bring, db: Database, tmp_path: Path) -> list[Path]:
    """Every list as a workbook."""
    await bring([HEAD, ANNA, BO, ["007", "", "", "+49 171 5550000", "", ""]])
    paths = [tmp_path / f"{what}.xlsx" for what in LISTS]
    for path in paths:
        await imports.export(db, access.SYSTEM, path.stem, path, ZONE)
    return paths


@pytest.mark.parametrize("ending", ["xlsx", "ods", "csv"])
async def test_what_libreoffice_saves_unedited_changes_nothing(
    ending: str, written: list[Path], bring: Bring, tmp_path: Path
):
    for path in await converted(written, ending, tmp_path / "saved"):
        made = await bring(path, None)
        assert (made.target, made.rows_unchanged) == (path.stem, made.rows_read), made.told
        assert counts(made)[:2] == (0, 0)


async def test_cells_edited_in_libreoffice_are_the_only_ones_that_change(
    written: list[Path], export: Export, bring: Bring, tmp_path: Path
):
    flat = await converted(written, "fods", tmp_path / "flat")
    for path in flat:
        before, after, _ = EDITS[path.stem]
        text = path.read_text("utf-8")
        assert text.count(before) >= 1, path.stem
        path.write_text(text.replace(before, after, 1), "utf-8")
    known = {what: await export(what) for what in LISTS}
    for path in await converted(flat, "xlsx", tmp_path / "saved"):
        made = await bring(path, None)
        assert counts(made) == (0, 1, made.rows_read - 1, 0), path.stem
        now = differing(known[path.stem], await export(path.stem))
        told = {column: value for _, column, value in now if column != "Counted at"}
        assert told == EDITS[path.stem][2]
