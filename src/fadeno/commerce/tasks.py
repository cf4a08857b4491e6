"""What jobs call: keeping lists in the order of the company's language."""

from uuid import UUID

from fadeno import customers
from fadeno.commerce.model.catalogue import place_sort_key, product_sort_key
from fadeno.commerce.store import ordering as store
from fadeno.db import Tx

MOST_WALKED = 2_000
_BEGINNING, _END = UUID(int=0), UUID(int=(1 << 128) - 1)


async def keep_order(tx: Tx) -> bool:
    """After the company's language changed, order two thousand more things as it does; whether there are more.

    Things are products and places. What came meanwhile is in the new order already.
    """
    language = customers.ordered_as()
    for kind in ("product", "place"):
        walk = await store.ordering(tx, kind)
        reached = walk.reached if walk and walk.language == language else _BEGINNING
        if reached == _END:
            continue
        rows = await (_products if kind == "product" else _places)(tx, reached, language)
        last = rows[-1] if len(rows) == MOST_WALKED else _END
        await store.set_ordering(tx, kind, last, language)
        return True
    return False


async def _products(tx: Tx, after: UUID, language: str) -> list[UUID]:
    rows = await store.products_after(tx, after, MOST_WALKED)
    keys = {row.id: product_sort_key(row.name, row.names, row.key, language) for row in rows}
    await store.set_product_order(tx, [(row.id, keys[row.id]) for row in rows if keys[row.id] != row.sort_key])
    return [row.id for row in rows]


async def _places(tx: Tx, after: UUID, language: str) -> list[UUID]:
    rows = await store.places_after(tx, after, MOST_WALKED)
    keys = {row.id: place_sort_key(row.name, row.key, language) for row in rows}
    await store.set_place_order(tx, [(row.id, keys[row.id]) for row in rows if keys[row.id] != row.sort_key])
    return [row.id for row in rows]
