"""Rows that left the house as a sheet and come back edited: three versions of each cell are compared. Pure."""

from collections.abc import Mapping
from hashlib import blake2b
from typing import Any, NamedTuple
from uuid import UUID

from fadeno.customers import Mention, Profile
from fadeno.imports.model.people import TRAITS
from fadeno.imports.model.saying import ATTESTED, OBSERVED, Context, Reason, Refused, Saying, plain
from fadeno.kit import addresses
from fadeno.kit.errors import Invalid
from fadeno.sheets import Row

# The columns of a list of customers that can be edited and come back.
FIELDS = (
    "name", "given_name", "family_name", "company", "email", "phone", "street", "city", "postcode", "region",
    "country", "birth_date", "gender", "salutation", "language", "tags", "note",
)  # fmt: skip
NAMES = tuple(TRAITS.get(field, field) for field in FIELDS)
_ADDRESSES = {"email": "email", "phone": "phone"}
_HASH_BYTES = 3


class Returned(NamedTuple):
    """A row that comes back.

    Attributes:
        cells: field -> what stands there now; empty = cleared.
        version: field -> digest of what stood there when it left.
    """

    id: UUID
    cells: dict[str, str]
    version: dict[str, str]


class Judged(NamedTuple):
    """What a row that came back says.

    Attributes:
        changes: field -> the new value. conflicts: what was edited here and changed there too.
    """

    changes: dict[str, str]
    conflicts: tuple[Reason, ...]


def cells_of(profile: Profile) -> dict[str, str]:
    """What a customer's row in a sheet shows."""
    cells = {}
    for field, name in zip(FIELDS, NAMES, strict=True):
        value = profile.values.get(name)
        if value in (None, "") and field in _ADDRESSES:
            value = next((v for kind, v, _ in profile.addresses if kind == _ADDRESSES[field]), None)
        cells[field] = _text(value)
    return cells


def version_of(cells: Mapping[str, str]) -> str:
    """A short digest of each cell, by which it is seen whether it was edited."""
    return " ".join(f"{field}.{_digest(value)}" for field, value in cells.items())


def returned(row: Row, context: Context) -> Returned:
    """A row with our id.

    Raises:
        Refused: its id or version was changed.
    """
    id_, version = str(row.values.get("row_id") or ""), str(row.values.get("row_version") or "")
    try:
        wanted = UUID(id_)
        left = dict(part.split(".", 1) for part in version.split())
    except ValueError:
        raise Refused(Reason("bad_row_id", context.headers.get("row_id", "row_id"), id_)) from None
    if not left or not left.keys() <= set(FIELDS):
        raise Refused(Reason("bad_row_id", context.headers.get("row_version", "row_version"), version[:60]))
    there = [field for field in left if field in context.headers]
    return Returned(wanted, {field: _text(plain(row.values.get(field))) for field in there}, left)


def judge(row: Returned, profile: Profile, *, overwrites: bool) -> Judged:
    """Which cells were edited, and which of these changed here meanwhile too.

    Args:
        overwrites: what stands in the sheet counts then.
    """
    now = cells_of(profile)
    changes, conflicts = {}, []
    for field, value in row.cells.items():
        if _digest(value) == row.version[field] or value == now[field]:
            continue
        if _digest(now[field]) != row.version[field] and not overwrites:
            conflicts.append(Reason("changed_meanwhile", field, now[field][:200]))
        else:
            changes[field] = value
    return Judged(changes, tuple(conflicts))


def saying(row: Returned, judged: Judged, profile: Profile, context: Context) -> Saying:
    """What edited cells say: by whoever edited, so it counts more than what systems say.

    Raises:
        Refused: an address can't be one.
    """
    if not profile.addresses:
        raise Refused(Reason("no_such_row"))
    kind, value, proven = profile.addresses[0]
    mentions = [Mention(kind, value, proven)]
    for field in _ADDRESSES.keys() & judged.changes.keys():
        if text := judged.changes[field]:
            try:
                spelled = addresses.normalise(_ADDRESSES[field], text, context.region)
            except Invalid:
                raise Refused(Reason(f"bad_{field}", context.headers.get(field, field), text[:200])) from None
            mentions.append(Mention(_ADDRESSES[field], spelled, OBSERVED))
    traits: dict[str, Any] = {TRAITS.get(field, field): value for field, value in judged.changes.items()}
    body = {"traits": traits, "edited": sorted(judged.changes)}
    at = context.said_at
    return Saying("identify", None, "sheet", tuple(mentions), "identify", at, traits, (), body, ATTESTED)


def _text(value: Any) -> str:
    return "" if value is None else str(value).strip()


def _digest(value: str) -> str:
    return blake2b(value.encode("utf-8", "replace"), digest_size=_HASH_BYTES).hexdigest()
