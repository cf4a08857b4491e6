"""Rows that come back: each is compared with what is known now, and becomes what its edited cells say, if anything."""

from collections.abc import Sequence
from typing import NamedTuple

from fadeno import customers
from fadeno.db import Tx
from fadeno.imports import model
from fadeno.imports.model import Context, Import, Item, Reason, Refused, RefusedRow, Returned


class Looked(NamedTuple):
    """Rows of a batch after those that come back were judged.

    Attributes:
        edited: they say something, as `Saying`. same: nothing in them was edited.
    """

    others: list[Item]
    edited: list[Item]
    same: list[Item]
    refused: list[RefusedRow]


async def judge(tx: Tx, made: Import, items: Sequence[Item], region: str) -> Looked:
    """Tell apart what was edited, what was not, and what can't be taken because it changed here meanwhile."""
    back = [item for item in items if isinstance(item.said, Returned)]
    found = Looked([item for item in items if not isinstance(item.said, Returned)], [], [], [])
    known = await customers.profiles(tx, {item.said.id for item in back}, model.RETURNING_NAMES)
    context = context_of(made, region)
    for item in back:
        profile = known.get(item.said.id)
        if profile is None:
            found.refused.append(_refused(item, (Reason("no_such_row"),)))
            continue
        judged = model.judge(item.said, profile, overwrites=made.options.overwrites)
        if judged.conflicts:
            found.refused.append(_refused(item, judged.conflicts))
        if not judged.changes:
            if not judged.conflicts:
                found.same.append(item)
            continue
        try:
            said = model.edited(item.said, judged, profile, context)
            # What is edited is new whenever it differs from what is known, so it is a row of this import alone.
            found.edited.append(item._replace(said=said, key=model.digest(made.id.bytes, item.key.bytes)))
        except Refused as refused:
            found.refused.append(_refused(item, refused.reasons))
    return found


def context_of(made: Import, region: str) -> Context:
    """What rows of an import have in common, their columns aside."""
    crm = model.crm_kind(made.source_name)
    return Context(made.source_id, crm, made.options.region or region, made.options, made.made_at, made.file_name)


def _refused(item: Item, reasons: tuple[Reason, ...]) -> RefusedRow:
    return RefusedRow(item.sheet, item.number, {"fadeno id": str(item.said.id), **item.said.cells}, reasons)
