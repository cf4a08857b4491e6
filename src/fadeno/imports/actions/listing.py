"""Rows of the lists that come back: page by page as they leave, and by their ids as they return."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from typing import Any, NamedTuple
from uuid import UUID

from fadeno import access, commerce, customers, sources
from fadeno.access import Actor
from fadeno.commerce import Line, Order, Place, Price, Product, Stock
from fadeno.customers import Found, Narrow, Profile
from fadeno.db import Tx
from fadeno.imports import model, store
from fadeno.imports.model import NEW, lists
from fadeno.imports.model.lists import COLUMNS

PAGE = 200
Key = tuple[UUID, str]


class Asked(NamedTuple):
    """Which part of a list is asked for, nothing said is all of it; and how it is told.

    Attributes:
        q: what was typed. number: the beginning of an order's number. customer_id: whose orders.
        source_id, reason: of quarantine; `reason` and the least and most `certainty` of suggestions.
        trail: what is looked for in the audit trail.
        by_address: whether addresses may be looked in.
        zone: in which times are told. right_to_left: which way the columns of a workbook go.
        decimal: what parts decimals in csv; beside a comma, semicolons part the cells.
        headers: field -> what is written above its column, where it is not English.
    """

    q: str = ""
    narrow: Narrow = Narrow()
    number: str = ""
    customer_id: UUID | None = None
    source_id: int | None = None
    reason: str = ""
    certainty: tuple[int, int] = (0, 100)
    trail: access.Asked = access.Asked()
    by_address: bool = True
    zone: str = "UTC"
    right_to_left: bool = False
    decimal: str = ","
    headers: dict[str, str] = {}  # noqa: RUF012 - never written to


class Shown(NamedTuple):
    """One row of a list.

    Attributes:
        id: of the thing, and part which line, price or count of it.
        cells: field -> what is known. shown: what stands beside it. about: the thing itself, and its part.
    """

    id: UUID
    part: str
    cells: dict[str, Any]
    shown: tuple[str | None, ...]
    about: tuple[Any, ...]

    def texts(self, what: str, zone: str) -> dict[str, str]:
        """Field -> what its cell says, as text."""
        return {
            column.field: lists.as_read(lists.typed(self.cells.get(column.field), column.kind, zone), column.kind)
            for column in COLUMNS[what]
        }


Page = tuple[list[Shown], str | None]


async def page_of(tx: Tx, actor: Actor, what: str, asked: Asked, after: str | None) -> Page:
    """The next rows of a list, and what to ask for the ones after them; None at its end."""
    match what:
        case "customers":
            found, following = await customers.narrowed(
                tx, asked.narrow, asked.q, limit=PAGE, after=after, by_address=asked.by_address
            )
            return await _people(tx, found), following
        case "orders":
            told, following = await commerce.orders(
                tx, number=asked.number, customer_id=asked.customer_id, before=after, limit=PAGE
            )
            return await _orders(tx, actor, await commerce.with_lines(tx, told)), following
        case "places":
            there, following = await commerce.places(tx, after=after, limit=PAGE)
            return await _places(tx, there), following
    goods, following = await commerce.products(tx, q=asked.q, after=after, limit=PAGE)
    return await _goods(tx, what, goods), following


async def rows_by_key(tx: Tx, what: str, keys: Iterable[Key]) -> dict[Key, Shown]:
    """These rows of a list as they are now, as far as they are there."""
    wanted = set(keys)
    ids = {id_ for id_, _ in wanted}
    if not ids:
        return {}
    match what:
        case "customers":
            known = await customers.profiles(tx, ids, model.RETURNING_NAMES)
            return {(id_, ""): _person(id_, "", profile) for id_, profile in known.items()}
        case "orders":
            names = await _names(tx)
            rows = [row for one in await commerce.orders_by_id(tx, ids) for row in _order(one, names, with_new=True)]
        case "places":
            rows = await _places(tx, await commerce.places_by_id(tx, ids))
        case _:
            rows = await _goods(tx, what, await commerce.products_by_id(tx, ids), with_whole=True)
    return {(row.id, row.part): row for row in rows if (row.id, row.part) in wanted}


async def _names(tx: Tx) -> dict[int, str]:
    return {source.id: source.name for source in await sources.all_sources(tx)}


async def _people(tx: Tx, found: Collection[Found]) -> list[Shown]:
    known = await customers.profiles(tx, [one.id for one in found], model.RETURNING_NAMES)
    missed, names = await gone_customers(tx, [one.id for one in found]), await _names(tx)
    lists_of = {id_: ", ".join(sorted(names.get(one, "") for one in found)) for id_, found in missed.items()}
    return [_person(one.id, one.label, known[one.id], lists_of.get(one.id)) for one in found if one.id in known]


def _person(id_: UUID, label: str, profile: Profile, gone_from: str | None = None) -> Shown:
    return Shown(id_, "", model.cells_of(profile), (label, model.others_of(profile), gone_from), (profile,))


async def _orders(tx: Tx, actor: Actor, told: Collection[Order]) -> list[Shown]:
    """The rows of orders, with whose they are as far as whoever asks may hand that out."""
    names, labels = await _names(tx), dict[UUID | None, str]()
    if access.may(actor, "export", "customers"):
        shown = str if access.may(actor, "export", "contacts") else customers.without_contacts
        ids = list({one.customer_id for one in told if one.customer_id})
        labels = {one.id: shown(one.label) for one in await customers.summaries(tx, ids)}
    return [row for one in told for row in _order(one, names, labels.get(one.customer_id))]


def _order(order: Order, names: dict[int, str], whose: str | None = None, *, with_new: bool = False) -> list[Shown]:
    """The rows of an order: one for each line, or one where it has none."""
    head = {
        "order_no": order.number, "ordered_at": order.placed_at, "status": order.state, "channel": order.channel,
        "place": order.place, "country": order.country, "order_total": order.total, "discount": order.discount,
        "shipping": order.shipping, "tax": order.tax, "currency": order.currency,
    }  # fmt: skip
    shown = (whose, names.get(order.source_id))
    rows = [Shown(order.id, str(line.ordinal), head | _line(line), shown, (order, line)) for line in order.lines]
    if not rows or with_new:
        rows.append(Shown(order.id, "", head, shown, (order,)))
    if with_new:
        rows.append(Shown(order.id, NEW, head, shown, (order,)))
    return rows


def _line(line: Line) -> dict[str, Any]:
    return {
        "product_no": line.product, "product_name": line.text, "quantity": line.quantity,
        "unit_price": line.unit_price, "line_total": line.total,
    }  # fmt: skip


async def _places(tx: Tx, found: Collection[Place]) -> list[Shown]:
    names, missed = await _names(tx), await gone(tx, [one.id for one in found])
    return [_place(one, names, is_gone=one.id in missed) for one in found]


async def gone(tx: Tx, things: Collection[UUID]) -> dict[UUID, set[int]]:
    """Those of some products, places or counts of stock, by id, that a whole list names no more, and whose list."""
    return _by_thing(await store.gone_things(tx, things) if things else ())


async def gone_customers(tx: Tx, ids: Collection[UUID]) -> dict[UUID, set[int]]:
    """Those of some customers, each by the id they have now, whom a whole list names no more, and whose list."""
    return _by_thing(await store.gone_customers(tx, ids) if ids else ())


def _by_thing(rows: Iterable[Any]) -> dict[UUID, set[int]]:
    found: defaultdict[UUID, set[int]] = defaultdict(set)
    for row in rows:
        found[row.thing_id].add(row.source_id)
    return dict(found)


def _place(place: Place, names: dict[int, str], *, is_gone: bool) -> Shown:
    cells = {
        "place": place.key, "place_name": place.name, "place_kind": place.kind, "address": place.address,
        "country": place.country, "zone": place.zone, "opening_hours": place.hours,
    }  # fmt: skip
    return Shown(place.id, "", cells, (names.get(place.source_id), is_gone or None), (place,))


async def _goods(tx: Tx, what: str, goods: Collection[Product], *, with_whole: bool = False) -> list[Shown]:
    """The rows of products: one for each price, or one where there is none; of stock one for each count."""
    names = await _names(tx)
    parts: defaultdict[UUID, list[Any]] = defaultdict(list)
    reading = commerce.stock if what == "stock" else commerce.prices
    for part in await reading(tx, *(one.id for one in goods), most=None) if goods else ():
        parts[part.product_id].append(part)
    rows = []
    is_stock = what == "stock"
    missed = await gone(tx, [part.id for one in goods for part in parts[one.id]] if is_stock else [p.id for p in goods])
    for one in goods:
        if is_stock:
            rows += [_count(one, part, names, is_gone=part.id in missed) for part in parts[one.id]]
            continue
        rows += [_priced(one, part, names, is_gone=one.id in missed) for part in parts[one.id]]
        if with_whole or not parts[one.id]:
            rows.append(_priced(one, None, names, is_gone=one.id in missed))
    return rows


def _named(product: Product) -> dict[str, Any]:
    return {
        "product_no": product.sku or product.key, "product_name": product.name, "variant": product.variant,
        "gtin": product.gtin,
    }  # fmt: skip


def _priced(product: Product, price: Price | None, names: dict[int, str], *, is_gone: bool) -> Shown:
    cells = _named(product) | {
        "category": product.category, "picture_url": product.picture, "active": product.state == "current",
    }  # fmt: skip
    if price is not None:
        cells |= {
            "place": price.place_key, "unit_price": price.amount, "currency": price.currency,
            "valid_from": price.valid_from, "valid_to": price.valid_to,
        }  # fmt: skip
    part = str(price.id) if price else ""
    shown = (names.get(product.source_id), product.variant_of, is_gone or None)
    return Shown(product.id, part, cells, shown, (product, price))


def _count(product: Product, stock: Stock, names: dict[int, str], *, is_gone: bool) -> Shown:
    cells = _named(product) | {"place": stock.place_key, "on_hand": stock.quantity, "counted_at": stock.said_at}
    shown = (names.get(stock.source_id), is_gone or None)
    return Shown(product.id, str(stock.id), cells, shown, (product, stock))
