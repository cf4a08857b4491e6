"""A big file is read by a process of its own, and comes to the same."""

from pathlib import Path

import pytest

from fadeno import access, imports, sheets
from fadeno.db import Database
from fadeno.imports import tasks
from fadeno.imports.actions import reading_apart
from fadeno.kit.seal import Seal
from tests.imports.conftest import Receive, Take
from tests.imports.test_customers import HEAD, balanced, counts, person, traits

ROWS = [
    [str(n), f"Anna {n}", f"p{n}@posta.example", f"+49 30 {1_000_000 + n}", "Köln\\Süd", "ja"] for n in range(2_100)
]
ROWS[2_050][2] = ROWS[10][2]  # of one mailbox, far apart
MANY = [HEAD, *ROWS, ["", "Nobody", "no address", "", "", ""]]


@pytest.fixture
def apart(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tasks, "APART_BYTES", 0)


@pytest.mark.usefixtures("apart")
async def test_it_is_brought_in_whole_interrupted_or_not_and_taken_back(
    receive: Receive, take_back: Take, db: Database, vault: Seal
):
    made = await receive(MANY)

    def cut(now: imports.Import) -> None:
        raise OSError

    with pytest.raises(OSError):
        await imports.bring_in(db, vault, access.SYSTEM, made.id, cut)
    done = await imports.bring_in(db, vault, access.SYSTEM, made.id)
    assert counts(done) == (2_100, 0, 0, 1)
    anna = await person(db, "crm:crm", "7")
    assert traits(anna)["city"] == "Köln\\Süd"
    assert [(one.purpose, one.granted) for one in anna.consents] == [("newsletter", True)]
    assert {a.value for a in anna.addresses} == {"7", "p7@posta.example", "+49301000007"}
    shared = {(await person(db, "crm:crm", str(n))).id for n in (10, 2_050)}
    assert len(shared) == 2  # two numbers of the source are two people, one mailbox or not
    again = await receive([HEAD, *ROWS[:99], [*ROWS[99][:4], "Ulm", "nein"], *ROWS[100:]])
    assert counts(await imports.bring_in(db, vault, access.SYSTEM, again.id)) == (0, 1, 2_099, 0)
    assert await balanced(db)
    assert (await take_back(again.id)).state == (await take_back(made.id)).state == "taken_back"
    assert await balanced(db)


async def test_a_fault_of_the_file_comes_as_it_was_raised(receive: Receive, tmp_path: Path):
    made = await receive(MANY)
    bad = tmp_path / "bad.csv"
    bad.write_bytes(b"\x00\x01\x02" * 999)
    with pytest.raises(sheets.Unreadable) as fault:
        await anext(reading_apart.batches(bad, made, "DE", lambda: True))
    assert (fault.value.code, fault.value.hint) == ("sheet_not_a_sheet", sheets.Unreadable("not_a_sheet").hint)


async def test_a_reading_process_that_is_killed_is_told_and_the_import_goes_on(
    receive: Receive, db: Database, vault: Seal, apart: None, monkeypatch: pytest.MonkeyPatch
):
    made = await receive(MANY)
    with monkeypatch.context() as patch:
        patch.setattr(reading_apart, "_PROGRAM", "import os, signal; os.kill(os.getpid(), signal.SIGKILL)")
        with pytest.raises(imports.OurFault, match="reader: -9"):
            await imports.bring_in(db, vault, access.SYSTEM, made.id)
    assert counts(await imports.bring_in(db, vault, access.SYSTEM, made.id)) == (2_100, 0, 0, 1)
