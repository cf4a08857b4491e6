"""What would happen if a file were brought in."""

from typing import Literal

import msgspec

from fadeno.imports.model.shapes import Reason

Fate = Literal["new", "changed", "unchanged", "refused", "left_out", "joins", "several", "twin"]
MOST_SHOWN = 20


class ShownRow(msgspec.Struct, frozen=True):
    """One row of the file, and what would become of it.

    Attributes:
        cells: field, or header of a column that is none -> value as understood.
        fate: `joins` = new, of a customer who is known already; `several` = it names addresses of several customers;
            `twin` = the same as another row of the file.
        customer: the label of the customer it joins. by: the kind of address by which. twin_of: that other row.
    """

    sheet: str
    number: int
    cells: dict[str, str]
    fate: Fate
    reasons: tuple[Reason, ...] = ()
    customer: str = ""
    by: str = ""
    twin_of: int = 0


class Preview(msgspec.Struct, frozen=True):
    """What would happen, row counts and the first rows.

    Attributes:
        several: rows that name addresses of several known customers, who may be the same person.
        gone: rows known before that a whole list does not name.
        refused: the first rows that would be refused.
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
    rows: tuple[ShownRow, ...] = ()
    refused: tuple[ShownRow, ...] = ()

    @property
    def to_write(self) -> int:
        """How many rows would be written."""
        return self.new + self.changed
