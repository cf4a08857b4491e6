"""Cases as they are written to a file."""

from collections.abc import AsyncIterator
from uuid import UUID

from fadeno import access
from fadeno.conversations.model.recorded import (
    RecordedAct,
    RecordedCase,
    RecordedLink,
    RecordedMessage,
    recorded_state,
)
from fadeno.conversations.store import cases_by_id, recording
from fadeno.db import Database

_AT_ONCE = 100
_FIRST = UUID(int=0)


async def recorded(db: Database) -> AsyncIterator[RecordedCase]:
    """Every case that was not erased nor went into another, with all that was said in it; each in a look of its own."""
    after: UUID | None = _FIRST
    async with db.transaction() as tx:
        owners = {member.id: member.email for member in await access.all_members(tx, access.SYSTEM)}
    while after is not None:
        async with db.transaction() as tx:
            ids = await recording.ids_after(tx, after, _AT_ONCE)
        for id_ in ids:
            async with db.transaction() as tx:
                for case in await cases_by_id(tx, [id_]):
                    rows = await recording.messages(tx, id_)
                    about = {
                        name: getattr(case, name) for name in RecordedCase.__struct_fields__ if hasattr(case, name)
                    }
                    about["acts"] = [RecordedAct(**row._asdict()) for row in await recording.acts(tx, id_)]
                    more = await recording.about(tx, id_)
                    about["owner"] = owners.get(case.owner_id, "") if case.owner_id else more.owner_was
                    about["linked"] = [RecordedLink(**one) for one in more.linked]
                    messages = [RecordedMessage(**row._asdict() | {"state": recorded_state(row.state)}) for row in rows]
                    yield RecordedCase(address=more.address, messages=messages, **about)
        after = ids[-1] if len(ids) == _AT_ONCE else None
