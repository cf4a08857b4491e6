"""Keeping products, places, prices and stock as sources say them: the same again changes nothing."""

from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from fadeno import customers
from fadeno.commerce import store
from fadeno.commerce.model import Kept, NewPlace, NewPrice, NewProduct, NewStock, Word
from fadeno.commerce.model.catalogue import (
    found_by,
    place_row,
    place_sort_key,
    price_row,
    product_row,
    product_sort_key,
    stock_row,
)
from fadeno.commerce.store import Shelf
from fadeno.db import Tx
from fadeno.kit.errors import FadenoError
from fadeno.kit.ids import new_id

_Row = dict[str, Any]
_OF_PRODUCT: _Row = {
    "sku": None, "gtin": None, "name": "", "names": {}, "picture": None, "category": None, "variant_of": None,
    "variant": None, "state": "current",
}  # fmt: skip
_OF_PLACE: _Row = {"name": "", "kind": None, "address": None, "country": None, "zone": None, "hours": None}
_OF_PRICE: _Row = {"valid_to": None, "amount": None}
_OF_STOCK: _Row = {"quantity": None}


@dataclass(frozen=True, slots=True)
class _Kind:
    """How one kind of thing is kept.

    Attributes:
        reading: makes columns of what is said of one.
        key: the columns that tell one from another within a source.
        empty: every other column that can be said, as it is when nothing is said.
        derived: columns that follow from the others.
        whole: columns of which a saying is the whole: nothing said is said, too.
    """

    shelf: Shelf
    reading: Callable[[Any], _Row]
    key: tuple[str, ...]
    empty: _Row
    derived: Callable[[_Row], _Row]
    whole: frozenset[str] = frozenset()

    def key_of(self, row: _Row) -> Hashable:
        return tuple(row[name] for name in self.key)

    def merged(self, known: _Row, said: _Row) -> _Row:
        """What is known once this is said: what it is silent about stays, an empty text takes away."""
        found = dict(known)
        for name, empty in self.empty.items():
            value = said.get(name)
            if name == "names" and value is not None:
                found[name] = {tag: text for tag, text in (known[name] | value).items() if text}
            elif value is not None or name in self.whole:
                found[name] = value if value != "" else empty
        return found


def _words_of_product(row: _Row) -> _Row:
    language = customers.ordered_as()
    return {"search_keys": found_by(row), "sort_key": product_sort_key(row["name"], row["names"], row["key"], language)}


def _words_of_place(row: _Row) -> _Row:
    return {"sort_key": place_sort_key(row["name"], row["key"], customers.ordered_as())}


def _nothing(row: _Row) -> _Row:
    return {}


_PRODUCT = _Kind(store.PRODUCTS, product_row, ("key",), _OF_PRODUCT, _words_of_product)
_PLACE = _Kind(store.PLACES, place_row, ("key",), _OF_PLACE, _words_of_place)
_AT = ("product_id", "place_id")
_PRICE = _Kind(store.PRICES, price_row, (*_AT, "currency", "valid_from"), _OF_PRICE, _nothing, frozenset({"valid_to"}))
_STOCK = _Kind(store.STOCK, stock_row, _AT, _OF_STOCK, _nothing)


async def keep_products(
    tx: Tx,
    source_id: int,
    products: Sequence[NewProduct],
    *,
    said_in: UUID,
    said_at: datetime | None = None,
    is_import: bool = False,
) -> list[Kept]:
    """Record what a source says of products; what became of each, in their order. Arguments as for `keep_orders`."""
    return await _keep_all(tx, _PRODUCT, Word(source_id, said_in, said_at or tx.now, is_import), products)


async def keep_places(
    tx: Tx,
    source_id: int,
    places: Sequence[NewPlace],
    *,
    said_in: UUID,
    said_at: datetime | None = None,
    is_import: bool = False,
) -> list[Kept]:
    """Record what a source says of places; what became of each, in their order. Arguments as for `keep_orders`."""
    return await _keep_all(tx, _PLACE, Word(source_id, said_in, said_at or tx.now, is_import), places)


async def keep_prices(
    tx: Tx,
    source_id: int,
    prices: Sequence[NewPrice],
    *,
    said_in: UUID,
    said_at: datetime | None = None,
    is_import: bool = False,
) -> list[Kept]:
    """Record what a source says of prices; what became of each, in their order. Arguments as for `keep_orders`.

    The product, and the place where one is named, must be known: by any source's id, SKU or GTIN.
    """
    return await _keep_all(tx, _PRICE, Word(source_id, said_in, said_at or tx.now, is_import), prices)


async def keep_stock(
    tx: Tx,
    source_id: int,
    stock: Sequence[NewStock],
    *,
    said_in: UUID,
    said_at: datetime | None = None,
    is_import: bool = False,
) -> list[Kept]:
    """Record how much a source says there is; what became of each, in their order. Arguments as for `keep_orders`.

    A count that is older than the known one changes nothing. Products and places must be known, as for prices.
    """
    return await _keep_all(tx, _STOCK, Word(source_id, said_in, said_at or tx.now, is_import), stock)


_Said = tuple[int, _Row]
_KINDS: dict[type, _Kind] = {NewPlace: _PLACE, NewProduct: _PRODUCT, NewPrice: _PRICE, NewStock: _STOCK}


async def judge_goods(
    tx: Tx, source_id: int, things: Sequence[NewPlace | NewProduct | NewPrice | NewStock], *, said_at: datetime
) -> list[Kept]:
    """What keeping goods, each said once, would make of them, to be shown first; nothing is written."""
    kept: list[Kept] = [Kept("refused")] * len(things)
    word = Word(source_id, new_id(), said_at, is_import=True)
    for type_, kind in _KINDS.items():
        at = [n for n, thing in enumerate(things) if isinstance(thing, type_)]
        judged: list[Kept] = [Kept("refused")] * len(at)
        said = _read([things[n] for n in at], kind.reading, judged)
        if "product_id" in kind.key:
            said = await _located(tx, source_id, said, judged)
        await _differing(tx, kind, word, said, judged)
        for n, one in zip(at, judged, strict=True):
            kept[n] = one
    return kept


async def _keep_all(tx: Tx, kind: _Kind, word: Word, things: Sequence[Any]) -> list[Kept]:
    """Read what is said, find what it is of, and keep it."""
    kept: list[Kept] = [Kept("refused")] * len(things)
    said = _read(things, kind.reading, kept)
    if "product_id" in kind.key:
        said = await _located(tx, word.source_id, said, kept)
    await _keep(tx, kind, word, said, kept)
    return kept


def _read(things: Sequence[Any], reading: Callable[[Any], _Row], kept: list[Kept]) -> list[_Said]:
    said = []
    for at, thing in enumerate(things):
        try:
            said.append((at, reading(thing)))
        except FadenoError as no:
            kept[at] = Kept("refused", why=no.message, field=no.field)
    return said


async def _located(tx: Tx, source_id: int, said: list[_Said], kept: list[Kept]) -> list[_Said]:
    """Those whose product and place are known, with their ids."""
    if not said:
        return []
    asked = [row for _, row in said if row["product_id"] is None]
    products = await store.products_named(tx, source_id, {row["product"] for row in asked}) if asked else {}
    named = {row["place"] for row in asked} - {None}
    places = await store.places_named(tx, source_id, named) if named else {}
    found = []
    for at, row in said:
        product, place = row.pop("product"), row.pop("place")
        if row["product_id"] is not None:
            found.append((at, row))
        elif product not in products:
            kept[at] = Kept("refused", why=f"There is no product {product!r}.", field="product")
        elif place is not None and place not in places:
            kept[at] = Kept("refused", why=f"There is no place {place!r}.", field="place")
        else:
            found.append((at, {**row, "product_id": products[product], "place_id": places[place] if place else None}))
    return found


def _rounds(kind: _Kind, said: list[_Said]) -> Iterator[list[_Said]]:
    """The same in parts in which each thing stands once: nearly always one part."""
    while said:
        first: dict[Hashable, int] = {}
        later = [(at, row) for at, row in said if first.setdefault(kind.key_of(row), at) != at]
        among = set(first.values())
        yield [(at, row) for at, row in said if at in among]
        said = later


async def _keep(tx: Tx, kind: _Kind, word: Word, said: list[_Said], kept: list[Kept]) -> None:
    for together in _rounds(kind, said):
        new = {at: _new(kind, word, row) for at, row in together}
        added = await kind.shelf.add(tx, list(new.values()))
        for at, row in new.items():
            if row["id"] in added:
                kept[at] = Kept("new", row["id"])
        rest = [(at, row) for at, row in together if new[at]["id"] not in added]
        if rest:
            await _correct(tx, kind, word, rest, kept)


def _new(kind: _Kind, word: Word, row: _Row) -> _Row:
    whole = kind.merged({**{name: row[name] for name in kind.key}, **kind.empty}, row)
    return {
        **whole,
        **kind.derived(whole),
        "id": new_id(),
        "source_id": word.source_id,
        **word.about(row.get("said_at")),
    }


async def _correct(tx: Tx, kind: _Kind, word: Word, said: list[_Said], kept: list[Kept]) -> None:
    """Change what is known where it differs; only that is taken, and looked at again once it is."""
    differing = await _differing(tx, kind, word, said, kept)
    if not differing:
        return
    await kind.shelf.take(tx, [row["id"] for _, row in differing])
    among = {at for at, _ in differing}
    differing = await _differing(tx, kind, word, [(at, row) for at, row in said if at in among], kept)
    if differing:
        await kind.shelf.change(tx, [row for _, row in differing], is_import=word.is_import)


async def _differing(tx: Tx, kind: _Kind, word: Word, said: list[_Said], kept: list[Kept]) -> list[_Said]:
    """Whole rows as they are to be, where they differ from what is known; each judgement is noted."""
    if not said:
        return []
    asked = [{"source_id": word.source_id, **{name: row[name] for name in kind.key}} for _, row in said]
    known = {kind.key_of(row._asdict()): row._asdict() for row in await kind.shelf.known(tx, asked)}
    differing = []
    for at, row in said:
        old = known.get(kind.key_of(row))
        if old is None:
            kept[at] = Kept("refused", why="It was taken back at this very moment. Say it again.")
            continue
        now = kind.merged(old, row)
        changes = {name: (old[name], now[name]) for name in kind.empty if old[name] != now[name]}
        told = word.about(row.get("said_at"))
        if changes and old["said_at"] > told["said_at"]:
            kept[at] = Kept("older", old["id"])
            continue
        kept[at] = Kept("changed" if changes else "unchanged", old["id"], changes)
        if changes or (kind is _STOCK and old["said_at"] < told["said_at"]):
            differing.append((at, {**now, **kind.derived(now), **told}))
    return differing
