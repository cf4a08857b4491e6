"""Trying an account of a channel: signing in takes its time, so no transaction is open meanwhile."""

from uuid import UUID

from litestar import Request

from fadeno import channels, switchboard
from fadeno.entry.door import opened
from fadeno.switchboard import Tried


async def try_account(request: Request, account_id: UUID) -> Tried:
    """Sign in where messages of an account are read and where they leave; what each server said is noted as its health.

    Raises:
        NoAccount: there is none.
    """
    app = request.app.state.fadeno
    async with opened(request, "change", "channels") as (tx, _):
        account = await switchboard.account(tx, account_id)
        credentials = await switchboard.credentials(tx, app.vault, account)
    label = channels.adapter(account.channel).label
    allow_private = app.settings.allow_private
    outcome = await switchboard.tried(label, credentials, allow_private=allow_private, id=account_id, tokens=app.tokens)
    async with app.db.transaction() as tx:
        await switchboard.note_tried(tx, account_id, outcome)
    return outcome
