"""The same things said by many at once are there once, and nobody waits for ever."""

import asyncio
from datetime import UTC, datetime
from decimal import Decimal

from fadeno import commerce
from fadeno.commerce import NewLine, NewOrder, NewProduct, NewStock
from fadeno.db import Database
from fadeno.kit.ids import new_id

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def orders(numbers: list[int], quantity: int) -> list[NewOrder]:
    lines = [NewLine("L", "Lamp", Decimal(quantity), Decimal(2))] * quantity
    return [NewOrder(str(n), "EUR", placed_at=NOON, lines=lines) for n in numbers]


async def test_orders_said_by_many_at_once_are_each_there_once_and_whole(db: Database):
    """In whatever order they come: each call says the same numbers, half of them another number of lines."""
    numbers = list(range(40))

    async def say(at: int) -> list[commerce.Kept]:
        turned = numbers[at * 5 :] + numbers[: at * 5]
        said = orders(turned if at % 2 else turned[::-1], 1 + at % 2)
        return await db.retrying(lambda tx: commerce.keep_orders(tx, 1, said, said_in=new_id(), is_import=True))

    told = [one for kept in await asyncio.gather(*(say(at) for at in range(8))) for one in kept]
    assert sum(one.outcome == "new" for one in told) == len(numbers)
    assert all(one.outcome in ("new", "changed", "unchanged", "older") for one in told)
    async with db.transaction() as tx:
        found, _ = await commerce.orders(tx, limit=100)
        whole = await commerce.with_lines(tx, found)
        assert sorted(int(one.number) for one in whole) == numbers
        assert {len(one.lines) for one in whole} <= {1, 2}
        assert all(sum(line.total.minor for line in one.lines) == one.total.minor for one in whole)
        assert (await commerce.check(tx))[1] == []


async def test_stock_counted_by_many_at_once_ends_at_the_latest_count(db: Database):
    async with db.transaction() as tx:
        await commerce.keep_products(tx, 1, [NewProduct(sku="L")], said_in=new_id())

    async def count(hour: int) -> None:
        counted = [NewStock("L", Decimal(hour), said_at=NOON.replace(hour=hour))]
        await db.retrying(lambda tx: commerce.keep_stock(tx, 1, counted, said_in=new_id()))

    await asyncio.gather(*(count(hour) for hour in (3, 23, 7, 1, 12, 22, 5, 9)))
    async with db.transaction() as tx:
        ((product,), _) = await commerce.products(tx)
        (found,) = await commerce.stock(tx, product.id)
        assert (found.quantity, found.said_at.hour) == (23, 23)
