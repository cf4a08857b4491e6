"""Writing the audit trail. Nothing here or anywhere changes a line once it is written."""

import hashlib
from typing import Any
from uuid import UUID

import msgspec

from fadeno.access import store
from fadeno.access.model import SEE_WINDOW_S, Actor, words
from fadeno.db import Tx


async def note(
    tx: Tx,
    actor: Actor,
    verb: str,
    object_kind: str,
    object_id: UUID | str | int | None,
    detail: dict[str, Any] | None = None,
) -> None:
    """Write who did what to which thing into the audit trail.

    `detail` holds ids, settings and counts, never a customer's data, so that erasing a customer needs no edit
    here. `see` of the same thing by the same member within ten minutes is one entry; machines' reading is not
    noted.
    """
    about = (object_kind, "" if object_id is None else str(object_id))
    once = None
    if verb == "see":
        if actor.kind != "member":
            return
        window = int(tx.now.timestamp()) // SEE_WINDOW_S
        once = hashlib.sha256("\x00".join((str(actor.id), *about, str(window))).encode()).digest()[:16]
    await store.note(
        tx,
        actor=(actor.kind, actor.id, actor.name),
        verb=verb,
        about=about,
        detail=detail or {},
        once=once,
        words=words(actor.name, verb, *about, msgspec.json.encode(detail or {}).decode()),
    )
