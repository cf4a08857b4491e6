"""Lists of customers: what a row says, said once, corrected, and taken back."""

from fadeno import customers, intake
from fadeno.db import Database
from fadeno.imports import Import
from tests.imports.conftest import Bring

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


async def test_a_corrected_value_wins_and_the_former_one_stays_visible(bring: Bring, db: Database):
    await bring([HEAD, ANNA])
    await bring([HEAD, [*ANNA[:4], "Potsdam", "ja"]])
    city = next(t for t in (await person(db, "crm:crm", "1001")).traits if t.name == "city")
    assert (city.value, [o.value for o in city.others]) == ("Potsdam", ["Berlin"])
