"""Pairs of customers who may be one person."""

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from fadeno.customers.store.statements import Q, array
from fadeno.db import Tx


async def named_after(tx: Tx, after: UUID, most: int) -> list[UUID]:
    return [row.id for row in await tx.all(Q.named_after, after=after, most=most)]


async def same_names(tx: Tx, sought: Sequence[str], most: int) -> list[Any]:
    """(number of the query from 1, customer) for some tsqueries of keys."""
    await tx.run(Q.use_indexes)
    return await tx.all(Q.same_names, sought=array(sought), most=most)


async def same_locals(tx: Tx, locals_: Collection[str], most: int) -> list[Any]:
    return await tx.all(Q.same_locals, locals=array(locals_), most=most)


async def same_numbers(tx: Tx, numbers: Collection[str], kinds: Collection[str]) -> list[Any]:
    return await tx.all(Q.same_numbers, numbers=array(numbers), kinds=array(kinds))


async def add_likenesses(tx: Tx, rows: Sequence[tuple[UUID, UUID, UUID, int, Sequence[str]]]) -> None:
    """Write (id, a, b, certainty, reasons)."""
    if rows:
        ids, a, b, certainties, reasons = zip(*rows, strict=True)
        await tx.run(
            Q.add_likenesses,
            ids=array(ids), a=array(a), b=array(b), certainties=array(certainties),
            reasons=array([" ".join(codes) for codes in reasons]), now=tx.now,
        )  # fmt: skip


async def likenesses(tx: Tx, least: int, below: tuple[int, UUID], limit: int) -> list[Any]:
    return await tx.all(Q.likenesses, least=least, below=below[0], below_id=below[1], limit=limit)


async def lock_likeness(tx: Tx, id_: UUID) -> Any | None:
    return await tx.maybe(Q.lock_likeness, id=id_)


async def set_decided(tx: Tx, id_: UUID) -> None:
    await tx.run(Q.set_decided, id=id_, now=tx.now)
