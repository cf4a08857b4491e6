"""What changed rows of orders and goods would change of what is known, before anything is written."""

from collections.abc import Sequence
from uuid import UUID

from fadeno import commerce
from fadeno.db import Tx
from fadeno.imports.model import Import, Item, SaidGoods, SaidOrder
from fadeno.imports.model.changes import Changes, lines, told


async def changes(tx: Tx, made: Import, items: Sequence[Item]) -> dict[UUID, Changes]:
    """Key of a row -> field -> what is known now, and what the row says."""
    orders = [item for item in items if isinstance(item.said, SaidOrder)]
    goods = [item for item in items if isinstance(item.said, SaidGoods)]
    found = await _of_orders(tx, made, orders) if orders else {}
    return found | (await _of_goods(tx, made, goods) if goods else {})


async def _of_orders(tx: Tx, made: Import, items: Sequence[Item]) -> dict[UUID, Changes]:
    said = [item.said.order for item in items]
    judged = await commerce.judge_orders(tx, made.source_id, said, said_at=made.made_at)
    relined = {one.id for one in judged if one.id and "lines" in one.changes}
    known = {order.id: order for order in await commerce.orders_by_id(tx, relined)} if relined else {}
    found = {}
    for item, order, one in zip(items, said, judged, strict=True):
        found[item.key] = told(order, one.changes, made.options.zone, order.currency or "")
        if one.id in relined:
            found[item.key]["lines"] = lines(known[one.id], order.lines or ())
    return found


async def _of_goods(tx: Tx, made: Import, items: Sequence[Item]) -> dict[UUID, Changes]:
    words = [(item.key, word) for item in items for word in item.said if word is not None]
    judged = await commerce.judge_goods(tx, made.source_id, [word for _, word in words], said_at=made.made_at)
    found: dict[UUID, Changes] = {item.key: {} for item in items}
    for (key, word), one in zip(words, judged, strict=True):
        found[key] |= told(word, one.changes, made.options.zone)
    return found
