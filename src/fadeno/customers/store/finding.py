"""Reading customers as somebody looks for them, and the words they are found by."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from fadeno.customers.store.statements import Q, array
from fadeno.db import Tx
from fadeno.kit.ids import first_id_at


async def named_page(tx: Tx, after: tuple[str, UUID], limit: int) -> list[Any]:
    return await tx.all(Q.named_page, after_key=after[0], after_id=after[1], limit=limit)


async def begins_with(tx: Tx, letters: str, most: int) -> list[Any]:
    return await tx.all(Q.begins_with, first=letters, beyond=beyond(letters), most=most)


async def with_keys(tx: Tx, sought: str, most: int) -> list[Any]:
    """Customers that match a tsquery of their keys; of many, some."""
    await tx.use_indexes()
    return await tx.all(Q.with_keys, sought=sought, most=most)


async def new_with_keys(tx: Tx, sought: str, most: int) -> list[Any]:
    """The same among those who are new."""
    await tx.use_indexes()
    return await tx.all(Q.new_with_keys, sought=sought, most=most)


async def heard_since(tx: Tx, ids: Collection[UUID], since: datetime) -> dict[UUID, datetime]:
    """When something last came of each of some customers, of those of whom it did since."""
    await tx.use_indexes()
    return dict(await tx.all(Q.heard_since, ids=array(ids), since_id=first_id_at(since)))


async def with_number(tx: Tx, sought: str, digits: str, kinds: Collection[str], most: int) -> list[Any]:
    await tx.use_indexes()
    return await tx.all(Q.with_number, sought=sought, digits=digits, kinds=array(kinds), most=most)


async def address_begins_with(tx: Tx, letters: str, most: int) -> list[Any]:
    return await tx.all(Q.address_begins_with, first=letters, beyond=beyond(letters), most=most)


async def any_address(tx: Tx, value: str) -> list[Any]:
    return await tx.all(Q.any_address, value=value)


async def spelled_alike(tx: Tx, shortened: Sequence[str], most: int) -> list[str]:
    return [row.word for row in await tx.all(Q.spelled_alike, shortened=array(shortened), most=most)]


def beyond(letters: str) -> str:
    """The first text under `COLLATE "C"` that comes after all that begin with these letters."""
    return letters + "\U0010ffff"


# Walks through all customers


async def walked(tx: Tx, name: str) -> Any | None:
    """How far a walk has come, taken until the end of the transaction."""
    return await tx.maybe(Q.walked, name=name)


async def set_walked(tx: Tx, name: str, reached: UUID, began_at: datetime, detail: str = "") -> None:
    await tx.run(Q.set_walked, name=name, reached=reached, began_at=began_at, detail=detail)


async def words_after(tx: Tx, after: UUID, most: int) -> list[Any]:
    return await tx.all(Q.words_after, after=after, most=most)


async def known_spellings(tx: Tx, words: Collection[str]) -> set[str]:
    return {row.word for row in await tx.all(Q.known_spellings, words=array(words))}


async def add_spellings(tx: Tx, rows: Sequence[tuple[str, Sequence[str]]]) -> None:
    """Write (word, word without some of its letters)."""
    words, shortened = array([r[0] for r in rows]), array([" ".join(r[1]) for r in rows])
    await tx.run(Q.add_spellings, words=words, shortened=shortened)


async def forget_spellings(tx: Tx, after: str, most: int) -> str | None:
    """Look at the next words; the last of them."""
    return await tx.value(Q.forget_spellings, after=after, most=most)


async def labels_after(tx: Tx, after: UUID, most: int) -> list[Any]:
    return await tx.all(Q.labels_after, after=after, most=most)


async def set_sort_keys(tx: Tx, rows: Sequence[tuple[UUID, str]]) -> None:
    await tx.run(Q.set_sort_keys, ids=array([r[0] for r in rows]), sort_keys=array([r[1] for r in rows]))
