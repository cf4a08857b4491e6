"""Who is forgotten is not remembered by the files they came in."""

import msgspec

from fadeno import imports
from fadeno.db import Database
from fadeno.kit.seal import Seal
from tests.imports.conftest import Bring

ROWS = [
    ["Customer ID", "Name", "E-mail", "Phone", "Note"],
    ["C-1", "Anna Berg", "Anna.Berg@gmail.com", "030 555 78 81", ""],
    ["C-2", "Ben Ley", "ben@ley.example", "", ""],
    ["", "Anna Berg", "annaberg at gmail", "", "call +49 30 5557881"],
    ["", "Ben Ley", "ben at ley", "", ""],
]


async def test_nothing_of_them_is_shown_nor_handed_back(db: Database, vault: Seal, bring: Bring):
    made = await bring(ROWS)
    async with db.transaction() as tx:
        before = [row.cells async for row in imports.refused(tx, vault, made.id)]
        assert "Anna Berg" in str(before)
        assert "Berg" in str(msgspec.to_builtins((await imports.get(tx, made.id)).tables))
        assert await imports.forget(tx, vault, ["annaberg@gmail.com", "+49305557881"]) == 1
        assert await imports.forget(tx, vault, ["annaberg@gmail.com", "+49305557881"]) == 0
        left = [row.cells async for row in imports.refused(tx, vault, made.id)]
        assert "Anna" not in str(left)
        assert len(left) == len([cells for cells in before if "Anna Berg" not in cells.values()])
        assert "Berg" not in str(msgspec.to_builtins((await imports.get(tx, made.id)).tables))
        assert await imports.preview(tx, vault, made.id) is None
