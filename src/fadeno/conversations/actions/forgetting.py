"""Forgetting what a customer and we said to each other."""

from uuid import UUID

from fadeno import access, files
from fadeno.access import Actor
from fadeno.conversations.actions import keeping
from fadeno.conversations.store import cases_by_id, forgetting, lock_cases
from fadeno.db import Tx


async def erase(tx: Tx, actor: Actor, customer_id: UUID) -> int:
    """Empty a customer's cases and every message from or to them, wherever it stands; numbers and times stay.

    What still waits to be sent to them is not sent. It can't be undone.

    Returns:
        How many messages were emptied.
    """
    mine = await forgetting.held_cases(tx, customer_id)
    there = await forgetting.messages_of_customer(tx, customer_id, mine)
    messages = [message for message in there if message.erased_at is None]
    elsewhere = sorted({message.case_id for message in messages} - set(mine))
    ids = [message.id for message in messages]
    if ids:
        await forgetting.empty_messages(tx, ids, [message.position for message in messages])
        await files.forget(tx, "conversations", ids)
    if mine:
        await forgetting.empty_cases(tx, mine)
    await lock_cases(tx, elsewhere)
    for case in await cases_by_id(tx, elsewhere):
        await keeping.write(tx, await keeping.refolded(tx, case))
    if ids or mine:
        await access.note(tx, actor, "erase", "case", customer_id, {"cases": len(mine), "messages": len(ids)})
    return len(ids)
