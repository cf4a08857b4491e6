"""Rows that left the house as a sheet and come back edited: three versions of each cell are compared. Pure."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, NamedTuple
from uuid import UUID

from fadeno.customers import Mention, Profile
from fadeno.imports.model import lists
from fadeno.imports.model.lists import COLUMNS, Col
from fadeno.imports.model.people import TRAITS
from fadeno.imports.model.saying import ATTESTED, OBSERVED, Context, Reason, Refused, Saying, crm_kind, plain
from fadeno.kit import addresses
from fadeno.kit.errors import Invalid
from fadeno.sheets import Row, Value

NEW = "+"  # the part of an order a row without an id is: a line that was added to it
_ADDRESSES = {"email": "email", "phone": "phone"}
_CRM = crm_kind("")
_MOST_OTHERS = 50
_COUNTED = frozenset({"customer_id"})
# What is of the part of a row (a line, a price, a count) and not of the whole thing.
OF_PART: dict[str, frozenset[str]] = {
    "orders": frozenset({"product_no", "product_name", "quantity", "unit_price", "line_total"}),
    "products": frozenset({"place", "unit_price", "currency", "valid_from", "valid_to"}),
    "stock": frozenset({"on_hand", "counted_at"}),
}
# What can be corrected but not taken away.
_NEEDED: dict[str, frozenset[str]] = {
    "orders": frozenset({"ordered_at", "status", "channel", "place", "country", "quantity", "order_total", "discount",
                         "shipping", "tax"}),
    "products": frozenset({"active", "unit_price"}),
    "stock": frozenset({"on_hand", "counted_at"}),
    "places": frozenset({"place_kind"}),
}  # fmt: skip
_NAMING_LINES = ("product_no", "product_name")
FIELDS = tuple(column.field for column in COLUMNS["customers"] if column.field not in _COUNTED)
NAMES = tuple(TRAITS.get(field, field) for field in FIELDS)


class Returned(NamedTuple):
    """A row that comes back.

    Attributes:
        id: of the thing it is of. part: which line, price or count of it; empty where it is the thing itself.
        cells: field -> what stands there now, as text; empty = cleared. values: the same, typed.
        marks: field -> sign of what stood there when it left.
        zone: in which its times are told.
        faults: field -> why what stands there can't be read.
        known_as: what names the row in its source, as if it had never left.
    """

    id: UUID
    part: str
    cells: dict[str, str]
    values: dict[str, Value]
    marks: dict[str, str]
    zone: str = "UTC"
    faults: Mapping[str, Reason] = MappingProxyType({})
    known_as: tuple[str, ...] = ()

    @property
    def whole_id(self) -> str:
        """The id as it stands in the sheet."""
        return f"{self.id}/{self.part}" if self.part else str(self.id)


class Judged(NamedTuple):
    """What a row that came back says.

    Attributes:
        changes: field -> the new value; None = cleared. conflicts: why other edited cells are not taken.
    """

    changes: dict[str, Value]
    conflicts: tuple[Reason, ...]


def cells_of(profile: Profile) -> dict[str, Any]:
    """What a customer's row in a sheet shows: field -> value."""
    cells: dict[str, Any] = {}
    for field, name in zip(FIELDS, NAMES, strict=True):
        value = profile.values.get(name)
        if value in (None, "") and field in _ADDRESSES:
            value = next((v for kind, v, _ in profile.addresses if kind == _ADDRESSES[field]), None)
        cells[field] = value
    numbers = [value for kind, value, _ in profile.addresses if kind.startswith(_CRM)]
    return {"customer_id": ", ".join(numbers[:_MOST_OTHERS]) or None, **cells}


def others_of(profile: Profile) -> str:
    """The addresses of a customer that stand in no column of their own."""
    cells = cells_of(profile)
    shown = {_bare(str(cells[field])) for field in _ADDRESSES}
    told = [(kind, value) for kind, value, _ in profile.addresses if not kind.startswith(_CRM)]
    found = [f"{kind}:{value}" for kind, value in told if _bare(value) not in shown]
    return ", ".join(found[:_MOST_OTHERS]) + (" …" if len(found) > _MOST_OTHERS else "")


def _bare(address: str) -> str:
    """An address however it was typed."""
    return "".join(filter(str.isalnum, address)).casefold()


def returned(row: Row, context: Context, target: str, known_as: tuple[str, ...]) -> Returned:
    """A row with our id.

    Raises:
        Refused: its id or version was changed.
    """
    whole_id, version = str(row.values.get("row_id") or ""), str(row.values.get("row_version") or "")
    id_, _, part = whole_id.partition("/")
    try:
        wanted = UUID(id_)
    except ValueError:
        raise Refused(Reason("bad_row_id", context.headers.get("row_id", "row_id"), whole_id[:60])) from None
    try:
        zone, marks = lists.version_read(target, version)
    except (ValueError, KeyError):
        raise Refused(Reason("bad_row_id", context.headers.get("row_version", "row_version"), version[:60])) from None
    return _back(row, context, target, wanted, part, zone, marks, known_as)


def _back(
    row: Row,
    context: Context,
    target: str,
    id_: UUID,
    part: str,
    zone: str,
    marks: dict[str, str],
    known_as: tuple[str, ...],
) -> Returned:
    fields = {header: field for field, header in context.headers.items()}
    faults = {
        fields[name]: Reason(fault.code, name, fault.raw)
        for fault in row.faults
        if not fault.kept and (name := fault.header or fault.column) in fields
    }
    values = {
        column.field: row.values.get(column.field) for column in COLUMNS[target] if column.field in fields.values()
    }
    cells = {field: lists.text_of(faults[field].raw if field in faults else value) for field, value in values.items()}
    return Returned(id_, part, cells, values, marks, zone, faults, known_as)


def id_of(row: Row) -> UUID | None:
    """The id of the thing a row is of; None where it is none of ours."""
    try:
        return UUID(str(row.values.get("row_id") or "").partition("/")[0])
    except ValueError:
        return None


def added(row: Row, context: Context, target: str, id_: UUID) -> Returned:
    """A row without an id that adds a line to a thing that came back in the same file."""
    marks = {column.field: lists.mark("") for column in COLUMNS[target]}
    return _back(row, context, target, id_, NEW, context.options.zone, marks, ())


def judge(row: Returned, target: str, now: Mapping[str, str], *, overwrites: bool, may_name: bool = False) -> Judged:
    """Which cells were edited, and which of these changed here meanwhile too or can't be.

    Args:
        now: field -> what is known now, as text.
        overwrites: what stands in the sheet counts then.
        may_name: cells that name the row may be filled in, as what they name is not there yet.
    """
    changes: dict[str, Value] = {}
    conflicts = []
    for column in COLUMNS[target]:
        field = column.field
        if field not in row.cells or lists.mark(row.cells[field]) == row.marks[field] or row.cells[field] == now[field]:
            continue
        is_free = column.edits or (may_name and not now[field])
        why = _why_not(row, target, column, is_free=is_free)
        if why is None and not overwrites and _has_changed(row, field, now):
            why = _changed(column.field, target, now)
        if why is None:
            changes[field] = row.values[field]
        else:
            conflicts.append(why)
    if target == "orders" and not overwrites and changes.keys() & OF_PART[target]:
        # Another thing may stand in this line by now.
        moved = [field for field in _NAMING_LINES if field not in changes and _has_changed(row, field, now)]
        conflicts += [_changed(field, target, now) for field in moved]
        changes = {field: value for field, value in changes.items() if not moved or field not in OF_PART[target]}
    return Judged(changes, tuple(conflicts))


def _why_not(row: Returned, target: str, column: Col, *, is_free: bool) -> Reason | None:
    """Why an edited cell can't be taken, whatever stands here."""
    text = row.cells[column.field]
    if column.field in row.faults:
        return row.faults[column.field]
    if not is_free:
        return Reason("names_the_row", column.header, text[:200])
    return Reason("not_emptied", column.header) if not text and column.field in _NEEDED.get(target, ()) else None


def _has_changed(row: Returned, field: str, now: Mapping[str, str]) -> bool:
    return lists.mark(now[field]) != row.marks[field]


def _changed(field: str, target: str, now: Mapping[str, str]) -> Reason:
    return Reason("changed_meanwhile", lists.header_of(target, field), now[field][:200])


def saying(row: Returned, judged: Judged, profile: Profile, context: Context) -> Saying:
    """What edited cells say of a customer: by whoever edited, so it counts more than what systems say.

    Raises:
        Refused: an address can't be one.
    """
    if not profile.addresses:
        raise Refused(Reason("no_such_row"))
    kind, value, proven = profile.addresses[0]
    mentions = [Mention(kind, value, proven)]
    said = {field: row.cells[field] for field in judged.changes}
    for field in _ADDRESSES.keys() & said.keys():
        if text := said[field]:
            try:
                spelled = addresses.normalise(_ADDRESSES[field], text, context.region)
            except Invalid:
                raise Refused(Reason(f"bad_{field}", context.headers.get(field, field), text[:200])) from None
            mentions.append(Mention(_ADDRESSES[field], spelled, OBSERVED))
    traits: dict[str, Any] = {TRAITS.get(field, field): plain(value) for field, value in said.items()}
    body = {"traits": traits, "edited": sorted(said)}
    at = context.said_at
    return Saying("identify", None, "sheet", tuple(mentions), "identify", at, traits, (), body, ATTESTED)
