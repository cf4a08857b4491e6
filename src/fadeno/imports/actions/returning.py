"""Rows that come back: each is compared with what is known now, and becomes what its edited cells say, if anything."""

from collections.abc import Sequence
from typing import Any, NamedTuple
from uuid import UUID

from fadeno.db import Tx
from fadeno.imports import model, store
from fadeno.imports.actions import listing, rewriting
from fadeno.imports.actions.rewriting import Corrected, Edit
from fadeno.imports.model import (
    NEW,
    OF_PART,
    Context,
    Import,
    Item,
    Judged,
    Reason,
    Refused,
    RefusedRow,
    Returned,
    lists,
)


class Looked(NamedTuple):
    """Rows of a batch after those that come back were judged.

    Attributes:
        edited: they say something, as `Saying`, or, of goods and orders, as they came back. same: nothing in them was
            edited. edits: what is to be written of goods and orders. rewritten: how many of them were, whole.
        corrected: the orders they changed.
    """

    others: list[Item]
    edited: list[Item]
    same: list[Item]
    refused: list[RefusedRow]
    edits: list[Edit]
    rewritten: int = 0
    corrected: Sequence[Corrected] = ()


async def judge(tx: Tx, made: Import, items: Sequence[Item], region: str) -> Looked:
    """Tell apart what was edited, what was not, and what can't be taken because it changed here meanwhile."""
    back = [item for item in items if isinstance(item.said, Returned)]
    found = Looked([item for item in items if not isinstance(item.said, Returned)], [], [], [], [])
    if not back:
        return found
    known = await listing.rows_by_key(tx, made.target, {(item.said.id, item.said.part) for item in back})
    added = [item.key for item in back if item.said.part == NEW]
    there = await store.known(tx, added) if added else {}
    context, said = context_of(made, region), _Said(made)
    for item in back:
        now = known.get((item.said.id, item.said.part))
        if now is None:
            found.refused.append(_refused(item, (Reason("no_such_row"),)))
        elif item.key in there:
            found.same.append(item)
        else:
            _judge(item, now, said, found, context)
    return found._replace(refused=_as_headed(made, found.refused))


def _as_headed(made: Import, refused: Sequence[RefusedRow]) -> list[RefusedRow]:
    """Refused rows whose reasons name columns as their headers in the file do, whatever its language."""
    there = {field: header for table in made.tables for field, header in model.headers_of(table).items()}
    named = {column.header: there.get(column.field, column.header) for column in lists.COLUMNS[made.target]}
    return [
        row._replace(reasons=tuple(one._replace(column=named.get(one.column, one.column)) for one in row.reasons))
        for row in refused
    ]


async def changes(tx: Tx, made: Import, items: Sequence[Item]) -> dict[UUID, dict[str, tuple[str, str]]]:
    """What edited rows of goods and orders change: key -> field -> what stands here now, and in the sheet."""
    back = [item for item in items if isinstance(item.said, Returned)]
    known = await listing.rows_by_key(tx, made.target, {(item.said.id, item.said.part) for item in back})
    found: dict[UUID, dict[str, tuple[str, str]]] = {}
    for item in back:
        if now := known.get((item.said.id, item.said.part)):
            here = now.texts(made.target, item.said.zone)
            judged = _Said(made).judged(item, now)
            found[item.key] = {field: (here[field], item.said.cells[field]) for field in judged.changes}
    return found


def _judge(item: Item, now: listing.Shown, said: "_Said", found: Looked, context: Context) -> None:
    judged = said.judged(item, now)
    if judged.conflicts:
        found.refused.append(_refused(item, judged.conflicts))
    if not judged.changes:
        if not judged.conflicts:
            found.same.append(item)
        return
    try:
        if said.target == "customers":
            word = model.edited(item.said, judged, now.about[0], context)
            # What is edited is new whenever it differs from what is known, so it is a row of this import alone.
            found.edited.append(item._replace(said=word, key=model.digest(said.import_id.bytes, item.key.bytes)))
        else:
            found.edits.append(rewriting.edit_of(said.target, item, judged.changes, now, context))
            found.edited.append(item)
    except Refused as refused:
        found.refused.append(_refused(item, refused.reasons))


class _Said:
    """What the rows of a batch say so far, so that two rows of one thing can't say two things."""

    def __init__(self, made: Import) -> None:
        self.target = made.target
        self.import_id = made.id
        self._options = made.options
        self._texts: dict[tuple[Any, ...], str] = {}

    def judged(self, item: Item, now: listing.Shown) -> Judged:
        """What a row says that no row before it said otherwise."""
        row = item.said
        texts = now.texts(self.target, row.zone)
        overwrites = self._options.overwrites or row.whole_id in self._options.taken
        is_bare = self.target == "products" and not row.part
        judged = model.judge(row, self.target, texts, overwrites=overwrites, may_name=is_bare)
        changes, conflicts = {}, list(judged.conflicts)
        for field, value in judged.changes.items():
            part = (item.key if row.part == NEW else row.part) if field in OF_PART.get(self.target, ()) else ""
            text = lists.text_of(value)
            if self._texts.setdefault((row.id, part, field), text) == text:
                changes[field] = value
            else:
                conflicts.append(Reason("said_twice", lists.header_of(self.target, field), text[:200]))
        return Judged(changes, tuple(conflicts))


async def keep(tx: Tx, made: Import, looked: Looked) -> Looked:
    """Write what edited rows say of goods and orders; what commerce knows to refuse is refused."""
    if not looked.edits:
        return looked
    refused, corrected = await rewriting.write(tx, made, looked.edits)
    bad = {edit.item.key for edit, _ in refused}
    good = [edit.item for edit in looked.edits if edit.item.key not in bad]
    added = [item for item in good if item.said.part == NEW]
    if added:
        await store.add_rows(tx, made.id, [store.Kept(item.key, item.content) for item in added])
    told = [_refused(edit.item, (reason,)) for edit, reason in refused]
    conflicting = {(row.sheet, row.number) for row in looked.refused}
    rewritten = sum((item.sheet, item.number) not in conflicting for item in good)
    all_refused = [*looked.refused, *_as_headed(made, told)]
    return looked._replace(edited=[], edits=[], refused=all_refused, rewritten=rewritten, corrected=corrected)


def context_of(made: Import, region: str) -> Context:
    """What rows of an import have in common, their columns aside."""
    crm = model.crm_kind(made.source_name)
    return Context(made.source_id, crm, made.options.region or region, made.options, made.made_at, made.file_name)


def seen_as(made: Import, items: Sequence[Item]) -> list[UUID]:
    """The keys of the rows that those which come back are of, so that a whole list names them too."""
    back = [item for item in items if isinstance(item.said, Returned)]
    names = dict.fromkeys(item.said.known_as for item in back if item.said.known_as)
    added = [item.key for item in back if item.said.part == NEW]
    return [*added, *(model.key_of(made.source_id, made.target, model.digest(*name), 0) for name in names)]


def _refused(item: Item, reasons: tuple[Reason, ...]) -> RefusedRow:
    return RefusedRow(item.sheet, item.number, {"fadeno id": item.said.whole_id, **item.said.cells}, reasons)
