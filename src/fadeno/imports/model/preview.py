"""What would happen if a file were brought in."""

from typing import Literal
from uuid import UUID

import msgspec

from fadeno.imports.model.shapes import Reason

Fate = Literal["new", "changed", "unchanged", "refused", "left_out", "joins", "several", "twin"]
MOST_SHOWN = 20
MOST_CONFLICTS = 200


class ShownRow(msgspec.Struct, frozen=True):
    """One row of the file, and what would become of it.

    Attributes:
        cells: field, or header of a column that is none -> value as understood.
        fate: `joins` = new, of a customer who is known already; `several` = it names addresses of several customers;
            `twin` = the same as another row of the file.
        customer: the label of the customer it joins. customer_id: who that is. by: the kind of address by which.
        twin_of: that other row.
        changes: of a row that changes what is known: field -> what is known now, and what will be, where that is known.
    """

    sheet: str
    number: int
    cells: dict[str, str]
    fate: Fate
    reasons: tuple[Reason, ...] = ()
    customer: str = ""
    by: str = ""
    twin_of: int = 0
    customer_id: UUID | None = None
    changes: dict[str, tuple[str, str]] = {}


class Conflict(msgspec.Struct, frozen=True):
    """A cell edited in a sheet that was changed here too since it was written.

    Attributes:
        row_id: the row's id as it stands in the sheet. label: what the row shows first.
        column: its header. here, there: what stands here and in the sheet.
    """

    row_id: str
    number: int
    label: str
    column: str
    here: str
    there: str


class Preview(msgspec.Struct, frozen=True):
    """What would happen, row counts and the first rows.

    Attributes:
        several: rows that name addresses of several known customers, who may be the same person.
        examples: code that is told -> the first values it was met with, and the row of each.
        gone: rows known before that a whole list does not name.
        changing: the first rows that would change what is known. refused: the first that would be refused.
        conflicts: the first cells that were changed on both sides. conflicted: how many rows have such.
        countries: the two letters of those the rows name -> how often.
        partly: how many of the refused rows have other edited cells that would be written all the same.
    """

    new: int = 0
    changed: int = 0
    unchanged: int = 0
    refused_rows: int = 0
    left_out: int = 0
    joined: int = 0
    several: int = 0
    gone: int = 0
    told: dict[str, int] = {}
    examples: dict[str, dict[str, int]] = {}
    rows: tuple[ShownRow, ...] = ()
    changing: tuple[ShownRow, ...] = ()
    refused: tuple[ShownRow, ...] = ()
    conflicted: int = 0
    partly: int = 0
    conflicts: tuple[Conflict, ...] = ()
    countries: dict[str, int] = {}

    @property
    def to_write(self) -> int:
        """How many rows would be written, or some cells of them."""
        return self.new + self.changed + self.partly

    @property
    def changes_nothing(self) -> bool:
        """Whether all that can be read of it is known already."""
        return not self.to_write and not self.gone and self.unchanged > 0
