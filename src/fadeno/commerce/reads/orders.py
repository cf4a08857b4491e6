"""Orders: one, everybody's, a customer's, by number."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from fadeno.commerce import store
from fadeno.commerce.model import Line, NoOrder, Order, Spent, number_key
from fadeno.db import Tx
from fadeno.kit import lists
from fadeno.kit.money import Money

MOST = 200
MOST_FOUND = 300  # looked at of those whose number begins so; who types on finds the others
_SHORTEST_END = 3  # shorter ones end the numbers of very many
_LAST = "\U0010ffff"  # behind whatever begins so


async def order(tx: Tx, id_: UUID) -> Order:
    """One order with its lines.

    Raises:
        NoOrder: there is no such id.
    """
    for found in await orders_by_id(tx, [id_]):
        return found
    raise NoOrder(field="id")


async def orders(
    tx: Tx, *, number: str = "", customer_id: UUID | None = None, before: str | None = None, limit: int = 50
) -> tuple[list[Order], str | None]:
    """Orders, newest first, and the place before which the next page begins.

    Args:
        number: what somebody types of a number: of any source, its beginning, spaces and signs do not matter.
        customer_id: any birth id; exact at every moment, also during merges and splits.
    """
    limit = max(1, min(limit, MOST))
    place = lists.before_time(before)
    typed = number_key(lists.typed(number))
    if customer_id is not None:
        rows = await store.orders_of(tx, customer_id, typed, typed + _LAST, place, limit + 1)
    elif typed:
        rows = await store.orders_by_number(tx, typed, typed + _LAST, place, limit + 1)
    else:
        rows = await store.orders(tx, place, limit + 1)
    rows, last = lists.cut(rows, limit)
    return [_order(row) for row in rows], lists.by_time(last.placed_at, last.id) if last else None


async def orders_found(tx: Tx, number: str, *, limit: int = 20) -> list[Order]:
    """Orders as one types their number: the very number, then the newest that begin so, then those that end so."""
    typed = number_key(lists.typed(number))
    if not typed:
        return []
    end = typed[::-1] if len(typed) >= _SHORTEST_END else ""
    rows = await store.orders_found(
        tx, (typed, typed + _LAST), (end, end and end + _LAST), MOST_FOUND, max(1, min(limit, MOST))
    )
    return [_order(row) for row in rows]


async def orders_by_id(tx: Tx, ids: Collection[UUID]) -> list[Order]:
    """These orders with their lines, as far as they are there."""
    return await with_lines(tx, [_order(row) for row in await store.orders_by_id(tx, ids)]) if ids else []


async def with_lines(tx: Tx, orders: Sequence[Order]) -> list[Order]:
    """The same orders with their lines."""
    lines: dict[UUID, list[Line]] = {one.id: [] for one in orders}
    currency = {one.id: one.currency for one in orders}
    for row in await store.lines(tx, lines) if orders else ():
        lines[row.order_id].append(_line(row, currency[row.order_id]))
    return [replace(one, lines=tuple(lines[one.id])) for one in orders]


async def named(tx: Tx, customer_id: UUID, numbers: Collection[str]) -> dict[str, tuple[UUID, str]]:
    """Id and state of a customer's orders with these numbers, by number; of two sources' equal ones the newest."""
    rows = await store.orders_numbered(tx, customer_id, numbers) if numbers else []
    return {row.number: (row.id, row.state) for row in reversed(rows)}


async def spent(tx: Tx, customer_id: UUID) -> list[Spent]:
    """What a customer's orders come to, per currency, the usual currency first."""
    rows = await store.spent_by(tx, customer_id)
    return [Spent(Money(row.minor, row.currency), row.orders, row.last_at) for row in rows]


async def known_kinds(tx: Tx) -> frozenset[str]:
    """Which of `orders`, `products` and `places` there is anything of."""
    found = await store.is_anything(tx)
    return frozenset(name for name in ("orders", "products", "places") if getattr(found, name))


def _order(row: Any) -> Order:
    def money(minor: int | None) -> Money | None:
        return None if minor is None else Money(minor, row.currency)

    return Order(
        id=row.id,
        source_id=row.source_id,
        number=row.number,
        address_id=row.address_id,
        customer_id=row.customer_id,
        state=row.state,
        placed_at=row.placed_at,
        place=row.place,
        place_id=row.place_id,
        place_name=row.place_name or None,
        channel=row.channel,
        country=row.country,
        currency=row.currency,
        total=money(row.lines_minor if row.total_minor is None else row.total_minor),
        discount=money(row.discount_minor),
        shipping=money(row.shipping_minor),
        tax=money(row.tax_minor),
        tax_included=row.tax_included,
        off_by=money(row.off_by_minor),
        line_count=row.line_count,
        said_at=row.said_at,
        said_in=row.said_in,
        erased_at=row.erased_at,
    )


def _line(row: Any, currency: str) -> Line:
    total = None if row.total_minor is None else Money(row.total_minor, currency)
    return Line(
        row.ordinal, row.product, row.product_id, row.text, row.picture, row.quantity, row.unit_price, total, row.said
    )  # fmt: skip
