"""Lists of customers: what a row says, said once, corrected, and taken back."""

from pathlib import Path

from fadeno import access, customers, imports, intake, sources
from fadeno.db import Database
from fadeno.imports import Import
from fadeno.kit import clock
from fadeno.kit.ids import new_id
from fadeno.kit.seal import Seal
from tests.imports.conftest import Bring, Look, Take

HEAD = ["Kundennummer", "Name", "E-Mail", "Telefon", "Ort", "Newsletter"]
ANNA = ["1001", "Anna Müller", "anna@posta.example", "+49 30 1234567", "Berlin", "ja"]
BO = ["1002", "Bo Berg", "bo@posta.example", "030 7654321", "Köln", "nein"]


def counts(made: Import) -> tuple[int, int, int, int]:
    return made.rows_new, made.rows_changed, made.rows_unchanged, made.rows_refused


async def person(db: Database, kind: str, value: str) -> customers.Person:
    async with db.transaction() as tx:
        return await customers.person(tx, await customers.find(tx, kind, value))


def traits(one: customers.Person) -> dict[str, object]:
    return {trait.name: trait.value for trait in one.traits}


async def balanced(db: Database) -> bool:
    async with db.transaction() as tx:
        return not [f for check in (intake.check, customers.check) for f in (await check(tx))[1]]


async def test_a_row_is_evidence_about_a_customer(bring: Bring, db: Database):
    made = await bring([HEAD, ANNA, BO])
    assert counts(made) == (2, 0, 0, 0)
    anna = await person(db, "email", "anna@posta.example")
    assert anna.id == (await person(db, "phone", "+49301234567")).id == (await person(db, "crm:crm", "1001")).id
    assert anna.name == "Anna Müller"
    assert traits(anna)["city"] == "Berlin"
    assert [(one.purpose, one.granted) for one in anna.consents] == [("newsletter", True)]
    assert await balanced(db)


async def test_the_same_file_again_changes_nothing(bring: Bring, db: Database):
    await bring([HEAD, ANNA, BO])
    assert counts(await bring([HEAD, ANNA, BO])) == (0, 0, 2, 0)
    assert await balanced(db)


async def test_two_equal_rows_of_one_file_are_two_rows(bring: Bring):
    rows = [["Name", "Ort", "E-Mail"], ["Bo", "Köln", "bo@posta.example"], ["Bo", "Köln", "bo@posta.example"]]
    assert counts(await bring(rows)) == (2, 0, 0, 0)
    assert counts(await bring(rows)) == (0, 0, 2, 0)


async def test_a_corrected_row_no_longer_says_what_it_said_of_who_is_who(bring: Bring, db: Database):
    await bring([HEAD, ANNA, BO])
    wrong = ["1002", "Bo Berg", "anna@posta.example", "030 7654321", "Köln", "nein"]
    assert counts(await bring([HEAD, ANNA, wrong])) == (0, 1, 1, 0)
    assert counts(await bring([HEAD, ANNA, BO])) == (0, 1, 1, 0)
    bo = await person(db, "crm:crm", "1002")
    assert {a.value for a in bo.addresses} == {"1002", "bo@posta.example", "+49307654321"}
    assert bo.id != (await person(db, "email", "anna@posta.example")).id
    assert await balanced(db)


async def test_an_address_a_correction_let_go_of_is_found_again_once_it_is_heard_of(bring: Bring, db: Database):
    wrong = ["1002", "Bo Berg", "wrong@posta.example", "030 7654321", "Köln", "nein"]
    await bring([HEAD, wrong])
    await bring([HEAD, BO])
    async with db.transaction() as tx:
        assert [one.label for one in (await customers.search(tx, ""))[0]] == ["Bo Berg"]
        mention = customers.Mention("email", "wrong@posta.example", 2)
        said = customers.Evidence(new_id(), 1, clock.now(), (mention,), "same_event")
        (placed,) = await customers.place(tx, [said])
        shown = {one.id: one.label for one in (await customers.search(tx, ""))[0]}
    assert shown[placed.customer_id] == "wrong@posta.example"


async def test_a_corrected_value_wins_and_the_former_one_stays_visible(bring: Bring, db: Database):
    await bring([HEAD, ANNA])
    await bring([HEAD, [*ANNA[:4], "Potsdam", "ja"]])
    city = next(t for t in (await person(db, "crm:crm", "1001")).traits if t.name == "city")
    assert (city.value, [o.value for o in city.others]) == ("Potsdam", ["Berlin"])


async def test_an_import_is_taken_back_whole(bring: Bring, take_back: Take, db: Database):
    await bring([HEAD, ANNA])
    before = await person(db, "crm:crm", "1001")
    made = await bring([HEAD, [*ANNA[:3], "+49 30 9999999", "Potsdam", "nein"], BO])
    assert (await take_back(made.id)).state == "taken_back"
    anna = await person(db, "crm:crm", "1001")
    assert traits(anna) == traits(before)
    assert {(a.kind, a.value) for a in anna.addresses} == {(a.kind, a.value) for a in before.addresses}
    assert anna.consents == before.consents
    async with db.transaction() as tx:
        assert await customers.find(tx, "email", "bo@posta.example") is None
        assert (await customers.search(tx, "Bo Berg", limit=5))[0] == []
        told = [item.name or item.kind for item in (await customers.thread(tx, anna.id))[0]]
    assert "taken_back" in told
    assert await balanced(db)
    assert counts(await bring([HEAD, ANNA, BO])) == (1, 0, 1, 0)


async def test_what_another_source_says_too_stays(bring: Bring, take_back: Take, db: Database):
    first = await bring([["Name", "E-Mail", "Telefon"], ["Anna", "anna@posta.example", "+49 30 1234567"]])
    await bring([HEAD, ANNA])
    await take_back(first.id)
    anna = await person(db, "email", "anna@posta.example")
    assert {a.value for a in anna.addresses} == {"1001", "anna@posta.example", "+49301234567"}
    assert anna.name == "Anna Müller"
    assert await balanced(db)


async def test_taking_back_an_older_import_leaves_the_newer_word(bring: Bring, take_back: Take, db: Database):
    first = await bring([HEAD, ANNA])
    second = await bring([HEAD, [*ANNA[:4], "Potsdam", "ja"]])
    await take_back(first.id)
    city = next(t for t in (await person(db, "crm:crm", "1001")).traits if t.name == "city")
    assert (city.value, city.others) == ("Potsdam", ())
    await take_back(second.id)
    async with db.transaction() as tx:
        assert await customers.find(tx, "crm:crm", "1001") is None
    assert await balanced(db)


async def test_a_whole_list_marks_what_it_no_longer_names(bring: Bring, take_back: Take, db: Database):
    await bring([HEAD, ANNA, BO], is_whole=True)
    second = await bring([HEAD, ANNA], is_whole=True)
    assert second.rows_gone == 1
    assert (await person(db, "crm:crm", "1002")).name == "Bo Berg"
    await take_back(second.id)
    assert (await bring([HEAD, ANNA], is_whole=True)).rows_gone == 1


async def test_rows_that_name_nobody_come_back_with_the_reason(bring: Bring, db: Database, vault: Seal, tmp_path: Path):
    nobody = [["", "Niemand", "", "abc", "Ulm", ""], ["", "Test", "test@example.invalid", "", "Ulm", ""]]
    made = await bring([HEAD, ANNA, BO, *nobody, ["0", "Laufkundschaft", "", "", "", ""]])
    assert counts(made) == (2, 0, 0, 3)
    out = tmp_path / "refused.csv"
    assert await imports.write_refused(db, vault, made.id, out, lambda reason: reason.code) == 3
    text = out.read_text("utf-8-sig")
    assert text.splitlines()[0].startswith("Kundennummer;Name;E-Mail;Telefon;Ort;Newsletter;")
    assert "Niemand" in text
    assert "blocked_value" in text
    assert "blocked_number" in text


async def test_refused_rows_stand_as_they_stood_in_the_file(bring: Bring, db: Database, vault: Seal):
    head = ["Name", "E-Mail", "Geburtstag", "Telefon", "Ort", "Ort"]
    made = await bring([head, ["Niemand", "N/A", "03.04.1980", "(abc)", "Ulm", "Neu-Ulm"], ["Bo", "bo@posta.example"]])
    async with db.transaction() as tx:
        (row,) = [row async for row in imports.refused(tx, vault, made.id)]
    told = {"Name": "Niemand", "E-Mail": "N/A", "Geburtstag": "03.04.1980", "Telefon": "(abc)", "Ort": "Ulm"}
    assert row.cells == {**told, "Ort (F)": "Neu-Ulm"}


async def test_a_preview_says_what_would_happen_and_writes_nothing(bring: Bring, preview: Look, db: Database):
    await bring([HEAD, ANNA, BO])
    cara = ["1003", "Cara", "anna@posta.example", "", "Ulm", ""]
    nobody = ["", "Niemand", "", "abc", "Ulm", ""]
    rows = [HEAD, ANNA, [*BO[:4], "Bonn", "nein"], cara, nobody, ["1004", "Dora", "", "", "Ulm", "ja"]]
    seen = await preview(rows)
    assert (seen.new, seen.changed, seen.unchanged, seen.refused_rows, seen.joined) == (2, 1, 1, 1, 1)
    assert [row.fate for row in seen.rows] == ["unchanged", "changed", "joins", "refused", "new"]
    assert (seen.rows[2].customer, seen.rows[2].by) == ("Anna Müller", "email")
    assert (await preview([HEAD, ANNA], is_whole=True)).gone == 1
    async with db.transaction() as tx:
        assert await customers.find(tx, "crm:crm", "1004") is None
    assert counts(await bring(rows)) == (2, 1, 1, 1)


async def test_numbers_without_a_country_code_follow_the_rows_country(bring: Bring, db: Database):
    async with db.transaction() as tx:
        source = await sources.by_name(tx, "crm")
        await sources.change(tx, access.SYSTEM, source.id, region="ZZ")
    made = await bring(
        [["Name", "Phone", "Country"], ["Anna", "030 1234567", "Germany"], ["Béla", "06 1 234 5678", "HU"]]
    )
    assert counts(made) == (2, 0, 0, 0)
    assert (await person(db, "phone", "+49301234567")).name == "Anna"
    assert (await person(db, "phone", "+3612345678")).name == "Béla"
