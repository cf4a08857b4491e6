"""An import and what it may be asked."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any, NamedTuple
from uuid import UUID
from zoneinfo import available_timezones

import msgspec

from fadeno.imports.model.errors import UnknownZone
from fadeno.kit.errors import Invalid
from fadeno.kit.money import EXPONENTS
from fadeno.sheets import Table

TARGETS = ("customers", "orders", "products", "stock", "places", "events", "messages")
WORKING = ("reading", "applying", "taking_back")
OVER = ("done", "failed", "cancelled", "taken_back")


class Options(msgspec.Struct, frozen=True, omit_defaults=True):
    """How a file is to be understood, as far as it does not say so itself.

    Attributes:
        is_whole: the file is the whole list, so what it does not name is gone; else it brings additions.
        overwrites: cells edited in a sheet count although they were changed here meanwhile too.
        taken: ids of rows of which alone they do.
        zone: where its times are told, by IANA name.
        currency: of amounts that name none.
        region: whose dialling rules its phone numbers follow; the source's own where it is None.
        sheets: names of those to be brought in; all of the same kind where it is None.
        header_row: as Excel shows it, 0 = none; found where it is None.
        mapping: header or letter of a column -> field; None = no field.
    """

    is_whole: bool = False
    overwrites: bool = False
    taken: tuple[str, ...] = ()
    zone: str = "UTC"
    currency: str | None = None
    region: str | None = None
    sheets: tuple[str, ...] | None = None
    header_row: int | None = None
    mapping: dict[str, str | None] = {}


def checked(options: Options) -> Options:
    """The options, seen to be usable.

    Raises:
        UnknownZone, Invalid: one is not; `field` names it.
    """
    if options.zone not in available_timezones():
        raise UnknownZone(f"There is no time zone {options.zone!r}.", field="zone", word="unknown_zone")
    if options.currency is not None and options.currency not in EXPONENTS:
        raise Invalid(f"{options.currency!r} is no currency of ISO 4217.", field="currency", word="no_currency")
    if options.region is not None and not (len(options.region) == 2 and options.region.isalpha()):
        raise Invalid("A region is a country code of two capital letters.", field="region", word="bad_region")
    return options


@dataclass(frozen=True, slots=True)
class Import:
    """One file being brought in, or that was.

    Attributes:
        target: empty until it is guessed, where nobody said it.
        state: receiving → reading (to show what would happen) → ready, or asking (somebody has to say something
            first) → applying → done, failed or cancelled; taking_back → taken_back.
        rows_read: rows of the file that are done. rows_total: None until it was read once.
        rows_joined: of the new ones, those whose customer was known already.
        told: code -> how often it was met.
        fault: what made it fail, or what it asks: code, message, hint, field; word and values to say it otherwise.
    """

    id: UUID
    source_id: int
    source_name: str
    target: str
    file_name: str
    file_bytes: int | None
    file_hash: UUID | None
    tables: tuple[Table, ...]
    options: Options
    state: str
    fault: dict[str, Any] | None
    rows_total: int | None
    rows_read: int
    rows_new: int
    rows_changed: int
    rows_unchanged: int
    rows_refused: int
    rows_left_out: int
    rows_gone: int
    rows_joined: int
    told: dict[str, int]
    is_stopping: bool
    made_by: str
    made_at: datetime
    heard_at: datetime | None
    finished_at: datetime | None

    @property
    def is_over(self) -> bool:
        """Whether nothing is done on it any more."""
        return self.state in OVER


class Reason(NamedTuple):
    """Why a row is not brought in, or what has to be told of it."""

    code: str
    column: str = ""
    raw: str = ""


class Remembered(NamedTuple):
    """How a table was understood before: what kind it was, and header -> field; empty where there was none."""

    target: str = ""
    fields: Mapping[str, str | None] = MappingProxyType({})


class RefusedRow(NamedTuple):
    """A row that is not brought in, as it stands in the file, with the reasons."""

    sheet: str
    number: int
    cells: dict[str, str]
    reasons: tuple[Reason, ...]


class Item(NamedTuple):
    """What is kept as one: a row, or an order with its lines.

    Attributes:
        key: digest of what names it in its source. content: digest of what it says.
        rows: how many rows of the file it is. number: the first of them, as Excel shows it.
        said: what it says, by its target: `Saying`, or a word of commerce.
    """

    key: UUID
    content: UUID
    rows: int
    sheet: str
    number: int
    said: Any


class Batch(NamedTuple):
    """Some rows of a file, understood.

    Attributes:
        end: how many rows of the file are read with these.
        examples: code that is told -> the first values it was met with in the file so far, and the row of each.
    """

    end: int
    items: list[Item]
    refused: list[RefusedRow]
    left_out: int
    told: dict[str, int]
    examples: Mapping[str, Mapping[str, int]] = {}
