"""What a search for anything looks through."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any
from uuid import UUID

from fadeno import access, commerce, conversations, customers
from fadeno.conversations import View
from fadeno.db import Tx


async def _customers(tx: Tx, actor: access.Actor, q: str, limit: int) -> list[Any]:
    by_address = access.may(actor, "see", "contacts")
    return (await customers.search(tx, q, limit=limit, by_address=by_address))[0]


async def _orders(tx: Tx, actor: access.Actor, q: str, limit: int) -> list[Any]:
    if not any(c.isdigit() for c in q):
        return []
    found = await commerce.orders_found(tx, q, limit=limit)
    names = ("id", "number", "state", "placed_at", "total", "customer_id")
    return [{name: getattr(order, name) for name in names} for order in found]


async def _products(tx: Tx, actor: access.Actor, q: str, limit: int) -> list[Any]:
    found = await commerce.products_found(tx, q, limit=limit)
    costs: dict[UUID, dict[str, Any]] = {}
    for price in await commerce.prices_on(tx, tx.now.date(), *(p.id for p in found), most=2):
        if price.place_id is None:
            costs.setdefault(price.product_id, {}).setdefault(price.currency, price.amount)
    one = {
        id_: {"amount": amount, "currency": currency}
        for id_, of in costs.items()
        if len(of) == 1  # of several, none is the price
        for currency, amount in of.items()
    }
    return [
        {"id": p.id, "label": p.label, "sku": p.sku, "gtin": p.gtin, "state": p.state, "price": one.get(p.id)}
        for p in found
    ]


async def _cases(tx: Tx, actor: access.Actor, q: str, limit: int) -> list[Any]:
    found, _ = await conversations.cases_in(tx, View("all", q=q), limit=limit)
    names = ("id", "number", "title", "state", "customer_id", "last_at")
    return [{name: getattr(case, name) for name in names} for case in found]


# Where a search for anything looks, in the order it is shown: by what one must be allowed to see, who finds it.
FINDERS: Mapping[str, Callable[[Tx, access.Actor, str, int], Awaitable[list[Any]]]] = {
    "customers": _customers,
    "cases": _cases,
    "orders": _orders,
    "products": _products,
}
