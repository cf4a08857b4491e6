"""Choosing some of a customer's addresses, of which there may be thousands."""

from dataclasses import dataclass
from uuid import UUID

from fadeno.customers.reads.person import Address
from fadeno.customers.store import choosing as store
from fadeno.db import Tx

MOST_VALUES = 10_000
_FIRST = UUID(int=0)


@dataclass(frozen=True, slots=True)
class Choice:
    """Some of a customer's addresses.

    Attributes:
        kinds: all of these kinds.
        values: these values, each alone or as `kind:value`; capitals and spaces make no difference.
        ids: these addresses.
    """

    kinds: tuple[str, ...] = ()
    values: tuple[str, ...] = ()
    ids: tuple[UUID, ...] = ()


async def address_kinds(tx: Tx, id_: UUID) -> list[tuple[str, int]]:
    """How many addresses of each kind a customer has, most first."""
    return [(row.kind, row.addresses) for row in await store.address_kinds(tx, id_)]


async def addresses_with(
    tx: Tx, id_: UUID, letters: str = "", *, after: UUID | None = None, limit: int = 100
) -> tuple[list[Address], UUID | None]:
    """A page of a customer's addresses in which some letters stand, and the last one of it where there are more."""
    rows = await store.addresses_with(tx, id_, _plain(letters), after or _FIRST, limit + 1)
    found = [Address(*row) for row in rows[:limit]]
    return found, found[-1].id if len(rows) > limit else None


async def chosen(tx: Tx, id_: UUID, choice: Choice) -> tuple[dict[UUID, str], list[str]]:
    """The addresses a choice means, each with its kind, and the values that are none of the customer's."""
    asked = {_plain(value): value for value in choice.values[:MOST_VALUES] if value.strip()}
    rows = await store.chosen(tx, id_, choice.kinds, list(asked), choice.ids)
    named = {name for row in rows for name in (row.plain, f"{row.kind}:{row.plain}")}
    return {row.id: row.kind for row in rows}, [value for plain, value in asked.items() if plain not in named]


def _plain(value: str) -> str:
    return "".join(value.replace("\0", "").encode("utf-8", "replace").decode().lower().split())


def of_lines(text: str) -> list[str]:
    """Values pasted one a line, or with commas between."""
    return [part.strip() for line in text.splitlines() for part in line.split(",") if part.strip()]
