"""Pairs of customers who may be one person."""

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from fadeno.customers.store.finding import beyond
from fadeno.customers.store.statements import Q, array
from fadeno.db import Tx


async def named_after(tx: Tx, after: UUID, most: int) -> list[UUID]:
    return [row.id for row in await tx.all(Q.named_after, after=after, most=most)]


async def told_of(tx: Tx, after: int, most: int) -> list[UUID]:
    """Some of the customers of whom the live stream tells after a place what may make them like others."""
    return [row.customer_id for row in await tx.all(Q.told_of, after=after, most=most)]


async def same_names(tx: Tx, sought: Sequence[str], most: int) -> list[Any]:
    """(number of the query from 1, customer) for some tsqueries of keys."""
    await tx.use_indexes()
    return await tx.all(Q.same_names, sought=array(sought), most=most)


async def same_locals(tx: Tx, locals_: Collection[str], most: int) -> list[Any]:
    return await tx.all(Q.same_locals, locals=array(locals_), most=most)


async def same_email_starts(tx: Tx, beginnings: Collection[str], most: int) -> list[Any]:
    ends = [beyond(begins) for begins in beginnings]
    return await tx.all(Q.same_email_starts, beginnings=array(beginnings), ends=array(ends), most=most)


async def same_numbers(tx: Tx, numbers: Collection[str], kinds: Collection[str]) -> list[Any]:
    return await tx.all(Q.same_numbers, numbers=array(numbers), kinds=array(kinds))


async def linked_pairs(tx: Tx, ids: Collection[UUID]) -> dict[tuple[UUID, UUID], UUID]:
    """The strongest link left out of each pair of customers that has one."""
    rows = await tx.all(Q.linked_pairs, ids=array(ids)) if ids else []
    return {(row.a, row.b): row.link_id for row in rows}


async def unweighed(tx: Tx, most: int) -> list[UUID]:
    return [row.id for row in await tx.all(Q.unweighed, most=most)]


async def likenesses_of(tx: Tx, ids: Collection[UUID]) -> list[Any]:
    """(id, a, b) of pairs that wait, with the customers the two are now."""
    return await tx.all(Q.likenesses_of, ids=array(ids)) if ids else []


async def drop_likenesses(tx: Tx, ids: Collection[UUID]) -> None:
    if ids:
        await tx.run(Q.drop_likenesses, ids=array(ids))


async def add_likenesses(tx: Tx, rows: Sequence[tuple[UUID, UUID, UUID, int, Sequence[str], UUID | None]]) -> None:
    """Write (id, a, b, certainty, reasons, link)."""
    if rows:
        ids, a, b, certainties, reasons, links = zip(*rows, strict=True)
        await tx.run(
            Q.add_likenesses,
            ids=array(ids), a=array(a), b=array(b), certainties=array(certainties),
            reasons=array([" ".join(codes) for codes in reasons]), link_ids=array(links), now=tx.now,
        )  # fmt: skip


async def likenesses(
    tx: Tx, between: tuple[int, int], reason: str | None, below: tuple[int, UUID], limit: int
) -> list[Any]:
    least, most = between
    return await tx.all(
        Q.likenesses, least=least, most=most, reason=reason, below=below[0], below_id=below[1], limit=limit
    )


async def count_likenesses(tx: Tx, least: int, most: int) -> int:
    return await tx.value(Q.count_likenesses, least=least, most=most)


async def some_likenesses(tx: Tx, ids: Collection[UUID]) -> list[Any]:
    return await tx.all(Q.some_likenesses, ids=array(ids)) if ids else []


async def decided_likenesses(tx: Tx, limit: int) -> list[Any]:
    return await tx.all(Q.decided_likenesses, limit=limit)


async def lock_likeness(tx: Tx, id_: UUID) -> Any | None:
    return await tx.maybe(Q.lock_likeness, id=id_)


async def set_decided(tx: Tx, id_: UUID, by: UUID) -> None:
    await tx.run(Q.set_decided, id=id_, by=by, now=tx.now)


async def set_undecided(tx: Tx, by: UUID) -> None:
    """Let the pairs an action decided wait again."""
    await tx.run(Q.set_undecided, by=by)
