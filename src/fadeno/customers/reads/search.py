"""Finding customers by name and by any address, as one types."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from fadeno.customers import store
from fadeno.db import Tx
from fadeno.kit import addresses, text
from fadeno.kit.errors import Invalid

MOST = 100
_START = ("", UUID(int=0))
_SEPARATOR = "~"


@dataclass(frozen=True, slots=True)
class Found:
    """A customer in a list."""

    id: UUID
    name: str | None
    label: str
    address_count: int


async def search(
    tx: Tx, q: str = "", *, limit: int = 20, after: str | None = None, region: str | None = None
) -> tuple[list[Found], str | None]:
    """Customers that match what was typed, in order of name, and where the next page begins.

    Nothing typed lists everybody who is known by something. An address that is exactly right comes first.
    """
    limit = max(1, min(limit, MOST))
    typed = _clean(q).strip()[:256]
    start = _after(after)
    first = [] if after or not typed else await _exactly(tx, typed, region)
    rows = await _listed(tx, typed, start, limit + 1)
    shown: dict[UUID, Any] = {row.id: row for row in (*first, *rows)}
    page = list(shown.values())[:limit]
    more = len(rows) > limit or len(shown) > limit
    last = next((row for row in reversed(page) if row.sort_key), None)
    has_next = more and last is not None and "@" not in typed and last.id not in {f.id for f in first}
    cursor = f"{last.id}{_SEPARATOR}{last.sort_key}" if has_next else None
    return [Found(r.id, r.name, r.label, r.address_count) for r in page], cursor


def _clean(typed: str) -> str:
    """Without what no text in the database holds."""
    return typed.replace("\0", "").encode("utf-8", "replace").decode()


async def _exactly(tx: Tx, typed: str, region: str | None) -> list[Any]:
    """Customers of the very address or id that was typed."""
    rows = []
    try:
        if row := await store.customer(tx, UUID(typed)):
            rows.append(_row(row))
    except ValueError:
        pass
    if ":" in typed:
        try:
            kind, value = addresses.split(typed)
            id_ = await store.find(tx, kind, addresses.normalise(kind, value, region))
            return rows + ([_row(await store.customer(tx, id_))] if id_ else [])
        except Invalid:
            pass
    for kind in ("email", "phone"):
        try:
            typed_as = addresses.normalise(kind, typed, region)
        except Invalid:
            continue
        if id_ := await store.find(tx, kind, typed_as):
            rows.append(_row(await store.customer(tx, id_)))
    return rows + await store.any_address(tx, typed)


def _row(row: Any) -> Any:
    return _Row(row.id, row.name, row.label, row.address_count, "")


@dataclass(frozen=True, slots=True)
class _Row:
    id: UUID
    name: str | None
    label: str
    address_count: int
    sort_key: str


async def _listed(tx: Tx, typed: str, start: tuple[str, UUID], limit: int) -> list[Any]:
    if not typed:
        return await store.named_page(tx, start, limit)
    if "@" in typed:
        return await store.address_begins_with(tx, "email", typed.casefold(), limit)
    keys = text.query_keys(typed)
    if keys and len(max(keys, key=len)) == 1:
        return await store.begins_with(tx, text.sort_key(typed), start, limit)
    return await store.search(tx, keys, start, limit) if keys else []


def _after(after: str | None) -> tuple[str, UUID]:
    if not after:
        return _START
    id_, separator, key = _clean(after).partition(_SEPARATOR)
    try:
        if not separator:
            raise ValueError
        return key, UUID(id_)
    except ValueError:
        raise Invalid("`after` is the `next` of the page before.", field="after") from None
