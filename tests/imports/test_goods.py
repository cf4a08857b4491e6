"""Lists of goods whose cells can't all be kept."""

import pytest

from fadeno import imports
from fadeno.db import Database
from fadeno.kit.seal import Seal
from tests.imports.conftest import Bring, Look

PRODUCTS = [
    ["SKU", "Product", "Picture", "Price EUR"],
    ["A1", "Lamp", "https://x.example/a.jpg", "12.00"],
    ["A2", "Mat", "javascript:alert(1)", "7.50"],
]
PLACES = [["Store", "Time zone", "City"], ["South", "Mars/Olympus", "Wien"], ["North", "Europe/Vienna", "Graz"]]


@pytest.mark.parametrize(
    ("target", "rows", "bad", "code"),
    [("products", PRODUCTS, PRODUCTS[2], "bad_link"), ("places", PLACES, PLACES[1], "bad_zone")],
)
async def test_a_row_that_cannot_be_kept_comes_back_as_it_stood_and_is_seen_before(
    bring: Bring, preview: Look, db: Database, vault: Seal, target, rows, bad, code
):
    assert (await preview(rows, target)).refused_rows == 1
    made = await bring(rows, target)
    assert (made.rows_new, made.rows_refused) == (1, 1)
    async with db.transaction() as tx:
        (refused,) = [row async for row in imports.refused(tx, vault, made.id)]
    assert refused.cells == dict(zip(rows[0], bad, strict=True))
    ((said, column, raw),) = refused.reasons
    assert (said, bad[rows[0].index(column)]) == (code, raw)
