"""Customers exported, edited as one does in a spreadsheet, and brought in again: exactly the edited cells change."""

import csv
from pathlib import Path
from typing import Any

import pytest

from fadeno import access, imports
from fadeno.db import Database
from fadeno.imports.model import lists
from tests.imports.conftest import Bring, Look, Take
from tests.imports.test_customers import ANNA, BO, HEAD, balanced, counts, person, traits


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "export.csv"


async def export(db: Database, to: Path) -> list[dict[str, str]]:
    await imports.export(db, access.SYSTEM, "customers", to)
    with to.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file, delimiter=";"))


def write(to: Path, rows: list[dict[str, Any]]) -> Path:
    with to.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), delimiter=";")
        writer.writeheader()
        writer.writerows(rows)
    return to


async def test_nothing_edited_changes_nothing(bring: Bring, db: Database, out: Path):
    await bring([HEAD, ANNA, BO, *([f"20{n}", f"Cara {n}", f"c{n}@posta.example", "", "Ulm", ""] for n in range(9))])
    assert len(await export(db, out)) == 11
    assert counts(await bring(out)) == (0, 0, 11, 0)
    await imports.export(db, access.SYSTEM, "customers", out.with_suffix(".xlsx"))
    assert counts(await bring(out.with_suffix(".xlsx"))) == (0, 0, 11, 0)


async def test_exactly_the_edited_cells_change(bring: Bring, take_back: Take, db: Database, out: Path):
    await bring([HEAD, ANNA, BO])
    before = traits(await person(db, "crm:crm", "1001"))
    rows = await export(db, out)
    anna = next(row for row in rows if row["Name"] == "Anna Müller")
    anna["City"], anna["E-mail" if "E-mail" in anna else "Email"] = "Potsdam", "anna.neu@posta.example"
    made = await bring(write(out, rows))
    assert counts(made) == (0, 1, 1, 0)
    now = await person(db, "crm:crm", "1001")
    assert traits(now) == {**before, "city": "Potsdam", "email": "anna.neu@posta.example"}
    assert now.id == (await person(db, "email", "anna.neu@posta.example")).id
    assert counts(await bring(out)) == (0, 0, 2, 0)
    await take_back(made.id)
    assert traits(await person(db, "crm:crm", "1001")) == before
    assert await balanced(db)


async def test_what_changed_here_meanwhile_is_shown_and_not_overwritten(bring: Bring, db: Database, out: Path):
    await bring([HEAD, ANNA])
    rows = await export(db, out)
    await bring([HEAD, [*ANNA[:4], "Bremen", "ja"]])
    rows[0]["City"], rows[0]["Note"] = "Potsdam", "likes tea"
    made = await bring(write(out, rows))
    assert (made.rows_changed, made.rows_refused) == (0, 1)  # a row counts once, though its other cell is taken
    assert traits(await person(db, "crm:crm", "1001")).items() >= {"city": "Bremen", "note": "likes tea"}.items()
    again = await bring(write(out, rows), overwrites=True)
    assert (again.rows_changed, again.rows_refused) == (1, 0)
    assert traits(await person(db, "crm:crm", "1001"))["city"] == "Potsdam"


async def test_a_cleared_cell_is_cleared(bring: Bring, db: Database, out: Path):
    await bring([HEAD, ANNA])
    rows = await export(db, out)
    rows[0]["City"] = ""
    await bring(write(out, rows))
    assert (await export(db, out))[0]["City"] == ""


async def test_a_row_nobody_knows_is_refused(bring: Bring, db: Database, out: Path):
    await bring([HEAD, ANNA, BO])
    rows = await export(db, out)
    rows[0]["fadeno id"] = "019e8c2f-6d1c-7d5e-9d2b-0a6c1d2e3f40"
    assert counts(await bring(write(out, rows))) == (0, 0, 1, 1)


async def test_who_is_known_only_by_a_number_is_no_blank_row(bring: Bring, db: Database, out: Path):
    await bring([HEAD, ["007", "", "", "", "", "ja"], ANNA])
    number, anna = sorted(await export(db, out), key=lambda row: row["Customer number"])
    assert (number["Customer number"], number["fadeno known as"], number["Email"]) == ("007", "007", "")
    assert (anna["Customer number"], anna["fadeno other addresses"]) == ("1001", "")
    assert number["fadeno version"].startswith("customers UTC ")
    assert len(number["fadeno version"]) < len(anna["fadeno version"]) < 80
    number["Customer number"] = "008"
    assert counts(await bring(write(out, [number, anna]))) == (0, 0, 1, 1)


async def test_what_can_not_be_read_is_refused_and_clears_nothing(bring: Bring, db: Database, out: Path):
    await bring([[*HEAD, "Geburtsdatum"], [*ANNA, "1990-02-03"], [*BO, ""]])
    rows = await export(db, out)
    anna = next(row for row in rows if row["Name"] == "Anna Müller")
    anna["Birth date"] = "1990-02-31"
    assert counts(await bring(write(out, rows))) == (0, 0, 1, 1)
    assert {row["Birth date"] for row in await export(db, out)} == {"1990-02-03", ""}


async def test_who_was_edited_in_a_sheet_is_not_gone_when_the_sheet_is_the_whole_list(
    bring: Bring, preview: Look, db: Database, out: Path
):
    await bring([HEAD, ANNA, BO])
    for city in ("Potsdam", "Bremen"):
        rows = await export(db, out)
        rows[0]["City"] = city
        assert (await preview(write(out, rows), is_whole=True)).gone == 0
        made = await bring(out, is_whole=True)
        assert (counts(made), made.rows_gone) == ((0, 1, 1, 0), 0)
    assert (await bring(out, is_whole=True)).rows_gone == 0
    assert (await bring([HEAD, ANNA, BO], is_whole=True)).rows_gone == 0
    assert (await bring([HEAD, BO], is_whole=True)).rows_gone == 1


def test_a_version_holds_no_sign_that_spreadsheets_read_otherwise():
    assert not any("_" in lists.mark(str(n)) for n in range(5_000))  # LibreOffice takes `_xc_` for a page's end
