"""How a message of a chat is taken in."""

from typing import Any

from fadeno import app as house
from fadeno import conversations, customers, files
from fadeno.app import App
from fadeno.conversations import Attached, Heard, Incoming
from fadeno.customers import Evidence, Mention
from fadeno.db import Tx
from fadeno.intake import Journal
from fadeno.kit.ids import new_id
from fadeno.switchboard import Understood

_OBSERVED = 2


def journal(app: App) -> Journal:
    """What parcels are sealed with."""
    there = app.remembered.get("journal")
    if there is None:
        there = app.remembered["journal"] = Journal(app.vault)
    return there


async def receive(tx: Tx, app: App, understood: Understood) -> Heard | None:
    """Put it on the thread and in its case."""
    taken: Any = getattr(house, "receive", None)
    if taken is not None:
        return await taken(tx, app, understood)
    account, letter = understood.account, understood.letter
    if known := await conversations.is_known(tx, account.id, letter.provider_id):
        return known
    id, at = new_id(), min(letter.occurred_at or tx.now, tx.now)
    mention = Mention("chat", letter.sender.address, _OBSERVED)
    (placed,) = await customers.place(tx, [Evidence(id, account.source_id, at, (mention,), "chat")])
    attached = []
    for one, kept in zip(letter.attachments, understood.kept, strict=True):
        await files.keep(tx, kept, room="conversations", object_id=id, name=one.name)
        attached.append(Attached(kept.hash.hex(), one.name, kept.media_type, kept.size_bytes))
    return await conversations.hear(
        tx,
        Incoming(
            id, account.id, account.channel, placed.address_id, placed.customer_id, source_id=account.source_id,
            proven=_OBSERVED, said_at=at, provider_id=letter.provider_id, author_name=letter.sender.name,
            text=letter.visible, language=letter.hints.get("language", ""), attachments=tuple(attached),
            area=account.area,
        ),
    )  # fmt: skip
