"""What a row says of a customer: who it is, what is known of them, what happened. Pure."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from decimal import Decimal
from functools import lru_cache
from hashlib import blake2b
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from fadeno.customers import Mention, blocked_because
from fadeno.imports.model.keys import dialling
from fadeno.imports.model.shapes import Options, Reason
from fadeno.kit import addresses
from fadeno.kit.errors import Invalid
from fadeno.kit.money import Money
from fadeno.sheets import Row, Value

OBSERVED, ATTESTED = 2, 3
MOST_EXTRA = 60
TEXT_CHARS = 4_000
NAME_CHARS = 100
CRM_CHARS = 32
OURS = "fadeno "  # how the headers of columns begin that we write beside people's own
EARLIEST = datetime(1900, 1, 1, tzinfo=UTC)

# The columns that name somebody, the strongest first; the kind of address each holds.
_ADDRESSES = (
    ("customer_id", "crm", ATTESTED),
    ("email", "email", OBSERVED),
    ("phone", "phone", OBSERVED),
    ("mobile", "phone", OBSERVED),
    ("loyalty_no", "card", OBSERVED),
)
WHO = frozenset(name for name, _, _ in _ADDRESSES)


class Refused(Exception):
    """A row can't be brought in, for these reasons."""

    def __init__(self, *reasons: Reason) -> None:
        self.reasons = reasons
        super().__init__(reasons)


@dataclass(frozen=True, slots=True)
class Context:
    """What all rows of a file have in common.

    Attributes:
        crm: the kind of address the source's own customer numbers are.
        headers: field -> header of the column that holds it, for telling where a value stands.
        columns: the place of each column, and what it is called, for handing rows back as they stand.
        said_at: when the file was handed in; what says no time of its own is said then.
        discounts_are_shares: no discount of the file is more than 1: 0.15 is 15 per cent, and no money.
    """

    source_id: int
    crm: str
    region: str
    options: Options
    said_at: datetime
    file_name: str
    headers: Mapping[str, str] = field(default_factory=dict)
    columns: tuple[tuple[int, str], ...] = ()
    discounts_are_shares: bool = False


class Saying(NamedTuple):
    """What one row says of a customer, before it is an event."""

    kind: str
    name: str | None
    channel: str
    mentions: tuple[Mention, ...]
    rule: str
    occurred_at: datetime
    traits: dict[str, Any]
    consents: tuple[tuple[str, bool, str], ...]
    body: dict[str, Any]
    proven: int = OBSERVED


def crm_kind(source_name: str) -> str:
    """The kind of address a source's own customer numbers are: `crm:<source>`, a long name shortened but unique."""
    if len(source_name) <= CRM_CHARS:
        return f"crm:{source_name}"
    mark = blake2b(source_name.encode(), digest_size=4).hexdigest()
    return f"crm:{source_name[: CRM_CHARS - 9]}-{mark}"


def mentions(row: Row, context: Context, told: Callable[..., None]) -> tuple[Mention, ...]:
    """Every address a row names, the strongest first.

    Raises:
        Refused: a value that should be one can't be, and there is no other.
    """
    found: list[Mention] = []
    faults: list[Reason] = []
    values = row.values
    region = dialling(values.get("country"), context.region)
    for name, kind, proven in _ADDRESSES:
        value = values.get(name)
        if value is None:
            continue
        kind = context.crm if kind == "crm" else kind
        mention, fault = _mention(kind, str(value), proven, region)
        if mention is not None:
            if mention not in found:
                found.append(mention)
        elif fault:
            faults.append(Reason(fault, context.headers.get(name, name), str(value)[:200]))
    if not found and faults:
        raise Refused(*faults)
    for fault in faults:
        told(fault.code, fault.raw, row.number)
    return tuple(found)


def _mention(kind: str, value: str, proven: int, region: str) -> tuple[Mention | None, str | None]:
    try:
        spelled = addresses.normalise(kind, value, region)
    except Invalid:
        return None, f"bad_{kind}" if kind in ("email", "phone") else "bad_number"
    if blocked_because(kind, spelled):
        return None, "blocked_value" if kind in ("email", "phone") else "blocked_number"
    return Mention(kind, spelled, proven), None


def moment(value: Value, zone: str) -> datetime | None:
    """A date or time of a sheet as a moment; without a zone of its own it is told in `zone`."""
    if isinstance(value, datetime):
        return (value if value.tzinfo else value.replace(tzinfo=_zone(zone))).astimezone(UTC)
    if isinstance(value, date):
        return datetime.combine(value, time(), _zone(zone)).astimezone(UTC)
    return None


@lru_cache(maxsize=64)
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)


def happened(row: Row, name: str, context: Context) -> datetime:
    """When what a row says happened.

    Raises:
        Refused: it would be in the future, or before anybody kept books.
    """
    value = row.values.get(name)
    at = moment(value, context.options.zone)
    if at is None:
        return context.said_at
    if at < EARLIEST or (at - context.said_at).days >= 1:
        code = "too_early" if at < EARLIEST else "in_future"
        raise Refused(Reason(code, context.headers.get(name, name), str(value)))
    return min(at, context.said_at)


def plain(value: Value) -> Any:
    """A typed value as JSON can hold it."""
    match value:
        case Money():
            return {"amount": str(value.amount), "currency": value.currency}
        case Decimal():
            return int(value) if value == value.to_integral_value() and abs(value) < 1 << 53 else float(value)
        case date():
            return value.isoformat()
        case str():
            return value[:TEXT_CHARS]
    return value


def extras(row: Row) -> Iterable[tuple[str, str]]:
    """The values of columns that are no field, under their headers."""
    for at, (header, value) in enumerate(row.extra.items()):
        if at < MOST_EXTRA and header and not header.startswith(OURS):
            yield header[:NAME_CHARS], value[:TEXT_CHARS]
