"""Putting what customers write into cases."""

from collections.abc import Sequence
from dataclasses import asdict, replace
from typing import Any
from uuid import UUID

import msgspec

from fadeno import events
from fadeno.conversations import store
from fadeno.conversations.actions import keeping, telling
from fadeno.conversations.model import (
    MOST_TITLE_CHARS,
    Case,
    Found,
    Heard,
    Incoming,
    Proofs,
    Saying,
    Standing,
    case_for,
    in_short,
    said,
)
from fadeno.db import Tx
from fadeno.events import Matter, NewEvent, matter_of
from fadeno.kit import lists
from fadeno.kit.ids import new_id

MOST_LOOKED_AT = 50  # of a customer's cases, the latest
MOST_REFERENCES = 50
_encode = msgspec.json.Encoder().encode


async def is_known(tx: Tx, account_id: UUID, provider_id: str) -> Heard | None:
    """What became of a message this account gave us already; None for a new one, which is ours to take in from now on.

    Ask before anything is written: whoever takes in the same one at the same time waits here and is told then.
    """
    if not provider_id:
        return None
    await store.hold_key(tx, f"{account_id} {provider_id}")
    row = await store.is_known(tx, account_id, provider_id)
    return Heard(row.id, row.case_id, "known") if row else None


async def hear(tx: Tx, letter: Incoming) -> Heard:
    """Put what a customer wrote on their thread and into the case it belongs to, or into a new one.

    The same again (by account and provider id) changes nothing.
    """
    if known := await is_known(tx, letter.account_id, letter.provider_id):
        return known
    letter = replace(letter, said_at=min(letter.said_at or tx.now, tx.now), matter=letter.matter or _topic(letter))
    found = await _found(tx, letter)
    if found.case is None and letter.is_automatic:
        await events.append(tx, [_event(tx, letter, None)])
        return Heard(letter.id, None, "automatic")
    if found.case is None:
        case = await _opened(tx, letter)
        if found.after:
            await store.link(tx, case.id, "case", found.after.id)
        await telling.tell(tx, case, "opened", because=found.because)
    else:
        await store.lock_cases(tx, [found.case.id])
        (case,) = await store.cases_by_id(tx, [found.case.id])
    is_reopened = case.state == "solved" and not letter.is_automatic
    await events.append(tx, [_event(tx, letter, case)])
    case = await _take(tx, case, letter)
    if is_reopened:
        await telling.tell(tx, case, "reopened", because=found.because)
    return Heard(letter.id, case.id, found.because, found.case is None, is_reopened)


async def _take(tx: Tx, case: Case, letter: Incoming) -> Case:
    attachments = [asdict(file) for file in letter.attachments]
    row = {
        "id": letter.id, "case_id": case.id, "said_at": letter.said_at, "direction": "in", "channel": letter.channel,
        "account_id": letter.account_id, "address_id": letter.address_id, "author_kind": "customer",
        "author_name": letter.author_name[:200], "proven": letter.proven, "is_automatic": letter.is_automatic,
        "subject": letter.subject[:1000], "text": letter.text, "language": letter.language,
        "provider_id": letter.provider_id, "state": "received", "attachments": attachments, "mentions": [],
    }  # fmt: skip
    position = await keeping.add(tx, row, quoted=letter.quoted, html=letter.html)
    words = keeping.words(letter.subject, letter.text, attachments)
    case = said(
        case,
        Saying(position, letter.said_at, "in", letter.channel, "customer", letter.is_automatic, False, words),
    )
    changes: dict[str, Any] = {"language": letter.language or case.language}
    if not letter.is_automatic and case.state != "open":
        changes |= {"state": "open", "waits_until": None, "solved_at": None}
        changes["reopened_count"] = case.reopened_count + (case.state == "solved")
    return await keeping.write(tx, case, **changes)


async def _opened(tx: Tx, letter: Incoming) -> Case:
    id_, matter = new_id(), letter.matter
    await store.add_case(
        tx, id=id_, address_id=letter.address_id, area=letter.area, language=letter.language, opened_at=letter.said_at,
        title=in_short(letter.subject, MOST_TITLE_CHARS) or in_short(letter.text, MOST_TITLE_CHARS),
        matter_kind=matter and matter.kind, matter_id=matter and matter.id,
    )  # fmt: skip
    (case,) = await store.cases_by_id(tx, [id_])
    return case


# Which case ------------------------------------------------------------------------------------------------------


async def _found(tx: Tx, letter: Incoming) -> Found:
    signed = await store.where_now(tx, letter.signed_case) if letter.signed_case else None
    answered = await store.referred(tx, [letter.answers], letter.channel) if letter.answers else []
    references = [name for name in letter.references[:MOST_REFERENCES] if name]
    referred = await store.referred(tx, references, letter.channel) if references else []
    theirs = [row.id for row in await store.cases_of(tx, letter.customer_id, lists.LATEST, MOST_LOOKED_AT)]
    wanted = dict.fromkeys(id_ for id_ in (signed, *answered, *referred, *theirs) if id_ is not None)
    areas = await store.areas(tx)
    known = {}
    for case in await store.cases_by_id(tx, list(wanted)):
        known[case.id] = _standing(case, letter.customer_id, areas[case.area].reopen_days if case.area in areas else 14)

    def some(ids: Sequence[UUID]) -> list[Standing]:
        return [known[id_] for id_ in ids if id_ in known]

    proofs = Proofs(
        known.get(signed) if signed else None, next(iter(some(answered)), None), some(referred), some(theirs)
    )
    return case_for(proofs, letter.matter, letter.said_at)


def _standing(case: Case, customer_id: UUID, reopen_days: int) -> Standing:
    return Standing(
        case.id,
        is_same_customer=case.customer_id == customer_id,
        is_solved=case.state == "solved",
        solved_at=case.solved_at,
        last_at=case.last_at,
        matter=Matter(case.matter_kind, case.matter_id) if case.matter_kind and case.matter_id else None,
        reopen_days=reopen_days,
    )


def _topic(letter: Incoming) -> Matter | None:
    return matter_of({"properties": {"subject": letter.subject}}) if letter.subject.strip() else None


def _event(tx: Tx, letter: Incoming, case: Case | None) -> NewEvent:
    properties = {
        "message": letter.id,
        "direction": "in",
        "text": keeping.words("", letter.text, [asdict(file) for file in letter.attachments]),
    }
    if letter.subject:
        properties["subject"] = letter.subject[:200]
    if case:
        properties |= {"case": case.id, "case_id": str(case.number)}
    return NewEvent(
        id=letter.id,
        source_id=letter.source_id,
        channel=letter.channel,
        kind="message",
        name="Message Received",
        address_id=letter.address_id,
        other_address_ids=letter.other_address_ids,
        customer_id=letter.customer_id,
        occurred_at=letter.said_at,
        received_at=tx.now,
        original_at=None,
        sent_at=None,
        message_id=None,
        body=_encode({"properties": properties}),
    )
