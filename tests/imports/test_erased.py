"""What becomes of an import whose customers were erased since."""

import pytest

from fadeno import access, customers, imports
from fadeno.db import Database
from fadeno.kit.seal import Seal
from tests.imports.conftest import Bring, Take

ROWS = [
    ["Customer ID", "Name", "E-mail", "Phone"],
    ["C-1", "Anna Berg", "anna@berg.example", "030 555 78 81"],
    ["C-2", "Ben Ley", "ben@ley.example", "030 555 78 82"],
]
CORRECTED = [
    ["Customer ID", "Name", "E-mail", "Phone"],
    ["C-1", "Anna Bergmann", "anna@berg.example", "030 555 78 81"],
    ["C-2", "Ben Ley", "ben@ley.example", "030 555 78 99"],
]


@pytest.fixture
def erase(db: Database):
    async def erase(email: str) -> None:
        async with db.transaction() as tx:
            await customers.erase(tx, access.SYSTEM, await customers.find(tx, "email", email))

    return erase


async def test_it_is_taken_back_for_everybody_else(db: Database, bring: Bring, take_back: Take, erase):
    made = await bring(ROWS)
    await erase("anna@berg.example")
    assert (await take_back(made.id)).state == "taken_back"
    async with db.transaction() as tx:
        assert await customers.find(tx, "email", "ben@ley.example") is None


async def test_a_correction_is_taken_back_although_who_it_corrected_is_erased(
    db: Database, bring: Bring, take_back: Take, erase
):
    await bring(ROWS)
    later = await bring(CORRECTED)
    await erase("anna@berg.example")
    assert (await take_back(later.id)).state == "taken_back"
    async with db.transaction() as tx:
        assert await customers.find(tx, "email", "anna@berg.example") is None
        assert await customers.find(tx, "phone", "+49305557899") is None
        assert await customers.find(tx, "phone", "+49305557882") is not None


async def test_a_row_that_corrects_them_is_refused_and_the_others_are_brought_in(
    db: Database, vault: Seal, bring: Bring, erase
):
    await bring(ROWS)
    await erase("anna@berg.example")
    later = await bring(CORRECTED)
    assert (later.state, later.rows_refused, later.rows_changed) == ("done", 1, 1)
    async with db.transaction() as tx:
        [refused] = [row async for row in imports.refused(tx, vault, later.id)]
        assert (refused.number, refused.cells) == (2, {})
        assert [reason.code for reason in refused.reasons] == ["customer_erased"]
        assert await customers.find(tx, "email", "anna@berg.example") is None
        ben = await customers.find(tx, "email", "ben@ley.example")
        assert await customers.find(tx, "phone", "+49305557899") == ben
        assert await customers.find(tx, "phone", "+49305557882") != ben
