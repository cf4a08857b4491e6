"""Handing out all that was said with a customer."""

from typing import Any
from uuid import UUID

import msgspec

from fadeno.conversations.store import cases_by_id, forgetting
from fadeno.db import Tx

_AT_ONCE = 500


async def export(tx: Tx, customer_id: UUID) -> dict[str, Any]:
    """Every case of a customer, every message from or to them with what it quotes, notes and drafts; ready for JSON.

    Whoever hands it out notes it.
    """
    ids = [row.id for row in await forgetting.exported_cases(tx, customer_id)]
    cases = [case for n in range(0, len(ids), _AT_ONCE) for case in await cases_by_id(tx, ids[n : n + _AT_ONCE])]
    wanted = [row.id for row in await forgetting.messages_of_customer(tx, customer_id, ids)]
    messages = []
    for n in range(0, len(wanted), _AT_ONCE):
        messages += [row._asdict() for row in await forgetting.exported_messages(tx, wanted[n : n + _AT_ONCE])]
    drafts = [row._asdict() for row in await forgetting.exported_drafts(tx, ids)]
    return msgspec.to_builtins({"cases": cases, "messages": messages, "drafts": drafts})
