"""Bringing cases in that were written to a file."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Literal
from uuid import UUID

import msgspec

from fadeno import access, customers, events, files
from fadeno.access import Actor
from fadeno.conversations import store
from fadeno.conversations.actions import keeping
from fadeno.conversations.model import MOST_TITLE_CHARS, Case, in_short
from fadeno.conversations.model.recorded import RecordedCase, RecordedMessage, recorded_state
from fadeno.conversations.store import recording
from fadeno.customers import Evidence, Mention, Placed
from fadeno.db import Tx
from fadeno.events import NewEvent
from fadeno.kit import addresses
from fadeno.kit.ids import new_id

_CLAIMED = 1
_MOST_NUMBER = 10**9  # a number above is somebody's joke
_NONE: Mapping[str, files.Kept] = MappingProxyType({})
_encode = msgspec.json.Encoder().encode


async def bring(
    tx: Tx, actor: Actor, source_id: int, wanted: RecordedCase, *, kept: Mapping[str, files.Kept] = _NONE
) -> Literal["new", "changed", "unchanged"]:
    """Keep a case that was written to a file, with what was said in it; the same again changes nothing.

    A case that is here already only gets what was said that is not here. Nothing is sent, nobody is told.

    Args:
        source_id: under which its messages stand on the thread.
        kept: files that lie on the shelf, by the hash messages name them with; others are only named.

    Raises:
        BadAddress: an address in it can't be read.
    """
    there = await store.where_now(tx, wanted.id)
    known = await recording.known_messages(tx, [one.id for one in wanted.messages])
    missing = [one for one in wanted.messages if one.id not in known]
    if there is None and wanted.messages and not missing:
        return "unchanged"  # all of it stands in other cases here, as after a merge or split
    if there is not None and not missing:
        return "changed" if await _keep_acts(tx, there, wanted) else "unchanged"
    placed = {name: await _placed(tx, source_id, name) for name in _addresses(wanted, missing)}
    if there is None:
        await _open(tx, wanted, placed[wanted.address])
    await store.lock_cases(tx, [there or wanted.id])
    (case,) = await store.cases_by_id(tx, [there or wanted.id])
    for one in missing:
        await _keep(tx, case, source_id, one, placed.get(one.address or wanted.address))
        for file in one.attachments:
            if found := kept.get(file.hash):
                await files.keep(tx, found, room="conversations", object_id=one.id, name=file.name)
    case = await keeping.refolded(tx, case)
    await keeping.write(tx, case, **({} if there else await _as_recorded(tx, wanted)))
    await _keep_acts(tx, case.id, wanted)
    await access.note(tx, actor, "import", "case", case.id, {"messages": len(missing)})
    return "changed" if there else "new"


def _addresses(wanted: RecordedCase, missing: list[RecordedMessage]) -> set[str]:
    return {wanted.address, *(one.address for one in missing if one.address)}


async def _as_recorded(tx: Tx, wanted: RecordedCase) -> dict[str, Any]:
    if wanted.number is not None and 0 < wanted.number <= _MOST_NUMBER:
        await recording.keep_number(tx, wanted.id, wanted.number)
    if wanted.rating is not None:
        at = min(wanted.rated_at or tx.now, tx.now)
        await recording.keep_rating(tx, wanted.id, wanted.rating, wanted.rating_words, at)
    members = {m.email.casefold(): m.id for m in await access.all_members(tx, access.SYSTEM)}
    owner_id = members.get(wanted.owner.casefold())
    if owner_id is None and wanted.owner:
        await recording.keep_owner_was(tx, wanted.id, wanted.owner)
    for link in wanted.linked:
        await store.link(tx, wanted.id, link.kind, link.id)
    names = (
        "state", "waits_until", "priority", "tags", "value_minor", "currency", "stage", "expected_on", "solved_at",
        "reopened_count",
    )  # fmt: skip
    return {name: getattr(wanted, name) for name in names} | {"owner_id": owner_id}


async def _keep_acts(tx: Tx, case_id: UUID, wanted: RecordedCase) -> int:
    return await recording.keep_acts(tx, case_id, [msgspec.to_builtins(act) for act in wanted.acts])


async def _placed(tx: Tx, source_id: int, name: str) -> Placed:
    mention = Mention(*addresses.split(name), _CLAIMED)
    (placed,) = await customers.place(tx, [Evidence(new_id(), source_id, tx.now, (mention,), "letter")])
    return placed


async def _open(tx: Tx, wanted: RecordedCase, placed: Placed) -> None:
    area = wanted.area if wanted.area in await store.areas(tx) else "service"
    await store.add_case(
        tx, id=wanted.id, address_id=placed.address_id, area=area, language=wanted.language,
        opened_at=min(wanted.opened_at, tx.now), title=in_short(wanted.title, MOST_TITLE_CHARS),
        matter_kind=wanted.matter_kind, matter_id=wanted.matter_id,
    )  # fmt: skip


async def _keep(tx: Tx, case: Case, source_id: int, one: RecordedMessage, placed: Placed | None) -> None:
    kept = {name: getattr(one, name) for name in one.__struct_fields__ if name not in ("address", "quoted", "html")}
    row = kept | {
        "case_id": case.id, "account_id": None, "address_id": placed and one.address and placed.address_id,
        "author_id": None, "state": recorded_state(one.state), "said_at": min(one.said_at, tx.now), "mentions": [],
        "attachments": msgspec.to_builtins(one.attachments),
    }  # fmt: skip
    await keeping.add(tx, row, quoted=one.quoted, html=one.html)
    if one.direction != "note" and placed is not None:
        await events.append(tx, [_event(tx, case, source_id, one, placed)])


def _event(tx: Tx, case: Case, source_id: int, one: RecordedMessage, placed: Placed) -> NewEvent:
    about = {"message": one.id, "case": case.id, "case_id": str(case.number), "direction": one.direction}
    words = keeping.words(one.subject, one.text, msgspec.to_builtins(one.attachments))
    properties = about | {"text": words} | ({"subject": one.subject[:200]} if one.subject else {})
    return NewEvent(
        id=one.id, source_id=source_id, channel=one.channel, kind="message",
        name="Message Received" if one.direction == "in" else "Message Sent", address_id=placed.address_id,
        other_address_ids=(), customer_id=placed.customer_id, occurred_at=min(one.said_at, tx.now),
        received_at=tx.now, original_at=None, sent_at=None, message_id=None, body=_encode({"properties": properties}),
    )  # fmt: skip
